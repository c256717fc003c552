import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, policyDigest, type Policy } from '../../ceremony/index.ts';
import { StandIn } from '../../rehearsal/index.ts';
import { CANARY, CeremonyHome, NOW_MS, onePool, WORK, wordsOf } from './home.fixture.ts';
import { removedAfterEach } from './rooms.fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const kept = removedAfterEach();

async function newRoom(role: 'single' | 'cold' | 'online' = 'single'): Promise<CeremonyHome> {
  return kept(await CeremonyHome.make('memory', role));
}

/** Writes a policy that differs from the default in these members, and sets it. */
async function setPolicy(room: CeremonyHome, change: Partial<Policy>): Promise<Policy> {
  const policy = { ...DEFAULT_POLICY, ...change };
  await room.must('policy.set', { file: room.secret('policy.json', JSON.stringify(policy)), administrator: 'Ann Baker' });
  return policy;
}

const headOf = (room: CeremonyHome) => room.ledger((_, ledger) => ledger.head());
const shown = async (room: CeremonyHome) => (await room.must('policy.show', {})).output;

const ANN = { name: 'Ann Baker', initials: 'AB', role: 'administrator' };
const CARL = { name: 'Carl Dahl', initials: 'CD', role: 'witness' };
const EVA = { name: 'Eva Falk', initials: 'EF', role: 'witness' };
const GUS = { name: 'Gus Hahn', initials: 'GH', role: 'operator' };
const IDA = { name: 'Ida Jung', initials: 'IJ', role: 'auditor' };
const inTheVault = (people: object[]) => ({ people, place: 'the vault', witness_clock: '10:00' });

/** Signs the lit step with these initials. */
async function signWith(room: CeremonyHome, ...initials: [string, string][]): Promise<string[]> {
  const good = await room.signOff();
  return room.refusal('ceremony.sign-off', { ...good, initials: initials.map(([role, one]) => ({ role, initials: one })) });
}

describe('the station’s policy', () => {
  it('is Coldroom’s own until one is set, and both say what ceremonies run under', async () => {
    const room = await newRoom();
    expect(await shown(room)).toMatchObject({
      rules: DEFAULT_POLICY,
      policy_sha256: policyDigest(DEFAULT_POLICY),
      administrator: null,
      set_at: null,
      gate_set_since: false,
    });
    const rules = await setPolicy(room, { key_pack_limit_days: 3 });
    const now = await shown(room);
    expect(now).toMatchObject({
      rules,
      policy_sha256: policyDigest(rules),
      administrator: 'Ann Baker',
      set_at: '2026-11-24T10:00:20.000Z',
    });
    expect(now['words']).toHaveLength(32);
    expect(await room.must('ledger.check', {})).toMatchObject({ output: { ok: true } });
  });

  it('is written as a file that reads as the default, and never over another', async () => {
    const room = await newRoom();
    const out = join(room.folder, 'new.json');
    const { output } = await room.must('policy.new', { out });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(DEFAULT_POLICY);
    expect(output).toMatchObject({ file: out, policy_sha256: policyDigest(DEFAULT_POLICY) });
    expect(await room.codes('policy.new', { out })).toEqual(['output-exists']);
    expect((await room.must('policy.read', { file: out })).output).toMatchObject({ rules: DEFAULT_POLICY });
  });

  it('is not set from a file that is none, that is missing, or that is not the one that was shown', async () => {
    const room = await newRoom();
    const good = room.secret('good.json', JSON.stringify(DEFAULT_POLICY));
    const administrator = 'Ann Baker';
    for (const [input, code] of [
      [{ file: room.secret('text', 'no policy'), administrator }, 'policy-not-json'],
      [
        { file: room.secret('twice', JSON.stringify({ ...DEFAULT_POLICY, same_person_may_sign_twice: true })), administrator },
        'policy-same-person',
      ],
      [{ file: room.secret('more', JSON.stringify({ ...DEFAULT_POLICY, more: 1 })), administrator }, 'policy-members'],
      [{ file: room.secret('large', Buffer.alloc(1024 * 1024 + 1, 32)), administrator }, 'file-too-large'],
      [{ file: join(room.folder, 'missing'), administrator }, 'file-missing'],
      [{ file: good, administrator, policy_sha256: '0'.repeat(64) }, 'policy-changed'],
      [{ file: good, administrator: '' }, 'input-invalid'],
      [{ file: good }, 'input-invalid'],
    ] as const) {
      expect([code, await room.codes('policy.set', input)]).toEqual([code, [code]]);
    }
    expect(room.ledger((queries) => queries.policy())).toBeNull();
    expect(await room.codes('policy.set', { file: good, administrator, policy_sha256: policyDigest(DEFAULT_POLICY) })).toEqual([]);
  });

  it('has the network gate that was set last, by either way, and the digest of the rules as they are', async () => {
    const room = await newRoom('cold');
    await room.must('network.policy', { policy: 'stop' });
    expect(await shown(room)).toMatchObject({ rules: { network_gate: 'stop' }, administrator: null, gate_set_since: false });
    await setPolicy(room, { network_gate: 'warn' });
    expect(await shown(room)).toMatchObject({ rules: { network_gate: 'warn' }, gate_set_since: false });
    expect((await room.must('network.show', {})).output).toMatchObject({ policy: 'warn' });
    await room.must('network.policy', { policy: 'stop' });
    const rules = { ...DEFAULT_POLICY, network_gate: 'stop' as const };
    expect(await shown(room)).toMatchObject({ rules, policy_sha256: policyDigest(rules), gate_set_since: true });
  });
});

