import { z } from 'zod';
import { parseAssignedKey, type AssignedKey } from '../sealing/index.ts';
import { checkError, isUuid, parseJson, type Fingerprint, type HexPublicKey, type Json, type KeyId } from '../values/index.ts';
import { isSignWith } from './sign-with.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const ESCALATE = 'stop and escalate to CoinCover';
const NOT_OURS = 'stop: this is no request of a Coldroom station';

const requestSchema = z.strictObject({
  user_identifier: z.string().min(1),
  key_type: z.literal('rsa4096'),
  // Never left out: CoinCover would then make a HOT key (contract, "Endpoints").
  key_environment: z.enum(['HOT', 'COLD']),
  organisation: z.strictObject({ customer_id: z.string(), customer_name: z.string().optional() }).optional(),
  package: z.strictObject({ package_id: z.string(), package_name: z.string().optional() }).optional(),
  sign_with: z.array(z.string()).refine(isSignWith).optional(),
});

/** The body of `POST /v1/keys` as Coldroom sends it. Contract, "Endpoints". */
export type AssignmentRequest = z.infer<typeof requestSchema>;

/** Unknown members of an answer are passed over; those that are used have their types, and null is as good as absent. */
const responseSchema = z.looseObject({
  key_id: z.string(),
  public_key: z.string(),
  signature: z.string().nullish(),
  customer_id: z.string().nullish(),
  package_id: z.string().nullish(),
  signed_payload: z.string().nullish(),
  signed_fields: z.array(z.string()).nullish(),
});

/** CoinCover's answer to an assignment. That it has its form says nothing yet about who wrote it. */
export type AssignmentResponse = {
  key_id: KeyId;
  /** As delivered: hex of DER, in whatever case it came. */
  public_key: HexPublicKey;
  /** The same, read: RSA-4096 in one of its two forms. */
  key: AssignedKey;
  /** SHA-256 of the decoded `public_key`, 64 lowercase hex. */
  fingerprint: Fingerprint;
  /** As delivered, not decoded yet; null where the answer has none. */
  signature: string | null;
  customer_id: string | null;
  package_id: string | null;
  signed_payload: string | null;
  signed_fields: readonly string[] | null;
};

/**
 * Reads the request body that this or another station sent: UTF-8 JSON, at most 1 MiB, unknown members refused.
 * @throws check `request-invalid`.
 */
export function parseAssignmentRequest(bytes: Uint8Array): AssignmentRequest {
  const parsed = requestSchema.safeParse(readJson(bytes, { code: 'request-invalid', what: 'the request', hint: NOT_OURS }));
  if (parsed.success) return parsed.data;
  throw checkError('request-invalid', 'the request is not one that Coldroom sends', { hint: NOT_OURS });
}

/**
 * Reads the body of CoinCover's answer: UTF-8 JSON, at most 1 MiB.
 * @throws check `response-invalid`, `key-id-invalid`, and those of parseAssignedKey.
 */
export function parseAssignmentResponse(bytes: Uint8Array): AssignmentResponse {
  const parsed = responseSchema.safeParse(readJson(bytes, { code: 'response-invalid', what: 'the answer', hint: ESCALATE }));
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path[0];
    const what = typeof member === 'string' ? `the answer’s ${member}` : 'the answer';
    throw checkError('response-invalid', `${what} is missing or not of its type`, { hint: ESCALATE });
  }
  const answer = parsed.data;
  if (!isUuid(answer.key_id)) throw checkError('key-id-invalid', 'the answer’s key_id is no uuid', { hint: ESCALATE });
  const key = parseAssignedKey(answer.public_key);
  return {
    // isUuid narrows to our own brand; CoinCover's ids have one of their own, so that the two are not mixed.
    key_id: answer.key_id as unknown as KeyId,
    public_key: key.hex,
    key,
    fingerprint: key.fingerprint,
    signature: answer.signature ?? null,
    customer_id: answer.customer_id ?? null,
    package_id: answer.package_id ?? null,
    signed_payload: answer.signed_payload ?? null,
    signed_fields: answer.signed_fields ?? null,
  };
}

function readJson(bytes: Uint8Array, refuse: { code: string; what: string; hint: string }): Json {
  try {
    return parseJson(bytes, { maxBytes: MAX_BODY_BYTES });
  } catch (cause) {
    throw checkError(refuse.code, `${refuse.what} is no JSON with one reading`, { hint: refuse.hint, cause });
  }
}
