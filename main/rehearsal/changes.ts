/**
 * The order of everything that a stand-in knows. Changes are made one after the other, and each is kept before the next is made
 * and before its answer leaves; what only looks waits its turn. So no answer rests on something that a kill could take back, and
 * what is kept never holds half of another change.
 */
export class Changes {
  readonly #keep: () => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** @param keep makes what is known now outlive the process. */
  constructor(keep: () => Promise<void>) {
    this.#keep = keep;
  }

  /**
   * Makes one change. @param change makes it at once, or throws and leaves all as it was; says how to undo it.
   * @returns its answer, once it is kept. Rejects with what `change` or `keep` throws; a change that was not kept is undone.
   */
  make<Answer>(change: () => { readonly answer: Answer; readonly undo: () => void }): Promise<Answer> {
    return this.#inTurn(async () => {
      if (this.#closed) throw new Error('the stand-in was closed');
      const { answer, undo } = change();
      try {
        await this.#keep();
      } catch (error) {
        undo();
        throw error;
      }
      return answer;
    });
  }

  /** Looks at what is known, at once and between two changes. */
  look<Answer>(look: () => Answer): Promise<Answer> {
    return this.#inTurn(look);
  }

  /** Makes no more changes. Fulfilled when the one under way has ended: nothing is kept after that. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  #inTurn<Answer>(work: () => Answer | Promise<Answer>): Promise<Answer> {
    const result = this.#last.then(work);
    this.#last = Promise.allSettled([result]);
    return result;
  }
}
