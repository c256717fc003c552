import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CeremonyHome } from '../ceremony/home.fixture.ts';

const ITEM = {
  item_id: '0b9f0f4e-6f0e-4b7c-9a53-0d5f3f1c2a01',
  backup_id: '0b9f0f4e-6f0e-4b7c-9a53-0d5f3f1c2a02',
  key_id: '0b9f0f4e-6f0e-4b7c-9a53-0d5f3f1c2a03',
  environment: 'sandbox',
  key_environment: 'COLD',
  wallet: 'wallet-1',
  name: 'phrase.txt',
  state: 'stored',
  ciphertext_sha256: 'a'.repeat(64),
  size_bytes: 12,
  mode: 'direct',
  last_check: 'valid',
};

describe('two exports side by side', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-compare-'));
  let room: CeremonyHome;

  beforeAll(async () => {
    room = await CeremonyHome.make();
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await room.remove();
  });

  function exported(name: string, backups: readonly object[], stationId = name): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ station: { station_id: stationId, name, role: 'cold' }, backups, events: [] }));
    return path;
  }

  /** What differs between an item and another, or the refusal. */
  async function compare(a: readonly object[], b: readonly object[]): Promise<string[]> {
    const input = { a: exported('a', a), b: exported('b', b) };
    const codes = await room.codes('ledger.compare', input);
    if (codes[0] !== undefined && codes[0] !== 'ledgers-differ') return codes;
    const { output } = await room.must('ledger.compare', input);
    const found = output['differences'] as { what: string }[];
    expect([output['agree'], codes.length]).toEqual(found.length === 0 ? [true, 0] : [false, 1]);
    return found.map((one) => one.what);
  }

  it('agree where they say the same, whatever the order', async () => {
    const other = { ...ITEM, item_id: '0b9f0f4e-6f0e-4b7c-9a53-0d5f3f1c2a09' };
    expect(await compare([ITEM, other], [other, ITEM])).toEqual([]);
  });

  it.each([
    ['backup_id', null],
    ['key_id', '0b9f0f4e-6f0e-4b7c-9a53-0d5f3f1c2a0f'],
    ['environment', 'production'],
    ['key_environment', 'HOT'],
    ['wallet', 'wallet-2'],
    ['name', 'another.txt'],
    ['state', 'unknown'],
    ['ciphertext_sha256', 'b'.repeat(64)],
    ['size_bytes', 13],
    ['mode', 'passphrase'],
    ['last_check', 'invalid'],
  ])('say so where %s differs', async (member, value) => {
    expect(await compare([ITEM], [{ ...ITEM, [member]: value }])).toEqual([member]);
  });

  it('say so where one lacks an item', async () => {
    expect(await compare([ITEM], [])).toEqual(['item']);
  });

  it('agree where a drill was held at one station alone', async () => {
    expect(await compare([ITEM], [{ ...ITEM, last_check: 'unknown' }])).toEqual([]);
  });

  it('are refused where one names an item twice: the other line would go unseen', async () => {
    expect(await compare([ITEM, { ...ITEM, state: 'unknown' }], [ITEM])).toEqual(['export-invalid']);
  });

  it('are refused where both are of one station, or one is no export', async () => {
    const input = { a: exported('a', [ITEM], 'one'), b: exported('b', [ITEM], 'one') };
    expect(await room.codes('ledger.compare', input)).toEqual(['export-same-station']);
    writeFileSync(input.b, '{"station":');
    expect(await room.codes('ledger.compare', input)).toEqual(['export-invalid']);
  });
});
