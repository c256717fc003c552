import '../../../test/cheap-scrypt.mjs';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultName } from '../../rehearsal/index.ts';
import { TestStation } from '../station/test-station.fixture.ts';

const station = new TestStation();
let keyPack = '';
beforeAll(async () => {
  await station.prepare();
  keyPack = (await station.assign()).out;
});
afterAll(() => station.close());

async function withFault(fault: FaultName, file: string, word?: object) {
  station.standIn.setFault(fault);
  try {
    const resolution = word === undefined ? {} : { resolve_unknown: word };
    const { output, problems } = await station.run('store', { files: [file], out: station.path('receipts'), ...resolution });
    return { line: (output?.['items'] as Record<string, unknown>[])[0] ?? {}, problem: problems[0] };
  } finally {
    station.standIn.setFault(null);
  }
}

/** A sealed item whose first attempt ended unknown, though CoinCover stored it: its file, its id, and the backup_id. */
async function unknownItem(name: string): Promise<{ file: string; itemId: string; backupId: string }> {
  writeFileSync(station.path(name), `worth nothing, ${name}`);
  const file = station.path(`${name}.sealed.json`);
  await station.must('seal', { key: keyPack, in: station.path(name), out: file, mode: 'direct', send_name: false });
  const { line } = await withFault('drop-after-store', file);
  expect(line['state']).toBe('unknown');
  return { file, itemId: String(line['item_id']), backupId: station.standIn.held().at(-1)?.backupId ?? '' };
}

describe('a backup_id that a person claims', () => {
  it.each<[FaultName, string, string]>([
    ['cold-not-checkable', 'unreachable', 'claim-not-checkable'],
    ['false-backup-verify', 'check', 'claim-refused'],
    ['status-500', 'unreachable', 'claim-not-confirmed'],
  ])('and that meets %s leaves the item unknown, and the claim in the ledger', async (fault, family, code) => {
    const { file, itemId, backupId } = await unknownItem(fault);
    const { line, problem } = await withFault(fault, file, { how: 'backup-id', backup_id: backupId });
    expect(line).toMatchObject({ state: 'unknown', backup_id: null, receipt: null });
    expect(problem).toMatchObject({ family, code });
    expect((await station.eventsOf('verified')).at(-1)).toMatchObject({ kind: 'backup', id: backupId });
    expect((await station.eventsOf('refusal')).at(-1)).toEqual({ operation: 'store.claim', code, subject: itemId });
    expect(await station.must('ledger.check', {})).toMatchObject({ ok: true });
  });

  it('says what is true of COLD material: neither confirmed nor refuted, and not to be cured by asking again', async () => {
    const { file, backupId } = await unknownItem('cold');
    const { problem } = await withFault('cold-not-checkable', file, { how: 'backup-id', backup_id: backupId });
    expect(problem?.message).toMatch(/offline .* neither confirmed nor refuted/);
    expect(problem?.hint).toMatch(/in writing.*stays unknown/);
    expect(problem?.hint).not.toContain('later');
  });
});

describe('an item that is sent again', () => {
  it.each<[FaultName, RegExp]>([
    ['drop-after-store', /sending it again ended unknown as well, so CoinCover may hold two: /],
    ['status-503', /sending it again ended unknown as well, so CoinCover may hold two: /],
    ['status-401', /sending it again came to nothing: /],
  ])('and meets %s stays unknown, and is told as what it may be', async (fault, message) => {
    const { file } = await unknownItem(`again-${fault}`);
    const { line, problem } = await withFault(fault, file, { how: 'resend' });
    expect(line['state']).toBe('unknown');
    expect(problem).toMatchObject({ family: 'unreachable', code: 'outcome-unknown' });
    expect(problem?.message).toMatch(message);
  });
});
