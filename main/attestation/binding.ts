import { canonicalJson, checkError, isJsonObject, parseJson, type ColdroomError, type Json, type JsonObject } from '../values/index.ts';
import type { AssignmentRequest, AssignmentResponse } from './exchange.ts';

const MAX_PAYLOAD_BYTES = 64 * 1024;
const ESCALATE = 'stop and escalate to CoinCover: the key may not be yours';

/** The values in the signed payload, by field, `public_key` among them; as the enclave wrote them. */
export type Bound = Readonly<Record<string, string>>;

/** What the enclave must have signed for this request. */
export type SignedText = {
  /** Its exact UTF-8 bytes are what the signature is over; it is never serialised again. */
  text: string;
  /** The fields asked for and those that the answer says were signed; null where no binding was asked for. */
  fields: { asked: readonly string[]; answered: readonly string[] } | null;
};

/**
 * Says which text of the answer the signature must be over. That follows from the request alone: an answer that could
 * choose between the two forms could drop the binding. Contract, "The enclave's signature".
 * @throws check `payload-unasked`, `payload-missing`.
 */
export function findSignedText(request: AssignmentRequest, response: AssignmentResponse): SignedText {
  const { signed_payload: payload, signed_fields: answered } = response;
  if (request.sign_with === undefined) {
    if (payload === null && answered === null) return { text: response.public_key, fields: null };
    throw refusal('payload-unasked', 'the answer carries a signed payload that nobody asked for');
  }
  if (payload === null || answered === null) throw refusal('payload-missing', 'a binding was asked for, and the answer leaves it out');
  return { text: payload, fields: { asked: request.sign_with, answered } };
}

/**
 * Holds the signed payload against this assignment. That the enclave signed this very text is checked by the caller: a good
 * signature over something else than what was asked is still untrusted. What nobody here can know (`user_id`,
 * `pulled_by_id`) is only held to be a non-empty string; the caller compares `pulled_by_id` with the confirmed accounts.
 * @returns the bound values, or null where no binding was asked for.
 * @throws check `fields-differ`, `payload-not-canonical`, `payload-members`, `binding-mismatch`.
 */
export function checkBinding(signed: SignedText, request: AssignmentRequest, response: AssignmentResponse): Bound | null {
  // SECURITY(REQ-BOUND): a good signature over a key of somebody else’s account is still a good signature.
  if (signed.fields === null) return null;
  const { asked, answered } = signed.fields;
  if (answered.length !== asked.length || answered.some((field, index) => field !== asked[index])) {
    throw refusal('fields-differ', 'the fields that were signed are not those asked for, in that order');
  }
  const bound = readMembers(parsePayload(signed.text), asked);
  checkValues(bound, request, response);
  return bound;
}

function parsePayload(payload: string): JsonObject {
  let json: Json;
  try {
    json = parseJson(Buffer.from(payload, 'utf8'), { maxBytes: MAX_PAYLOAD_BYTES });
  } catch (cause) {
    throw refusal('payload-not-canonical', 'the signed payload is no JSON with one reading', cause);
  }
  if (isJsonObject(json) && canonicalJson(json) === payload) return json;
  throw refusal('payload-not-canonical', 'the signed payload is not an object in its one canonical form (RFC 8785)');
}

function readMembers(payload: JsonObject, asked: readonly string[]): Bound {
  const wanted = new Set(['public_key', ...asked]);
  const entries = Object.entries(payload);
  const texts = entries.filter(
    (entry): entry is [string, string] => wanted.has(entry[0]) && typeof entry[1] === 'string' && entry[1] !== '',
  );
  if (entries.length === wanted.size && texts.length === wanted.size) return Object.fromEntries(texts);
  throw refusal(
    'payload-members',
    'the signed payload does not hold exactly the public key and the fields asked for, each with a non-empty text',
  );
}

/**
 * Every bound value that this station can know must be that of this assignment. A customer or package that was bound though
 * none was sent belongs to nothing we asked for, so it differs as well. The key itself is compared first: of an exchanged key
 * the fingerprint differs too, and the exchange is what people have to hear of.
 */
function checkValues(bound: Bound, request: AssignmentRequest, response: AssignmentResponse): void {
  const known: Readonly<Record<string, string | undefined>> = {
    public_key: response.public_key,
    key_id: response.key_id,
    key_fingerprint: response.fingerprint,
    external_customer_id: request.organisation?.customer_id,
    external_package_id: request.package?.package_id,
  };
  for (const [field, expected] of Object.entries(known)) {
    const value = bound[field];
    if (value === undefined || value === expected) continue;
    // Contract, "The assigned key": lower case. Another spelling is refused as well, and is no other key.
    if (field === 'key_fingerprint' && value.toLowerCase() === expected) {
      throw refusal('binding-mismatch', 'the enclave signed this key’s key_fingerprint, but not in lower case');
    }
    throw refusal('binding-mismatch', `the enclave signed another ${field} than this assignment’s`);
  }
  const type = bound['pulled_by_type'];
  if (type !== undefined && type !== 'api_key' && type !== 'user_credentials') {
    throw refusal('binding-mismatch', 'the enclave signed a pulled_by_type that does not exist');
  }
}

function refusal(code: string, message: string, cause?: unknown): ColdroomError {
  return checkError(code, message, { hint: ESCALATE, ...(cause === undefined ? {} : { cause }) });
}
