// A ledger of 1,000,000 events and 200,000 backups, against one of 100,000 events: what a station's user waits for, and that no command
// takes more memory for it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileKeychain } from '../../main/keychain/index.ts';
import { makeLargeLedger, type LargeSize } from '../../main/ledger/large-ledger.fixture.ts';
import { Ledger, LedgerQueries, removeLedger } from '../../main/ledger/index.ts';
import { homePaths, requireStationFile } from '../../main/operations/station/home.ts';
import { readPassphraseFile } from '../../main/operations/sealing/passphrase.ts';
import { readStationKeys } from '../../main/operations/station/station-keys.ts';
import { median, type Line } from './lines.ts';

const SMALL: LargeSize = { events: 100_000 };
/** So that there is a backup to five events; of the small one there is one to nine. */
const LARGE: LargeSize = { events: 1_000_000, checkedOneIn: 7 };
const PAGES = 15;
const bundle = join(import.meta.dirname, '../../dist/cli/coldroom.mjs');

/** `busySeconds`: what its threads had of the processors, which other programs lengthen less. */
type Ran = { seconds: number; busySeconds: number; peakMiB: number };
type Commands = Readonly<Record<'status' | 'check' | 'events' | 'backups', Ran>>;

/** Prints on a stream of its own, when the process ends, its processor time and the most memory it held (`VmHWM`; Linux alone says it). */
const TELL = `data:text/javascript,import{readFileSync,writeSync}from'node:fs';import{isMainThread}from'node:worker_threads';
const tell=()=>{const{user,system}=process.cpuUsage(),peak=/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status','utf8'))[1];
writeSync(3,JSON.stringify([(user+system)/1e6,peak/1024]))};if(isMainThread)process.on('exit',tell);`;

class LoadedStation {
  readonly #folder = mkdtempSync(join(tmpdir(), 'coldroom-bench-'));
  readonly #passphrase = join(this.#folder, 'passphrase');
  readonly #home = join(this.#folder, 'home');

