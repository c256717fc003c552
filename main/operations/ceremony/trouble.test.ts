import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Ledger, takeLock, type LedgerEvent } from '../../ledger/index.ts';
import { StandIn, type StandInAddress } from '../../rehearsal/index.ts';
import { canonicalJson, newUuid, sha256 } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { runOperation, type CeremonyView } from '../index.ts';
import { CANARY, CeremonyHome, NOW_MS, onePool, WALLET, WORK, wordsOf } from './home.fixture.ts';

/** A stand-in elsewhere, which does wrong when it is told to. */
const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
let at: StandInAddress;
/** One ceremony, as it stood before each of its steps. */
const before = new Map<string, CeremonyHome>();
const rooms: CeremonyHome[] = [];

beforeAll(async () => {
  at = await standIn.listen();
  const room = await CeremonyHome.make();
  await room.signInElsewhere(at);
  await room.begin();
  for (const { step, work } of WORK) {
    expect((await room.now()).step).toBe(step);
    before.set(step, room.fork());
    await work(room);
    await room.sign();
  }
  before.set('verify', room);
});
afterEach(async () => {
  standIn.setFault(null);
  for (const room of rooms.splice(0)) await room.remove();
});
afterAll(async () => {
  for (const room of before.values()) await room.remove();
  await standIn.close();
});

/** A copy of the ceremony in which that step is lit, and nothing was done for it. */
function roomAt(step: string): CeremonyHome {
  const room = before.get(step)?.fork();
  if (room === undefined) throw new Error(`there is no ceremony at ${step}`);
  rooms.push(room);
  return room;
}

/** What an event that this process did not live to follow up on leaves behind. */
async function tell(room: CeremonyHome, event: LedgerEvent): Promise<void> {
  const { keychain_scope: scope } = JSON.parse(readFileSync(join(room.home, 'station.json'), 'utf8')) as { keychain_scope: string };
  const keychain = await room.keeper.open(() => Promise.reject(new Error('the keychain was not open')));
  const ledger = Ledger.open(join(room.home, 'ledger.sqlite'), {
    clock: { now: () => NOW_MS },
    macKey: await keychain.get(`${scope}/mac-key`),
  });
  ledger.append(event);
  ledger.close();
}

const headOf = (room: CeremonyHome) => room.ledger((_, ledger) => ledger.head());
const sent = (path: string) => standIn.requests.filter((one) => one.method === 'POST' && one.path === path).length;
const wrong = ([first, second]: { position: number; word: string }[]) => [first, { position: second?.position, word: 'absurdity' }];

describe('signing in', () => {
  it('wants this environment’s name, however it is spelt', async () => {
    const room = roomAt('sign-in');
    const head = headOf(room);
    for (const typed of ['production', 'rehearsa', '', 'rehearsal.']) {
      expect(await room.refusal('ceremony.environment', { typed })).toEqual(['environment-typed']);
    }
    expect(headOf(room)).toEqual(head);
    const { view } = await room.act('ceremony.environment', { typed: ' Rehearsal ' });
    expect(view.environment_typed).toBe(true);
  });

  it('pins no signing key whose words were not read', async () => {
    const room = roomAt('sign-in');
    const { output } = await room.must('trust.add', { environment: 'rehearsal', source: 'fetch' });
    const fingerprint = (output['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    const words = wordsOf(fingerprint);
    expect(await room.refusal('ceremony.signer', { fingerprint, words: wrong(words) })).toEqual(['words-differ']);
    expect(await room.refusal('ceremony.signer', { fingerprint, words: words.slice(1) })).toEqual(['words-missing']);
    // Right words of a key that CoinCover does not publish.
    const other = '0'.repeat(64);
    expect(await room.refusal('ceremony.signer', { fingerprint: other, words: wordsOf(other) })).toEqual(['anchor-differs']);
    expect((await room.view()).anchors).toEqual([]);
    await room.act('ceremony.signer', { fingerprint, words });
    expect(room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'signer')?.value)).toContain(
      '"basis":"practice"',
    );
    await room.act('ceremony.signer', { fingerprint, words });
    expect(room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'signer')?.value)).toContain(
      '"basis":"earlier"',
    );
  });

  it('gives no practice key to a stand-in elsewhere, and starts none for it', async () => {
    const room = roomAt('sign-in');
    expect((await room.view()).built_in).toBe(false);
    const head = headOf(room);
    expect(await room.refusal('ceremony.practice-key')).toEqual(['not-a-rehearsal']);
    expect(headOf(room)).toEqual(head);
    expect(readdirSync(room.home)).not.toContain('rehearsal.box');
  });

  it('is void once the API key is gone, and stands again with it', async () => {
    const room = roomAt('seal');
    await room.must('logout', { environment: 'rehearsal' });
    const { steps, now } = await room.view();
    expect(now).toMatchObject({ step: 'sign-in', gate: 'waits' });
    expect(steps.filter((one) => one.status === 'locked')).toHaveLength(9);
    await room.must('login', { environment: 'rehearsal', token: at.token });
    expect((await room.now()).step).toBe('seal');
  });
});

