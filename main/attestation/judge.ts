import type { AssignedKey } from '../sealing/index.ts';
import { checkError, ColdroomError, quote, type Fingerprint, type KeyId } from '../values/index.ts';
import { checkBinding, findSignedText, type Bound } from './binding.ts';
import { parseAssignmentResponse, type AssignmentRequest, type AssignmentResponse } from './exchange.ts';
import { checkGoodModulus } from './good-key.ts';
import { isUnreadableJwks, parseAnchorKey, parseUsableKeys, type JwksEntry } from './jwks.ts';
import { decodeSignature, isSignedBy } from './signature.ts';

/** An enclave signing key that people have confirmed for the environment. */
export type Anchor = {
  /** SHA-256 of its SubjectPublicKeyInfo in DER, 64 lowercase hex. */
  fingerprint: string;
  state: 'active' | 'retired' | 'revoked';
  /** The JWKS entry kept when it was confirmed, as JSON text. Where it is left out, a cold station cannot use the anchor. */
  jwk?: string;
};

export type JudgeInput = {
  environment: 'production' | 'sandbox' | 'rehearsal' | 'custom';
  /** What was sent, from parseAssignmentRequest. */
  request: AssignmentRequest;
  /** The exact body bytes of CoinCover's answer. */
  responseBytes: Uint8Array;
  /** The exact body bytes of the JWKS document; not read where anchorsOnly is true. */
  jwksBytes: Uint8Array;
  /** Those of this environment alone: `kid` does not tell sandbox from production. */
  anchors: readonly Anchor[];
  /** True only for key packs that this station assigned or imported before: a retired key may still carry those. */
  retiredAllowed: boolean;
  /** The account ids (`pulled_by_id`) that people have confirmed for this environment. */
  accounts: readonly string[];
  /** A cold station believes its anchors alone, and without one refuses in every environment. */
  anchorsOnly: boolean;
  /** Milliseconds since 1970. */
  nowMs: number;
};

/** One thing that was looked at, what came of it, and what that rests on. What fails is thrown, so it is not listed. */
type JudgedCheck = { id: string; result: 'passed' | 'amber'; what: string; restsOn: string };

/** A key that may be used, as far as each amber check is accepted by those who read it. */
export type Judgement = {
  key: AssignedKey;
  keyId: KeyId;
  /** As asked for: no signature says so. */
  keyEnvironment: 'HOT' | 'COLD';
  signer: { kid: string | null; fingerprint: Fingerprint };
  /** Null where no binding was asked for. */
  bound: Bound | null;
  checks: readonly JudgedCheck[];
};

const ESCALATE = 'stop and escalate to CoinCover';

/**
 * Judges an assignment: the key itself, the enclave's signature over the exact bytes, who signed, and what the signature
 * binds. Contract, "The enclave's signature" and "The assigned key"; design.md, "Trust".
 * @throws check, by the first thing that fails: those of parseAssignmentResponse, findSignedText, decodeSignature, parseUsableKeys
 *   (or parseAnchorKey), checkBinding and checkGoodModulus; `signature-invalid`, `signer-revoked`, `signer-retired`, `signer-not-confirmed`, `key-unbound`, `account-not-confirmed`, `answer-differs`.
 */
export function judgeAssignment(input: JudgeInput): Judgement {
  // SECURITY(REQ-ATTESTED): everything below throws; a key that comes out of here was signed by an enclave, over what was asked for.
  const { request } = input;
  const response = parseAssignmentResponse(input.responseBytes);
  const signed = findSignedText(request, response);
  const signer = findSigner(input, decodeSignature(response.signature), Buffer.from(signed.text, 'utf8'));
  const signerCheck = judgeSigner(input, signer);
  const bound = checkBinding(signed, request, response);
  const accountCheck = judgeAccount(input, bound);
  const answerChecks = judgeAnswer(request, response);
  checkGoodModulus(response.key.modulus);
  return {
    key: response.key,
    keyId: response.key_id,
    keyEnvironment: request.key_environment,
    signer: { kid: signer.kid, fingerprint: signer.fingerprint },
    bound,
    checks: [
      passed('signature', 'Signed by the enclave', `ES256, ${signer.kid === null ? 'a key without a name' : quote(signer.kid)}`),
      signerCheck,
      accountCheck,
      ...answerChecks,
      passed('key', 'RSA, 4096 bits, exponent 65537, no known weakness', describeForm(response.key)),
      amber('key-environment', `${request.key_environment} was asked for`, 'cannot be checked: not signed'),
    ],
  };
}

/**
 * True for a failure that another JWKS could cure: the signing key may have been rotated, or the list that was kept cannot be
 * read, whatever the answer is worth. Fetch it once more, then judge once more.
 */
export function isCuredByNewJwks(error: unknown): boolean {
  if (isUnreadableJwks(error)) return true;
  return error instanceof ColdroomError && (error.code === 'signature-invalid' || error.code === 'jwks-no-usable-key');
}

/**
 * The answer names no signing key, so every one is tried. More than one can verify: for any signature, other keys that fit it
 * are easily computed. A stranger's key put in front must not hide the one that people confirmed, nor a revoked one.
 */
