/**
 * Does asynchronous work one piece after the other, in the order it was given. A keychain's steps are reads followed by
 * writes: two of them interleaved would lose one's change.
 */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** @returns what `work` gives, or rejects with what it throws; the pieces behind it go on either way. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = Promise.allSettled([result]);
    return result;
  }
}
