/**
 * content: what a secret is. Its kind, that kind's own checks, and the public identifiers that follow from it, so that the
 * wrong file is noticed before it is sealed and the right one is proved after a recovery (design.md, "The plan, and the
 * right secret"). Imports only `values`. No I/O, no clock; what rehearsals make up is given its randomness.
 *
 * What always holds: only kind, findings and the identifiers asked for leave the room; no finding and no error holds a
 * character of the secret (`helpWithWords` alone quotes words of one, for a screen kept out of pictures); nothing is mended, the secret's bytes are read and never written. A kind is one file listed in
 * `kinds.ts`, an identifier one entry of `identifiers.ts`; what fits what, and by which usual path, stands with the kind.
 */
export type { Finding } from './finding.ts';
export { IDENTIFIER_TYPES, parseIdentifierType, type IdentifierType } from './identifier.ts';
export { isIdentifierValue, isXpubAt } from './identifier-value.ts';
export {
  inspectSecret,
  settlePath,
  type IdentifierRequest,
  type IdentifierValue,
  type InspectRequest,
  type Inspection,
} from './inspect.ts';
export { listKinds, type ListedKind } from './kind-list.ts';
export { KINDS, parseKind, type Kind } from './kind.ts';
export { MADE_UP_PASSWORD, makeUpSecret } from './made-up.ts';
export { MAX_FILE_BYTES, MAX_TEXT_BYTES } from './secret-text.ts';
export { helpWithWords, type WordHelp } from './word-help.ts';
