import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isColdroomError, type ColdroomError } from '../../values/index.ts';
import { runOperation } from '../index.ts';
import { withoutStation } from '../station/no-station.fixture.ts';

const PHRASE = `${'abandon '.repeat(11)}about`;
const folder = mkdtempSync(join(tmpdir(), 'rehearse-plan-'));
const context = withoutStation(folder);

type Item = Record<string, unknown>;
const item = (name: string, kind: string, identifier: object | null, more: Item = {}): Item => ({
  name,
  kind,
  identifier,
  bip39_passphrase: false,
  size_bytes: null,
  mode: 'direct',
  ...more,
});
const wallet = (user: string, items: Item[], more: Item = {}): Item => ({
  user_identifier: user,
  key_environment: 'COLD',
  customer_id: null,
  customer_name: null,
  package_id: null,
  package_name: null,
  items,
  ...more,
});
const seed = item('seed.txt', 'bip39', { type: 'master-fingerprint', path: 'm', value: 'b4e3f5ed' }, { bip39_passphrase: true });
const key = item('key.txt', 'hex-key', { type: 'ethereum', path: null, value: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf' });
const files = { 'seed.txt': PHRASE, 'key.txt': '1'.padStart(64, '0') };

const planOf = (wallets: Item[], more: Item = {}): string => {
  const path = join(folder, 'plan.json');
  const people = ['administrator', 'witness'].map((role) => ({ name: `The ${role}`, role }));
  const plan = { plan: 1, title: 'A test', environment: 'production', account: 'institution', people, policy: null, wallets, ...more };
  writeFileSync(path, JSON.stringify(plan));
  return path;
};
let made = 0;
const folderOf = (content: Record<string, string>): string => {
  made += 1;
  const path = join(folder, `secrets-${made.toString()}`);
  mkdirSync(path);
  for (const [name, text] of Object.entries(content)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
};
type Line = {
  place: string;
  identifier: string | null;
  size: string | null;
  made_up: boolean;
  file_sha256: string;
  recovered_sha256: string;
};
type Rehearsed = { ok: boolean; items: Line[]; plan: { digest: string; words: string[] }; kept: string | null; file_sha256: string | null };
async function rehearse(input: object): Promise<{ output: Rehearsed | null; codes: string[]; families: string[] }> {
  const came = (output: Rehearsed | null, problems: readonly ColdroomError[]) => ({
    output,
    codes: problems.map(({ code }) => code),
    families: problems.map(({ family }) => family),
  });
  try {
    const { output, problems } = await runOperation('rehearse', context, input);
    return came(output as Rehearsed, problems);
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return came(null, [error]);
  }
}

beforeEach(() => {
  writeFileSync(join(folder, 'trezor'), 'TREZOR\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a plan that is rehearsed', () => {
  it('on made-up secrets of each item’s kind reaches its end, and says that no planned identifier was compared', async () => {
    const sized = { ...seed, size_bytes: { min: 90, max: 96 }, mode: 'passphrase' };
    const odd = item('odd.txt', 'opaque', null, { mode: 'envelope', size_bytes: { min: 70_000, max: 80_000 } });
    const customer = { customer_id: 'c-1', customer_name: 'Archer', package_id: 'p-1', package_name: 'All', key_environment: 'HOT' };
    const { output, codes } = await rehearse({ plan: planOf([wallet('first', [sized, odd], customer)], { account: 'partner' }) });
    expect(codes).toEqual([]);
    expect(output?.ok).toBe(true);
    expect(output?.plan.words).toHaveLength(32);
    expect(output?.items.map(({ place, identifier, size, made_up }) => [place, identifier, size, made_up])).toEqual([
      ['wallets[0].items[0]', 'not-compared', 'as-planned', true],
      ['wallets[0].items[1]', 'not-compared', 'as-planned', true],
    ]);
    for (const line of output?.items ?? []) expect(line.recovered_sha256).toBe(line.file_sha256);
    expect([output?.file_sha256, output?.kept]).toEqual([null, null]);
  });

  it('on the real secrets compares each with the planned identifier, under the plan’s own policy', async () => {
    const policy = {
      coldroom: 'policy/1',
      people: { administrator: 1, operator: 0, witness: 1, auditor: 0 },
      same_person_may_sign_twice: false,
      all_witnesses_sign: [],
      network_gate: 'warn',
      key_pack_limit_days: 3,
      passphrase: { own_allowed: false, least_length: 16 },
      file_names_may_be_sent: false,
    };
    const plan = planOf([wallet('first', [seed, key])], { policy });
    const { output, codes } = await rehearse({ plan, in: folderOf(files), bip39_passphrase_file: join(folder, 'trezor') });
    expect(codes).toEqual([]);
    expect(output?.items.map(({ identifier, made_up }) => [identifier, made_up])).toEqual([
      ['matches', false],
      ['matches', false],
    ]);
  });

  it('stops at a real secret that is not the planned one', async () => {
    const wrong = { ...seed, bip39_passphrase: false, identifier: { type: 'master-fingerprint', path: 'm', value: 'e5ddd654' } };
    const { output, codes, families } = await rehearse({ plan: planOf([wallet('first', [wrong])]), in: folderOf({ 'seed.txt': PHRASE }) });
    expect([codes, families, output?.ok]).toEqual([['other-identifier'], ['check'], false]);
    expect(output?.items).toMatchObject([{ item_id: null, identifier: null }]);
  });
});

describe('before anything is assigned', () => {
  const both = () => planOf([wallet('first', [seed]), wallet('second', [{ ...key, name: 'seed.txt' }])]);
  it.each<[string, () => object, string]>([
    ['a plan that contradicts itself', () => ({ plan: planOf([wallet('first', [seed, seed])]) }), 'plan-contradicts'],
    ['a secret left out', () => ({ plan: planOf([wallet('first', [seed, key])]), in: folderOf({ 'seed.txt': PHRASE }) }), 'item-left-out'],
    ['a file too many', () => ({ plan: planOf([wallet('first', [seed])]), in: folderOf(files) }), 'item-not-planned'],
    ['one file for two wallets', () => ({ plan: both(), in: folderOf({ 'seed.txt': PHRASE }) }), 'plan-folder-names'],
    [
      'a wallet’s folder without its file',
      () => ({ plan: both(), in: folderOf({ 'first/seed.txt': PHRASE, 'second/x': 'x' }) }),
      'item-left-out',
    ],
    ['a file in place of a folder', () => ({ plan: both(), in: join(folder, 'trezor') }), 'folder-missing'],
    ['a BIP-39 passphrase without a plan', () => ({ bip39_passphrase_file: join(folder, 'trezor') }), 'input-invalid'],
  ])('%s is refused', async (_what, input, code) => {
    const { output, codes } = await rehearse(input());
    expect(codes).toEqual([code]);
    expect(output?.ok ?? false).toBe(false);
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });
});
