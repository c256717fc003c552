import { systemCode } from '../values/index.ts';

/**
 * Why a request came to no whole answer. Node's and undici's codes stay as they are, in capitals; Coldroom's own are in
 * kebab-case. A code is kept with the outcome, so that what it means can be said again later; an error's own text is not:
 * it may hold addresses.
 */
export type FailureCode = string;

/** The code of an error that Node, undici or an AbortSignal threw; `unrecognised` where it has none. */
export function failureCode(error: unknown): FailureCode {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timed-out';
  if (error instanceof Error && error.name === 'HTTPParserError') return 'not-http'; // its own code is lost between undici and its parser
  const own = systemCode(error);
  const isUndicis = own?.startsWith('UND_ERR_') === true; // it has an AbortError of its own, for a refusing proxy
  if (error instanceof Error && error.name === 'AbortError' && !isUndicis) return 'cancelled';
  // undici's wrappers say only where it broke; what they wrap says why.
  const inner = error instanceof Error && (own === null || isUndicis) ? systemCode(error.cause) : null;
  return inner ?? own ?? 'unrecognised';
}

const CERTIFICATE = 'the certificate shown there is not to be trusted';
const NO_ANSWER = 'no answer came in time';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'this machine has no network',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: NO_ANSWER,
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_HEADERS_TIMEOUT: NO_ANSWER,
  UND_ERR_BODY_TIMEOUT: NO_ANSWER,
  UND_ERR_HEADERS_OVERFLOW: 'the header of the answer is larger than any of CoinCover’s',
  UND_ERR_ABORTED: 'the proxy refused, or the connection was given up',
  UND_ERR_PRX_CONN: 'the proxy cut the connection',
  UND_ERR_PRX_TLS: 'the proxy’s certificate is for another host',
  CERT_HAS_EXPIRED: 'the certificate shown there has expired',
  CERT_NOT_YET_VALID: 'the certificate shown there is not valid yet; is this machine’s clock right?',
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate shown there is for another host',
  'address-not-allowed': 'its address is not https, or a rehearsal’s address is not on this machine',
  'answer-too-large': 'the answer is larger than any of CoinCover’s',
  cancelled: 'it was cancelled',
  'not-http': 'what came is no answer of a web service',
  'no-token': 'there is no usable API key',
  'proxy-not-allowed': 'the proxy’s address is no http or https URL',
  'timed-out': NO_ANSWER,
};

/** The code in plain words, for a message: a clause without a full stop, with the code itself behind it. */
export function failureWords(code: FailureCode): string {
  const words = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  // A code may have come out of a kept outcome; one that is not shaped like a code is not repeated.
  const shown = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(code) ? code : 'unrecognised';
  return words === undefined ? shown : `${words} (${shown})`;
}
