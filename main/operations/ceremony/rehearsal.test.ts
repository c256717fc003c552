import '../../../test/cheap-scrypt.mjs';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sha256, unreachableError } from '../../values/index.ts';
import { CANARY, CeremonyHome, NOW_MS, WORK } from './home.fixture.ts';
import type { OperationName } from '../index.ts';

const CHECKLIST_YES = ['host-confirmed', 'kept-as-ordered', 'other-copies', 'recovery-people', 'failures-rehearsed'].map((id) => ({
  id,
  yes: true,
}));
const PASSPHRASE = `${CANARY} passphrase of the secrets`;

const rooms: CeremonyHome[] = [];
afterEach(async () => {
  for (const room of rooms.splice(0)) await room.remove();
});

let base: Promise<CeremonyHome> | null = null;
afterAll(async () => (await base)?.remove());

/** A station as after its first start. */
async function newRoom(): Promise<CeremonyHome> {
  base ??= CeremonyHome.make();
  const room = (await base).fork();
  rooms.push(room);
  return room;
}

/** The steps of the rehearsal after `store`. */
const REST: typeof WORK = [
  { step: 'verify', work: (room) => room.act('ceremony.verify') },
  { step: 'recover', work: (room) => room.act('ceremony.recover', { passphrase: PASSPHRASE }) },
  { step: 'checklist', work: (room) => room.act('ceremony.checklist', { answers: CHECKLIST_YES }) },
];

/** The whole rehearsal with passphrase and envelope; `between` runs before every single operation. */
async function rehearse(room: CeremonyHome, between: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const secrets = [room.secret('small'), room.secret('large', Buffer.alloc(900, CANARY))];
  const steps = [...WORK, ...REST].map((one) => {
    if (one.step === 'secrets') return { ...one, work: () => room.act('ceremony.choose', { files: secrets }) };
    if (one.step !== 'seal') return one;
    return {
      ...one,
      work: () => room.act('ceremony.seal', { mode: 'envelope+passphrase', passphrase: PASSPHRASE, send_name: true }),
    };
  });
  for (const { step, work } of steps) {
    await between();
    expect((await room.now()).step).toBe(step);
    await work(room);
    await between();
    expect(await room.now()).toEqual({ step, gate: 'open', problem: null });
    await room.sign();
  }
}

function filesOf(room: CeremonyHome): string[] {
  return readdirSync(room.home, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(room.home, name)).isFile());
}

const rehearsalFile = (room: CeremonyHome) => join(room.home, 'rehearsal.box');

/** Every entry of the keychain, by name: what a keychain that is not the ceremony's own sees. */
async function keychainEntry(room: CeremonyHome, entry: string): Promise<Buffer | null> {
  const { keychain_scope: scope } = JSON.parse(readFileSync(join(room.home, 'station.json'), 'utf8')) as { keychain_scope: string };
  const keychain = await room.keeper.open(() => Promise.reject(new Error('the keychain was not open')));
  return keychain.get(`${scope}/${entry}`);
}