describe('a sign-off', () => {
  it('of anything but what is on screen is refused', async () => {
    const room = roomAt('wallet');
    await room.act('ceremony.wallet', WALLET);
    const good = await room.signOff();
    const head = headOf(room);
    const initials = (administrator: string, witness: string) => [
      { role: 'administrator', initials: administrator },
      { role: 'witness', initials: witness },
    ];
    for (const [change, code] of [
      [{ step: 'assign' }, 'step-not-current'],
      [{ step: 'people' }, 'step-not-current'],
      [{ evidence_sha256: '0'.repeat(64) }, 'evidence-changed'],
      [{ initials: initials('AB', 'AB') }, 'initials-unknown'],
      [{ initials: initials('AB', 'ZZ') }, 'initials-unknown'],
      [{ initials: initials('AB', 'CD').slice(0, 1) }, 'initials-missing'],
      [{ initials: [...initials('AB', 'CD'), { role: 'witness', initials: 'ZZ' }] }, 'initials-unknown'],
      [{ initials: Array<object>(21).fill({ role: 'witness', initials: 'ZZ' }) }, 'input-invalid'],
      [{ initials: initials('', 'CD') }, 'input-invalid'],
    ] as const) {
      expect(await room.refusal('ceremony.sign-off', { ...good, ...change })).toEqual([code]);
    }
    expect(headOf(room)).toEqual(head);
    await room.act('ceremony.wallet', { ...WALLET, user_identifier: 'another' });
    expect(await room.refusal('ceremony.sign-off', good)).toEqual(['evidence-changed']);
    // In lower case, as people type.
    await room.act('ceremony.sign-off', { ...(await room.signOff()), initials: initials('ab', 'cd') });
    expect((await room.now()).step).toBe('assign');
  });
});

describe('the wallet', () => {
  it('is refused where it does not fit together', async () => {
    const room = roomAt('wallet');
    const head = headOf(room);
    for (const [change, code] of [
      [{ typed: 'HOT' }, 'kept-typed'],
      [{ typed: 'cold' }, 'kept-typed'],
      [{ typed: '' }, 'kept-typed'],
      [{ key_environment: 'WARM', typed: 'WARM' }, 'input-invalid'],
      [{ account: 'partner' }, 'partner-needs-organisation'],
      [{ account: 'partner', customer_id: 'c' }, 'partner-needs-organisation'],
      [{ customer_name: 'Acme' }, 'name-without-id'],
      [{ package_name: 'Gold' }, 'name-without-id'],
      [{ user_identifier: '' }, 'input-invalid'],
      [{ user_identifier: 'a\nb' }, 'input-invalid'],
      [{ more: 1 }, 'input-invalid'],
    ] as const) {
      expect([change, await room.refusal('ceremony.wallet', { ...WALLET, ...change })]).toEqual([change, [code]]);
    }
    expect(headOf(room)).toEqual(head);
  });

  it('stands once a key was assigned for it', async () => {
    const room = roomAt('secrets');
    expect(await room.refusal('ceremony.wallet', { ...WALLET, user_identifier: 'other' })).toEqual(['wallet-assigned']);
    expect((await room.now()).step).toBe('secrets');
  });

  it('may be another after CoinCover refused, and then a key is asked for anew', async () => {
    const room = roomAt('assign');
    standIn.setFault('status-409');
    const { view, codes } = await room.act('ceremony.assign');
    expect([codes, view.now?.gate, view.now?.problem]).toEqual([['service-409'], 'settle', 'service-409']);
    standIn.setFault(null);
    const user = `user-${newUuid()}`;
    const changed = await room.act('ceremony.wallet', { ...WALLET, user_identifier: user });
    expect([changed.view.assignment, changed.view.now?.step]).toEqual([null, 'wallet']);
    expect(await room.refusal('ceremony.assign')).toEqual(['step-not-ready']); // the other wallet is not signed off
    await room.sign();
    const again = await room.act('ceremony.assign');
    expect([again.codes, again.view.assignment?.state]).toEqual([[], 'assigned']);
  });
});

