import { parseAssignedKey, type AssignedKey } from '../sealing/index.ts';
import { checkError, ColdroomError, quote, type KeyId } from '../values/index.ts';
import { checkBinding, type Bound } from './binding.ts';
import { parseAssignmentResponse, type AssignmentRequest, type AssignmentResponse } from './exchange.ts';
import { checkGoodModulus } from './good-key.ts';
import { anchorKey, parseJwks, type JwksEntry } from './jwks.ts';
import { decodeSignature, isSignedBy } from './signature.ts';

/** An enclave signing key that people have confirmed. `jwk` is the JWKS entry kept then, as JSON text. */
export type Anchor = { fingerprint: string; state: 'active' | 'retired' | 'revoked'; jwk: string };

export type JudgeInput = {
  environment: 'production' | 'sandbox' | 'rehearsal' | 'custom';
  request: AssignmentRequest;
  /** The exact body bytes of CoinCover's answer. */
  responseBytes: Uint8Array;
  jwksBytes: Uint8Array;
  anchors: readonly Anchor[];
  /** True only for key packs that this station assigned or imported before: a retired key may still carry those. */
  retiredAllowed: boolean;
  /** The account ids (`pulled_by_id`) that people have confirmed for this environment. */
  accounts: readonly string[];
  /** A cold station believes its anchors alone, and without one refuses in every environment. */
  anchorsOnly: boolean;
  nowMs: number;
};

/** One thing that was checked, its result, and what that rests on. What fails is thrown, so it is not listed. */
export type JudgedCheck = { id: string; result: 'passed' | 'amber'; what: string; restsOn: string };

export type Judgement = {
  key: AssignedKey;
  keyId: KeyId;
  keyEnvironment: 'HOT' | 'COLD';
  signer: { kid: string | null; fingerprint: string };
  bound: Bound | null;
  checks: readonly JudgedCheck[];
};

const ESCALATE = 'stop and escalate to CoinCover';

/**
 * Judges an assignment: the enclave's signature over the exact bytes, who signed, what the signature binds, and the key
 * itself. Contract, "The enclave's signature"; design.md, "Trust".
 * @throws check, by the first thing that fails: those of the parsers, of checkBinding and of checkGoodModulus;
 *   `jwks-no-usable-key`, `signature-invalid`, `signer-revoked`, `signer-retired`, `signer-not-confirmed`, `key-unbound`,
 *   `account-not-confirmed`, `answer-differs`.
 */
export function judgeAssignment(input: JudgeInput): Judgement {
  const response = parseAssignmentResponse(input.responseBytes);
  const key = parseAssignedKey(response.public_key);
  const signer = findSigner(input, response);
  const checks: JudgedCheck[] = [
    {
      id: 'signature',
      result: 'passed',
      what: 'Signed by the enclave',
      restsOn: `ES256, ${signer.kid === null ? 'a key without a name' : quote(signer.kid)}`,
    },
    judgeSigner(input, signer),
  ];
  const bound = checkBinding(input.request, response);
  checks.push(judgeAccount(input, bound), ...judgeAnswer(input.request, response));
  checkGoodModulus(key.modulus);
  checks.push(
    {
      id: 'key',
      result: 'passed',
      what: 'RSA, 4096 bits, exponent 65537, no known weakness',
      restsOn: `${(key.hex.length / 2).toString()} bytes, ${key.form === 'spki' ? 'SPKI' : 'PKCS#1'}`,
    },
    {
      id: 'key-environment',
      result: 'amber',
      what: `${input.request.key_environment} was asked for`,
      restsOn: 'cannot be checked: not signed',
    },
  );
  return {
    key,
    keyId: response.key_id,
    keyEnvironment: input.request.key_environment,
    signer: { kid: signer.kid, fingerprint: signer.fingerprint },
    bound,
    checks,
  };
}

/** True for a failure that a rotation of the signing key could explain: look at the JWKS once more, then judge once more. */
export function isRotationSuspect(error: unknown): boolean {
  return error instanceof ColdroomError && (error.code === 'signature-invalid' || error.code === 'jwks-no-usable-key');
}

