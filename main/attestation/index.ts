/**
 * attestation: is this key CoinCover's, for us, and any good? The enclave's signature over the exact bytes, the binding it
 * carries, the signing key's standing among the trust anchors, and the assigned key itself. Imports `values` and `sealing`.
 * Pure: answers, lists and anchors come in as bytes and values; whatever is not proved is refused by a thrown check.
 */
export { checkSignWith, defaultSignWith, parseSignWith } from './binding.ts';
export { parseAssignmentRequest, parseAssignmentResponse, type AssignmentRequest, type AssignmentResponse } from './exchange.ts';
export { judgeKeyPackAge } from './freshness.ts';
export { isRotationSuspect, judgeAssignment, type Anchor, type JudgedCheck, type Judgement } from './judge.ts';
export { parseJwks, type JwksEntry } from './jwks.ts';
