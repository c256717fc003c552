import { canonicalJson, checkError, inputError, isJsonObject, parseJson, quote, type ColdroomError, type Json } from '../values/index.ts';
import type { AssignmentRequest, AssignmentResponse } from './exchange.ts';

/** What `sign_with` may name; `public_key` is always signed and may not be asked for. Contract, "The enclave's signature". */
const SIGN_WITH_FIELDS = [
  'external_customer_id',
  'external_package_id',
  'pulled_by_id',
  'pulled_by_type',
  'user_id',
  'key_id',
  'key_fingerprint',
] as const;

const MAX_PAYLOAD_BYTES = 64 * 1024;
const ESCALATE = 'stop and escalate to CoinCover: the key may not be yours';

/** What Coldroom asks to be bound where nobody says otherwise. design.md, "Trust". */
export function defaultSignWith(sent: { customerId?: string; packageId?: string }): readonly string[] {
  return [
    'key_id',
    'key_fingerprint',
    'pulled_by_id',
    'pulled_by_type',
    ...(sent.customerId === undefined ? [] : ['external_customer_id']),
    ...(sent.packageId === undefined ? [] : ['external_package_id']),
  ];
}

/**
 * Reads the command line's `--sign-with a,b|none`.
 * @returns the fields in their order, or null for `none`. @throws input `sign-with-field`: empty, unknown, twice, `public_key`.
 */
export function parseSignWith(text: string): readonly string[] | null {
  if (text === 'none') return null;
  const fields = text.split(',');
  checkSignWith(fields);
  return fields;
}

/** @throws input `sign-with-field`. */
export function checkSignWith(fields: readonly string[]): void {
  const wrong = fields.find((field, index) => !(SIGN_WITH_FIELDS as readonly string[]).includes(field) || fields.indexOf(field) !== index);
  if (wrong === undefined && fields.length > 0) return;
  throw inputError('sign-with-field', `${quote(wrong ?? '')} is empty, given twice, or no field that the enclave can sign`, {
    hint: `the fields are ${SIGN_WITH_FIELDS.join(', ')}; public_key is always signed`,
  });
}

/** The values that the enclave signed beside the public key, by field; null where no binding was asked for. */
export type Bound = Readonly<Record<string, string>>;

/**
 * Holds the answer's signed payload against what was asked. That the enclave signed these very bytes is checked elsewhere;
 * a good signature over something else than this assignment is still untrusted.
 * @throws check `payload-unasked`, `payload-missing`, `fields-differ`, `payload-not-canonical`, `payload-members`,
 *   `binding-mismatch`.
 */
export function checkBinding(request: AssignmentRequest, response: AssignmentResponse): Bound | null {
  const asked = request.sign_with;
  if (asked === undefined) {
    if (response.signed_payload === null && response.signed_fields === null) return null;
    throw refusal('payload-unasked', 'the answer carries a signed payload that nobody asked for');
  }
  const { signed_payload: payload, signed_fields: fields } = response;
  if (payload === null || fields === null) throw refusal('payload-missing', 'a binding was asked for, and the answer leaves it out');
  if (fields.length !== asked.length || fields.some((field, index) => field !== asked[index])) {
    throw refusal('fields-differ', 'the fields that were signed are not those asked for, in that order');
  }
  const bound = readPayload(payload, asked);
  checkValues(bound, request, response);
  return bound;
}

function readPayload(payload: string, asked: readonly string[]): Bound {
  const json = parsePayload(payload);
  if (!isJsonObject(json) || canonicalJson(json) !== payload) {
    throw refusal('payload-not-canonical', 'the signed payload is not in its one canonical form (RFC 8785)');
  }
  const wanted = new Set(['public_key', ...asked]);
  const entries = Object.entries(json);
  const isExact =
    entries.length === wanted.size && entries.every(([field, value]) => wanted.has(field) && typeof value === 'string' && value !== '');
  if (!isExact)
    throw refusal('payload-members', 'the signed payload does not hold exactly the public key and the fields asked for, each with a value');
  return Object.fromEntries(entries.map(([field, value]) => [field, value as string]));
}

function parsePayload(payload: string): Json {
  try {
    return parseJson(Buffer.from(payload, 'utf8'), { maxBytes: MAX_PAYLOAD_BYTES });
  } catch (cause) {
    throw refusal('payload-not-canonical', 'the signed payload is no JSON with one reading', cause);
  }
}

/** Every bound value that this station can know must be that of this assignment. */
function checkValues(bound: Bound, request: AssignmentRequest, response: AssignmentResponse): void {
  const known: Readonly<Record<string, string | undefined>> = {
    public_key: response.public_key,
    key_id: response.key_id,
    key_fingerprint: response.fingerprint,
    external_customer_id: request.organisation?.customer_id,
    external_package_id: request.package?.package_id,
  };
  for (const [field, value] of Object.entries(bound)) {
    if (Object.hasOwn(known, field) && known[field] !== value) {
      throw refusal('binding-mismatch', `the enclave signed another ${field} than this assignment’s`);
    }
  }
  const type = bound['pulled_by_type'];
  if (type !== undefined && type !== 'api_key' && type !== 'user_credentials') {
    throw refusal('binding-mismatch', 'the enclave signed a pulled_by_type that does not exist');
  }
}

function refusal(code: string, message: string, cause?: unknown): ColdroomError {
  return checkError(code, message, { hint: ESCALATE, ...(cause === undefined ? {} : { cause }) });
}