describe('the assignment', () => {
  it('is not asked for before the wallet was signed off', async () => {
    const room = roomAt('wallet');
    await room.act('ceremony.wallet', { ...WALLET, user_identifier: `user-${newUuid()}` });
    const asked = sent('/v1/keys');
    expect(await room.refusal('ceremony.assign')).toEqual(['step-not-ready']);
    expect(sent('/v1/keys')).toBe(asked);
    await room.sign();
    await room.act('ceremony.assign');
    expect(sent('/v1/keys')).toBe(asked + 1);
  });

  it('is asked for once, however often the button is pressed', async () => {
    const room = roomAt('assign');
    const asked = sent('/v1/keys');
    await newUser(room);
    await room.act('ceremony.assign');
    await room.restart();
    const { view } = await room.act('ceremony.assign');
    expect(view.assignment?.state).toBe('assigned');
    expect(sent('/v1/keys')).toBe(asked + 1);
  });

  it('waits for the words of the key', async () => {
    const room = roomAt('assign');
    await newUser(room);
    expect(await room.refusal('ceremony.words', { words: wordsOf('0'.repeat(64)) })).toEqual(['step-not-ready']);
    const { view } = await room.act('ceremony.assign');
    const words = wordsOf(view.assignment?.key?.fingerprint ?? '');
    expect(await room.refusal('ceremony.words', { words: wrong(words) })).toEqual(['words-differ']);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
    await room.act('ceremony.words', { words });
    expect(await room.now()).toEqual({ step: 'assign', gate: 'open', problem: null });
  });

  it('that is not trusted stops, is in the record, and can be judged again', async () => {
    const room = roomAt('assign');
    await newUser(room);
    standIn.setFault('bad-signature');
    const { view, codes } = await room.act('ceremony.assign');
    expect(codes).toEqual(['signature-invalid']);
    expect([view.now?.gate, view.now?.problem]).toEqual(['stopped', 'signature-invalid']);
    expect(view.assignment?.account_seen).toBe(at.accountId);
    expect(room.exceptions()).toEqual(['The assigned key is not trusted (signature-invalid)']);
    const asked = sent('/v1/keys');
    expect(await room.refusal('ceremony.assign')).toEqual(['signature-invalid']);
    expect(sent('/v1/keys')).toBe(asked);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
  });

  it('without a trustworthy answer stays unknown, and is in the record', async () => {
    const room = roomAt('assign');
    await newUser(room);
    standIn.setFault('html-200');
    const { view } = await room.act('ceremony.assign');
    expect([view.assignment?.state, view.now?.gate, view.now?.problem]).toEqual(['unknown', 'settle', 'assignment-unknown-outcome']);
    expect(room.exceptions()).toEqual(['It is not known whether CoinCover assigned a key']);
    standIn.setFault(null);
    const asked = sent('/v1/keys');
    expect(await room.refusal('ceremony.assign')).toEqual(['assignment-unknown-outcome']);
    expect(sent('/v1/keys')).toBe(asked);
    expect(room.exceptions()).toHaveLength(1);
  });

  it('never stands beside another wallet than its own', async () => {
    const room = roomAt('assign');
    await newUser(room);
    standIn.setFault('html-200');
    const { view } = await room.act('ceremony.assign');
    const database = new SqliteDatabase(join(room.home, 'ledger.sqlite'));
    database.exec(
      `CREATE TRIGGER refuses BEFORE INSERT ON ceremony_fact WHEN new.name = 'assignment' BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`,
    );
    await expect(room.act('ceremony.wallet', { ...WALLET, user_identifier: 'another' })).rejects.toThrow('not built as Coldroom builds it');
    database.exec('DROP TRIGGER refuses');
    database.close();
    const { wallet, assignment } = await room.view();
    expect([wallet, assignment]).toEqual([view.wallet, view.assignment]);
  });

  it('that a dead process left under way is unknown, and comes into the record once', async () => {
    const room = roomAt('assign');
    const { view } = await room.act('ceremony.show');
    const assignment = newUuid();
    await tell(room, {
      type: 'assignment-begun',
      data: {
        assignment_id: assignment,
        environment: 'rehearsal',
        environment_id: room.ledger((queries) => queries.requireEnvironment('rehearsal').environment_id),
        account: 'institution',
        user_identifier: view.wallet?.user_identifier ?? '',
        key_environment: 'COLD',
        request: '{}',
        jwks: '{}',
        jwks_fetched_at: '2026-11-24T10:00:00.000Z',
      },
    });
    await tell(room, {
      type: 'ceremony-fact',
      data: { ceremony_id: room.ceremony, step: 'assign', name: 'assignment', value: { assignment_id: assignment } },
    });
    const asked = sent('/v1/keys');
    for (let times = 0; times < 2; times += 1) expect(await room.refusal('ceremony.assign')).toEqual(['assignment-unknown-outcome']);
    expect(sent('/v1/keys')).toBe(asked);
    expect(room.exceptions()).toEqual(['It is not known whether CoinCover assigned a key']);
  });
});

/** Another wallet than those of the other copies: the stand-in knows them all. */
async function newUser(room: CeremonyHome): Promise<void> {
  await room.act('ceremony.wallet', { ...WALLET, user_identifier: `user-${newUuid()}` });
  await room.sign();
}

