/**
 * files: reading what a person names and writing what must not be lost. Imports `values` alone. Whatever is written
 * here is complete, flushed and read back before its name exists, and never replaces a file unless the function's name
 * says so.
 */
export {
  checkNewClearFile,
  checkNewFile,
  flushFolder,
  removeFile,
  writeFileReplacing,
  writeNewFile,
  writeNewFileBy,
  writeNewFileOf,
  writeNewFiles,
  writeNewTextFile,
  writePieces,
} from './write.ts';
export { isPlainFileName } from './file-name.ts';
export { fileChunks, fileSize } from './stream.ts';
export { readBoundedFile, type ReadLimits } from './read.ts';
