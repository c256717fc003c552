// How long `ledger check` takes over 100,000 events, against a bare loop that only hashes the same rows and recomputes their MACs.
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LARGE_MAC_KEY, makeLargeLedger } from '../../main/ledger/large-ledger.fixture.ts';
import { checkLedger, Ledger } from '../../main/ledger/index.ts';

const EVENTS = 100_000;
const RUNS = 3;

/** @returns milliseconds of each run of the check and of the loop, in turns, so that what else this machine does falls on both. */
export function measureLedgerCheck(): { check: number[]; bare: number[] } {
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-bench-'));
  try {
    const path = join(folder, 'ledger.sqlite');
    const { publicKey } = makeLargeLedger(path, { events: EVENTS });
    const [check, bare]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      const ledger = Ledger.open(path, { clock: { now: () => 0 }, macKey: null });
      bare.push(timeOf(() => hashAll(ledger)));
      check.push(
        timeOf(() => {
          const report = checkLedger(ledger, LARGE_MAC_KEY, null, publicKey);
          if (!report.ok || report.events !== EVENTS) throw new Error('the ledger of the bench does not hold');
        }),
      );
      ledger.close();
    }
    return { check, bare };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hashAll(ledger: Ledger): void {
  const rows = ledger.database.prepare<[], { bytes: string; mac: Buffer }>('SELECT bytes, mac FROM event ORDER BY seq');
  for (const { bytes, mac } of rows.iterate()) {
    createHash('sha256').update(bytes).update(mac).digest('hex');
    createHmac('sha256', LARGE_MAC_KEY).update(bytes).digest();
  }
}

function timeOf(work: () => void): number {
  const begun = performance.now();
  work();
  return Math.round(performance.now() - begun);
}
