/**
 * attestation: is this key CoinCover's, for us, and any good? The enclave's signature over the exact bytes, the binding it
 * carries, the signing key's standing among the trust anchors, and the assigned key itself. Imports `values` and `sealing`.
 * Pure: answers, lists, anchors and the time come in as bytes and values. What fails is refused by a thrown check; what cannot
 * be proved and may pass all the same (outside production and custom) is listed in amber, never as passed.
 */
export { parseAssignmentRequest, parseAssignmentResponse, type AssignmentRequest } from './exchange.ts';
export { judgeKeyPackAge } from './freshness.ts';
export { isCuredByNewJwks, judgeAssignment, type Judgement } from './judge.ts';
export { parseUsableKeys, type JwksEntry } from './jwks.ts';
export { checkSignWith, defaultSignWith, parseSignWith } from './sign-with.ts';