  /** A station as `init` makes it, with such a ledger in place of its own. @returns how many items are in it. */
  async make(size: LargeSize): Promise<number> {
    writeFileSync(this.#passphrase, 'a passphrase for the bench alone\n');
    this.run('init', '--role', 'single', '--keychain', 'file', '--name', 'vault');
    const file = await requireStationFile(this.#home);
    const paths = homePaths(this.#home);
    const passphrase = await readPassphraseFile(this.#passphrase, 'the passphrase');
    const keychain = openFileKeychain({ path: paths.keychain, passphrase, exclusively: (work) => work() });
    const { macKey, signingKey } = await readStationKeys(keychain, file);
    await keychain.delete(`${file.keychain_scope}/checkpoint`);
    await keychain.close();
    removeLedger(paths.ledger);
    return makeLargeLedger(paths.ledger, size, { ...file, privateKey: signingKey, macKey }).items;
  }

  /** The whole command, from its start to its end. */
  run(...args: readonly string[]): Ran {
    const begun = performance.now();
    const all = ['--import', TELL, bundle, '--home', this.#home, '--json', '--keychain-passphrase-file', this.#passphrase, ...args];
    const { status, stderr, output } = spawnSync(process.execPath, all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    if (status !== 0) throw new Error(`coldroom ${args.join(' ')} ended with ${String(status)}: ${stderr}`);
    const [busySeconds, peakMiB] = JSON.parse(output[3] ?? '') as [number, number];
    return { seconds: (performance.now() - begun) / 1000, busySeconds, peakMiB };
  }

  runAll(): Commands {
    const out = (name: string): string => join(this.#folder, name);
    this.run('status'); // reads the file for the first time
    return {
      status: this.run('status'),
      check: this.run('ledger', 'check'),
      events: this.run('ledger', 'export', '--format', 'jsonl', '--out', out('events')),
      backups: this.run('ledger', 'export', '--format', 'csv', '--out', out('backups')),
    };
  }

  /** Milliseconds of pages of Backups and of searches, as the window asks for them: each opens the ledger anew. */
  page(): { backups: number; counts: number; pages: number; found: number; notFound: number; bytes: number } {
    const path = homePaths(this.#home).ledger;
    const due = '2026-06-01T00:00:00.000Z';
    const dueBefore = { production: due, sandbox: due, custom: due, ahead: '9999-12-31T23:59:59.999Z' };
    const opened = <Result>(work: (queries: LedgerQueries, ledger: Ledger) => Result): Result => {
      const ledger = Ledger.open(path, { clock: { now: () => 0 }, macKey: null });
      try {
        return work(new LedgerQueries(ledger), ledger);
      } finally {
        ledger.close();
      }
    };
    const time = (work: (queries: LedgerQueries, turn: number) => unknown): number =>
      median(
        Array.from({ length: PAGES }, (_, turn) => {
          const begun = performance.now();
          opened((queries) => work(queries, turn));
          return performance.now() - begun;
        }),
      );
    const page = (queries: LedgerQueries, search: string, offset: number): unknown =>
      queries.backupPage({ search, filter: 'all', dueBefore, offset, limit: 100, total: search !== '' });
    const all = opened((queries) => queries.backupCounts(dueBefore).filters.all);
    return {
      backups: opened((_, ledger) => ledger.database.prepare<[], number>('SELECT count(*) FROM backup').pluck().get()) ?? 0,
      counts: time((queries) => queries.backupCounts(dueBefore)),
      pages: time((queries, turn) => page(queries, '', Math.floor((all * turn) / PAGES))),
      found: time((queries, turn) => page(queries, `wallet-00${turn.toString()}`, 0)),
      notFound: time((queries, turn) => page(queries, `nothing has ${turn.toString()}`, 0)),
      bytes: statSync(path).size,
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Takes minutes: it runs where it is named. */
export async function measureLoad(say: (text: string) => void): Promise<Line[]> {
  const [small, large] = [await measured(SMALL, say), await measured(LARGE, say)];
  const growth = (name: keyof Commands): number => large.commands[name].peakMiB / small.commands[name].peakMiB;
  return [
    ['backups in the large ledger', large.page.backups, 'at least', 200_000],
    ['status over 1,000,000 events, s', large.commands.status.seconds, 'at most', 1.5],
    ['a page of Backups of 200,000, ms', large.page.pages, 'at most', 50],
    ['the counts of its filters, ms', large.page.counts, 'at most', 100],
    ['a search that finds, ms', large.page.found, 'at most', 50],
    ['a search that finds nothing, ms', large.page.notFound, 'at most', 50],
    ['check of 1,000,000 events, s', large.commands.check.seconds, 'at most', 40],
    ['peak memory of a check, of that for 100,000 events', growth('check'), 'at most', 1.1],
    // V8 doubles its youngest generation in steps, the last after some 300,000 events; what is left after a collection does not grow.
    ['peak memory of exporting events, of that for 100,000', growth('events'), 'at most', 1.6],
    ['peak memory of exporting backups, of that for 100,000 events', growth('backups'), 'at most', 1.6],
  ];
}

async function measured(
  size: LargeSize,
  say: (text: string) => void,
): Promise<{ commands: Commands; page: ReturnType<LoadedStation['page']> }> {
  const station = new LoadedStation();
  try {
    const items = await station.make(size);
    const page = station.page();
    const ms = (value: number): string => `${value.toFixed(1)} ms`;
    say(
      `${size.events.toString()} events, ${items.toString()} items, ${page.backups.toString()} backups, ${(page.bytes / 2 ** 20).toFixed(0)} MiB: ` +
        `a page ${ms(page.pages)}, the counts ${ms(page.counts)}, a search that finds ${ms(page.found)}, one that finds nothing ${ms(page.notFound)}`,
    );
    const commands = station.runAll();
    for (const [name, { seconds, busySeconds, peakMiB }] of Object.entries(commands))
      say(`  ${name}: ${seconds.toFixed(2)} s, ${busySeconds.toFixed(2)} s of the processors, ${peakMiB.toFixed(0)} MiB`);
    return { commands, page };
  } finally {
    station.remove();
  }
}
