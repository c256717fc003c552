/**
 * transfer: the documents that cross the air gap. Key pack, sealed item, receipt, station card: one JSON file each,
 * schema-checked, signed by the station that wrote it, with one reading. Imports only `values`. What is exported here
 * never half-believes: `readDocument` returns only what is well formed, signed by the key it names and consistent.
 */
export { kindOf, readDocument, readDocumentOf, type DocumentKindName, type ReadDocument } from './read.ts';
export { checkImport, environmentOf, type ImportContext, type ImportDecision } from './rules.ts';
export {
  MAX_DOCUMENT_BYTES,
  type ColdroomDocument,
  type DocumentVersion,
  type KeyPack,
  type Receipt,
  type SealedItem,
  type StationCard,
} from './schema.ts';
export type { StationSigner } from './signature.ts';
export { writeDocument, type DocumentDraft, type WrittenDocument } from './write.ts';
