import { z } from 'zod';
import { canonicalJson, sha256, type JsonObject, type Sha256 } from '../values/index.ts';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const time = z.iso.datetime({ precision: 3 });
const text = z.string().max(20_000);

const check = z.strictObject({ id: text, result: z.enum(['passed', 'amber', 'failed', 'waits']), what: text, rests_on: text });
const fact = z.strictObject({ name: text, value: text, kind: z.enum(['text', 'id', 'hex', 'time']) });
const person = z.strictObject({ name: text, initials: text, role: z.enum(['administrator', 'operator', 'witness', 'auditor']) });
/** The person's PIN was typed with the initials, and was right; of a person: they had chosen one. Left out where none was asked for. */
const pin = z.literal(true).exactOptional();
/** `name` is whose initials they were at that time: a role may have been handed over since. */
const signOff = z.strictObject({ role: text, initials: text, name: text, at: time, pin });

/** One row of the ledger's chain. Rows that hold a sealed item, a receipt, an answer, or where a file lies are given by digest alone. */
const chainRow = z.strictObject({
  seq: z.number().int().positive(),
  prev: hex64,
  /** SHA-256 over the row's bytes and MAC: the next row's `prev`. */
  sha256: hex64,
  /** RFC 8785 text, and the MAC in hex; null where the row is given by digest. */
  bytes: z.string().nullable(),
  mac: hex64.nullable(),
});

/** `place` is the plan's member, `exceptions` what people went on with there. A line of the plan has `planned`, one beyond it null. */
export const planLine = z.strictObject({
  place: text,
  planned: text.nullable(),
  done: text.nullable(),
  result: z.enum(['as-planned', 'rehearsal', 'excepted', 'departs', 'not-done', 'elsewhere', 'unchecked']),
  exceptions: z.array(z.strictObject({ code: text, reason: text, initials: z.array(text) })),
});

const reportMembers = {
  coldroom: z.literal('report/1'),
  station: z.strictObject({ id: hex64, name: text, role: z.enum(['single', 'cold', 'online']), public_key: text }),
  /** The program that ran the ceremony, and the SHA-256 of its bundle; null where it ran from its sources. */
  software: z.strictObject({ version: text, sha256: hex64.nullable() }),
  ceremony: z.strictObject({
    id: z.string().regex(UUID),
    number: z.number().int().positive(),
    script: text,
    environment: text,
    host: text.nullable(),
    state: z.enum(['closed', 'escalated', 'aborted']),
    reason: text.nullable(),
    begun_at: time,
    ended_at: time,
    place: text.nullable(),
    /** The witness's clock against this machine's, in seconds. */
    clock_offset_seconds: z.number().nullable(),
  }),
  /** What was to be done, and what was: the plan's digest, who approved it beforehand, and line by line. Null: no plan was followed. */
  plan: z
    .strictObject({
      sha256: hex64,
      title: text,
      approvals: z.array(z.strictObject({ ...person.shape, at: time })),
      lines: z.array(planLine),
    })
    .nullable(),
  /** The rules that the ceremony ran under, and the SHA-256 of their RFC 8785 form. */
  policy: z.strictObject({ sha256: hex64, rules: z.record(z.string(), z.json()) }).nullable(),
  /** Who had a role when it ended. Whoever handed theirs over stands by name beside the initials they gave. */
  people: z.array(z.strictObject({ ...person.shape, pin })),
  steps: z.array(
    z.strictObject({
      number: z.number().int().positive(),
      id: text,
      title: text,
      /** What stood on screen when the initials were put to it, or when the ceremony was stopped there: then nobody signed. */
      checks: z.array(check),
      facts: z.array(fact),
      evidence_sha256: hex64,
      signed: z.array(signOff),
    }),
  ),
  exceptions: z.array(z.strictObject({ at: time, step: text, text, initials: text.nullable(), pin })),
  keys: z.array(z.strictObject({ key_id: text, user_identifier: text, key_environment: z.enum(['HOT', 'COLD']), fingerprint: hex64 })),
  /** Fingerprints of the enclave signing keys that people compared. */
  signers: z.array(hex64),
  items: z.array(
    z.strictObject({
      item_id: text,
      name: text,
      key_id: text,
      mode: text,
      size_bytes: z.number(),
      ciphertext_sha256: hex64,
      state: text,
      backup_id: text.nullable(),
      last_check: text.nullable(),
    }),
  ),
  /** From the row that began the ceremony to its checkpoint, without a gap. */
  ledger: z.strictObject({
    ledger_id: text,
    rows: z.array(chainRow).min(1),
    /** Base64 Ed25519 over RFC 8785 of {ledger_id, seq, head}. */
    head: z.strictObject({ seq: z.number().int().positive(), head: hex64, signature: text }),
  }),
};

/** A ceremony's report without what is said of its printed forms. */
export const reportBodySchema = z.strictObject(reportMembers);

/** The whole file: `pdf` are the SHA-256 of both printed forms, `signature` the station's Ed25519 (base64) over {@link reportSigned}. */
export const reportSchema = z.strictObject({
  ...reportMembers,
  pdf: z.strictObject({ a4: hex64, letter: hex64 }),
  signature: z.string().max(200),
});

export type ReportBody = z.output<typeof reportBodySchema>;
export type Report = z.output<typeof reportSchema>;
export type PaperSize = keyof Report['pdf'];

/** A report without what is said of its printed forms and without its signature. */
export function bodyOf(report: Report): ReportBody {
  return without(report, ['pdf', 'signature']) as ReportBody;
}

/** What a printed report bears in hex, words and QR code: the SHA-256 of the body's RFC 8785 form. */
export function reportDigest(body: ReportBody): Sha256 {
  return sha256(canonicalJson(body));
}

/** What the station signs: RFC 8785 of the report without its signature, after a line that no other signature of Coldroom begins with. */
export function reportSigned(report: Omit<Report, 'signature'>): Buffer {
  return Buffer.from(`coldroom report/1\n${canonicalJson(without(report, ['signature']))}`, 'utf8');
}

function without(value: object, members: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value as JsonObject).filter(([member]) => !members.includes(member)));
}