describe('a rehearsal in which the app is killed before every operation', () => {
  const shown: unknown[] = [];
  let room: CeremonyHome;
  let killed = 0;

  beforeAll(async () => {
    room = await CeremonyHome.make('file');
    await room.begin();
    await rehearse(room, async () => {
      killed += 1;
      shown.push(await room.view());
      await room.restart();
    });
  });
  afterAll(() => room.remove());

  it('comes to its last step all the same', async () => {
    expect(killed).toBe(22);
    expect(await room.now()).toEqual({ step: 'close', gate: 'open', problem: null });
    expect((await room.view()).has_token).toBe(true);
    expect(existsSync(rehearsalFile(room))).toBe(true);
    expect(await keychainEntry(room, 'rehearsal-key')).toHaveLength(32);
  });

  it('compares what was released with the files, byte by byte', async () => {
    const recovered = () => room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'recovery')?.value);
    expect(recovered()).not.toContain('"same":false');
    const secret = join(room.folder, 'secrets', 'large');
    const original = readFileSync(secret);
    writeFileSync(secret, Buffer.alloc(original.length, `${CANARY}!`)); // the same length
    const { view } = await room.act('ceremony.recover', { passphrase: PASSPHRASE });
    expect(view.now).toMatchObject({ step: 'recover', gate: 'stopped', problem: 'rehearsal-differs' });
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
    writeFileSync(secret, original);
    await room.act('ceremony.recover', { passphrase: PASSPHRASE });
    expect(await room.now()).toEqual({ step: 'close', gate: 'open', problem: null });
  });

  it('opens nothing with another passphrase, and notes nothing then', async () => {
    const head = room.ledger((queries) => queries.ceremonyFacts(room.ceremony));
    expect(await room.refusal('ceremony.recover', { passphrase: 'another' })).toEqual(['box-cannot-open']);
    expect(await room.refusal('ceremony.recover', { passphrase: null })).toEqual(['passphrase-needed']);
    expect(room.ledger((queries) => queries.ceremonyFacts(room.ceremony))).toEqual(head);
  });

  it('closes, and leaves neither the stand-in’s file nor a key of it', async () => {
    const closed = await room.sign();
    expect(closed).toMatchObject({ state: 'closed', now: null, exceptions: [], has_token: false });
    expect(closed.steps.map((one) => one.status)).toEqual(Array<string>(12).fill('done'));
    expect(closed.steps.every((one) => one.signed.map((by) => by.initials).join() === 'AB,CD')).toBe(true);
    shown.push(closed, room.progress, room.notes);
    expect(existsSync(rehearsalFile(room))).toBe(false);
    expect(await keychainEntry(room, 'rehearsal-key')).toBeNull();
    const { output } = await room.must('ledger.check', {});
    expect(output).toMatchObject({ ok: true, macs: 'valid' });
    const { output: listed } = await room.must('ceremony.list', {});
    expect(listed['ceremonies']).toMatchObject([{ ceremony_id: room.ceremony, state: 'closed', number: 1 }]);
  });

  it('has put no secret into the home, and no path into what was shown', async () => {
    for (const item of (await room.view()).files) shown.push((await room.must('item.show', { id: item.item_id })).output);
    const text = JSON.stringify(shown);
    expect(shown.length).toBeGreaterThan(25);
    expect(text).not.toContain(room.folder);
    expect(text).not.toContain(CANARY);
    const secrets = ['small', 'large'].map((name) => readFileSync(join(room.folder, 'secrets', name)));
    for (const name of filesOf(room)) {
      const bytes = readFileSync(join(room.home, name));
      for (const form of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64').slice(0, 14)]) {
        expect(bytes.includes(form), `${name} holds ${form}`).toBe(false);
      }
      for (const secret of secrets) expect(bytes.includes(sha256(secret)), `${name} holds a digest of a secret`).toBe(false);
    }
    // The path stands in the fact that needs it, and in no other event.
    const withPath = room.ledger((_, ledger) =>
      [...ledger.events()].filter((event) => JSON.stringify(event).includes(join(room.folder, 'secrets'))),
    );
    expect(withPath.map((event) => (event.type === 'ceremony-fact' ? event.data.name : event.type))).toEqual(['secrets']);
  });
});

describe('a secret that is made up', () => {
  it('is for rehearsals alone', async () => {
    const room = await newRoom();
    await room.begin();
    for (const { step, work } of WORK.slice(0, 5)) {
      expect((await room.now()).step).toBe(step);
      await work(room);
      await room.sign();
    }
    const { view } = await room.act('ceremony.choose', { files: [], made_up: true });
    // Of this ceremony's own name: another rehearsal's would otherwise be overwritten.
    const name = `made-up-secret-${view.ceremony_id.slice(0, 8)}.txt`;
    expect(view.files).toMatchObject([{ name, state: 'chosen', recommended: 'direct' }]);
    expect(readFileSync(join(room.home, name), 'utf8')).toMatch(/^REHEARSAL ONLY, worth nothing: [0-9a-f]{32}\n$/);
    await room.must('environment.set', { name: 'sandbox' });
    await room.begin('single-station backup', 'sandbox');
    expect(await room.refusal('ceremony.choose', { files: [], made_up: true })).toEqual(['not-a-rehearsal']);
    expect(await room.refusal('ceremony.practice-key')).toEqual(['not-a-rehearsal']);
    expect(await room.refusal('ceremony.recover', { passphrase: null })).toEqual(['not-a-rehearsal']);
  });
});

