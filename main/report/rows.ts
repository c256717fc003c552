import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../values/index.ts';
import type { ReportBody } from './report.ts';

/** A row of the ledger as it is chained: `bytes` RFC 8785 text, `mac` 32 bytes. */
export type LedgerRow = { readonly seq: number; readonly bytes: string; readonly mac: Buffer };

export type ChainRow = ReportBody['ledger']['rows'][number];

/** What every row's text holds. design.md, "Ledger". */
const rowMembers = z.strictObject({
  v: z.literal(1),
  ledger_id: z.string(),
  seq: z.number(),
  at: z.string(),
  type: z.string(),
  data: z.record(z.string(), z.json()),
  prev: z.string(),
});
export type RowRecord = z.output<typeof rowMembers>;

/**
 * SECURITY(REQ-ALLOWLIST): the facts whose rows a report shows. The others stay at the station by digest: `secrets` and `released`, which
 * say where files lie, and `pin-proofs`; so does a new one, until it stands here.
 */
const SHOWN_FACTS: ReadonlySet<Json | undefined> = new Set([
  'policy',
  'plan',
  'excepted',
  'inspected',
  'people',
  'pins',
  'paused',
  'reopened',
  'clock',
  'self-test',
  'environment',
  'signer',
  'wallet',
  'wallets',
  'keys-read',
  'network',
  'brought',
  'carried',
  'assignment',
  'words',
  'passphrases',
  'sealing',
  'storing',
  'recovery',
  'recovering',
  'request',
  'raised',
  'released-tries',
  'result-tries',
  'recovered',
  'wiped',
  'checklist',
]);

/** Rows that tell a ceremony, and nothing that helps to guess a secret or says where it lies. */
const SHOWN: Readonly<Record<string, (data: Readonly<Record<string, Json>>) => boolean>> = {
  'ceremony-begun': () => true,
  'ceremony-fact': (data) => SHOWN_FACTS.has(data['name']),
  'ceremony-evidence': () => true,
  'ceremony-signed': () => true,
  'ceremony-exception': () => true,
  'ceremony-ended': () => true,
};

/**
 * Rows as a report gives them: those of this ceremony in full, so that anyone can hash them again, and all others by digest.
 * The checkpoint that ends them is shown as well.
 */
export function chainOf(rows: Iterable<LedgerRow>, ceremonyId: string): ChainRow[] {
  return [...rows].map((row) => {
    const record = parseRow(row.bytes);
    const ours = record?.data['ceremony_id'] === ceremonyId && SHOWN[record.type]?.(record.data) === true;
    const shown = ours || record?.type === 'checkpoint';
    return {
      seq: row.seq,
      prev: record?.prev ?? '0'.repeat(64),
      sha256: rowDigest(row.bytes, row.mac),
      bytes: shown ? row.bytes : null,
      mac: shown ? row.mac.toString('hex') : null,
    };
  });
}

/** SHA-256 over a row's bytes and MAC, which the next row names as `prev`. */
export function rowDigest(bytes: string, mac: Buffer): string {
  return createHash('sha256').update(bytes, 'utf8').update(mac).digest('hex');
}

/** A row's text read, or null where it is none. */
export function parseRow(bytes: string): RowRecord | null {
  try {
    const parsed = rowMembers.safeParse(JSON.parse(bytes));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // no JSON: whoever asked says what that means
  }
}

/** The records of the rows that are shown, in order. */
export function shownRecords(rows: readonly ChainRow[]): RowRecord[] {
  return rows.flatMap((row) => (row.bytes === null ? [] : [parseRow(row.bytes)])).filter((record) => record !== null);
}
