/**
 * transfer: what crosses the air gap. Key pack, sealed item, receipt, station card, carry list: one JSON file each,
 * schema-checked, signed by the station that wrote it, with one reading; and what carries them, sticks and animated codes.
 * Imports `values`, and for the media `files` and `machine`. What is exported here never half-believes: `readDocument` returns only
 * what is well formed, signed by the key it names and consistent, and what is written to a medium was read back.
 */
export { CodeReceiver, encodeAnimatedCode, MAX_PART_LENGTH, type CodeDensity } from './animated-code.ts';
export { lookAtMedium } from './look-at-medium.ts';
export { listMedia } from './media.ts';
export { KIND_WORDS, kindOf, readDocument, readDocumentOf, type DocumentKindName, type ReadDocument } from './read.ts';
export { checkImport, environmentOf, type ImportContext, type ImportDecision } from './rules.ts';
export {
  MAX_DOCUMENT_BYTES,
  type CarryList,
  type ColdroomDocument,
  type DocumentVersion,
  type KeyPack,
  type Receipt,
  type SealedItem,
  type StationCard,
} from './schema.ts';
export type { StationSigner } from './signature.ts';
export { writeDocument, type DocumentDraft, type WrittenDocument } from './write.ts';
export {
  writeToMedium,
  type CarriedFile,
  type MediumProgress,
  type WriteToMediumOptions,
  type WrittenToMedium,
} from './write-to-medium.ts';
