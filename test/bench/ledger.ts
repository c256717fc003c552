// How long `ledger check` takes over 100,000 events, against a bare loop that only hashes the same rows and recomputes their MACs.
import { execFileSync } from 'node:child_process';
import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LARGE_MAC_KEY, makeLargeLedger } from '../../main/ledger/large-ledger.fixture.ts';
import { checkLedger, Ledger } from '../../main/ledger/index.ts';

const EVENTS = 100_000;
const RUNS = 3;

type Measured = { check: number[]; bare: number[] };

/** In a process of its own, as `ledger check` is: one that has just made such a ledger takes half as long again. */
export function measureLedgerCheck(): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-bench-'));
  try {
    const path = join(folder, 'ledger.sqlite');
    makeLargeLedger(path, { events: EVENTS });
    return JSON.parse(execFileSync(process.execPath, [import.meta.filename, path], { encoding: 'utf8' })) as Measured;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns milliseconds of each run of the check and of the loop, in turns, so that what else this machine does falls on both. */
async function measure(path: string): Promise<Measured> {
  const [check, bare]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    const ledger = Ledger.open(path, { clock: { now: () => 0 }, macKey: null });
    check.push(await timeOf(() => checkAll(ledger)));
    bare.push(
      await timeOf(() => {
        hashAll(ledger);
      }),
    );
    ledger.close();
  }
  return { check, bare };
}

async function checkAll(ledger: Ledger): Promise<void> {
  const report = await checkLedger(ledger, LARGE_MAC_KEY, null);
  if (!report.ok || report.events !== EVENTS) throw new Error('the ledger of the bench does not hold');
}

function hashAll(ledger: Ledger): void {
  const rows = ledger.database.prepare<[], { bytes: string; mac: Buffer }>('SELECT bytes, mac FROM event ORDER BY seq');
  const key = createSecretKey(LARGE_MAC_KEY); // the key's bytes would be taken in anew for each row, which takes five times as long
  for (const { bytes, mac } of rows.iterate()) {
    createHash('sha256').update(bytes).update(mac).digest('hex');
    createHmac('sha256', key).update(bytes).digest();
  }
}

async function timeOf(work: () => Promise<void> | void): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round(performance.now() - begun);
}

if (process.argv[1] === import.meta.filename) process.stdout.write(JSON.stringify(await measure(process.argv[2] ?? '')));
