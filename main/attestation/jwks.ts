import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { checkError, fingerprintOf, isJsonObject, parseJson, type Fingerprint, type Json, type JsonObject } from '../values/index.ts';

const MAX_JWKS_BYTES = 1024 * 1024;

/** A signing key that may sign assignments now. */
export type JwksEntry = {
  kid: string | null;
  /** SHA-256 of its SubjectPublicKeyInfo in DER: what people confirm. */
  fingerprint: Fingerprint;
  publicKey: KeyObject;
  validFrom: string;
  /** The entry as it stood in the document. */
  jwk: JsonObject;
};

export type Jwks = { usable: JwksEntry[]; unusable: { kid: string | null; reason: string }[] };

const entrySchema = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
  x: z.string(),
  y: z.string(),
  'coincover:purposes': z.array(z.string()),
  'coincover:validFrom': z.iso.datetime({ offset: true }),
});

/**
 * Reads a JWKS document (RFC 7517) and sorts its entries. Usable is: `kty` EC, `crv` P-256, `alg` ES256, `use` sig,
 * `coincover:purposes` with `assignment-sig`, `coincover:validFrom` in the past. Unknown members are passed over.
 * @throws check `jwks-invalid` where it is no JWKS. An entry that is not usable is listed with the reason, and no error.
 *   Contract, "The enclave's signature".
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

function readEntries(bytes: Uint8Array): readonly Json[] {
  let json: Json;
  try {
    json = parseJson(bytes, { maxBytes: MAX_JWKS_BYTES });
  } catch (cause) {
    throw invalid(cause);
  }
  const keys = isJsonObject(json) ? json['keys'] : undefined;
  if (!Array.isArray(keys)) throw invalid();
  return keys as readonly Json[];
}

function invalid(cause?: unknown): Error {
  return checkError('jwks-invalid', 'what came is no list of signing keys (JWKS)', {
    hint: 'stop: check the environment’s JWKS address, and who answers there',
    ...(cause === undefined ? {} : { cause }),
  });
}

function kidOf(entry: Json): string | null {
  const kid = isJsonObject(entry) ? entry['kid'] : null;
  return typeof kid === 'string' ? kid : null;
}

function judgeEntry(entry: Json, nowMs: number): JwksEntry | string {
  if (!isJsonObject(entry)) return 'not an object';
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return `${parsed.error.issues[0]?.path.join('.') ?? 'a member'} is not as it must be`;
  if ('d' in entry) return 'it holds a private key';
  if (!parsed.data['coincover:purposes'].includes('assignment-sig')) return 'its purposes do not include assignment-sig';
  const validFrom = parsed.data['coincover:validFrom'];
  if (!(Date.parse(validFrom) <= nowMs)) return 'it is not valid yet';
  const publicKey = importPoint(parsed.data.x, parsed.data.y);
  if (publicKey === null) return 'its point is not on the curve';
  const fingerprint = fingerprintOf(publicKey.export({ format: 'der', type: 'spki' }));
  return { kid: kidOf(entry), fingerprint, publicKey, validFrom, jwk: entry };
}

function importPoint(x: string, y: string): KeyObject | null {
  const isCoordinate = (text: string) => /^[A-Za-z0-9_-]{43}$/.test(text) && Buffer.from(text, 'base64url').toString('base64url') === text;
  if (!isCoordinate(x) || !isCoordinate(y)) return null;
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch {
    return null; // node refuses a point off the curve; the caller names it
  }
}

/** The key of an anchor, from the entry kept when people confirmed it; null where that entry gives another fingerprint. */
export function anchorKey(jwkText: string, fingerprint: string): JwksEntry | null {
  const entry = parseJson(Buffer.from(jwkText, 'utf8'), { maxBytes: MAX_JWKS_BYTES });
  const judged = judgeEntry(entry, Number.MAX_SAFE_INTEGER);
  return typeof judged === 'string' || judged.fingerprint !== fingerprint ? null : judged;
}
