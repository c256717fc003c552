import { z } from 'zod';
import { IDENTIFIER_TYPES, KINDS } from '../content/index.ts';
import { canonicalJson, sha256, type Json, type Sha256 } from '../values/index.ts';

/** The roles of a ceremony. */
export const PLAN_ROLES = ['administrator', 'operator', 'witness', 'auditor'] as const;
export type PlanRole = (typeof PLAN_ROLES)[number];

/** How an item is sealed. A plan decides: there is no `auto` in it. */
const PLAN_MODES = ['direct', 'passphrase', 'envelope', 'envelope+passphrase'] as const;
export type PlanMode = (typeof PLAN_MODES)[number];

const MAX_WALLETS = 10_000;
const MAX_ITEMS = 1000;
/** Twenty in each role. */
const MAX_PEOPLE = 80;
/** No secret is larger (design.md, "Sealing formats"). */
const MAX_SIZE_BYTES = 12_000_000;

/** Format characters and their like: no screen shows them, some turn the line round, and two plans that differ in one look alike. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/**
 * Text that reads the same on screen, on paper and aloud, and is written in one way: no control characters, nothing unseen, no space at
 * its ends, an accent and its letter as one character where there is one (NFC).
 */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => value.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value), 'holds a control character or a line end')
    .refine((value) => !UNSEEN.test(value), 'holds a character that cannot be seen')
    .refine((value) => value.normalize('NFC') === value, 'has an accent apart from its letter (not NFC); type it anew')
    .refine((value) => value.trim() === value, 'starts or ends with a space');
const size = z.number().int().min(1).max(MAX_SIZE_BYTES);

const itemSchema = z.strictObject({
  name: text(256),
  kind: z.enum(KINDS),
  identifier: z.strictObject({ type: z.enum(IDENTIFIER_TYPES), path: z.string().min(1).max(2000).nullable(), value: text(200) }).nullable(),
  bip39_passphrase: z.boolean(),
  size_bytes: z.strictObject({ min: size, max: size }).nullable(),
  mode: z.enum(PLAN_MODES),
});

const walletSchema = z.strictObject({
  user_identifier: text(256),
  key_environment: z.enum(['HOT', 'COLD']),
  customer_id: text(256).nullable(),
  customer_name: text(256).nullable(),
  package_id: text(256).nullable(),
  package_name: text(256).nullable(),
  items: z.array(itemSchema).min(1).max(MAX_ITEMS),
});

/** A plan as its file has it: every member is there, what does not apply is null, and nothing else is. */
export const planSchema = z.strictObject({
  plan: z.literal(1),
  title: text(200),
  environment: z.enum(['production', 'sandbox', 'rehearsal', 'custom']),
  account: z.enum(['institution', 'partner']),
  people: z
    .array(z.strictObject({ name: text(100), role: z.enum(PLAN_ROLES) }))
    .min(1)
    .max(MAX_PEOPLE),
  /** The rules as `policy new` writes them, which are judged elsewhere; null: those of the station. */
  policy: z.record(z.string(), z.json()).nullable(),
  wallets: z.array(walletSchema).min(1).max(MAX_WALLETS),
});

export type Plan = z.output<typeof planSchema>;
export type PlanWallet = z.output<typeof walletSchema>;
export type PlanItem = z.output<typeof itemSchema>;

/** SHA-256 of the RFC 8785 form: the same for two files that say the same, however they are written. */
export function planDigest(plan: Plan): Sha256 {
  return sha256(canonicalJson(plan));
}

/** A plan, or a draft of one, as a file for people: one member a line, a line end behind it. */
export function encodePlan(plan: Json): Buffer {
  return Buffer.from(`${JSON.stringify(plan, null, 2)}\n`, 'utf8');
}
