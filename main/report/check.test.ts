import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256, type Json } from '../values/index.ts';
import { checkReport } from './check.ts';
import { deriveBody } from './derive.ts';
import { reportSigned, type Report } from './report.ts';
import { chainOf, rowDigest, type ChainRow, type LedgerRow } from './rows.ts';

const LEDGER = '22222222-2222-4222-8222-222222222222';
const CEREMONY = '11111111-1111-4111-8111-111111111111';
const MAC = Buffer.alloc(32, 1);
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const station = { id: sha256(raw), name: 'desk', role: 'single' as const, public_key: raw.toString('base64') };
const signed = (bytes: Uint8Array): string => sign(null, bytes, privateKey).toString('base64');

const about = { ceremony_id: CEREMONY };
const shown = { checks: [], facts: [{ name: 'place', value: 'the vault' }] };
const EVIDENCE = sha256(canonicalJson(shown));
const PEOPLE = [
  { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
  { name: 'Carl Dahl', initials: 'CD', role: 'witness' },
];
type Event = { readonly type: string; readonly data: Record<string, Json>; readonly ledger?: string };
const evidence: Event = {
  type: 'ceremony-evidence',
  data: { ...about, step: 'people', evidence_sha256: EVIDENCE, kinds: ['text'], shown },
};
const signedBy = (initials: string, role: string): Event => ({
  type: 'ceremony-signed',
  data: { ...about, step: 'people', role, initials, evidence_sha256: EVIDENCE },
});
const EVENTS: readonly Event[] = [
  { type: 'ceremony-begun', data: { ...about, number: 1, script: 'rehearsal', environment: 'rehearsal' } },
  { type: 'ceremony-fact', data: { ...about, step: 'people', name: 'people', value: { people: PEOPLE, place: 'the vault' } } },
  evidence,
  signedBy('AB', 'administrator'),
  // What is shown a second time, unchanged, voids nothing.
  evidence,
  signedBy('CD', 'witness'),
  { type: 'token-set', data: { environment: 'rehearsal' } },
  {
    type: 'ceremony-ended',
    data: {
      ...about,
      state: 'aborted',
      reason: 'x',
      summary: { software: { version: '1', sha256: null }, host: null, keys: [], items: [] },
    },
  },
];

/** The rows as a ledger chains them, and behind them the checkpoint over the last. */
function rowsOf(events: readonly Event[]): ChainRow[] {
  const rows: LedgerRow[] = [];
  let prev = '0'.repeat(64);
  const append = ({ type, data, ledger = LEDGER }: Event): void => {
    const seq = rows.length + 1;
    const bytes = canonicalJson({ v: 1, ledger_id: ledger, seq, at: '2026-11-24T10:00:00.000Z', type, data, prev });
    rows.push({ seq, bytes, mac: MAC });
    prev = rowDigest(bytes, MAC);
  };
  for (const event of events) append(event);
  const head = { seq: rows.length, head: prev };
  append({ type: 'checkpoint', data: { ...head, signature: signed(Buffer.from(canonicalJson({ ledger_id: LEDGER, ...head }), 'utf8')) } });
  return chainOf(rows, CEREMONY);
}

/** A report that its station has signed, changed before that. */
function reportOf(events: readonly Event[], change: (rows: ChainRow[]) => void = () => undefined): Report {
  const rows = rowsOf(events);
  const body = deriveBody(station, LEDGER, rows);
  const changed = structuredClone(rows);
  change(changed);
  const unsigned = { ...body, ledger: { ...body.ledger, rows: changed }, pdf: { a4: EVIDENCE, letter: EVIDENCE } };
  return { ...unsigned, signature: signed(reportSigned(unsigned)) };
}

const codesOf = (report: Report): string[] => checkReport(report).map(({ code }) => code);

describe('a report', () => {
  it('that its station signed over rows that follow on each other holds', () => {
    expect(codesOf(reportOf(EVENTS))).toEqual([]);
  });

  it('tells each person once, and whose initials stand under a step, whatever was shown again', () => {
    const { people, steps } = reportOf(EVENTS);
    expect(people).toEqual(PEOPLE);
    expect(steps.map((step) => step.signed.map((one) => one.initials))).toEqual([['AB', 'CD']]);
  });

  it('does not hold where a row that is not shown follows on another one', () => {
    const report = reportOf(EVENTS, (rows) => {
      const hidden = rows.find((row) => row.bytes === null);
      if (hidden !== undefined) hidden.prev = 'a'.repeat(64);
    });
    expect(codesOf(report)).toContain('report-chain');
  });

  it('does not hold where a row is of another ledger', () => {
    expect(codesOf(reportOf(EVENTS.map((one, at) => (at === 1 ? { ...one, ledger: CEREMONY } : one))))).toEqual(['report-row']);
  });

  it('does not hold where its rows end otherwise than with the checkpoint over them', () => {
    const report = reportOf(EVENTS, (rows) => {
      const last = rows.at(-1);
      if (last !== undefined) Object.assign(last, { bytes: null, mac: null });
    });
    expect(codesOf(report)).toContain('report-head');
  });

  it('does not hold where it was changed after it was signed', () => {
    const report = reportOf(EVENTS);
    expect(codesOf({ ...report, signers: ['a'.repeat(64)] })).toEqual(['report-signature']);
    expect(codesOf({ ...report, station: { ...station, id: 'a'.repeat(64) } })).toEqual(['report-station']);
  });
});
