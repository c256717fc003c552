import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillStateTables, LARGE_MAC_KEY, makeLargeLedger } from '../../ledger/large-ledger.fixture.ts';
import { Ledger } from '../../ledger/index.ts';
import { CeremonyHome } from '../ceremony/home.fixture.ts';

type Exported = { ledger: { seq: number }; events: { seq: number }[] };

describe('an export that takes its time', () => {
  let room: CeremonyHome;
  let path: string;

  beforeAll(async () => {
    room = await CeremonyHome.make();
    path = join(room.home, 'ledger.sqlite');
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    makeLargeLedger(path, { events: 50 });
    const ledger = Ledger.open(path, { clock: { now: () => 0 }, macKey: LARGE_MAC_KEY });
    ledger.database.exec(
      'DELETE FROM backup_line; DELETE FROM verification; DELETE FROM backup; DELETE FROM item; DELETE FROM assigned_key',
    );
    // Their lines come before the events, and are more than is written at once.
    fillStateTables(ledger.database, 8000);
    ledger.close();
  });

  afterAll(async () => {
    await room.remove();
  });

  it('is of one moment, whatever another process appends meanwhile', async () => {
    const out = join(room.folder, 'export.json');
    const writer = Ledger.open(path, { clock: { now: () => 0 }, macKey: LARGE_MAC_KEY });
    let appended = 0;
    const state = { isDone: false };
    const exporting = room.must('ledger.export', { format: 'json', out }).finally(() => (state.isDone = true));
    while (!state.isDone) {
      writer.append({ type: 'token-set', data: { environment: 'production' } });
      appended += 1;
      await new Promise((next) => setImmediate(next));
    }
    await exporting;
    writer.close();
    const { ledger, events } = JSON.parse(readFileSync(out, 'utf8')) as Exported;
    expect(appended).toBeGreaterThan(3);
    expect(events.at(-1)?.seq).toBe(ledger.seq);
    expect(events).toHaveLength(ledger.seq);
  });
});
