/**
 * Pulls exact counts of bytes out of a stream of chunks without copying more than it must. The end comes as null or as a
 * shorter piece; what that means is the reader's business.
 */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #current: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or fewer when the stream ends before. */
  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const piece = await this.some(missing);
      if (piece === null) break;
      pieces.push(piece);
      missing -= piece.length;
    }
    return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
  }

  /** Between one byte and `most`, as they are at hand; null at the end. A view of the chunk, not a copy. */
  async some(most: number): Promise<Buffer | null> {
    while (this.#current.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return null;
      this.#current = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const piece = this.#current.subarray(0, most);
    this.#current = this.#current.subarray(piece.length);
    return piece;
  }
}
