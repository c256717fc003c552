/** A problem as the shells hand it on. `family` is one of main's five, and anything else is taken for a bug. */
export type Problem = { readonly family: string; readonly code: string; readonly message: string; readonly hint: string | null };

/** How concludeAssignment in main begins every message about an answer that it put into quarantine. */
const QUARANTINED = /^the key is not trusted, and its answer is kept in quarantine: /;

const CERTIFICATE = /\((?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)[A-Z_]+\)$/;
const UNKNOWN = '^it is not known whether CoinCover (?:assigned a key|stored the item): ';

/**
 * What main tells in its message alone, though people have to do different things. Each pattern stands at the fixed part of a
 * message, never in words that came from outside but for CoinCover's own "verification failed". Where main's wording changes, the
 * text of the code itself is shown, which holds for all of its variants; `test/failure-words.test.ts` notices.
 */
const BY_MESSAGE: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  'outcome-unknown': [
    [/^CoinCover may or may not hold this item: an earlier attempt/, 'earlier'],
    [/^it is still not known whether CoinCover holds this item; sending it again ended unknown as well/, 'resent-unknown'],
    [/^it is still not known whether CoinCover holds this item; sending it again/, 'resent'],
    [new RegExp(`${UNKNOWN}the answer \\(status 408\\)`), 'status-408'],
    [new RegExp(`${UNKNOWN}the answer \\(status 2\\d\\d\\)`), 'unreadable'],
    [new RegExp(`${UNKNOWN}the answer \\(status 3\\d\\d\\)`), 'redirected'],
    [new RegExp(`${UNKNOWN}the answer \\(status 4\\d\\d\\)`), 'not-coincover'],
    [new RegExp(`${UNKNOWN}the answer \\(status 5\\d\\d\\)`), 'server-error'],
    [new RegExp(`${UNKNOWN}no whole answer came, .*\\(cancelled\\)$`), 'cancelled'],
    [new RegExp(`${UNKNOWN}no whole answer came`), 'cut'],
  ],
  'not-sent': [
    [/\(cancelled\)$/, 'cancelled'],
    [/\(no-token\)$/, 'no-token'],
    [CERTIFICATE, 'certificate'],
  ],
  'answer-not-kept': [
    [/^nothing was sent, /, 'not-sent'],
    [/^the request left, no whole answer came, /, 'lost'],
  ],
  'jwks-unreachable': [
    [/\(cancelled\)$/, 'cancelled'],
    [CERTIFICATE, 'certificate'],
  ],
  'service-400': [[/verification[ _-]failed/i, 'verification-failed']],
  'service-409': [[/; an earlier assignment for it ended unknown, so CoinCover probably holds that key$/, 'after-unknown']],
  'jwks-no-usable-key': [
    [/ assignments today: (?:.*, )?\d+ not valid yet(?:, |$)/, 'not-yet-valid'],
    [/ assignments today: \d+ for other purposes than assignment-sig$/, 'wrong-purpose'],
  ],
  'binding-mismatch': [
    [/^the enclave signed this key’s key_fingerprint, but not in lower case$/, 'spelling'],
    ...['public_key', 'key_id', 'key_fingerprint', 'external_customer_id', 'external_package_id'].map(
      (field) => [new RegExp(`^the enclave signed another ${field} than `), field] as const,
    ),
  ],
};

/** How writeKept in main begins its hint: the work is done and in the ledger, and only its file could not be written. */
const KEPT = /^the (?:key is assigned and|item is sealed and|item is stored and its receipt) kept: /;

/** What is known of a problem beyond its code, or null. */
export function variantOf({ code, message, hint }: Problem): string | null {
  if (code.startsWith('output-')) return hint !== null && KEPT.test(hint) ? 'kept' : null;
  const patterns = Object.hasOwn(BY_MESSAGE, code) ? (BY_MESSAGE[code] ?? []) : [];
  const told = message.replace(QUARANTINED, '');
  return patterns.find(([pattern]) => pattern.test(told))?.[1] ?? null;
}

/** The keys under which a problem may have a text, the closest first; see `failures.ts`. */
export function keysOf(problem: Problem, step: string | null, variant: string | null): readonly string[] {
  const place =
    step === 'assign' && problem.message.startsWith('the key is not trusted, and its answer is kept in quarantine: ')
      ? 'assign.quarantine'
      : step;
  const codes = variant === null ? [problem.code] : [`${problem.code}:${variant}`, problem.code];
  return [...(place === null ? [] : codes.map((code) => `${place}/${code}`)), ...codes];
}