/** The answer names no signing key, so every usable one is tried. */
function findSigner(input: JudgeInput, response: AssignmentResponse): JwksEntry {
  const signature = decodeSignature(response.signature);
  const candidates = input.anchorsOnly ? anchorEntries(input.anchors) : parseJwks(input.jwksBytes, input).usable;
  if (candidates.length === 0) {
    if (input.anchorsOnly) throw notConfirmed('this station has confirmed no signing key of this environment');
    throw checkError('jwks-no-usable-key', 'the list of signing keys holds none that may sign assignments today', { hint: ESCALATE });
  }
  const signedText = input.request.sign_with === undefined ? response.public_key : (response.signed_payload ?? response.public_key);
  const bytes = Buffer.from(signedText, 'utf8');
  const signer = candidates.find((entry) => isSignedBy(bytes, signature, entry.publicKey));
  if (signer === undefined) {
    throw checkError('signature-invalid', 'none of the enclave’s signing keys made this signature over this key', { hint: ESCALATE });
  }
  return signer;
}

function anchorEntries(anchors: readonly Anchor[]): JwksEntry[] {
  return anchors.map((anchor) => anchorKey(anchor.jwk, anchor.fingerprint)).filter((entry) => entry !== null);
}

function judgeSigner(input: JudgeInput, signer: JwksEntry): JudgedCheck {
  const anchor = input.anchors.find((one) => one.fingerprint === signer.fingerprint);
  const what = 'The signing key is one that your team confirmed';
  if (anchor?.state === 'revoked') throw checkError('signer-revoked', 'the signing key was revoked on this station', { hint: ESCALATE });
  if (anchor?.state === 'retired' && !input.retiredAllowed) {
    throw checkError('signer-retired', 'the signing key was retired on this station, and this key is new to it', { hint: ESCALATE });
  }
  if (anchor !== undefined) return { id: 'signer', result: 'passed', what, restsOn: signer.fingerprint };
  if (isStrict(input) || input.anchorsOnly || input.anchors.length > 0)
    throw notConfirmed('the signing key is not one that your team confirmed');
  return { id: 'signer', result: 'amber', what: 'The signing key was not confirmed by your team', restsOn: signer.fingerprint };
}

function notConfirmed(message: string): ColdroomError {
  return checkError('signer-not-confirmed', message, {
    hint: 'compare its fingerprint with CoinCover, then `coldroom trust add`; if it was not announced to you, stop and escalate',
  });
}

function judgeAccount(input: JudgeInput, bound: Bound | null): JudgedCheck {
  const account = bound?.['pulled_by_id'];
  if (bound === null) {
    if (isStrict(input)) throw checkError('key-unbound', 'the signature does not bind the key to an account', { hint: ESCALATE });
    return { id: 'account', result: 'amber', what: 'Not bound to an account', restsOn: 'no binding was asked for' };
  }
  if (account === undefined) {
    if (isStrict(input)) throw checkError('key-unbound', 'the signature does not say which account pulled the key', { hint: ESCALATE });
    return { id: 'account', result: 'amber', what: 'Not bound to an account', restsOn: 'pulled_by_id was not asked for' };
  }
  if (input.accounts.includes(account)) {
    return {
      id: 'account',
      result: 'passed',
      what: `Bound to your account ${quote(account)}`,
      restsOn: `${Object.keys(bound).length.toString()} fields, as asked for`,
    };
  }
  if (isStrict(input) || input.accounts.length > 0) {
    throw checkError('account-not-confirmed', `the key was pulled by the account ${quote(account)}, which your team has not confirmed`, {
      hint: 'ask CoinCover whose account that is; if it is yours, `coldroom trust add --account-id`, else stop and escalate',
    });
  }
  return {
    id: 'account',
    result: 'amber',
    what: `Bound to the account ${quote(account)}, which your team has not confirmed`,
    restsOn: 'nobody pinned an account',
  };
}

/** What stands in the answer beside the signature must not contradict the request either. */
function judgeAnswer(request: AssignmentRequest, response: AssignmentResponse): JudgedCheck[] {
  return [
    ...judgeAnswered('customer_id', request.organisation?.customer_id, response.customer_id),
    ...judgeAnswered('package_id', request.package?.package_id, response.package_id),
  ];
}

function judgeAnswered(member: string, sent: string | undefined, came: string | null): JudgedCheck[] {
  if (came === null || came === sent) return [];
  if (sent !== undefined) throw checkError('answer-differs', `the answer names another ${member} than was sent`, { hint: ESCALATE });
  return [
    { id: member, result: 'amber', what: `The answer names the ${member} ${quote(came)}, though none was sent`, restsOn: 'recorded' },
  ];
}

/** Where real custody happens, what is not confirmed is refused. */
function isStrict(input: JudgeInput): boolean {
  return input.environment === 'production' || input.environment === 'custom';
}
