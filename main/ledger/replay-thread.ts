import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Replayed } from './replay.ts';

/** What the thread is told, and what it answers: `begin` with where its snapshot's chain ends, `judge` with what the replay came to. */
export type ReplayRequest = 'begin' | 'judge';

/** The thread's program is bundled beside every shell's bundle (`build/bundle.mjs`, `build/bundle-electron.mjs`); the sources have it as it is. */
const BESIDE_BUNDLE = join(import.meta.dirname, 'ledger-replay.mjs');
export const REPLAY_PROGRAM = existsSync(BESIDE_BUNDLE) ? BESIDE_BUNDLE : join(import.meta.dirname, 'replay-worker.ts');

/**
 * The replay on a thread of its own, which opens the ledger's file for itself. It is given the file's path and nothing else: the MAC key
 * stays where it is. Stop it, whatever happens.
 */
export class ReplayThread {
  readonly #worker: Worker;
  /** Why there will be no answer any more. */
  readonly #ended: Promise<Error>;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#ended = new Promise((resolve) => {
      worker.once('error', resolve);
      worker.once('exit', () => {
        resolve(new Error('the thread that replays the ledger ended without an answer'));
      });
    });
  }

  /** @returns null where no thread can be started, or where it cannot open the ledger: whoever asks for it can do the same alone. */
  static async start(path: string, program: string): Promise<ReplayThread | null> {
    let worker: Worker;
    try {
      worker = new Worker(program, { workerData: path, execArgv: [] });
    } catch {
      return null; // a platform without threads
    }
    const thread = new ReplayThread(worker);
    try {
      await thread.#answer();
      return thread;
    } catch {
      return null;
    }
  }

  /** Begins a read transaction, in place of one that it has. @returns the digest that its chain ends with; null where it can be read by nobody. */
  async begin(): Promise<string | null> {
    return (await this.#ask('begin')) as string | null;
  }

  /** @throws what the replay throws, and where the thread ends without an answer. */
  async judge(): Promise<Replayed> {
    return (await this.#ask('judge')) as Replayed;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(request: ReplayRequest): Promise<unknown> {
    const answer = this.#answer();
    this.#worker.postMessage(request);
    return answer;
  }

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', resolve);
      void this.#ended.then(reject);
    });
  }
}