describe('the stand-in of a rehearsal', () => {
  it('is thrown away at the next start when the app died between the last initials and that', async () => {
    const room = await newRoom();
    await room.begin();
    await WORK[0]?.work(room);
    await room.act('ceremony.environment', { typed: 'rehearsal' });
    await room.act('ceremony.practice-key');
    const box = readFileSync(rehearsalFile(room));
    // As the ledger stands after such a death: ended, with file, key and API key still there.
    room.host.end = () => Promise.reject(new Error('the power went'));
    await expect(room.act('ceremony.escalate', { reason: 'x', initials: 'AB' })).rejects.toThrow('the power went');
    expect(readFileSync(rehearsalFile(room))).toEqual(box);
    await room.restart();
    const view = await room.view();
    expect([view.state, view.has_token]).toEqual(['escalated', false]);
    expect(existsSync(rehearsalFile(room))).toBe(false);
    expect(await keychainEntry(room, 'rehearsal-key')).toBeNull();
  });

  it('stays while another rehearsal is open, and goes with the last', async () => {
    const room = await newRoom();
    const first = await room.begin();
    const second = await room.begin();
    await room.act('ceremony.practice-key');
    await room.must('ceremony.escalate', { ceremony: first.ceremony_id, reason: 'begun twice' });
    expect(await room.view()).toMatchObject({ ceremony_id: second.ceremony_id, host: first.host, built_in: true, has_token: true });
    await room.act('ceremony.escalate', { reason: 'the last' });
    expect(existsSync(rehearsalFile(room))).toBe(false);
    expect(await keychainEntry(room, 'rehearsal-key')).toBeNull();
  });

  it('that cannot be opened any more hinders nothing else, and a new rehearsal can begin once the old one was ended', async () => {
    const room = await newRoom();
    await room.begin();
    await room.act('ceremony.practice-key');
    await room.host.close();
    writeFileSync(rehearsalFile(room), Buffer.alloc(500, 1));
    await room.restart();
    expect((await room.view()).built_in).toBe(false);
    expect(await room.refusal('ceremony.practice-key')).toEqual(['rehearsal-file-damaged']);
    expect(await room.codes('trust.add', { environment: 'rehearsal', source: 'fetch' })).toEqual(['rehearsal-file-damaged']);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' })).toEqual(['rehearsal-file-damaged']);
    for (const one of (await room.must('ceremony.list', {})).output['ceremonies'] as { ceremony_id: string }[]) {
      await room.must('ceremony.escalate', { ceremony: one.ceremony_id, reason: 'its stand-in is lost' });
    }
    expect(existsSync(rehearsalFile(room))).toBe(false);
    expect((await room.begin()).built_in).toBe(true);
  });

  it('whose file is gone says so, and a new rehearsal can begin once the old one was ended', async () => {
    const room = await newRoom();
    await room.begin();
    await room.act('ceremony.practice-key');
    await room.host.close();
    rmSync(rehearsalFile(room));
    await room.restart();
    expect((await room.view()).built_in).toBe(false);
    expect(await room.codes('trust.add', { environment: 'rehearsal', source: 'fetch' })).toEqual(['rehearsal-file-damaged']);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' })).toEqual(['rehearsal-file-damaged']);
    await room.act('ceremony.escalate', { reason: 'its stand-in is lost' });
    expect(await keychainEntry(room, 'rehearsal-key')).toBeNull();
    expect(await room.begin()).toMatchObject({ built_in: true, has_token: false });
  });

  it('is taken over by a second window when the first one closes', async () => {
    const room = await newRoom();
    const { host } = await room.begin();
    const second = room.sameHome();
    expect(await second.view()).toMatchObject({ host, built_in: false });
    await room.host.close();
    expect(await second.view()).toMatchObject({ host, built_in: true });
    await second.remove();
  });

  it('that a second window ended does not live on in the first, and the next rehearsal survives a restart', async () => {
    const room = await newRoom();
    await room.begin();
    await room.act('ceremony.practice-key');
    const second = room.sameHome();
    await second.act('ceremony.escalate', { reason: 'enough' });
    expect(existsSync(rehearsalFile(room))).toBe(false);
    await second.remove();
    await room.begin();
    await room.act('ceremony.practice-key');
    await room.restart();
    expect(await room.view()).toMatchObject({ built_in: true, has_token: true });
  });

  it('whose port is taken says so, and goes on when the port is free again', async () => {
    const room = await newRoom();
    const { host } = await room.begin();
    await room.host.close();
    const other = createServer();
    await new Promise<void>((ready) => other.listen(Number(host?.split(':')[1]), '127.0.0.1', ready));
    await room.restart();
    expect(await room.refusal('ceremony.practice-key')).toEqual(['port-taken']);
    await new Promise((closed) => other.close(closed));
    expect(await room.refusal('ceremony.practice-key')).toEqual([]);
    expect(await room.view()).toMatchObject({ host, built_in: true, has_token: true });
  });
});