describe('a ceremony', () => {
  it('keeps the policy that it was begun with, whatever is set since', async () => {
    const room = await newRoom();
    const rules = await setPolicy(room, { people: { administrator: 1, operator: 0, witness: 2, auditor: 0 } });
    const { policy, now } = await room.begin();
    expect(policy).toMatchObject({ rules, policy_sha256: policyDigest(rules), own: true });
    expect(now?.facts).toEqual([{ name: 'policy', value: policyDigest(rules), kind: 'hex' }]);
    const [begun, fact] = room.ledger((_, ledger) => [ledger.head().seq - 1, ledger.head().seq].map((seq) => ledger.eventAt(seq)?.type));
    expect([begun, fact]).toEqual(['ceremony-begun', 'ceremony-fact']);
    await setPolicy(room, {});
    expect((await room.view()).policy.policy_sha256).toBe(policyDigest(rules));
    expect(await room.refusal('ceremony.people', inTheVault([ANN, CARL]))).toEqual(['people-too-few']);
    await room.act('ceremony.people', inTheVault([ANN, CARL, EVA]));
    expect((await room.now()).gate).toBe('open');
    // One that begins now runs under the other.
    expect((await room.begin()).policy.policy_sha256).toBe(policyDigest(DEFAULT_POLICY));
    await room.act('ceremony.people', inTheVault([ANN, CARL]));
  });

  it.each([
    ['a witness', [ANN, CARL, GUS, IDA]],
    ['an operator', [ANN, CARL, EVA, IDA]],
    ['an auditor', [ANN, CARL, EVA, GUS]],
    ['an administrator', [CARL, EVA, GUS, IDA]],
  ])('waits where %s is missing, and notes nothing of it', async (_name, people) => {
    const room = await newRoom();
    await setPolicy(room, { people: { administrator: 1, operator: 1, witness: 2, auditor: 1 } });
    await room.begin();
    const head = headOf(room);
    expect(await room.refusal('ceremony.people', inTheVault(people))).toEqual(['people-too-few']);
    expect(headOf(room)).toEqual(head);
    await room.act('ceremony.people', inTheVault([ANN, CARL, EVA, GUS, IDA]));
    expect((await room.view()).people.map((one) => one.role)).toEqual(['administrator', 'witness', 'witness', 'operator', 'auditor']);
  });

  it('has every witness sign where the policy says so, and nobody in an auditor’s or operator’s place', async () => {
    const room = await newRoom();
    await setPolicy(room, { all_witnesses_sign: ['self-test'] });
    await room.begin();
    const { view } = await room.act('ceremony.people', inTheVault([ANN, CARL, EVA, GUS, IDA]));
    expect(view.now?.signers).toEqual([
      { role: 'administrator', name: null, initials: null },
      { role: 'witness', name: null, initials: null },
    ]);
    for (const other of ['GH', 'IJ']) {
      expect(await signWith(room, ['administrator', 'AB'], ['witness', other])).toEqual(['initials-unknown']);
      expect(await signWith(room, ['administrator', other], ['witness', 'CD'])).toEqual(['initials-unknown']);
    }
    expect(await signWith(room, ['administrator', 'AB'], ['auditor', 'IJ'])).toEqual(['input-invalid']);
    expect(await signWith(room, ['administrator', 'AB'], ['witness', 'EF'])).toEqual([]);
    const tested = (await room.act('ceremony.self-test')).view;
    expect(tested.now?.signers.map(({ name }) => name)).toEqual([null, 'Carl Dahl', 'Eva Falk']);
    const head = headOf(room);
    expect(await signWith(room, ['administrator', 'AB'], ['witness', 'CD'])).toEqual(['witnesses-missing']);
    expect(await signWith(room, ['administrator', 'AB'], ['witness', 'CD'], ['witness', 'CD'])).toEqual(['initials-same']);
    expect(await signWith(room, ['witness', 'EF'], ['witness', 'CD'])).toEqual(['initials-missing']);
    expect(headOf(room)).toEqual(head);
    expect(await signWith(room, ['administrator', 'AB'], ['witness', 'EF'], ['witness', 'CD'])).toEqual([]);
    const { steps, now } = await room.view();
    expect(now?.step).toBe('sign-in');
    expect(steps[1]?.signed.map((one) => one.initials)).toEqual(['AB', 'EF', 'CD']);
    // Another witness takes over: what the one who went has signed stands, and the first step is signed by those who are there.
    const kim = { name: 'Kim Lund', initials: 'KL' };
    await room.act('ceremony.hand-over', { from: 'CD', to: kim, reason: 'called away', seen_by: 'IJ' });
    expect((await room.now()).step).toBe('people');
    expect(await signWith(room, ['administrator', 'AB'], ['witness', 'CD'])).toEqual(['initials-unknown']);
    expect(await signWith(room, ['administrator', 'AB'], ['witness', 'KL'])).toEqual([]);
    expect((await room.now()).step).toBe('sign-in');
    expect(await room.must('ledger.check', {})).toMatchObject({ output: { ok: true } });
  });
});

