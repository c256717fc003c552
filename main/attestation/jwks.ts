import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import {
  checkError,
  fingerprintOf,
  isColdroomError,
  isJsonObject,
  parseJson,
  type ColdroomError,
  type Fingerprint,
  type Json,
  type JsonObject,
} from '../values/index.ts';

const MAX_JWKS_BYTES = 1024 * 1024;

/** A signing key that may sign assignments now. */
export type JwksEntry = {
  /** For display only: sandbox and production use one name for different keys (contract, "Environments"). */
  kid: string | null;
  /** SHA-256 of its SubjectPublicKeyInfo in DER, 64 lowercase hex: what people confirm. */
  fingerprint: Fingerprint;
  publicKey: KeyObject;
  /** RFC 3339 date-time, as it stood in the document. */
  validFrom: string;
  /** The entry as it stood in the document. */
  jwk: JsonObject;
};

/** `unusable` is for display: why an entry is not used, in lower case; `reason` never holds the entry's own text. */
export type Jwks = { usable: JwksEntry[]; unusable: { kid: string | null; reason: string }[] };

/** Failures of a document that nobody should go on with, whatever it is wanted for. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'jwks-too-large',
  'jwks-not-json',
  'jwks-duplicate-member',
  'jwks-invalid',
  'jwks-private-key',
  'jwks-point',
]);

const entrySchema = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
  x: z.string(),
  y: z.string(),
  'coincover:purposes': z.array(z.string()),
  // RFC 3339 in upper case with seconds and an offset. A leap second is refused, and so is a day that does not exist.
  'coincover:validFrom': z.iso.datetime({ offset: true }),
});

/**
 * Reads a JWKS document (RFC 7517), at most 1 MiB, and sorts its entries. Usable is: `kty` EC, `crv` P-256, `alg` ES256, `use`
 * sig, `coincover:purposes` with `assignment-sig`, `coincover:validFrom` not after now. Unknown members are passed over, and
 * an entry that is not usable is listed with the reason. Contract, "The enclave's signature".
 * @throws check for a document that nobody should go on with: `jwks-too-large`, `jwks-not-json`, `jwks-duplicate-member`,
 *   `jwks-invalid` (no list of keys), `jwks-private-key` (any entry has a `d`), `jwks-point` (an entry usable but for its point).
 */
export function parseJwks(bytes: Uint8Array, at: { nowMs: number }): Jwks {
  const jwks: Jwks = { usable: [], unusable: [] };
  for (const entry of readEntries(bytes)) {
    const judged = judgeEntry(entry, at.nowMs);
    if (typeof judged === 'string') jwks.unusable.push({ kid: kidOf(entry), reason: judged });
    else jwks.usable.push(judged);
  }
  return jwks;
}

/**
 * Reads a JWKS document as {@link parseJwks} does, for whoever needs a key from it: at least one must be usable now.
 * @throws check those of parseJwks; `jwks-no-usable-key`, whose message says for each reason how many keys are unusable by it.
 */
export function parseUsableKeys(bytes: Uint8Array, at: { nowMs: number }): JwksEntry[] {
  const { usable, unusable } = parseJwks(bytes, at);
  if (usable.length > 0) return usable;
  throw checkError('jwks-no-usable-key', `the list of signing keys holds none that may sign assignments today: ${countReasons(unusable)}`, {
    hint: 'check this machine’s clock and the environment’s JWKS address, then ask CoinCover',
  });
}

/** True for a failure of the document itself, which another copy of it need not have. */
export function isUnreadableJwks(error: unknown): boolean {
  return isColdroomError(error) && UNREADABLE.has(error.code);
}

/** The window tells two of the reasons apart by these words: renderer/words/failure-key.ts. */
function countReasons(unusable: Jwks['unusable']): string {
  const counts = new Map<string, number>();
  for (const { reason } of unusable) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (counts.size === 0) return 'it is empty';
  return [...counts].map(([reason, count]) => `${count.toString()} ${reason}`).join(', ');
}

