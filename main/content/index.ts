/**
 * content: what a secret is. Its kind, its kind's own checks, the public identifiers that follow from it, so that a plan can
 * say which wallet is meant. Imports only `values`; curves, phrases and addresses come from audited libraries. Runs in the
 * process that seals, and lets out only kind, findings and the identifiers asked for.
 */
export { inspectSecret, type Inspection } from './inspect.ts';
export { IDENTIFIER_TYPES, KINDS, type AskedIdentifier, type Finding, type Identifier, type IdentifierType, type Kind } from './kinds.ts';