describe('choosing files', () => {
  it('refuses what cannot be sealed, by name alone, and keeps what was chosen before', async () => {
    const room = roomAt('secrets');
    const good = room.secret('good');
    await room.act('ceremony.choose', { files: [good] });
    const folder = join(room.folder, 'secrets', 'folder');
    mkdirSync(folder);
    const linked = join(room.folder, 'secrets', 'loop');
    symlinkSync(linked, linked);
    const head = headOf(room);
    for (const [files, code] of [
      [[join(room.folder, 'secrets', 'missing')], 'file-missing'],
      [[linked], 'file-missing'],
      [[folder], 'file-not-regular'],
      [['/dev/null'], 'file-not-regular'],
      [[room.secret('empty', '')], 'secret-empty'],
      [[room.secret('too-large', Buffer.alloc(10_485_760, 1))], 'sealed-too-large'],
      [[good, good], 'file-twice'],
      [[good, join(room.folder, 'secrets', 'missing')], 'file-missing'],
    ] as const) {
      expect([files, await room.refusal('ceremony.choose', { files })]).toEqual([files, [code]]);
      await expect(room.act('ceremony.choose', { files })).rejects.toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(room.folder) as string }),
      );
    }
    expect(headOf(room)).toEqual(head);
    expect((await room.view()).files.map((file) => file.name)).toEqual(['good']);
  });

  it('shows what each size is sealed as, and the modes that hold all of them', async () => {
    const room = roomAt('secrets');
    const files = [410, 411, 446, 447].map((size) => room.secret(`s${size.toString()}`, Buffer.alloc(size, 1)));
    const modesOf = async (...chosen: (string | undefined)[]) => (await room.act('ceremony.choose', { files: chosen })).view.modes;
    expect(await modesOf(files[0])).toEqual(['direct', 'passphrase', 'envelope', 'envelope+passphrase']);
    expect(await modesOf(files[1])).toEqual(['direct', 'envelope', 'envelope+passphrase']);
    expect(await modesOf(files[2])).toEqual(['direct', 'envelope', 'envelope+passphrase']);
    expect(await modesOf(files[0], files[3])).toEqual(['envelope', 'envelope+passphrase']);
    expect((await room.view()).files.map((file) => file.recommended)).toEqual(['direct', 'envelope']);
  });

  it('takes a choice back, and a file that was sealed but never sent', async () => {
    const room = roomAt('store');
    const { view } = await room.act('ceremony.choose', { files: [] });
    expect([view.now?.step, view.now?.gate, view.files]).toEqual(['secrets', 'waits', []]);
    await room.act('ceremony.choose', { files: [room.secret('other')] });
    await room.sign();
    expect(await room.now()).toMatchObject({ step: 'seal', gate: 'waits' });
  });

  it('takes a folder as every file in it, and one with anything else not at all', async () => {
    const room = roomAt('secrets');
    const folder = join(room.folder, 'whole');
    mkdirSync(folder);
    expect(await room.refusal('ceremony.choose', { files: [], folder })).toEqual(['folder-empty']);
    for (const name of ['b', '.a']) writeFileSync(join(folder, name), 'a phrase');
    expect((await room.act('ceremony.choose', { files: [], folder })).view.files.map((file) => file.name)).toEqual(['.a', 'b']);
    expect(await room.refusal('ceremony.choose', { files: [room.secret('s')], folder })).toEqual(['input-invalid']);
    expect(await room.refusal('ceremony.choose', { files: [], made_up: true, folder })).toEqual(['input-invalid']);
    mkdirSync(join(folder, 'more'));
    expect(await room.refusal('ceremony.choose', { files: [], folder })).toEqual(['folder-not-plain']);
  });

  it('takes a thousand files as one step: a count, and one digest of the list to sign', async () => {
    const room = roomAt('secrets');
    const folder = join(room.folder, 'whole');
    mkdirSync(folder);
    const names = Array.from({ length: 1000 }, (_, n) => `wallet-${n.toString().padStart(4, '0')}`);
    for (const name of names) writeFileSync(join(folder, name), `${name} `.repeat(30));
    const factOf = (now: CeremonyView['now'], fact: string) => now?.facts.find((one) => one.name === fact)?.value;
    const { view } = await room.act('ceremony.choose', { files: [], folder });
    expect(factOf(view.now, 'files')).toBe('1000 files');
    expect(factOf(view.now, 'file-list')).toBe(sha256(canonicalJson(names.map((name) => ({ name, size_bytes: 360 })))));
    await room.sign();
    const sealed = await room.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
    expect(sealed.codes).toEqual([]);
    expect(sealed.view.files.every((file) => file.state === 'sealed')).toBe(true);
    const digests = room.ledger((queries) => sealed.view.files.map((file) => queries.item(file.item_id)?.ciphertext_sha256 ?? ''));
    expect(new Set(digests).size).toBe(1000);
    expect(factOf(sealed.view.now, 'ciphertexts')).toBe(sha256(canonicalJson(digests)));
    await room.sign();
  });

  it('seals the rest after it was cancelled between two files', async () => {
    const room = roomAt('secrets');
    const chosen = await room.act('ceremony.choose', { files: ['a', 'b', 'c'].map((name) => room.secret(name)) });
    await room.sign();
    const cancel = new AbortController();
    const context: OperationContext = {
      ...room.context(),
      signal: cancel.signal,
      onProgress: ({ subject, done }) => {
        if (subject === 'b' && done > 0) cancel.abort();
      },
    };
    const seal = { ceremony: room.ceremony, mode: 'auto', passphrase: null, send_name: false };
    const { problems } = await runOperation('ceremony.seal', context, seal);
    expect(problems.map((one) => one.code)).toEqual(['sealing-cancelled']);
    const { view } = await room.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
    expect(view.files.map((file) => file.state)).toEqual(['sealed', 'sealed', 'sealed']);
    expect(view.files.map((file) => file.item_id)).toEqual(chosen.view.files.map((file) => file.item_id));
    const sealedEvents = room.ledger((_, ledger) => [...ledger.events()].filter((event) => event.type === 'item-sealed'));
    expect(sealedEvents).toHaveLength(3);
  });

  it('is over once something was sent', async () => {
    const room = roomAt('verify');
    const head = headOf(room);
    expect(await room.refusal('ceremony.choose', { files: [room.secret('late')] })).toEqual(['files-sent']);
    expect(await room.refusal('ceremony.choose', { files: [] })).toEqual(['files-sent']);
    expect(headOf(room)).toEqual(head);
  });
});

