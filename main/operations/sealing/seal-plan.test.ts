import '../../../test/cheap-scrypt.mjs';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Passphrase } from '../../values/index.ts';
import { makeShare } from '../../content/slip39.ts';
import { runOperation } from '../index.ts';
import { KeychainKeeper } from '../station/keychain-keeper.ts';
import { TestStation } from '../station/test-station.fixture.ts';

const PHRASE = `${'abandon '.repeat(11)}about`;
const OTHER = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const ADDRESS = 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu';
const WORDS = 'abacus abdomen abdominal abide abiding ability';

type Item = Record<string, unknown>;
type Plan = { environment: string; account: string; policy: unknown; wallets: ({ items: Item[] } & Record<string, unknown>)[] };

const seed: Item = {
  name: 'seed.txt',
  kind: 'bip39',
  identifier: { type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0", value: ADDRESS },
  bip39_passphrase: false,
  size_bytes: { min: 70, max: 96 },
  mode: 'direct',
};
const key: Item = {
  name: 'key.txt',
  kind: 'hex-key',
  identifier: { type: 'ethereum', path: null, value: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf' },
  bip39_passphrase: false,
  size_bytes: null,
  mode: 'passphrase',
};
const wallet = (user: string, items: Item[]) => ({
  user_identifier: user,
  key_environment: 'COLD',
  customer_id: null,
  customer_name: null,
  package_id: null,
  package_name: null,
  items,
});
/** Wallets as `TestStation.assign` names them. */
const plan = (): Plan & Record<string, unknown> =>
  structuredClone({
    plan: 1,
    title: 'A test',
    environment: 'rehearsal',
    account: 'institution',
    people: ['administrator', 'witness'].map((role) => ({ name: `The ${role}`, role })),
    policy: null,
    wallets: [wallet('wallet-1', [seed, key]), wallet('wallet-2', [{ ...key, name: 'other.txt', identifier: null }])],
  });

describe('sealing by a plan', () => {
  const station = new TestStation();
  let made = 0;
  let out = '';
  const write = (name: string, content: string): string => {
    writeFileSync(station.path(name), content);
    return station.path(name);
  };
  const written = (change: (of: ReturnType<typeof plan>) => void = () => undefined): string => {
    // Each test has a plan of its own: under one and the same an item is sealed once.
    const changed: ReturnType<typeof plan> = { ...plan(), title: `Test ${made.toString()}` };
    change(changed);
    return write('plan.json', JSON.stringify(changed));
  };
  const seal = (more: Record<string, unknown> = {}) =>
    station.run('seal', {
      key: station.path('1.keypack.json'),
      in: station.path('seed.txt'),
      out,
      plan: station.path('plan.json'),
      ...more,
    });
  const codes = async (more: Record<string, unknown> = {}): Promise<(string | undefined)[]> => {
    const { problems } = await seal(more);
    return problems.map((one) => one.code);
  };

  beforeAll(async () => {
    // One keychain for all: each that is opened costs a scrypt.
    const keychains = new KeychainKeeper();
    keychains.setPassphrase(Buffer.from('a passphrase of this test') as Passphrase);
    Object.assign(station.context, { keychains });
    await station.prepare();
    for (const { problems } of [await station.assign(), await station.assign()]) expect(problems).toEqual([]);
    write('words', `${WORDS}\n`);
  });
  beforeEach(() => {
    made += 1;
    out = station.path(`${made.toString()}.sealed.json`);
    write('seed.txt', `${PHRASE}\n`);
    write('key.txt', '1'.padStart(64, '0'));
    written();
  });
  afterAll(() => station.close());

  it('what is as planned is sealed, and the ledger keeps what proves it', async () => {
    const { output, problems } = await seal();
    expect(problems).toEqual([]);
    const [item] = output?.['items'] as Record<string, unknown>[];
    expect(item).toMatchObject({ mode: 'direct', name: 'seed.txt', planned: { place: 'wallets[0].items[0]', kind: 'bip39' } });
    expect(existsSync(out)).toBe(true);
    const { digest } = await station.must('plan.check', { file: station.path('plan.json') });
    const kept = await station.inside(({ queries }) => queries.plannedOfItem(String(item?.['item_id'])));
    expect(kept).toEqual({
      plan: digest,
      place: 'wallets[0].items[0]',
      name: 'seed.txt',
      kind: 'bip39',
      identifier: seed['identifier'],
      bip39_passphrase: false,
      departures: [],
    });
    expect(await station.must('ledger.check', {})).toMatchObject({ ok: true });
  });

  it('a file that is another plan than the one that was read aloud seals nothing', async () => {
    const { digest } = await station.must('plan.check', { file: station.path('plan.json') });
    written((of) => Object.assign(of, { title: 'Another' }));
    expect(await codes({ plan_digest: digest })).toEqual(['plan-changed']);
    expect(existsSync(out)).toBe(false);
    written();
    const { output, problems } = await seal({ plan_digest: digest });
    expect([problems, output?.['items']]).toMatchObject([[], [{ planned: { plan: digest } }]]);
  });

  it('without a plan the ledger keeps nothing of one', async () => {
    const { output } = await seal({ plan: undefined });
    const [item] = output?.['items'] as Record<string, unknown>[];
    expect(item?.['planned']).toBe(null);
    expect(await station.inside(({ queries }) => queries.plannedOfItem(String(item?.['item_id'])))).toBe(null);
  });

  it.each<[string, string, () => Record<string, unknown>]>([
    ['another valid phrase', 'other-identifier', () => ({ in: write('seed.txt', OTHER) })],
    ['a word changed', 'not-valid', () => ({ in: write('seed.txt', PHRASE.replace('about', 'zoo')) })],
    ['a capital', 'not-valid', () => ({ in: write('seed.txt', PHRASE.replace('about', 'About')) })],
    ['another kind', 'other-kind', () => ({ in: station.path('key.txt'), item: 'seed.txt' })],
    [
      'a size that is not planned',
      'other-size',
      () => ({ plan: written((of) => (items(of)[0] = { ...seed, size_bytes: { min: 93, max: 93 } })) }),
    ],
    ['another mode', 'other-mode', () => ({ mode: 'envelope' })],
    ['a BIP-39 passphrase too many', 'other-passphrase', () => ({ bip39_passphrase_file: station.path('words') })],
    [
      'a BIP-39 passphrase left out',
      'other-passphrase',
      () => ({ plan: written((of) => (items(of)[0] = { ...seed, bip39_passphrase: true })) }),
    ],
    ['an item of another wallet', 'item-not-planned', () => ({ item: 'other.txt' })],
    ['an item that nobody planned', 'item-not-planned', () => ({ item: 'nothing.txt' })],
    ['a key of another wallet', 'item-not-planned', () => ({ key: station.path('2.keypack.json') })],
    ['a wallet that is not planned', 'wallet-not-planned', () => ({ plan: written((of) => of.wallets.splice(0, 1)), item: 'other.txt' })],
    ['HOT for COLD', 'other-key-environment', () => ({ plan: written((of) => (first(of)['key_environment'] = 'HOT')) })],
    [
      'another customer',
      'wallet-not-planned',
      () => ({ plan: written((of) => Object.assign(first(of), { customer_id: 'c-1', customer_name: 'Archer' })) }),
    ],
    [
      'another package',
      'other-organisation',
      () => ({ plan: written((of) => Object.assign(first(of), { package_id: 'p-1', package_name: 'All' })) }),
    ],
    [
      'another account',
      'other-account',
      () => ({
        plan: written((of) => {
          of.account = 'partner';
          for (const one of of.wallets) Object.assign(one, { customer_id: 'c', customer_name: 'C', package_id: 'p', package_name: 'P' });
        }),
      }),
    ],
    ['another policy', 'other-policy', () => ({ plan: written((of) => (of.policy = { ...policy, key_pack_limit_days: 3 })) })],
  ])('%s: exit 3, %s, and nothing is written but that it was refused', async (_what, code, how) => {
    const more = how();
    const before = (await station.eventsOf('item-sealed')).length;
    const { output, problems } = await seal(more);
    expect(problems.map((one) => [one.family, one.code])).toEqual([['check', code]]);
    expect(output).toBe(null);
    expect(existsSync(out)).toBe(false);
    expect(await station.eventsOf('item-sealed')).toHaveLength(before);
    const refusal = (await station.eventsOf('refusal')).at(-1);
    expect(refusal).toMatchObject({ operation: 'seal', code });
    expect((refusal as { subject: string }).subject).toMatch(/^[a-z].* of the plan [0-9a-f]{64}$/);
    expect(JSON.stringify([refusal, problems])).not.toMatch(/abandon|winner/);
  });

  it('a file whose name has an accent apart from its letter, as some systems keep it, is the planned one', async () => {
    written((of) => (items(of)[0] = { ...seed, name: 'Schl\u00FCssel.txt' }));
    const { output, problems } = await seal({ in: write('Schlu\u0308ssel.txt', PHRASE) });
    expect([problems, output?.['items']]).toMatchObject([[], [{ name: 'Schl\u00FCssel.txt', planned: { place: 'wallets[0].items[0]' } }]]);
  });

  it('the rules of the station, written into the plan, are the planned ones', async () => {
    written((of) => (of.policy = policy));
    expect(await codes()).toEqual([]);
  });

  it('a production plan is rehearsed unchanged', async () => {
    written((of) => (of.environment = 'production'));
    expect(await codes()).toEqual([]);
  });

  it('says of a share which one it is: no plan does', async () => {
    written((of) => (items(of)[0] = { ...seed, kind: 'slip39', identifier: null, size_bytes: null }));
    const notes: string[] = [];
    const { onNote } = station.context;
    Object.assign(station.context, { onNote: (note: string) => notes.push(note) });
    try {
      expect(await codes({ in: write('seed.txt', makeShare(Buffer.alloc(16, 1), Buffer.alloc(4))) })).toEqual([]);
    } finally {
      Object.assign(station.context, { onNote });
    }
    expect(notes).toEqual(['"seed.txt": it is share 1 of its group, and this one share opens its group']);
  });

  it('a plan that contradicts itself seals nothing: exit 2', async () => {
    written((of) => of.wallets.push(structuredClone(of.wallets[0] ?? wallet('x', []))));
    const { problems } = await seal();
    expect(problems.map((one) => [one.family, one.code])).toEqual([['input', 'plan-contradicts']]);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['a passphrase that the planned mode needs', 'passphrase-needed', { item: 'key.txt', in: 'key.txt' }],
    ['a passphrase that it does not take', 'passphrase-not-needed', { passphrase_file: 'words' }],
    ['a password that no identifier needs', 'password-not-needed', { password_file: 'words' }],
    ['an item without a plan', 'input-invalid', { plan: undefined, item: 'seed.txt' }],
    ['one item of a folder', 'plan-item-and-folder', { in: '.', item: 'seed.txt' }],
  ])('%s: %s', async (_what, code, more) => {
    mkdirSync(station.path('wallet'), { recursive: true });
    write('wallet/seed.txt', PHRASE);
    const paths = Object.fromEntries(
      Object.entries(more).map(([name, value]) => [
        name,
        name === 'item' || value === undefined ? value : station.path(value === '.' ? 'wallet' : value),
      ]),
    );
    expect(await codes(paths)).toEqual([code]);
    expect(existsSync(out)).toBe(false);
  });

  it('a BIP-39 passphrase is asked for where it is planned, and the identifier is computed with it', async () => {
    const identifier = { type: 'master-fingerprint', path: 'm', value: 'b4e3f5ed' };
    written((of) => (items(of)[0] = { ...seed, bip39_passphrase: true, identifier }));
    write('trezor', 'TREZOR\n');
    expect(await codes({ bip39_passphrase_file: station.path('words') })).toEqual(['other-identifier']);
    expect(await codes({ bip39_passphrase_file: write('empty', '\n') })).toEqual(['other-passphrase']);
    expect(await codes({ bip39_passphrase_file: station.path('trezor') })).toEqual([]);
  });

  describe('an item that was sealed before', () => {
    const again = () => seal({ out: `${out}.again` });
    const told = async (): Promise<(string | null)[]> => (await again()).problems.flatMap(({ code, hint }) => [code, hint]);

    it('is not sealed again by the same plan for the same key, whichever file holds it and wherever it goes', async () => {
      const { output } = await seal();
      const [item] = output?.['items'] as { item_id: string }[];
      const { output: refused, problems } = await again();
      expect(refused).toBe(null);
      expect(problems.map(({ family, code }) => [family, code])).toEqual([['check', 'item-sealed-before']]);
      expect(problems[0]?.message).toContain(`as ${item?.item_id ?? ''} (sealed) (wallets[0].items[0])`);
      const sealed = await station.inside(({ queries }) => queries.item(item?.item_id ?? ''));
      expect(problems[0]?.hint).toContain(`coldroom document ${sealed?.document_id ?? ''} --out FILE`);
      expect(existsSync(`${out}.again`)).toBe(false);
      expect(await codes({ out: `${out}.again`, in: write('copy.txt', PHRASE), item: 'seed.txt' })).toEqual(['item-sealed-before']);
      // What is wrong with the secret itself goes before.
      expect(await codes({ out: `${out}.again`, in: write('other.txt', OTHER), item: 'seed.txt' })).toEqual(['other-identifier']);
      expect(await codes({ out: `${out}.again`, in: write('copy.txt', PHRASE), item: 'seed.txt' })).toEqual(['item-sealed-before']);
      expect((await station.eventsOf('refusal')).at(-1)).toMatchObject({ operation: 'seal', code: 'item-sealed-before' });
    });

    it('is sealed again by a plan that people approve anew, and without one', async () => {
      expect(await codes()).toEqual([]);
      written((of) => Object.assign(of, { title: 'Sealed again: the first stick is lost' }));
      expect(await codes({ out: `${out}.again` })).toEqual([]);
      expect(await codes({ out: `${out}.third`, plan: undefined })).toEqual([]);
    });

    it('is once CoinCover refused it, and neither while it may be held nor once it is', async () => {
      const store = (file: string) => station.run('store', { files: [file], out: station.path(`receipts-${made.toString()}`) });
      expect(await codes()).toEqual([]);
      station.standIn.setFault('drop-after-store', { times: 1 });
      expect((await store(out)).problems.map(({ code }) => code)).toEqual(['outcome-unknown']);
      expect(await told()).toEqual(['item-sealed-before', expect.stringContaining('--resolve-unknown')]);
      written((of) => Object.assign(of, { title: `Refused ${made.toString()}` }));
      expect(await codes({ out: `${out}.2` })).toEqual([]);
      station.standIn.setFault('status-400', { times: 1 });
      expect((await store(`${out}.2`)).output).toMatchObject({ items: [{ state: 'refused' }] });
      expect(await codes({ out: `${out}.3` })).toEqual([]);
      expect((await store(`${out}.3`)).output).toMatchObject({ items: [{ state: 'stored' }] });
      expect(await told()).toEqual(['item-sealed-before', expect.stringContaining('CoinCover holds it')]);
    });
  });

  describe('a recovery of it', () => {
    // The first key that this station is assigned is the vector's.
    const pem = join(import.meta.dirname, '../../../test/vectors/rsa4096-a.key.pem');
    const sealed = async (more: Record<string, unknown> = {}): Promise<string> => {
      expect(await codes(more)).toEqual([]);
      return out;
    };
    const recover = async (file: string, more: Record<string, unknown> = {}) => {
      const back = `${out}.back`;
      const { output, problems } = await station.run('recover', { source: { sealed: file }, private_key: pem, out: back, ...more });
      return { identifier: output?.['identifier'], codes: problems.map((one) => one.code), isWritten: existsSync(back) };
    };
    const otherPlan = (change: (item: Item) => Item): string => {
      const changed = plan();
      items(changed)[0] = change(seed);
      return write('other.json', JSON.stringify(changed));
    };

    it('is held against the ledger: it is the right secret', async () => {
      expect(await recover(await sealed())).toEqual({
        identifier: {
          by: 'ledger',
          place: 'wallets[0].items[0]',
          kind: 'bip39',
          type: 'bitcoin-p2wpkh',
          path: "m/84'/0'/0'/0/0",
          planned: ADDRESS,
          found: ADDRESS,
          result: 'matches',
          reason: null,
        },
        codes: [],
        isWritten: true,
      });
    });

    it('is held against a plan: another secret is not written, unless somebody accepts it', async () => {
      const file = await sealed();
      const wrong = otherPlan((item) => ({
        ...item,
        identifier: { type: 'master-fingerprint', path: 'm', value: 'e5ddd654' },
      }));
      const came = await recover(file, { plan: wrong });
      expect(came).toMatchObject({ codes: ['recovered-other-identifier'], isWritten: false });
      expect(came.identifier).toMatchObject({ by: 'plan', planned: 'e5ddd654', found: '73c5da0a', result: 'differs' });
      expect(await recover(file, { plan: wrong, accept_mismatch: true })).toMatchObject({ codes: [], isWritten: true });
    });

    it('what is no valid secret of the planned kind is another one', async () => {
      const file = await sealed({ in: write('seed.txt', OTHER), plan: undefined });
      const came = await recover(file, { plan: otherPlan((item) => ({ ...item, kind: 'hex-key', identifier: null, size_bytes: null })) });
      expect(came).toMatchObject({ codes: ['recovered-other-identifier'], isWritten: false, identifier: { found: null } });
    });

    it('without anything that says what it should be, nothing is compared', async () => {
      expect(await recover(await sealed({ plan: undefined }))).toEqual({ identifier: null, codes: [], isWritten: true });
    });

    it('what needs its BIP-39 passphrase is compared with it, and said not to be without', async () => {
      const identifier = { type: 'master-fingerprint', path: 'm', value: 'b4e3f5ed' };
      const trezor = write('trezor', 'TREZOR\n');
      const under = written((of) => (items(of)[0] = { ...seed, bip39_passphrase: true, identifier }));
      const file = await sealed({ plan: under, bip39_passphrase_file: trezor });
      expect(await recover(file, { bip39_passphrase_file: trezor })).toMatchObject({ codes: [], identifier: { result: 'matches' } });
      expect(await recover(file, { out: `${out}.2` })).toMatchObject({
        codes: [],
        identifier: { result: 'not-compared', reason: 'bip39-passphrase-missing' },
      });
      const words = station.path('words');
      expect((await recover(file, { bip39_passphrase_file: words, out: `${out}.3` })).codes).toEqual(['recovered-other-identifier']);
    });

    it.each([
      ['a BIP-39 passphrase that was not planned', 'bip39-passphrase-not-planned', { bip39_passphrase_file: 'words' }],
      ['an item that the plan does not have', 'plan-item-unknown', { plan: 'plan.json', item: 'nothing' }],
      ['an item without a plan', 'input-invalid', { item: 'seed.txt' }],
    ])('%s: %s', async (_what, code, more) => {
      const file = await sealed();
      const paths = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, name === 'item' ? value : station.path(value)]));
      expect(await recover(file, paths)).toMatchObject({ codes: [code], isWritten: false });
    });

    it('a ciphertext of which nobody knows the name needs the item', async () => {
      const { body } = JSON.parse(readFileSync(await sealed(), 'utf8')) as { body: { ciphertext: string } };
      const bare = write('bare', body.ciphertext);
      const source = { source: { ciphertext: bare }, plan: station.path('plan.json') };
      const away = { ...station.context, home: station.path('nowhere') };
      const run = (more: object) =>
        runOperation('recover', away, { ...source, private_key: pem, out: `${out}.back`, ...more }).then(({ output }) => output);
      await expect(run({})).rejects.toMatchObject({ code: 'plan-item-unclear' });
      expect(await run({ item: 'seed.txt' })).toMatchObject({ identifier: { by: 'plan', result: 'matches' } });
    });
  });

  describe('a folder', () => {
    const folder = (files: Record<string, string>): string => {
      const name = `folder-${made.toString()}`;
      mkdirSync(station.path(name));
      for (const [file, content] of Object.entries(files)) write(`${name}/${file}`, content);
      return station.path(name);
    };
    const both = { 'seed.txt': PHRASE, 'key.txt': '1'.padStart(64, '0') };

    it('every item of the wallet is sealed in its own mode', async () => {
      const { output, problems } = await seal({ in: folder(both), passphrase_file: station.path('words') });
      expect(problems).toEqual([]);
      expect((output?.['items'] as { name: string; mode: string }[]).map(({ name, mode }) => [name, mode])).toEqual([
        ['key.txt', 'passphrase'],
        ['seed.txt', 'direct'],
      ]);
      expect(JSON.parse(readFileSync(`${out}/seed.txt.sealed.json`, 'utf8'))).toMatchObject({ body: { mode: 'direct', name: 'seed.txt' } });
    });

    it('that goes on where it stopped takes what is there; with one sealed elsewhere before, none is sealed', async () => {
      written((of) => (items(of)[1] = { ...key, mode: 'direct' }));
      const files = folder(both);
      expect(await codes({ in: files })).toEqual([]);
      rmSync(`${out}/key.txt.sealed.json`);
      const before = (await station.eventsOf('item-sealed')).length;
      expect(await codes({ in: files })).toEqual(['item-sealed-before']);
      expect(await station.eventsOf('item-sealed')).toHaveLength(before);
      expect(await codes({ in: files, out: `${out}.elsewhere` })).toEqual(['item-sealed-before']);
      expect(existsSync(`${out}.elsewhere`)).toBe(false);
    });

    it.each([
      ['one left out', { 'seed.txt': PHRASE }, 'item-left-out'],
      ['one too many', { ...both, 'notes.txt': 'x' }, 'item-not-planned'],
      ['one wrong', { ...both, 'seed.txt': OTHER }, 'other-identifier'],
    ])('%s: nothing at all is sealed, %s', async (_what, files, code) => {
      const before = (await station.eventsOf('item-sealed')).length;
      expect(await codes({ in: folder(files), passphrase_file: station.path('words') })).toEqual([code]);
      expect(existsSync(out)).toBe(false);
      expect(await station.eventsOf('item-sealed')).toHaveLength(before);
      expect((await station.eventsOf('refusal')).at(-1)).toMatchObject({ code });
    });
  });

  const policy = {
    coldroom: 'policy/1',
    people: { administrator: 1, operator: 0, witness: 1, auditor: 0 },
    same_person_may_sign_twice: false,
    all_witnesses_sign: [],
    network_gate: 'warn',
    key_pack_limit_days: 30,
    passphrase: { own_allowed: true, least_length: 16 },
    file_names_may_be_sent: true,
  };
  const first = (of: Plan): Record<string, unknown> => of.wallets[0] ?? {};
  const items = (of: Plan): Item[] => of.wallets[0]?.items ?? [];
});
