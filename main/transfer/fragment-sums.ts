/**
 * Collects sums of fragments until they can be told apart: Gauss's elimination over GF(2). A sum that follows from those
 * already held adds nothing, so that any `count` independent ones are enough, in any order; `rank` counts new information alone.
 */
export class FragmentSums {
  readonly #count: number;
  readonly #maskBytes: number;
  /** By the first fragment in it. A row is a mask of fragments, one bit each, and behind it their sum. */
  readonly #rows: (Buffer | undefined)[];
  #rank = 0;

  constructor(count: number) {
    this.#count = count;
    this.#maskBytes = Math.ceil(count / 8);
    this.#rows = new Array<Buffer | undefined>(count).fill(undefined);
  }

  /** How many independent sums are held, 0 to `count`. */
  get rank(): number {
    return this.#rank;
  }

  /** Takes one sum in. @param sum as long as every other one; it is not kept. */
  add(fragments: readonly number[], sum: Uint8Array): void {
    const row = Buffer.concat([Buffer.alloc(this.#maskBytes), sum]);
    for (const fragment of fragments) row[fragment >> 3] = (row[fragment >> 3] ?? 0) ^ (1 << (fragment & 7));
    for (let first = 0; first < this.#count; first += 1) {
      if (!holds(row, first)) continue;
      const held = this.#rows[first];
      if (held === undefined) {
        this.#rows[first] = row;
        this.#rank += 1;
        return;
      }
      addInto(row, held);
    }
  }

  /** Every fragment in its order, or null while some cannot be told yet. */
  fragments(): Buffer | null {
    const rows = this.#rows.filter((row) => row !== undefined);
    if (rows.length < this.#count) return null;
    // From the last one up: what stands behind the first fragment of a row is a single fragment by then.
    for (let at = this.#count - 2; at >= 0; at -= 1) {
      for (let later = at + 1; later < this.#count; later += 1) {
        const [row, other] = [rows[at], rows[later]];
        if (row !== undefined && other !== undefined && holds(row, later)) addInto(row, other);
      }
    }
    return Buffer.concat(rows.map((row) => row.subarray(this.#maskBytes)));
  }
}

function holds(row: Buffer, fragment: number): boolean {
  return ((row[fragment >> 3] ?? 0) & (1 << (fragment & 7))) !== 0;
}

function addInto(row: Buffer, other: Buffer): void {
  for (let at = 0; at < row.length; at += 1) row[at] = (row[at] ?? 0) ^ (other[at] ?? 0);
}
