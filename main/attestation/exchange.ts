import { z } from 'zod';
import {
  checkError,
  decodeHex,
  fingerprintOf,
  isUuid,
  parseJson,
  type Fingerprint,
  type HexPublicKey,
  type Json,
  type KeyId,
} from '../values/index.ts';

const MAX_ANSWER_BYTES = 1024 * 1024;

const requestSchema = z.strictObject({
  user_identifier: z.string().min(1),
  key_type: z.literal('rsa4096'),
  key_environment: z.enum(['HOT', 'COLD']),
  organisation: z.strictObject({ customer_id: z.string(), customer_name: z.string().optional() }).optional(),
  package: z.strictObject({ package_id: z.string(), package_name: z.string().optional() }).optional(),
  sign_with: z.array(z.string()).min(1).optional(),
});

/** The body of `POST /v1/keys` as Coldroom sends it. */
export type AssignmentRequest = z.infer<typeof requestSchema>;

/** Unknown members of an answer are passed over; those that are used have their types. */
const responseSchema = z.looseObject({
  key_id: z.string(),
  public_key: z.string(),
  signature: z.string().optional(),
  customer_id: z.string().nullish(),
  package_id: z.string().nullish(),
  signed_payload: z.string().nullish(),
  signed_fields: z.array(z.string()).nullish(),
});

export type AssignmentResponse = {
  key_id: KeyId;
  public_key: HexPublicKey;
  /** SHA-256 of the decoded `public_key`. */
  fingerprint: Fingerprint;
  signature: string | undefined;
  customer_id: string | null;
  package_id: string | null;
  signed_payload: string | null;
  signed_fields: readonly string[] | null;
};

/** Reads a request that this or another station sent. @throws check `request-invalid`. */
export function parseAssignmentRequest(bytes: Uint8Array): AssignmentRequest {
  const parsed = requestSchema.safeParse(readJson(bytes, 'request-invalid', 'the request'));
  if (parsed.success) return parsed.data;
  throw checkError('request-invalid', 'the request is not one that Coldroom sends', {
    hint: 'stop: the key pack was not made by an honest station',
  });
}

/** Reads CoinCover's answer. @throws check `response-invalid`, `key-id-invalid`. */
export function parseAssignmentResponse(bytes: Uint8Array): AssignmentResponse {
  const parsed = responseSchema.safeParse(readJson(bytes, 'response-invalid', 'the answer'));
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path.join('.') ?? '';
    throw checkError('response-invalid', `the answer’s ${member} is missing or not of its type`, {
      hint: 'stop and escalate to CoinCover',
    });
  }
  const answer = parsed.data;
  if (!isUuid(answer.key_id))
    throw checkError('key-id-invalid', 'the answer’s key_id is no uuid', { hint: 'stop and escalate to CoinCover' });
  return {
    key_id: answer.key_id as unknown as KeyId,
    public_key: answer.public_key as HexPublicKey,
    fingerprint: fingerprintOf(decodeHex(answer.public_key) ?? Buffer.alloc(0)),
    signature: answer.signature,
    customer_id: answer.customer_id ?? null,
    package_id: answer.package_id ?? null,
    signed_payload: answer.signed_payload ?? null,
    signed_fields: answer.signed_fields ?? null,
  };
}

function readJson(bytes: Uint8Array, code: string, what: string): Json {
  try {
    return parseJson(bytes, { maxBytes: MAX_ANSWER_BYTES });
  } catch (cause) {
    throw checkError(code, `${what} is no JSON with one reading: ${cause instanceof Error ? cause.message : 'unreadable'}`, {
      hint: 'stop and escalate to CoinCover',
      cause,
    });
  }
}