describe('the end of a ceremony', () => {
  it('leaves the stand-in to another rehearsal that is open, and takes it with the last', async () => {
    const room = await newRoom();
    await room.begin();
    const first = room.ceremony;
    await room.begin();
    await room.act('ceremony.practice-key');
    expect((await room.must('ceremony.escalate', { ceremony: first, reason: 'begun twice' })).codes).toEqual([]);
    expect(existsSync(rehearsalFile(room))).toBe(true);
    expect((await room.view()).has_token).toBe(true);
    await room.act('ceremony.escalate', { reason: 'enough' });
    expect(existsSync(rehearsalFile(room))).toBe(false);
    expect(await keychainEntry(room, 'rehearsal-key')).toBeNull();
  });

  it('stands where the stand-in cannot be taken away: that is a problem beside it', async () => {
    const room = await newRoom();
    await room.begin();
    room.host.end = () => Promise.reject(unreachableError('keychain-no-answer', 'the keychain did not answer'));
    const ended = await room.act('ceremony.escalate', { reason: 'enough' });
    expect(ended.codes).toEqual(['keychain-no-answer']);
    expect(ended.view).toMatchObject({ state: 'escalated', now: null });
  });
});

/** What changes no ceremony, or begins one. */
const READING = [
  'ceremony.begin',
  'ceremony.check',
  'ceremony.escalation-report',
  'ceremony.list',
  'ceremony.passphrase-forget',
  'ceremony.report',
  'ceremony.report-save',
  'ceremony.script',
  'ceremony.show',
];

