import type { KeyObject } from 'node:crypto';
import { fileChunks, fileSize, writeNewFileOf } from '../../files/index.ts';
import { isBox, openEnvelope } from '../../sealing/index.ts';
import { MAX_DOCUMENT_BYTES } from '../../transfer/index.ts';
import { inputError, quote } from '../../values/index.ts';

const WHAT = 'the ciphertext';
/** What tells a box from other content stands in so many bytes. */
const BOX_START_BYTES = 4;

/** Whether a ciphertext is larger than CoinCover stores, so that it has to be opened piece by piece. @throws those of reading a file. */
export async function isLarge(path: string): Promise<boolean> {
  return (await fileSize(path, WHAT)) > MAX_DOCUMENT_BYTES;
}

/** Its first piece, where an envelope says whom it is for. */
export async function beginningOf(path: string): Promise<Buffer> {
  for await (const piece of fileChunks(path, WHAT)) return Buffer.from(piece);
  return Buffer.alloc(0);
}

/**
 * Opens an envelope of any size into a new file, in constant memory. The file is there once the tag held, and never before.
 * @returns the size in bytes.
 * @throws check `envelope-malformed`, `envelope-other-key`, `cannot-open`; input `box-too-large`, and those of writing a file.
 */
export async function openLarge(path: string, key: KeyObject, out: string): Promise<number> {
  return writeNewFileOf(out, withoutBox(openEnvelope(fileChunks(path, WHAT), key, 'lenient'), path));
}

/** A box is opened in memory, and none of this size was ever made by Coldroom: what lies inside would be written still sealed. */
async function* withoutBox(pieces: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (start !== null) {
      start = Buffer.concat([start, piece.subarray(0, BOX_START_BYTES)]);
      if (isBox(start)) throw boxTooLarge(path);
      if (start.length >= BOX_START_BYTES) start = null;
    }
    yield piece;
  }
}

function boxTooLarge(path: string): Error {
  return inputError('box-too-large', `a passphrase seals what is in ${quote(path)}, and it is larger than Coldroom opens in memory`, {
    hint: 'open it as docs/recover-without-coldroom.md says',
  });
}