function findSigner(input: JudgeInput, signature: Buffer, bytes: Buffer): JwksEntry {
  const signers = findCandidates(input).filter((entry) => isSignedBy(bytes, signature, entry.publicKey));
  const [first] = signers;
  if (first === undefined) {
    throw checkError('signature-invalid', 'none of the enclave’s signing keys made this signature over this key', { hint: ESCALATE });
  }
  const inState = (state: Anchor['state']) => signers.find((entry) => standsAs(input.anchors, entry, state));
  return inState('revoked') ?? inState('active') ?? inState('retired') ?? first;
}

function findCandidates(input: JudgeInput): JwksEntry[] {
  if (input.anchorsOnly) {
    const entries = input.anchors.flatMap((anchor) => (anchor.jwk === undefined ? [] : [parseAnchorKey(anchor.jwk, anchor.fingerprint)]));
    if (entries.length === 0) throw notConfirmed(input, 'this station has confirmed no signing key of this environment');
    return entries;
  }
  return parseUsableKeys(input.jwksBytes, input);
}

function standsAs(anchors: readonly Anchor[], entry: JwksEntry, state: Anchor['state']): boolean {
  return anchors.some((anchor) => anchor.fingerprint === entry.fingerprint && anchor.state === state);
}

function judgeSigner(input: JudgeInput, signer: JwksEntry): JudgedCheck {
  if (standsAs(input.anchors, signer, 'revoked')) {
    throw checkError('signer-revoked', 'the signing key was revoked on this station', { hint: ESCALATE });
  }
  if (standsAs(input.anchors, signer, 'active')) return confirmed(signer, 'The signing key is one that your team confirmed');
  if (standsAs(input.anchors, signer, 'retired')) {
    if (input.retiredAllowed) return confirmed(signer, 'The signing key is one that your team confirmed, and retired since');
    throw checkError('signer-retired', 'the signing key was retired on this station, and this key is new to it', { hint: ESCALATE });
  }
  // A revoked or retired anchor counts here as well: where people have ruled on signing keys, a stranger's is not let in. A
  // cold station does not come this far: its candidates are its anchors.
  if (isStrict(input) || input.anchors.length > 0) {
    throw notConfirmed(input, 'the signing key is not one that your team confirmed');
  }
  return amber('signer', 'The signing key was not confirmed by your team', signer.fingerprint);
}

function confirmed(signer: JwksEntry, what: string): JudgedCheck {
  return passed('signer', what, signer.fingerprint);
}

/** A cold station fetches nothing: its list comes as a file, or with the key pack; what is trusted are the words on CoinCover's card. */
function notConfirmed({ environment, anchorsOnly }: JudgeInput, message: string): ColdroomError {
  const source = anchorsOnly ? '--jwks KEYPACK' : '--fetch';
  return checkError('signer-not-confirmed', message, {
    hint: `compare its fingerprint with CoinCover’s card: \`coldroom trust add --environment ${environment} ${source}\`, then again with --fingerprint HEX; if it was not announced to you, stop and escalate`,
  });
}

/** Any CoinCover account can get a well-signed key, so the account that pulled this one must be one of ours. */
function judgeAccount(input: JudgeInput, bound: Bound | null): JudgedCheck {
  const account = bound?.['pulled_by_id'];
  if (bound === null || account === undefined) {
    if (isStrict(input)) throw checkError('key-unbound', 'the signature does not say which account pulled the key', { hint: ESCALATE });
    return amber('account', 'Not bound to an account', bound === null ? 'no binding was asked for' : 'pulled_by_id was not asked for');
  }
  if (input.accounts.includes(account)) {
    return passed(
      'account',
      `Bound to your account ${quote(account)}`,
      `${Object.keys(bound).length.toString()} fields signed, as asked for`,
    );
  }
  if (isStrict(input) || input.accounts.length > 0) {
    throw checkError('account-not-confirmed', `the key was pulled by the account ${quote(account)}, which your team has not confirmed`, {
      hint: 'ask CoinCover whose account that is; if it is yours, `coldroom trust add --account-id`, else stop and escalate',
    });
  }
  return amber('account', `Bound to the account ${quote(account)}, which your team has not confirmed`, 'nobody pinned an account');
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
  return [amber(member, `The answer names the ${member} ${quote(came)}, though none was sent`, 'recorded')];
}

/** Where real custody happens, what is not confirmed is refused; so it is in an environment whose name is not known here. */
function isStrict(input: JudgeInput): boolean {
  return input.environment !== 'sandbox' && input.environment !== 'rehearsal';
}

function describeForm(key: AssignedKey): string {
  return `${(key.hex.length / 2).toString()} bytes, ${key.form === 'spki' ? 'SPKI' : 'PKCS#1'}`;
}

function passed(id: string, what: string, restsOn: string): JudgedCheck {
  return { id, result: 'passed', what, restsOn };
}

function amber(id: string, what: string, restsOn: string): JudgedCheck {
  return { id, result: 'amber', what, restsOn };
}
