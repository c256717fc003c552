import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { fingerprintWords, type Fingerprint } from '../main/values/index.ts';
import { TestStation, type Run } from './command-line.ts';
import { keptKeys } from './kept-keys.ts';

/** A published phrase of BIP-39, and its master fingerprint. */
const PHRASE = `${'legal winner thank year wave sausage worth useful '.repeat(2)}legal winner thank year wave sausage worth title`;
const WALLET = { customer_id: null, customer_name: null, package_id: null, package_name: null };
const ITEM = { kind: 'opaque', identifier: null, bip39_passphrase: false, size_bytes: null, mode: 'envelope' };
const PLAN = {
  plan: 1,
  title: 'Wallet one, first backup',
  environment: 'production',
  account: 'institution',
  people: ['administrator', 'witness'].map((role) => ({ name: `The ${role}`, role })),
  policy: null,
  wallets: [
    {
      user_identifier: 'one',
      key_environment: 'COLD',
      ...WALLET,
      items: [
        { ...ITEM, name: 'one-a', kind: 'bip39', identifier: { type: 'master-fingerprint', path: 'm', value: '0d9250da' }, mode: 'direct' },
        { ...ITEM, name: 'one-b' },
      ],
    },
  ],
};

type Line = { state: string; kind: string | null; code: string | null; file: string };

const itemsOf = (run: Run) => run.out['items'] as Line[];
const idOf = async (station: TestStation) => ((await station.must('status')).out['station'] as { id: string }).id;

