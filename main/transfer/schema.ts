import { z } from 'zod';

/** The most bytes of one document (design.md, "Stations and the air gap"). */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

const text = (maxLength: number) => z.string().min(1).max(maxLength);
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const moment = z.iso.datetime({ precision: 3 });
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hexKey = z.string().regex(/^(?:[0-9a-fA-F]{2}){16,2048}$/);
const base64 = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((value) => Buffer.from(value, 'base64').toString('base64') === value, 'is not standard base64');
const environmentName = z.enum(['production', 'sandbox', 'rehearsal', 'custom']);
const check = z.enum(['valid', 'invalid', 'not-checkable', 'unknown']);

const station = z.strictObject({
  id: sha256,
  name: text(100),
  role: z.enum(['single', 'cold', 'online']),
  public_key: base64(44).refine((value) => Buffer.from(value, 'base64').length === 32, 'is not 32 bytes'),
});

const envelope = {
  id: uuid,
  created_at: moment,
  station,
  to: z.array(sha256).max(1000),
  ceremony: uuid.nullable(),
  answers: sha256.nullable(),
  environment_id: sha256.nullable(),
  ledger_seq: count,
  ledger_head: sha256,
  signature: base64(88).refine((value) => Buffer.from(value, 'base64').length === 64, 'is not 64 bytes'),
};

/** Request, response and jwks are the exact body bytes as text, so that anyone can judge the key again. */
const keyPackBody = z.strictObject({
  environment: environmentName,
  account: z.enum(['institution', 'partner']),
  request: text(1024 * 1024),
  response: text(1024 * 1024),
  jwks: text(1024 * 1024),
  jwks_sha256: sha256,
  jwks_fetched_at: moment,
});

const sealedBody = z.strictObject({
  item_id: uuid,
  environment: environmentName,
  key_id: uuid,
  public_key: hexKey,
  mode: z.enum(['direct', 'passphrase', 'envelope', 'envelope+passphrase']),
  size_bytes: count.min(1),
  ciphertext: base64(MAX_DOCUMENT_BYTES).min(1),
  ciphertext_sha256: sha256,
  checksum: sha256.nullable(),
  name: text(1024),
  send_name: z.boolean(),
  asset: text(200).nullable(),
  supersedes: uuid.nullable(),
});

const receiptBody = z.strictObject({
  item_id: uuid,
  environment: environmentName,
  backup_id: uuid,
  backup_type: z.enum(['data', 'file']),
  key_id: uuid,
  sealed_ciphertext_sha256: sha256,
  checksum: sha256.nullable(),
  data_size: count.nullable(),
  stored_at: moment,
  key_check: check,
  backup_check: check,
});

const cardBody = z.strictObject({ reads: z.array(text(40)).max(20) });

/** What lies on one carrier: every document with the SHA-256 and length of its file's bytes. */
const carryBody = z.strictObject({
  documents: z
    .array(z.strictObject({ kind: z.enum(['keypack', 'sealed', 'receipt']), id: uuid, subject: uuid, sha256, size_bytes: count.min(1) }))
    .min(1)
    .max(10_000),
});

/** Every kind and version that this Coldroom reads, by its `coldroom` member. */
export const DOCUMENT_SCHEMAS = {
  'keypack/1': z.strictObject({ coldroom: z.literal('keypack/1'), ...envelope, environment_id: sha256, body: keyPackBody }),
  'sealed/1': z.strictObject({ coldroom: z.literal('sealed/1'), ...envelope, environment_id: sha256, answers: sha256, body: sealedBody }),
  'receipt/1': z.strictObject({
    coldroom: z.literal('receipt/1'),
    ...envelope,
    environment_id: sha256,
    answers: sha256,
    body: receiptBody,
  }),
  'station/1': z.strictObject({ coldroom: z.literal('station/1'), ...envelope, body: cardBody }),
  'carry/1': z.strictObject({ coldroom: z.literal('carry/1'), ...envelope, body: carryBody }),
} as const;

export type DocumentVersion = keyof typeof DOCUMENT_SCHEMAS;
export type KeyPack = z.infer<(typeof DOCUMENT_SCHEMAS)['keypack/1']>;
export type SealedItem = z.infer<(typeof DOCUMENT_SCHEMAS)['sealed/1']>;
export type Receipt = z.infer<(typeof DOCUMENT_SCHEMAS)['receipt/1']>;
export type StationCard = z.infer<(typeof DOCUMENT_SCHEMAS)['station/1']>;
export type CarryList = z.infer<(typeof DOCUMENT_SCHEMAS)['carry/1']>;
export type ColdroomDocument = KeyPack | SealedItem | Receipt | StationCard | CarryList;

export function isDocumentVersion(value: unknown): value is DocumentVersion {
  return typeof value === 'string' && Object.hasOwn(DOCUMENT_SCHEMAS, value);
}