describe('an ended ceremony', () => {
  it('can be looked at, and refuses everything else', async () => {
    const room = await newRoom();
    await room.begin();
    await room.act('ceremony.escalate', { reason: 'the witness left' });
    const head = room.ledger((_, ledger) => ledger.head());
    const fingerprint = '0'.repeat(64);
    const everything: Partial<Record<OperationName, Record<string, unknown>>> = {
      'ceremony.people': { people: [{ name: 'A', initials: 'AA', role: 'witness' }], place: 'x', witness_clock: '10:00' },
      'ceremony.self-test': {},
      'ceremony.environment': { typed: 'rehearsal' },
      'ceremony.practice-key': {},
      'ceremony.signer': { fingerprint, words: [] },
      'ceremony.wallet': {
        user_identifier: 'u',
        account: 'institution',
        customer_id: null,
        customer_name: null,
        package_id: null,
        package_name: null,
        key_environment: 'HOT',
        typed: 'HOT',
      },
      'ceremony.assign': {},
      'ceremony.words': { words: [] },
      'ceremony.choose': { files: [] },
      'ceremony.inspect': { item_id: '00000000-0000-4000-8000-000000000000', bip39_passphrase: null, password: null },
      'ceremony.nearest-words': { item_id: '00000000-0000-4000-8000-000000000000' },
      'ceremony.go-on': { departure: fingerprint, reason: 'r', initials: ['AB', 'CD'] },
      'ceremony.passphrase-make': { part: 'whole', words: 6, initials: null },
      'ceremony.passphrase-confirm': { part: 'whole', typed: 'x' },
      'ceremony.passphrase-half': { part: 'first', typed: 'x', initials: 'AB' },
      'ceremony.seal': { mode: 'auto', passphrase: null, send_name: false },
      'ceremony.store': { resolve: null },
      'ceremony.verify': {},
      'ceremony.recover': { passphrase: null },
      'ceremony.network': {},
      'ceremony.network-override': { reason: 'r', initials: ['AA', 'BB'] },
      'ceremony.wallet-add': {
        user_identifier: 'u',
        account: 'institution',
        customer_id: null,
        customer_name: null,
        package_id: null,
        package_name: null,
        key_environment: 'HOT',
        typed: 'HOT',
      },
      'ceremony.wallet-remove': { user_identifier: 'u' },
      'ceremony.wallets-planned': { typed: ['COLD'] },
      'ceremony.assign-all': {},
      'ceremony.key-read': { key_id: '00000000-0000-4000-8000-000000000000', words: [], kept: null },
      'ceremony.bring': { files: ['/nowhere'] },
      'ceremony.carry': { folder: '/nowhere' },
      'ceremony.carried-by-code': {},
      'ceremony.recovering': { items: ['00000000-0000-4000-8000-000000000000'], reason: 'r' },
      'ceremony.request-key': {
        type: 'curve25519',
        passphrase: 'p',
        out_private: join(room.folder, 'saved'),
        folder: join(room.folder, 'saved'),
      },
      'ceremony.request-raised': { reference: 'r' },
      'ceremony.request-played': { folder: join(room.folder, 'saved') },
      'ceremony.packages': { packages: ['/nowhere'], openpgp_key: '/nowhere', passphrase: null },
      'ceremony.get-back': { openpgp_passphrase: null, key_passphrase: null, passphrase: null, folder: join(room.folder, 'saved') },
      'ceremony.wiped': { answers: [] },
      'ceremony.checklist': { answers: [] },
      'ceremony.sign-off': { step: 'people', evidence_sha256: fingerprint, initials: [] },
      'ceremony.exception': { text: 'x', initials: 'AB' },
      'ceremony.escalate': { reason: 'again' },
      'ceremony.abort': { reason: 'again', initials: ['AB', 'CD'] },
      'ceremony.pause': { reason: 'lunch', initials: 'AB' },
      'ceremony.resume': { reason: 'back', initials: 'AB' },
      'ceremony.hand-over': { from: 'AB', to: { name: 'Eve Fox', initials: 'EF' }, reason: 'ill', seen_by: 'CD' },
      'ceremony.save': { folder: join(room.folder, 'saved') },
    };
    const { OPERATIONS } = await import('../index.ts');
    const named = Object.keys(OPERATIONS).filter((name) => name.startsWith('ceremony.'));
    expect(named.filter((name) => !(name in everything)).toSorted()).toEqual(READING);
    for (const [name, input] of Object.entries(everything)) {
      expect([name, await room.refusal(name as OperationName, input)]).toEqual([name, ['ceremony-ended']]);
    }
    expect(existsSync(join(room.folder, 'saved'))).toBe(false);
    expect(room.ledger((_, ledger) => ledger.head())).toEqual(head);
    expect(await room.view()).toMatchObject({ state: 'escalated', reason: 'the witness left', now: null });
    expect(await room.codes('ceremony.show', { ceremony: '00000000-0000-4000-8000-000000000000' })).toEqual(['ceremony-unknown']);
  });
});

