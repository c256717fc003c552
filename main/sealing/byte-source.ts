/**
 * Pulls exact counts of bytes out of a stream of chunks. The end comes as null or as a shorter piece; what that means is the
 * reader's business.
 */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #current: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or fewer when the stream ends before. A copy: the source may reuse its chunks. */
  async take(length: number): Promise<Buffer> {
    const taken = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const piece = await this.some(length - filled);
      if (piece === null) break;
      filled += piece.copy(taken, filled);
    }
    return taken.subarray(0, filled);
  }

  /** Between one byte and `most`, as they are at hand; null at the end. A view of the chunk, good until the next call. */
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

  /** Tells the source that nobody reads on, so that it closes its file; harmless after the end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
