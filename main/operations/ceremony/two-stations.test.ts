import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyHome } from './home.fixture.ts';
import { CANARY, WALLET, WORK, wordsOf } from './home.fixture.ts';
import { makeTwoStations, readKeys, signSteps, type TwoStations } from './two-stations.fixture.ts';

/** Two stations and a folder between them; the stand-in gives one key, so each wallet's assignment is one ceremony. */
describe('the scripts of two stations', () => {
  let stations: TwoStations;
  let online: CeremonyHome;
  let cold: CeremonyHome;
  let stick: string;
  /** One folder of one stick, for every leg there and back: each station finds its own documents beside the other's. */
  let flat: string;
  let jwks: string;

  beforeAll(async () => {
    stations = await makeTwoStations();
    ({ online, cold, stick, jwks } = stations);
    flat = join(stick, 'flat');
    for (const name of ['flat', 'short']) mkdirSync(join(stick, name));
  });
  afterAll(async () => {
    await stations.remove();
  });

  async function toStep(room: CeremonyHome, script: string, ...steps: string[]): Promise<void> {
    await room.begin(script);
    await signSteps(room, steps);
  }

  it('assign: a wallet once, nothing before the initials, words of every key', async () => {
    await toStep(online, 'online: assign and carry', 'people', 'self-test', 'sign-in');
    const wallet = { ...WALLET, user_identifier: 'treasury' };
    expect(await online.refusal('ceremony.assign-all')).toEqual(['step-not-ready']);
    await online.act('ceremony.wallet-add', wallet);
    expect(await online.refusal('ceremony.wallet-add', wallet)).toEqual(['wallet-twice']);
    expect(await online.refusal('ceremony.wallet-add', { ...wallet, user_identifier: 'x', typed: 'HOT' })).toEqual(['kept-typed']);
    await online.act('ceremony.wallet-add', { ...wallet, user_identifier: 'mistyped' });
    await online.act('ceremony.wallet-remove', { user_identifier: 'mistyped' });
    expect(await online.refusal('ceremony.assign-all')).toEqual(['step-not-ready']);
    await online.sign();
    // Initials stand for the whole request: another package under the same wallet voids them.
    await online.act('ceremony.wallet-remove', { user_identifier: 'treasury' });
    await online.act('ceremony.wallet-add', { ...wallet, customer_id: 'c', package_id: 'p' });
    expect(await online.now()).toMatchObject({ step: 'wallets', gate: 'open' });
    await online.act('ceremony.wallet-remove', { user_identifier: 'treasury' });
    await online.act('ceremony.wallet-add', wallet);
    expect(await online.now()).toMatchObject({ step: 'keys' });
    await online.act('ceremony.assign-all');
    const posted = stations.standIn.requests.length;
    await online.act('ceremony.assign-all');
    expect(stations.standIn.requests.length).toBe(posted);
    expect(await online.now()).toMatchObject({ step: 'keys', gate: 'waits' });
    expect(await online.refusal('ceremony.carry', { folder: flat })).toEqual(['step-not-ready']);
    await readKeys(online, null);
    await online.sign();
    await online.act('ceremony.carry', { folder: flat });
    const { carried } = await online.view();
    expect(carried).toMatchObject({ via: 'medium', documents: 1 });
    await online.sign();
    await online.sign();
    expect((await online.view()).state).toBe('closed');
    expect(readdirSync(flat).filter((name) => name.endsWith('.keypack.json'))).toHaveLength(1);
  });

  it('seal: what is missing on the stick stops until it comes, HOT or COLD against the paper order, every file for a key', async () => {
    await toStep(cold, 'cold: seal', 'people', 'self-test');
    await cold.act('ceremony.network');
    await cold.sign();
    const shown = await cold.must('trust.read', { file: jwks });
    const [signer] = shown.output['keys'] as { fingerprint: string }[];
    const fingerprint = signer?.fingerprint ?? '';
    expect(await cold.refusal('ceremony.signer', { fingerprint, words: wordsOf(fingerprint) })).toEqual(['jwks-missing']);
    await cold.act('ceremony.signer', { fingerprint, words: wordsOf(fingerprint), file: jwks });
    expect(await cold.now()).toEqual({ step: 'signer', gate: 'waits', problem: null });
    expect(await cold.refusal('ceremony.environment', { typed: 'production' })).toEqual(['environment-typed']);
    await cold.act('ceremony.environment', { typed: 'rehearsal' });
    await cold.sign();
    const [pack = ''] = readdirSync(flat).filter((name) => name.endsWith('.keypack.json'));
    for (const name of readdirSync(flat)) if (name !== pack) copyFileSync(join(flat, name), join(stick, 'short', name));
    await cold.refusal('ceremony.bring', { files: [join(stick, 'short')] });
    expect(await cold.now()).toMatchObject({ step: 'packs', gate: 'waits' });
    await cold.act('ceremony.bring', { files: [join(flat, pack)] });
    expect(await cold.now()).toMatchObject({ step: 'packs', gate: 'waits' });
    await readKeys(cold, 'HOT');
    expect(await cold.now()).toEqual({ step: 'packs', gate: 'stopped', problem: 'kept-differs' });
    const [key] = (await cold.view()).keys;
    expect(await cold.refusal('ceremony.key-read', { key_id: key?.key_id, words: wordsOf(fingerprint), kept: null })).toEqual([
      'kept-missing',
    ]);
    await readKeys(cold, 'COLD');
    await cold.sign();
    expect(await cold.refusal('ceremony.choose', { files: [cold.secret('seed')] })).toEqual(['key-not-brought']);
    await cold.act('ceremony.choose', { files: [cold.secret('seed')], key_id: key?.key_id });
    expect(await cold.refusal('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false })).toEqual(['step-not-ready']);
    await cold.sign();
    await cold.act('ceremony.seal', { mode: 'auto', passphrase: null, send_name: false });
    await cold.sign();
    await cold.act('ceremony.carry', { folder: flat });
    await cold.sign();
    await cold.sign();
    expect((await cold.view()).state).toBe('closed');
  });

  it('store, and the receipts home: both ledgers say the same', async () => {
    await toStep(online, 'online: store and verify', 'people', 'self-test', 'sign-in');
    await online.act('ceremony.bring', { files: [flat] });
    await online.sign();
    await online.act('ceremony.store', { resolve: null });
    await online.sign();
    await online.sign();
    await online.act('ceremony.carry', { folder: flat });
    await online.sign();
    await online.sign();
    expect((await online.view()).state).toBe('closed');
    await cold.begin('cold: receipts home');
    await WORK[0]?.work(cold);
    await cold.sign();
    await cold.act('ceremony.network');
    await cold.sign();
    await cold.act('ceremony.bring', { files: [flat] });
    await cold.sign();
    await cold.sign();
    expect((await cold.view()).state).toBe('closed');
    for (const [room, name] of [
      [online, 'a.json'],
      [cold, 'b.json'],
    ] as const)
      await room.must('ledger.export', { out: join(stick, name) });
    const { output } = await online.must('ledger.compare', { a: join(stick, 'a.json'), b: join(stick, 'b.json') });
    expect(output).toMatchObject({ agree: true, items: 1 });
    expect(readFileSync(join(stick, 'a.json'), 'utf8') + readFileSync(join(stick, 'b.json'), 'utf8')).not.toContain(CANARY);
  });

  it('brought again, receipts change nothing; documents of another kind have no part in it', async () => {
    await cold.begin('cold: receipts home');
    await WORK[0]?.work(cold);
    await cold.sign();
    await cold.act('ceremony.network');
    await cold.sign();
    const [pack = ''] = readdirSync(flat).filter((name) => name.endsWith('.keypack.json'));
    expect(await cold.refusal('ceremony.bring', { files: [join(flat, pack)] })).toEqual([]);
    expect(await cold.now()).toMatchObject({ step: 'receipts', gate: 'waits' });
    cold.notes.length = 0;
    await cold.act('ceremony.bring', { files: [flat] });
    expect(cold.notes).toEqual([]);
    expect(await cold.now()).toMatchObject({ step: 'receipts', gate: 'open' });
  });

  it('what else lies on a stick is told, by whoever reads or writes there', async () => {
    for (const name of ['autorun.inf', 'holiday.jpg', 'x.exe', 'y.exe']) writeFileSync(join(flat, name), '');
    cold.notes.length = 0;
    await cold.must('import', { files: [flat] });
    await cold.must('carry', { folder: flat });
    await cold.act('ceremony.bring', { files: [flat] });
    const told = cold.notes.filter((note) => note.startsWith('more than Coldroom’s documents'));
    expect(told).toHaveLength(3);
    for (const note of told) expect(note).toContain('("autorun.inf", "holiday.jpg", "x.exe" and 1 more)');
    rmSync(stick, { recursive: true });
  });
});