describe('beginning', () => {
  it('numbers ceremonies, and holds scripts and environments together', async () => {
    const room = await newRoom();
    await room.must('environment.set', { name: 'sandbox' });
    expect((await room.begin()).number).toBe(1);
    expect((await room.begin('single-station backup', 'sandbox')).number).toBe(2);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'sandbox' })).toEqual(['script-environment']);
    expect(await room.codes('ceremony.begin', { script: 'single-station backup', environment: 'rehearsal' })).toEqual([
      'script-environment',
    ]);
    expect(await room.codes('ceremony.begin', { script: 'single-station backup', environment: 'production' })).toEqual([
      'environment-not-set',
    ]);
    expect(await room.codes('ceremony.begin', { script: 'drill', environment: 'sandbox' })).toEqual(['script-unknown']);
    expect(await room.codes('ceremony.begin', { script: 'cold: seal', environment: 'sandbox' })).toEqual(['not-on-this-station']);
    const { output } = await room.must('ceremony.list', {});
    expect((output['ceremonies'] as { number: number }[]).map((one) => one.number)).toEqual([2, 1]);
  });

  it('is refused for what this shell withholds, and so is everything else there', async () => {
    const room = await newRoom();
    await room.must('environment.set', { name: 'sandbox' });
    await room.begin('single-station backup', 'sandbox');
    room.withheld = ['sandbox', 'production'];
    const refused: [OperationName, unknown][] = [
      ['environment.set', { name: 'production' }],
      ['environment.set', { name: 'sandbox', drill_days: 3 }],
      ['login', { environment: 'sandbox', token: 'x' }],
      ['logout', { environment: 'sandbox' }],
      ['trust.add', { environment: 'sandbox', account_id: 'x' }],
      ['trust.add', { environment: 'sandbox', source: 'fetch' }],
      ['ceremony.begin', { script: 'single-station backup', environment: 'sandbox' }],
      ['ceremony.environment', { ceremony: room.ceremony, typed: 'sandbox' }],
      ['ceremony.escalate', { ceremony: room.ceremony, reason: 'x' }],
    ];
    const head = room.ledger((_, ledger) => ledger.head());
    for (const [name, input] of refused) expect([name, await room.codes(name, input)]).toEqual([name, ['environment-withheld']]);
    expect(room.ledger((_, ledger) => ledger.head())).toEqual(head);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' })).toEqual([]);
  });
});

describe('the people', () => {
  it.each([
    ['the same minute', '10:00', 0],
    ['the next minute', '10:01', 40],
    ['the minute before', '09:59', -21],
    ['half a day away, less a little', '21:59', 43_120],
    ['half a day away, and a little more', '22:01', -43_101],
  ])('read %s: %s', async (_name, read, seconds) => {
    const room = await peopleRoom();
    await room.act('ceremony.people', { ...PEOPLE_INPUT, witness_clock: read });
    expect(clockOf(room)).toMatchObject({ offset_seconds: seconds, witness_read: read });
  });

  it.each([
    ['23:59:50', '00:00', 10],
    ['00:00:10', '23:59', -11],
    ['00:00:00', '00:00', 0],
    ['23:59:59', '23:59', 0],
    ['00:01:30', '23:58', -151],
  ])('are on the near side of midnight: %s here, %s there', async (here, read, seconds) => {
    const room = await peopleRoom();
    room.nowMs = Date.parse(`2026-11-24T${here}.000Z`);
    await room.act('ceremony.people', { ...PEOPLE_INPUT, witness_clock: read });
    room.nowMs = NOW_MS;
    expect(clockOf(room)).toMatchObject({ offset_seconds: seconds });
  });

  const ann = { name: 'Ann', initials: 'AB', role: 'administrator' };
  const carl = { name: 'Carl', initials: 'CD', role: 'witness' };

  it.each([
    ['no witness', [ann], 'people-too-few'],
    ['no administrator', [carl], 'people-too-few'],
    ['nobody', [], 'input-invalid'],
    ['the same initials', [ann, { ...carl, initials: 'AB' }], 'initials-twice'],
    ['the same initials in another spelling', [ann, { ...carl, initials: 'ab' }], 'initials-twice'],
    ['the same person', [ann, { ...carl, name: 'ANN' }], 'person-twice'],
    ['initials of one letter', [ann, { ...carl, initials: 'C' }], 'input-invalid'],
    ['initials of six letters', [ann, { ...carl, initials: 'CDEFGH' }], 'input-invalid'],
    ['initials that are no letters', [ann, { ...carl, initials: 'C.' }], 'input-invalid'],
    ['another role', [ann, carl, { ...carl, name: 'X', initials: 'XX', role: 'guest' }], 'input-invalid'],
    ['an auditor with a witness’s initials', [ann, carl, { ...carl, name: 'X', role: 'auditor' }], 'initials-twice'],
    ['one person as witness and operator', [ann, carl, { ...carl, initials: 'XX', role: 'operator' }], 'person-twice'],
  ])('are refused: %s', async (_name, people, code) => {
    const room = await peopleRoom();
    const head = room.ledger((_, ledger) => ledger.head());
    expect(await room.refusal('ceremony.people', { ...PEOPLE_INPUT, people })).toEqual([code]);
    expect(room.ledger((_, ledger) => ledger.head())).toEqual(head);
  });

  it.each(['24:00', '9:00', '10:60', '10:00:00', ''])('do not read %s off a clock', async (read) => {
    const room = await peopleRoom();
    expect(await room.refusal('ceremony.people', { ...PEOPLE_INPUT, witness_clock: read })).toEqual(['input-invalid']);
  });

  it('may be more than two, and initials are kept in capitals', async () => {
    const room = await peopleRoom();
    const people = [ann, { ...carl, initials: 'cd' }, { name: 'Eve', initials: 'éf', role: 'witness' }];
    const { view } = await room.act('ceremony.people', { ...PEOPLE_INPUT, people });
    expect(view.people.map((one) => one.initials)).toEqual(['AB', 'CD', 'ÉF']);
    expect(view.now).toMatchObject({ step: 'people', gate: 'open' });
  });
});

