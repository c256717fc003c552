import { inputError, quote } from '../values/index.ts';

/** What `sign_with` may name; `public_key` is always signed and may not be asked for. Contract, "The enclave's signature". */
const SIGN_WITH_FIELDS: readonly string[] = [
  'external_customer_id',
  'external_package_id',
  'pulled_by_id',
  'pulled_by_type',
  'user_id',
  'key_id',
  'key_fingerprint',
];

/**
 * What Coldroom asks to be bound where nobody says otherwise. `external_…` are asked for only where they are sent: CoinCover
 * answers 400 to a field that it cannot resolve. design.md, "Trust".
 */
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
 * Reads the command line's `--sign-with a,b|none`. Names are case-sensitive, and nothing is trimmed.
 * @returns the fields in their order, or null for `none`: no binding is asked for.
 * @throws input `sign-with-field`.
 */
export function parseSignWith(text: string): readonly string[] | null {
  if (text === 'none') return null;
  const fields = text.split(',');
  checkSignWith(fields);
  return fields;
}

/** Refuses an empty list and a field that is empty, unknown, given twice, or `public_key`. @throws input `sign-with-field`. */
export function checkSignWith(fields: readonly string[]): void {
  if (isSignWith(fields)) return;
  throw inputError('sign-with-field', `${quote(fields.find(isWrong) ?? '')} is empty, given twice, or no field that the enclave can sign`, {
    hint: `the fields are ${SIGN_WITH_FIELDS.join(', ')}; public_key is always signed`,
  });
}

/** True for a list that `sign_with` may be: at least one field, each known, none twice. */
export function isSignWith(fields: readonly string[]): boolean {
  return fields.length > 0 && !fields.some(isWrong);
}

function isWrong(field: string, index: number, fields: readonly string[]): boolean {
  return !SIGN_WITH_FIELDS.includes(field) || fields.indexOf(field) !== index;
}