describe('sealing', () => {
  const auto = { mode: 'auto', passphrase: null, send_name: false };

  it('is refused before the files were signed off', async () => {
    const room = roomAt('secrets');
    expect(await room.refusal('ceremony.seal', auto)).toEqual(['step-not-ready']);
    await room.act('ceremony.choose', { files: [room.secret('s')] });
    expect(await room.refusal('ceremony.seal', auto)).toEqual(['step-not-ready']);
    expect((await room.view()).files.map((file) => file.state)).toEqual(['chosen']);
  });

  it('is refused with a passphrase too few, too many, or of no use', async () => {
    const room = roomAt('seal');
    const head = headOf(room);
    for (const [mode, passphrase, code] of [
      ['passphrase', null, 'passphrase-needed'],
      ['envelope+passphrase', null, 'passphrase-needed'],
      ['direct', 'x', 'passphrase-not-needed'],
      ['envelope', 'x', 'passphrase-not-needed'],
      ['auto', 'x', 'passphrase-not-needed'],
      ['passphrase', '', 'passphrase-empty'],
      ['passphrase', 'two\nlines', 'passphrase-characters'],
      ['passphrase', 'x'.repeat(1025), 'input-invalid'],
      ['cms', null, 'input-invalid'],
    ] as const) {
      expect([mode, code, await room.refusal('ceremony.seal', { mode, passphrase, send_name: false })]).toEqual([mode, code, [code]]);
    }
    expect(headOf(room)).toEqual(head);
  });

  it('goes on where it was cut off, under the ids that were noted, and waits for the last file', async () => {
    const room = roomAt('seal');
    const chosen = (await room.view()).files;
    const gone = pathOf(room, 'share-2');
    renameSync(gone, `${gone}.away`);
    const first = await room.act('ceremony.seal', { mode: 'passphrase', passphrase: `${CANARY} Vexing-9 jolt`, send_name: false });
    expect(first.codes).toEqual(['file-missing']);
    expect(first.view.files.map((file) => file.state)).toEqual(['sealed', 'chosen']);
    expect(first.view.now).toMatchObject({ step: 'seal', gate: 'waits' });
    renameSync(`${gone}.away`, gone);
    await room.restart();
    const documents = () => room.ledger((queries) => queries.documents().map((one) => one.document_id));
    const kept = documents();
    const second = await room.act('ceremony.seal', { mode: 'passphrase', passphrase: `${CANARY} Vexing-9 jolt`, send_name: false });
    expect(second.codes).toEqual([]);
    expect(second.view.files.map((file) => [file.item_id, file.state, file.mode])).toEqual(
      chosen.map((file) => [file.item_id, 'sealed', 'passphrase']),
    );
    expect(documents().slice(0, kept.length)).toEqual(kept);
    expect(documents()).toHaveLength(kept.length + 1);
    expect(second.view.now?.gate).toBe('open');
  });

  it('tells how far it is', async () => {
    const room = roomAt('seal');
    const [first, second] = (await room.view()).files.map((file) => file.size_bytes);
    const total = (first ?? 0) + (second ?? 0);
    await room.act('ceremony.seal', auto);
    expect(room.progress.map(({ step, done, total: of }) => [step, done, of])).toEqual([
      ['seal', 0, total],
      ['seal', first, total],
      ['seal', first, total],
      ['seal', total, total],
    ]);
  });
});

function pathOf(room: CeremonyHome, name: string): string {
  const value = room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'secrets')?.value ?? '{}');
  return (JSON.parse(value) as { files: { name: string; path: string }[] }).files.find((file) => file.name === name)?.path ?? '';
}

