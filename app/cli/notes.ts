import { setImmediate } from 'node:timers/promises';

/** What a command has to say beside its result: told at once, or with `--json` kept for the one object that is printed. */
export class Notes {
  readonly #json: boolean;
  readonly #kept: string[] = [];

  constructor(json: boolean) {
    this.#json = json;
  }

  get kept(): readonly string[] {
    return this.#kept;
  }

  /** Told once, however often it is said. */
  add(note: string): void {
    if (this.#kept.includes(note)) return;
    this.#kept.push(note);
    if (!this.#json) process.stderr.write(`note: ${note}\n`);
  }
}

/**
 * Makes the warnings of our own code notes: with `--json` nothing but one object may stand on standard error. Those that Node or a
 * package has for programmers are told to nobody.
 */
export function takeWarnings(notes: Notes): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'Warning') notes.add(warning.message);
  });
}

/** Node tells a warning in a turn of its own; what waits for this comes after it. */
export async function warningsTold(): Promise<void> {
  await setImmediate();
}