/** An online and a cold station, paired both ways, and a stand-in that only the online one can reach. */
describe('two stations', () => {
  const online = new TestStation();
  const cold = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() }, { keyPool: keptKeys() });
  let ids = { online: '', cold: '' };
  const carry = (from: TestStation, to: TestStation, ...names: string[]): void => {
    for (const name of names) copyFileSync(from.path(name), to.path(name));
  };

  beforeAll(async () => {
    const at = await standIn.listen();
    await online.must('init --role online --keychain file --name office');
    await online.must(`environment set rehearsal --api ${at.api} --jwks ${at.jwks}`);
    await online.must('login --environment rehearsal', `${at.token}\n`);
    const shown = await online.run('trust add --environment rehearsal --fetch');
    const signer = (shown.out['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    await online.must(`trust add --environment rehearsal --fetch --fingerprint ${signer}`);
    await online.must(`trust add --environment rehearsal --account-id ${at.accountId}`);
    await cold.must('init --role cold --keychain file --name vault');
    cold.write('jwks.json', await (await fetch(at.jwks)).text());
    await cold.must(`trust add --environment rehearsal --jwks @jwks.json --fingerprint ${signer}`);
    await cold.must(`trust add --environment rehearsal --account-id ${at.accountId}`);
    ids = { online: await idOf(online), cold: await idOf(cold) };
  });
  afterAll(async () => {
    await standIn.close();
    online.remove();
    cold.remove();
  });

  it('a key pack made before the pairing is refused by the cold station, by name', async () => {
    await online.must('assign --environment rehearsal --user early --key-environment COLD --out @early.keypack.json');
    carry(online, cold, 'early.keypack.json');
    cold.write('phrase.txt', 'a secret that only the cold station sees');
    const run = await cold.run('seal --key @early.keypack.json --in @phrase.txt --out @early.sealed.json');
    expect([run.code, run.error?.code]).toEqual([3, 'document-unknown-signer']);
  });

  it('pairs only by the fingerprint that people compared, shown as 32 words', async () => {
    await online.must('pair --out @office.station.json');
    await cold.must('pair --out @vault.station.json');
    carry(online, cold, 'office.station.json');
    carry(cold, online, 'vault.station.json');
    const shown = await cold.run('pair --in @office.station.json');
    expect(shown.code).toBe(3);
    expect(shown.out['confirm']).toMatchObject([{ fingerprint: ids.online, words: [...fingerprintWords(ids.online as Fingerprint)] }]);
    const wrong = await cold.run(`pair --in @office.station.json --fingerprint ${ids.cold}`);
    expect([wrong.code, wrong.error?.code]).toEqual([3, 'pairing-differs']);
    expect((await cold.must('pair list')).out['stations']).toEqual([]);
    await cold.must(`pair --in @office.station.json --fingerprint ${ids.online}`);
    await online.must(`pair --in @vault.station.json --fingerprint ${ids.cold}`);
    expect((await online.must('pair list')).out['stations']).toMatchObject([{ station_id: ids.cold, role: 'cold', state: 'paired' }]);
    const own = await cold.run(`pair --in @vault.station.json --fingerprint ${ids.cold}`);
    expect([own.code, own.error?.code]).toEqual([2, 'pairing-self']);
  });

  it('carries a wallet and two secrets there and back by one plan, and both ledgers agree', async () => {
    // Whoever approved the plan reads the same words aloud at either station; a file that is another one has others.
    online.write('one.plan.json', JSON.stringify(PLAN));
    const approved = (await online.must('plan check @one.plan.json')).out;
    carry(online, cold, 'one.plan.json');
    expect((await cold.must('plan check @one.plan.json')).out).toEqual(approved);
    cold.write('other.plan.json', JSON.stringify({ ...PLAN, title: 'Wallet one, first  backup' }));
    expect((await cold.must('plan check @other.plan.json')).out['digest']).not.toBe(approved['digest']);

    const out = online.makeFolder('to-cold');
    await online.must('assign --environment rehearsal --user one --key-environment COLD --out @to-cold/one.keypack.json');
    await online.must('carry @to-cold');
    copyAll(out, cold.makeFolder('from-online'));
    const brought = await cold.must('import @from-online');
    expect(itemsOf(brought).map((one) => [one.kind, one.state])).toEqual([
      ['keypack', 'new'],
      ['carry', 'new'],
    ]);
    expect(itemsOf(await cold.must('import @from-online')).map((one) => one.state)).toEqual(['kept', 'kept']);

    const seal = (name: string) =>
      cold.run(`seal --plan @one.plan.json --item ${name} --key @from-online/one.keypack.json --in @${name} --out @${name}.sealed.json`);
    cold.write('one-a', PHRASE.replace('legal winner', 'winner legal'));
    cold.write('one-b', 'x'.repeat(3000));
    const swapped = await seal('one-a');
    expect([swapped.code, swapped.error?.code]).toEqual([3, 'not-valid']);
    cold.write('one-a', PHRASE);
    for (const name of ['one-a', 'one-b']) expect([name, (await seal(name)).code]).toEqual([name, 0]);
    const back = cold.makeFolder('to-online');
    for (const name of cold.files().filter((one) => one.endsWith('.sealed.json'))) copyFileSync(cold.path(name), join(back, name));
    await cold.must('carry @to-online');
    copyAll(back, online.makeFolder('from-cold'));
    await online.must('import @from-cold');
    const sealed = readdirSync(online.path('from-cold')).filter((one) => one.endsWith('.sealed.json'));
    const stored = await online.must(`store ${sealed.map((one) => `@from-cold/${one}`).join(' ')} --out @receipts`);
    expect(itemsOf(stored).map((one) => one.state)).toEqual(['stored', 'stored']);

    await export_(online, 'online.json');
    await export_(cold, 'cold.json');
    carry(cold, online, 'cold.json');
    const before = await online.run('ledger compare @online.json @cold.json');
    expect([before.code, before.out['agree'], before.error?.code]).toEqual([3, false, 'ledgers-differ']);

    await online.must('carry @receipts');
    copyAll(online.path('receipts'), cold.makeFolder('home-again'));
    const home = await cold.must('import @home-again');
    expect(itemsOf(home).filter((one) => one.kind === 'receipt')).toMatchObject(Array(2).fill({ state: 'new', code: null }));
    rmSync(cold.path('cold.json'));
    rmSync(online.path('cold.json'));
    await export_(cold, 'cold.json');
    carry(cold, online, 'cold.json');
    expect((await online.must('ledger compare @online.json @cold.json')).out).toMatchObject({ agree: true, items: 2, differences: [] });
    expect((await cold.must('ledger list')).out['backups']).toMatchObject(Array(2).fill({ state: 'stored', last_check: 'valid' }));
    for (const station of [online, cold]) expect((await station.must('ledger check')).out).toMatchObject({ ok: true });
    const again = await cold.run(
      'seal --plan @one.plan.json --item one-a --key @from-online/one.keypack.json --in @one-a --out @again.sealed.json',
    );
    expect([again.code, again.error?.code, again.error?.hint]).toEqual([
      3,
      'item-sealed-before',
      expect.stringContaining('CoinCover holds it'),
    ]);
    expect(existsSync(cold.path('again.sealed.json'))).toBe(false);
    expect(cold.printed + online.printed).not.toMatch(/legal winner|winner legal/);
  });
});

function copyAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
}

async function export_(station: TestStation, name: string): Promise<void> {
  if (existsSync(station.path(name))) rmSync(station.path(name));
  await station.must(`ledger export --out @${name}`);
}
