import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKUP_FILTERS, type BackupFilter } from './backup-lines.ts';
import { fillStateTables, LARGE_MAC_KEY, makeLargeLedger } from './large-ledger.fixture.ts';
import { Ledger } from './ledger.ts';
import { LedgerQueries } from './queries.ts';
import type { BackupLine } from './rows.ts';

const clock = { now: () => Date.parse('2026-11-24T10:00:00.000Z') };
const MANY = 100_000;
const DUE = {
  production: '2026-01-01T00:05:00.000Z',
  sandbox: '2020-01-01T00:00:00.000Z',
  custom: '2020-01-01T00:00:00.000Z',
  ahead: '2026-01-01T00:08:00.000Z',
};

/** What a search could take for something else: its own wild cards, and letters that have several spellings. */
const ODD_NAMES = [
  '100%_of\\it',
  '100x-of/it',
  '%',
  '__',
  'caf\u00e9 \u00c9T\u00c9',
  'cafe\u0301 E\u0301TE\u0301',
  'STRASSE Stra\u00dfe',
  '\u0130stanbul \u0131',
  '\u212aelvin \u039f\u0394\u039f\u03a3',
  '\u{1f511} \u{10400}',
  'quote \' and " and *',
];
const KEPT_DOCUMENT = {
  kind: 'sealed' as const,
  direction: 'written' as const,
  signer: 's',
  writer_seq: 1,
  sha256: '',
  signed_sha256: '',
  text: '{}',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-lines-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a page of the Backups table', () => {
  let ledger: Ledger;
  let queries: LedgerQueries;
  let all: BackupLine[];

  beforeAll(() => {
    const path = join(folder, 'some.sqlite');
    makeLargeLedger(path, { events: 900 });
    ledger = Ledger.open(path, { clock, macKey: LARGE_MAC_KEY });
    queries = new LedgerQueries(ledger);
    sealUnder(ODD_NAMES);
    askInVain();
    all = queries.backupLines(true);
  });

  /** Seals an item under each of these names, all at the same time, for a key that is there. */
  function sealUnder(names: readonly string[]): void {
    const [key] = queries.assignedKeys();
    if (key === undefined) throw new Error('there is no key');
    for (const [index, name] of names.entries()) {
      const item = { item_id: `odd-${((index * 7) % names.length).toString()}`, key_id: key.key_id, mode: 'direct', size_bytes: 1, name };
      const rest = { environment: 'production', environment_id: '', ciphertext_sha256: name, checksum: null };
      const document = { ...KEPT_DOCUMENT, document_id: `odd ${index.toString()}`, subject: item.item_id };
      ledger.append({ type: 'item-sealed', data: { state: 'sealed', item: { ...item, ...rest }, document } });
    }
  }

  /** A check without an answer, of a backup whose last conclusive one was in time: a drill of it is no less due for having been tried. */
  function askInVain(): void {
    const line = queries.backupLines(true).find(({ last_conclusive_at: at }) => at !== null && at > DUE.production && at <= DUE.ahead);
    if (line === undefined || line.backup_id === null) throw new Error('no backup was checked in time');
    const asked = { kind: 'backup', id: line.backup_id, check: 'unknown', message: null, status: null, checked_at: null } as const;
    ledger.append({ type: 'verified', data: asked });
  }
  afterAll(() => {
    ledger.close();
  });

  /** What each filter means, said once more and in another way. */
  const FITS: Readonly<Record<BackupFilter, (line: BackupLine) => boolean>> = {
    all: () => true,
    settle: (line) => line.state === 'unknown',
    invalid: (line) => line.last_check === 'invalid',
    due: (line) =>
      line.state === 'stored' &&
      (line.last_conclusive_at === null || line.last_conclusive_at <= DUE.production || line.last_conclusive_at > DUE.ahead),
    cold: (line) => line.key_environment === 'COLD',
  };

  it('is what is left of all lines, for any search, filter and place', () => {
    expect(all.length).toBeGreaterThan(100);
    const ofOddName = fc.constantFrom(...ODD_NAMES, ...ODD_NAMES.map((name) => name.toUpperCase()));
    const piece = fc
      .tuple(ofOddName, fc.nat(10), fc.integer({ min: 1, max: 4 }))
      .map(([name, from, length]) => name.slice(from, from + length));
    const some = fc
      .constantFrom(...all)
      .chain((line) =>
        fc.constantFrom(
          line.wallet,
          line.name.toUpperCase(),
          line.key_id.slice(3, 11),
          line.backup_id ?? '',
          ' share-1',
          '',
          'absent',
          '%',
          '_',
          '\\',
        ),
      );
    const wish = fc.record({
      search: fc.oneof(
        some,
        ofOddName,
        piece.filter((text) => text.isWellFormed()),
      ),
      filter: fc.constantFrom(...BACKUP_FILTERS),
      offset: fc.nat(all.length + 5),
      limit: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(wish, ({ search, filter, offset, limit }) => {
        const wanted = search.trim().toLowerCase();
        const fitting = all.filter(
          (line) =>
            FITS[filter](line) &&
            [line.wallet, line.key_id, line.backup_id ?? '', line.name].some((text) => text.toLowerCase().includes(wanted)),
        );
        const page = queries.backupPage({ search, filter, dueBefore: DUE, offset, limit, total: true });
        expect(page.total).toBe(fitting.length);
        expect(page.lines).toEqual(fitting.slice(offset, offset + limit));
      }),
      { numRuns: 300 },
    );
  });

  it('has all lines in the same order where they are read one at a time, and sorts none of them for it', () => {
    let statement = '';
    const seen = new LedgerQueries({
      database: {
        prepare: (sql: string) => {
          statement = sql; // the last one is what is gone through
          return ledger.database.prepare(sql);
        },
      },
    } as unknown as Ledger);
    expect([...seen.eachBackupLine()]).toEqual(all);
    const plan = ledger.database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement}`).all();
    expect(plan.map(({ detail }) => detail).join('\n')).toMatch(/^SCAN line/);
    expect(plan.filter(({ detail }) => detail.includes('TEMP B-TREE'))).toEqual([]);
  });

  it('leaves out no item whose line is gone where they are read one at a time', () => {
    ledger.database.exec('BEGIN; DELETE FROM backup_line WHERE item_id = (SELECT min(item_id) FROM item)');
    expect([...queries.eachBackupLine()]).toEqual(all);
    ledger.database.exec('ROLLBACK');
    expect(queries.backupCounts(DUE).filters.all).toBe(all.length);
  });

  it('counts each filter over all lines', () => {
    const { filters, wallets, oldest } = queries.backupCounts(DUE);
    expect(filters).toEqual(Object.fromEntries(BACKUP_FILTERS.map((one) => [one, all.filter(FITS[one]).length])));
    expect(Object.values(filters).every((number) => number > 0)).toBe(true);
    expect(wallets).toBe(new Set(all.map((line) => line.wallet)).size);
    const checks = all.flatMap((line) => (line.state === 'stored' && line.last_conclusive_at !== null ? [line.last_conclusive_at] : []));
    expect(oldest).toEqual([{ environment: 'production', checked_at: checks.toSorted()[0] }]);
  });

  it('finds letters beyond ASCII in either spelling, and follows a check and a change at once', () => {
    const [line] = all.filter((one) => one.backup_id !== null);
    if (line?.backup_id === null || line === undefined) throw new Error('nothing is stored');
    ledger.append({
      type: 'verified',
      data: { kind: 'backup', id: line.backup_id, check: 'invalid', message: null, status: 200, checked_at: null },
    });
    const find = (filter: BackupFilter, ahead = '2026-12-31T00:00:00.000Z') =>
      queries.backupPage({ search: line.backup_id ?? '', filter, dueBefore: { ...DUE, ahead }, offset: 0, limit: 5, total: true }).total;
    expect([find('invalid'), find('due'), find('due', DUE.ahead)]).toEqual([1, 0, 1]);
    ledger.append({ type: 'store-begun', data: { item_id: line.item_id, resend_accepted: true } });
    expect([
      find('settle'),
      queries.backupPage({ search: '', filter: 'all', dueBefore: DUE, offset: 0, limit: 1, total: false }).lines[0]?.item_id,
    ]).toEqual([1, line.item_id]);
  });
});

describe('a Backups table of 100,000 lines', () => {
  it('pages and searches in less than 50 ms of this machine’s time', () => {
    const path = join(folder, 'many.sqlite');
    makeLargeLedger(path, { events: 1 });
    const ledger = Ledger.open(path, { clock, macKey: LARGE_MAC_KEY });
    fillStateTables(ledger.database, MANY);
    const queries = new LedgerQueries(ledger);
    const { filters } = queries.backupCounts(DUE);
    // On a machine that others keep busy: at most three times what only reading all lines takes.
    const most = Math.max(50, 3 * quickest(() => ledger.database.prepare('SELECT sum(length(find)) FROM backup_line').get()));
    const slow: string[] = [];
    for (const filter of BACKUP_FILTERS) {
      for (const [search, offset] of [
        ['', 0],
        ['', filters[filter] - 100],
        ['share-777', 0],
        ['wallet', 0],
        ['wallet', Math.floor(filters[filter] / 2)],
        ['absent', 0],
      ] as const) {
        const ms = quickest(() =>
          queries.backupPage({ search, filter, dueBefore: DUE, offset: Math.max(0, offset), limit: 100, total: offset === 0 }),
        );
        if (ms >= most) slow.push(`${filter} ${search} ${Math.max(0, offset).toString()}: ${ms.toFixed(0)} ms`);
      }
    }
    const ms = quickest(() => queries.backupCounts(DUE));
    if (ms >= most) slow.push(`counts: ${ms.toFixed(0)} ms`);
    expect(filters).toMatchObject({ all: MANY, settle: MANY / 50, invalid: MANY / 100 });
    ledger.close();
    expect(slow).toEqual([]);
  });
});

/** Milliseconds of processor time, the quickest of several: others work on this machine at the same time. */
function quickest(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}