describe('storing', () => {
  const send = { resolve: null };

  it('is refused before the sealing was signed off', async () => {
    const room = roomAt('seal');
    await room.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
    const asked = sent('/v1/secure/data');
    expect(await room.refusal('ceremony.store', send)).toEqual(['step-not-ready']);
    expect(sent('/v1/secure/data')).toBe(asked);
    await room.sign();
    expect(await room.refusal('ceremony.store', send)).toEqual([]);
    expect(sent('/v1/secure/data')).toBe(asked + 2);
  });

  it('leaves an outcome that is not known alone until somebody says a word on it', async () => {
    const room = roomAt('store');
    standIn.setFault('drop-after-store', { times: 1 });
    const first = await room.act('ceremony.store', send);
    expect(first.view.files.map((file) => file.state)).toEqual(['unknown', 'stored']);
    expect([first.view.now?.gate, first.view.now?.problem]).toEqual(['settle', 'outcome-unknown']);
    expect(room.exceptions()).toEqual(['The outcome of storing "share-1" is not known']);
    const asked = sent('/v1/secure/data');
    await room.restart();
    const again = await room.act('ceremony.store', send);
    expect([again.codes, again.view.files[0]?.state, sent('/v1/secure/data')]).toEqual([['outcome-unknown'], 'unknown', asked]);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);

    const item = first.view.files[0]?.item_id ?? '';
    const resent = await room.act('ceremony.store', { resolve: { item_id: item, word: { how: 'resend' } } });
    expect(resent.view.files.map((file) => file.state)).toEqual(['stored', 'stored']);
    expect(sent('/v1/secure/data')).toBe(asked + 1);
    expect(room.exceptions().slice(1)).toEqual(['"share-1" was sent again, accepting that CoinCover may hold two']);
    expect(await room.now()).toEqual({ step: 'store', gate: 'open', problem: null });
  });

  it('believes a backup_id that somebody was told, when CoinCover confirms it', async () => {
    const room = roomAt('store');
    standIn.setFault('drop-after-store', { times: 1 });
    const { view } = await room.act('ceremony.store', send);
    const item = view.files[0]?.item_id ?? '';
    const say = (id: string) => room.act('ceremony.store', { resolve: { item_id: item, word: { how: 'backup-id', backup_id: id } } });
    const stranger = newUuid();
    const refused = await say(stranger);
    expect(refused.view.files[0]?.state).toBe('unknown');
    expect(refused.codes).not.toEqual([]);
    expect(refused.view.now?.gate).toBe('settle');
    expect(
      await room.refusal('ceremony.store', { resolve: { item_id: item, word: { how: 'backup-id', backup_id: view.files[1]?.backup_id } } }),
    ).toEqual(['backup-id-known']);

    const ciphertext = room.ledger((queries) => queries.item(item)?.ciphertext_sha256);
    const held = standIn.held().find((one) => one.ciphertextSha256 === ciphertext)?.backupId ?? '';
    const claimed = await say(held);
    expect(claimed.view.files[0]).toMatchObject({ state: 'stored', backup_id: held });
    expect(room.exceptions()).toContain(`CoinCover is said to hold "share-1" as ${held}`);
    expect(claimed.view.now?.gate).toBe('open');
  });

  it('notes no word on an item that was not in doubt', async () => {
    const room = roomAt('store');
    const item = (await room.view()).files[0]?.item_id ?? '';
    const word = (how: object) => room.refusal('ceremony.store', { resolve: { item_id: item, word: how } });
    expect(await word({ how: 'backup-id', backup_id: newUuid() })).toEqual(['nothing-to-resolve']);
    await room.act('ceremony.store', send);
    const asked = sent('/v1/secure/data');
    expect(await word({ how: 'resend' })).toEqual([]);
    expect([sent('/v1/secure/data'), room.exceptions()]).toEqual([asked, []]);
  });

  it('that was refused can be tried again, and sends only what is not stored', async () => {
    const room = roomAt('store');
    standIn.setFault('status-413', { times: 1 });
    const first = await room.act('ceremony.store', send);
    expect([first.codes, first.view.now?.gate, first.view.now?.problem]).toEqual([['service-413'], 'settle', 'service-413']);
    const asked = sent('/v1/secure/data');
    const second = await room.act('ceremony.store', send);
    expect([second.codes, second.view.now?.gate, sent('/v1/secure/data')]).toEqual([[], 'open', asked + 1]);
  });

  it('stops at another checksum', async () => {
    const room = roomAt('store');
    standIn.setFault('wrong-checksum', { times: 1 });
    const { view, codes } = await room.act('ceremony.store', send);
    expect([codes, view.now?.gate, view.now?.problem]).toEqual([['checksum-differs'], 'stopped', 'checksum-differs']);
    expect((await room.must('item.show', { id: view.files[0]?.item_id })).output).toMatchObject({ checksum: 'differs' });
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
  });

  it('can be settled from the page of the item, too', async () => {
    const room = roomAt('store');
    standIn.setFault('drop-after-store', { times: 1 });
    const { view } = await room.act('ceremony.store', send);
    const item = view.files[0]?.item_id ?? '';
    expect((await room.must('item.show', { id: item })).output).toMatchObject({ state: 'unknown', backup_id: null, checksum: null });
    const { output } = await room.must('item.settle', { item_id: item, word: { how: 'resend' } });
    expect(output).toEqual({ state: 'stored' });
    const { output: shown } = await room.must('item.show', { id: item });
    expect(shown).toMatchObject({ state: 'stored', checksum: 'matches', backup_check: 'valid', name: 'share-1' });
    // The key was checked for the other item, too.
    expect((shown['history'] as { what: string }[]).map((line) => line.what)).toEqual([
      'key-assigned',
      'sealed',
      'key-checked',
      'key-checked',
      'backup-checked',
      'receipt',
    ]);
    for (const name of ['item.show', 'item.settle'] as const) {
      const input = name === 'item.show' ? { id: newUuid() } : { item_id: newUuid(), word: { how: 'resend' } };
      expect(await room.codes(name, input)).toEqual(['id-unknown']);
    }
    room.withheld = ['rehearsal'];
    expect(await room.codes('ceremony.verify', { ceremony: room.ceremony })).toEqual(['environment-withheld']);
    const asked = standIn.requests.length;
    expect(new Set(await room.codes('verify', { what: { which: 'all' } }))).toEqual(new Set(['environment-withheld']));
    expect(standIn.requests).toHaveLength(asked);
  });
});

