import type { OperationContext } from '../context.ts';

/** How far the sealing of several files has come, in bytes of them all. */
export class SealProgress {
  readonly #context: OperationContext;
  readonly #totalBytes: number;
  #doneBytes = 0;

  constructor(context: OperationContext, totalBytes: number) {
    this.#context = context;
    this.#totalBytes = totalBytes;
  }

  begin(name: string): void {
    this.#context.onProgress({ step: 'seal', subject: name, done: this.#doneBytes, total: this.#totalBytes });
  }

  end(name: string, sizeBytes: number): void {
    this.#doneBytes += sizeBytes;
    this.begin(name);
  }
}