/**
 * The key of an anchor, from the JWKS entry kept when people confirmed it. It was usable then; whether its time has come is
 * not asked again, since the clock of a cold machine drifts and people have confirmed the key itself.
 * @param jwkText the entry as JSON. @throws check `anchor-damaged`: it gives no usable key, or one of another fingerprint.
 */
export function parseAnchorKey(jwkText: string, fingerprint: string): JwksEntry {
  let judged: JwksEntry | string;
  try {
    judged = judgeEntry(parseJson(Buffer.from(jwkText, 'utf8'), { maxBytes: MAX_JWKS_BYTES }), Number.POSITIVE_INFINITY);
  } catch (cause) {
    throw damaged(cause);
  }
  if (typeof judged === 'string' || judged.fingerprint !== fingerprint) throw damaged();
  return judged;
}

function readEntries(bytes: Uint8Array): readonly Json[] {
  const json = readDocument(bytes);
  const keys = isJsonObject(json) ? json['keys'] : undefined;
  if (isJsonList(keys)) return keys;
  throw refusal('jwks-invalid', 'what came is JSON, but no list of signing keys (JWKS)');
}

function readDocument(bytes: Uint8Array): Json {
  try {
    return parseJson(bytes, { maxBytes: MAX_JWKS_BYTES });
  } catch (cause) {
    const why = isColdroomError(cause) ? cause.code : '';
    if (why === 'json-too-large') throw refusal('jwks-too-large', 'the list of signing keys is larger than 1 MiB', cause);
    if (why === 'json-duplicate-member') throw refusal('jwks-duplicate-member', 'the list of signing keys has a member twice', cause);
    throw refusal('jwks-not-json', 'what came is no JSON with one reading, so no list of signing keys (JWKS)', cause);
  }
}

/** Array.isArray alone loses the element type of a readonly array. */
function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function kidOf(entry: Json): string | null {
  const kid = isJsonObject(entry) ? entry['kid'] : null;
  return typeof kid === 'string' ? kid : null;
}

/** The entry as a key, or why it is not used. */
function judgeEntry(entry: Json, nowMs: number): JwksEntry | string {
  if (!isJsonObject(entry)) return 'not an object';
  // Whoever publishes one private half may have published another: nothing that this document says is believed.
  if (Object.hasOwn(entry, 'd')) throw refusal('jwks-private-key', 'the list of signing keys holds a private key');
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return `of another kind (${parsed.error.issues[0]?.path[0]?.toString() ?? 'form'})`;
  if (!parsed.data['coincover:purposes'].includes('assignment-sig')) return 'for other purposes than assignment-sig';
  const validFrom = parsed.data['coincover:validFrom'];
  // Written so that a time that is no number lands among the refused.
  if (!(Date.parse(validFrom) <= nowMs)) return 'not valid yet';
  const publicKey = importPoint(parsed.data.x, parsed.data.y);
  const fingerprint = fingerprintOf(publicKey.export({ format: 'der', type: 'spki' }));
  return { kid: kidOf(entry), fingerprint, publicKey, validFrom, jwk: entry };
}

/** Coordinates are base64url of exactly 32 bytes, without padding, in their one spelling (RFC 7518 §6.2.1). */
function importPoint(x: string, y: string): KeyObject {
  if (!isCoordinate(x) || !isCoordinate(y)) throw badPoint();
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch (cause) {
    throw badPoint(cause);
  }
}

function isCoordinate(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === text;
}

function badPoint(cause?: unknown): ColdroomError {
  return refusal('jwks-point', 'a signing key in the list is no point of the curve P-256', cause);
}

function refusal(code: string, message: string, cause?: unknown): ColdroomError {
  return checkError(code, message, {
    hint: 'stop: check the environment’s JWKS address and who answers there, then ask CoinCover',
    ...(cause === undefined ? {} : { cause }),
  });
}

function damaged(cause?: unknown): ColdroomError {
  return checkError('anchor-damaged', 'a confirmed signing key is not kept as it was confirmed', {
    hint: 'stop: run `coldroom ledger check`, and let people confirm the signing key again',
    ...(cause === undefined ? {} : { cause }),
  });
}