describe('verifying', () => {
  it.each([
    ['false-key-verify', 'key-invalid', 'Key verification failed'],
    ['false-backup-verify', 'backup-invalid', 'Backup verification failed'],
  ] as const)('stops at %s, however often it is asked, and notes it once', async (fault, problem, text) => {
    const room = roomAt('verify');
    standIn.setFault(fault);
    for (let times = 0; times < 2; times += 1) {
      const { view } = await room.act('ceremony.verify');
      expect([view.now?.step, view.now?.gate, view.now?.problem]).toEqual(['verify', 'stopped', problem]);
    }
    expect(room.exceptions()).toEqual([text]);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
    standIn.setFault(null);
    await room.act('ceremony.verify');
    expect(await room.now()).toEqual({ step: 'verify', gate: 'open', problem: null });
    expect(room.exceptions()).toEqual([text]); // what was noted stays
  });

  it('asks no other hosts than those that assigned the key, and keeps nothing that they would say', async () => {
    const room = roomAt('verify');
    const other = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
    try {
      await room.signInElsewhere(await other.listen());
      const before = headOf(room);
      expect(await room.refusal('ceremony.verify')).toEqual(['environment-changed']);
      expect(headOf(room)).toEqual(before);
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('is amber for what is held offline', async () => {
    const room = roomAt('verify');
    standIn.setFault('cold-not-checkable');
    const { view } = await room.act('ceremony.verify');
    expect([view.now?.gate, view.key_check, ...view.files.map((file) => file.backup_check)]).toEqual([
      'open',
      ...Array<string>(3).fill('not-checkable'),
    ]);
  });
});

describe('anything unusual', () => {
  it('is written down by somebody who is there', async () => {
    const room = roomAt('wallet');
    expect(await room.refusal('ceremony.exception', { text: 'the lamp broke', initials: 'ZZ' })).toEqual(['initials-unknown']);
    expect(await room.refusal('ceremony.exception', { text: '', initials: 'AB' })).toEqual(['input-invalid']);
    expect(await room.refusal('ceremony.exception', { text: 'x'.repeat(1001), initials: 'AB' })).toEqual(['input-invalid']);
    const { view } = await room.act('ceremony.exception', { text: 'the lamp broke', initials: 'cd' });
    expect(view.exceptions).toMatchObject([{ step: 'wallet', text: 'the lamp broke', initials: 'CD' }]);
  });

  it('ends a ceremony with a reason, and its stand-in elsewhere keeps its API key', async () => {
    const room = roomAt('verify');
    expect(await room.refusal('ceremony.escalate', { reason: '' })).toEqual(['input-invalid']);
    const { view } = await room.act('ceremony.escalate', { reason: 'the paper order differs', initials: 'AB' });
    expect(view).toMatchObject({ state: 'escalated', reason: 'the paper order differs', now: null, has_token: true });
    expect(view.steps.filter((one) => one.status === 'done')).toHaveLength(8);
    expect((await room.must('ledger.check', {})).output).toMatchObject({ ok: true });
  });
});

describe('recovery and saving', () => {
  it('cannot be recovered before it is stored, and a stand-in elsewhere releases nothing', async () => {
    const room = roomAt('store');
    expect(await room.refusal('ceremony.recover', { passphrase: null })).toEqual(['step-not-ready']);
    await room.act('ceremony.store', { resolve: null });
    await room.sign();
    await room.sign();
    const { view } = await room.act('ceremony.recover', { passphrase: null });
    expect(view.now).toMatchObject({ step: 'recover', gate: 'open' });
    expect(view.now?.checks.map((one) => one.result)).toEqual(['amber']);
  });

  it('saves each document once, byte for byte', async () => {
    const room = roomAt('verify');
    const folder = join(room.folder, 'saved');
    expect((await room.act('ceremony.save', { folder })).output).toEqual({ written: 5, already_there: 0 });
    expect((await room.act('ceremony.save', { folder })).output).toEqual({ written: 0, already_there: 5 });
    for (const name of readdirSync(folder)) {
      const { output } = await room.must('check', { file: join(folder, name) });
      expect(output).toMatchObject({ ok: true, signer_known: true });
    }
    rmSync(folder, { recursive: true });
  });

  it('goes into an export with its exceptions, and without the secrets’ folders', async () => {
    const room = roomAt('verify');
    await room.act('ceremony.exception', { text: 'the lamp broke', initials: 'AB' });
    const out = join(room.folder, 'ledger.json');
    await room.must('ledger.export', { format: 'json', out });
    const text = readFileSync(out, 'utf8');
    expect(text).toContain('the lamp broke');
    expect(text).toContain('share-1');
    expect(text).not.toContain(dirname(pathOf(room, 'share-1')));
    expect(text).not.toContain(room.ledger((queries) => queries.documentText(queries.documents()[0]?.document_id ?? '')) ?? '?');
  });

  it('answers the checklist whole, and notes each open point once', async () => {
    const room = roomAt('verify');
    const answers = (await room.view()).checklist.map(({ id }) => ({ id, yes: id !== 'recovery-people' }));
    expect(await room.refusal('ceremony.checklist', { answers: answers.slice(1) })).toEqual(['checklist-incomplete']);
    expect(await room.refusal('ceremony.checklist', { answers: [...answers, { id: 'more', yes: true }] })).toEqual([
      'checklist-incomplete',
    ]);
    expect(await room.refusal('ceremony.checklist', { answers: [...answers.slice(1), answers[1]] })).toEqual(['checklist-incomplete']);
    await room.act('ceremony.checklist', { answers });
    await room.act('ceremony.checklist', { answers });
    expect(room.exceptions()).toEqual(['Open point: recovery-people']);
  });
});

describe('two windows on one ceremony', () => {
  it('ask for one key, whichever is first', async () => {
    const room = roomAt('wallet');
    await room.act('ceremony.wallet', { ...WALLET, user_identifier: 'wallet-of-two-windows' });
    await room.sign();
    const before = sent('/v1/keys');
    const both = await Promise.all([room.act('ceremony.assign'), room.act('ceremony.assign')]);
    expect(sent('/v1/keys')).toBe(before + 1);
    expect(both.map(({ view, codes }) => [view.assignment?.state, view.assignment?.assignment_id, codes])).toEqual([
      ['assigned', both[0].view.assignment?.assignment_id, []],
      ['assigned', both[0].view.assignment?.assignment_id, []],
    ]);
  });

  it('put one set of initials under a step', async () => {
    const room = roomAt('secrets');
    await room.act('ceremony.choose', { files: [room.secret('share-1')] });
    const signOff = await room.signOff();
    const both = await Promise.all([room.refusal('ceremony.sign-off', signOff), room.refusal('ceremony.sign-off', signOff)]);
    expect(both.toSorted()).toEqual([[], ['step-not-current']]);
  });

  it('wait a little for each other, then say so', async () => {
    const room = roomAt('secrets');
    const release = takeLock(join(room.home, 'locks', `ceremony-${room.ceremony}.lock`), 0);
    const files = [room.secret('share-1')];
    expect(await room.refusal('ceremony.choose', { files })).toEqual(['ceremony-under-way']);
    release?.();
    expect(await room.refusal('ceremony.choose', { files })).toEqual([]);
  }, 20_000);
});

describe('a file that changes between the choice and the seal', () => {
  it('is not sealed in place of the one that was signed for, and can be chosen again', async () => {
    const room = roomAt('secrets');
    const files = [room.secret('share-1'), room.secret('share-2')];
    await room.act('ceremony.choose', { files });
    await room.sign();
    room.secret('share-2', `${CANARY} and something more`);
    const auto = { mode: 'auto', passphrase: null, send_name: false };
    const { view, codes } = await room.act('ceremony.seal', auto);
    expect(codes).toEqual(['secret-changed']);
    expect(view.files.map((file) => file.state)).toEqual(['sealed', 'chosen']);
    const again = await room.act('ceremony.choose', { files });
    expect(again.view.now).toMatchObject({ step: 'secrets', gate: 'open' });
    await room.sign();
    expect((await room.act('ceremony.seal', auto)).codes).toEqual([]);
  });
});
