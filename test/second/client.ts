import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PYTHON = '/usr/bin/python3';
const program = join(import.meta.dirname, 'second.py');

/** What the second implementation answers: a value, or the name of its refusal. */
export type Answer = { readonly gives?: unknown; readonly refused?: string };

/** The second implementation in a process of its own, asked one thing after the other. */
export class SecondImplementation {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];

  constructor() {
    this.#child = spawn(PYTHON, [program, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#child.stdout === null) throw new TypeError('no standard output');
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line) as Answer));
    this.#child.once('close', () => {
      for (const { reject } of this.#waiting) reject(new Error('the second implementation ended'));
    });
  }

  ask(what: string, about: Readonly<Record<string, unknown>>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify({ do: what, ...about })}\n`);
    });
  }

  /** As ask, for what is not to be refused. */
  async must<Gives>(what: string, about: Readonly<Record<string, unknown>>): Promise<Gives> {
    const answer = await this.ask(what, about);
    if (answer.refused !== undefined) throw new Error(`${what}: refused, ${answer.refused}`);
    return answer.gives as Gives;
  }

  end(): void {
    this.#child.stdin?.end();
  }
}

/** Makes the vectors again. @returns whether they are those that are kept, and what was said. */
export function checkVectors(): { same: boolean; said: string } {
  const { status, stdout, stderr } = spawnSync(PYTHON, [program, 'vectors', '--check'], { encoding: 'utf8' });
  return { same: status === 0, said: stdout + stderr };
}