describe('what a policy does not allow when sealing', () => {
  /** A ceremony under that policy, at the step where it seals. */
  async function atSeal(change: Partial<Policy>): Promise<CeremonyHome> {
    const room = await newRoom();
    await setPolicy(room, change);
    await room.begin();
    for (const { step, work } of WORK) {
      if (step === 'seal') break;
      await work(room);
      await room.sign();
    }
    return room;
  }
  const sealing = { mode: 'passphrase', send_name: false };

  it('is refused, and nothing is sealed; what it allows is', async () => {
    const room = await atSeal({ file_names_may_be_sent: false, passphrase: { own_allowed: true, least_length: 20 } });
    await setPolicy(room, {}); // of no use to this ceremony
    const head = headOf(room);
    expect(await room.refusal('ceremony.seal', { mode: 'auto', passphrase: null, send_name: true })).toEqual(['name-not-allowed']);
    // Nineteen characters, of which several are more than one byte.
    expect(await room.refusal('ceremony.seal', { ...sealing, passphrase: 'äöü'.repeat(6) + 'x' })).toEqual(['passphrase-too-short']);
    expect(headOf(room)).toEqual(head);
    await room.act('ceremony.seal', { ...sealing, passphrase: `${CANARY} Vexing-9 jolt` });
    expect((await room.now()).gate).toBe('open');
  });

  it('leaves only words of the list where people may bring none of their own', async () => {
    const room = await atSeal({ passphrase: { own_allowed: false, least_length: 256 } });
    expect((await room.view()).modes).toContain('passphrase');
    const own = `${CANARY} of Forty characters, or about so`;
    expect(await room.refusal('ceremony.seal', { ...sealing, passphrase: own })).toEqual(['passphrase-own-refused']);
    for (const words of ['abacus zoom abide able aged', 'abacus zoom abide able aged Acorn']) {
      expect([words, await room.refusal('ceremony.seal', { ...sealing, passphrase: words })]).toEqual([words, ['passphrase-own-refused']]);
    }
    await room.act('ceremony.seal', { ...sealing, passphrase: 'abacus zoom abide able aged acorn' });
    expect((await room.now()).gate).toBe('open');
  });
});