const PEOPLE_INPUT = {
  people: [
    { name: 'Ann', initials: 'AB', role: 'administrator' },
    { name: 'Carl', initials: 'CD', role: 'witness' },
  ],
  place: 'the vault',
  witness_clock: '10:00',
};

let shared: Promise<CeremonyHome> | null = null;
afterAll(async () => (await shared)?.remove());

/** One station for all tests of the first step: entering people again takes the place of what was there. */
function peopleRoom(): Promise<CeremonyHome> {
  shared ??= CeremonyHome.make().then(async (room) => {
    await room.begin();
    return room;
  });
  return shared;
}

function clockOf(room: CeremonyHome): unknown {
  return JSON.parse(room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'clock')?.value ?? 'null'));
}

describe('files that were sealed in different ways', () => {
  it('come back one passphrase after the other', async () => {
    const room = await newRoom();
    await room.begin();
    for (const { work } of WORK.slice(0, 5)) {
      await work(room);
      await room.sign();
    }
    const [first, second, third] = ['one', 'two', 'three'].map((name) => room.secret(name));
    await room.act('ceremony.choose', { files: [first, second, third] });
    await room.sign();
    const gone = (path: string | undefined): void => {
      rmSync(path ?? '');
    };
    gone(second);
    gone(third);
    const seal = (mode: string, passphrase: string | null) => room.act('ceremony.seal', { mode, passphrase, send_name: false });
    await seal('auto', null);
    room.secret('two');
    await seal('passphrase', `${PASSPHRASE} A`);
    room.secret('three');
    expect((await seal('envelope+passphrase', `${PASSPHRASE} B`)).codes).toEqual([]);
    await room.sign();
    await room.act('ceremony.store', { resolve: null });
    await room.sign();
    await room.sign();
    const opened = async (passphrase: string) => {
      const { codes, view } = await room.act('ceremony.recover', { passphrase });
      return [codes, view.now?.gate, view.now?.checks[0]?.rests_on];
    };
    expect(await opened('neither')).toEqual([['box-cannot-open'], 'waits', '1 of 3, compared byte by byte']);
    expect(await opened(`${PASSPHRASE} B`)).toEqual([['box-cannot-open'], 'waits', '2 of 3, compared byte by byte']);
    expect(await opened(`${PASSPHRASE} A`)).toEqual([[], 'open', '3 of 3, compared byte by byte']);
  });
});