describe('a cold station', () => {
  const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
  let online: CeremonyHome;
  let cold: CeremonyHome;
  let pack: string;

  beforeAll(async () => {
    const at = await standIn.listen();
    online = await CeremonyHome.make('memory', 'online', 'office');
    cold = await CeremonyHome.make('memory', 'cold', 'vault');
    await online.signInElsewhere(at);
    const jwks = cold.secret('jwks.json', await (await fetch(at.jwks)).text());
    await cold.must('trust.add', { environment: 'rehearsal', account_id: at.accountId });
    const { output } = await cold.must('trust.add', { environment: 'rehearsal', source: { jwks } });
    const signer = (output['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    await cold.must('trust.add', { environment: 'rehearsal', source: { jwks }, fingerprint: signer });
    await online.must('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint: signer });
    for (const [room, other, name] of [
      [online, cold, 'office'],
      [cold, online, 'vault'],
    ] as const) {
      const card = join(cold.folder, `${name}.station.json`);
      await room.must('pair', { out: card });
      const { station } = JSON.parse(readFileSync(card, 'utf8')) as { station: { id: string } };
      await other.must('pair', { in: card, fingerprint: station.id });
    }
    pack = join(cold.folder, 'one.keypack.json');
    await online.must('assign', { environment: 'rehearsal', user: 'wallet', key_environment: 'COLD', out: pack });
  });
  afterAll(async () => {
    await standIn.close();
    await online.remove();
    await cold.remove();
  });

  function fork(): CeremonyHome {
    const room = kept(cold.fork());
    mkdirSync(join(room.folder, 'stick'));
    writeFileSync(join(room.folder, 'stick', 'one.keypack.json'), readFileSync(pack));
    return room;
  }

  /** A ceremony on it up to where key packs are brought. */
  async function toPacks(room: CeremonyHome): Promise<void> {
    await room.begin('cold: seal');
    await room.act('ceremony.people', { ...inTheVault([ANN, CARL]), witness_clock: new Date(room.nowMs).toISOString().slice(11, 16) });
    await room.sign();
    await room.act('ceremony.self-test');
    await room.sign();
    await room.act('ceremony.network');
    if ((await room.now()).gate === 'stopped') await room.act('ceremony.network-override', { reason: 'a test', initials: ['AB', 'CD'] });
    await room.sign();
    await room.act('ceremony.environment', { typed: 'rehearsal' });
    const { anchors } = await room.view();
    await room.act('ceremony.signer', { fingerprint: anchors[0]?.fingerprint, words: wordsOf(anchors[0]?.fingerprint ?? '') });
    await room.sign();
  }

  it('refuses a key pack that is older than the ceremony’s limit, and not than another', async () => {
    for (const [days, limit, codes] of [
      [3, 3, []],
      [3.01, 3, ['key-pack-too-old']],
      [31, 40, []],
      [31, 30, ['key-pack-too-old']],
    ] as const) {
      const room = fork();
      room.nowMs = NOW_MS + days * DAY_MS;
      await setPolicy(room, { key_pack_limit_days: limit });
      await toPacks(room);
      await setPolicy(room, { key_pack_limit_days: limit === 3 ? 300 : 1 }); // too late for this ceremony
      expect([days, limit, await room.refusal('ceremony.bring', { files: [join(room.folder, 'stick')] })]).toEqual([days, limit, codes]);
    }
  });

  it('stops at a pack that grew too old within the ceremony', async () => {
    const room = fork();
    await setPolicy(room, { key_pack_limit_days: 3 });
    await toPacks(room);
    await room.act('ceremony.bring', { files: [join(room.folder, 'stick')] });
    expect((await room.now()).problem).toBeNull();
    room.nowMs = NOW_MS + 3.5 * DAY_MS;
    expect(await room.now()).toMatchObject({ step: 'packs', gate: 'stopped', problem: 'key-pack-too-old' });
  });

  it('outside a ceremony goes by its own policy of now', async () => {
    const room = fork();
    const input = { key: pack, in: room.secret('share'), out: join(room.folder, 'share.sealed.json') };
    await setPolicy(room, {
      key_pack_limit_days: 2,
      file_names_may_be_sent: false,
      passphrase: { own_allowed: true, least_length: 40 },
    });
    expect(await room.codes('seal', { ...input, send_name: true })).toEqual(['name-not-allowed']);
    const short = room.secret('passphrase', `${CANARY} is too short`);
    expect(await room.codes('seal', { ...input, mode: 'passphrase', passphrase_file: short })).toEqual(['passphrase-too-short']);
    room.nowMs = NOW_MS + 2.5 * DAY_MS;
    expect(await room.codes('seal', input)).toEqual(['key-pack-too-old']);
    expect(await room.codes('import', { files: [pack] })).toEqual(['key-pack-too-old']);
    expect(() => readFileSync(input.out)).toThrow();
    room.nowMs = NOW_MS;
    expect(await room.codes('seal', input)).toEqual([]);
  });

  it('has the network gate of the ceremony’s policy, not of a later one', async () => {
    const room = fork();
    await setPolicy(room, { network_gate: 'stop' });
    await room.begin('cold: seal');
    await room.must('network.policy', { policy: 'warn' });
    const { view } = await room.act('ceremony.network');
    expect(view.network?.policy).toBe('stop');
    await room.begin('cold: seal');
    await room.must('network.policy', { policy: 'stop' });
    expect((await room.act('ceremony.network')).view.network?.policy).toBe('warn');
  });
});
