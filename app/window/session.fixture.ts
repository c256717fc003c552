import type { Answer, WindowEvent } from '../../main/operations/index.ts';
import { createSession, type Session, type SessionOptions } from './session.ts';

/** The sessions of one test, each as a shell without dialogs of its own opens it, and what they tell their pages. */
export class OpenSessions {
  readonly events: WindowEvent[] = [];
  readonly #sessions: Session[] = [];

  open(options: Pick<SessionOptions, 'home' | 'spawnKeychainChild'> & Partial<SessionOptions>): Session {
    const session = createSession({
      shell: 'evaluation',
      version: '0.0.0',
      chooser: null,
      onEvent: (event) => this.events.push(event),
      onClose: () => undefined,
      protectContent: () => false,
      allowCamera: () => Promise.resolve(),
      ...options,
    });
    this.#sessions.push(session);
    return session;
  }

  /** Between two tests: nothing is left open, and nothing told. */
  async close(): Promise<void> {
    for (const session of this.#sessions.splice(0)) await session.close();
    this.events.length = 0;
  }
}

export async function ask(session: Session, operation: string, input: unknown = {}): Promise<Answer<Record<string, unknown>>> {
  return (await session.receive({ operation, input })) as Answer<Record<string, unknown>>;
}

export async function must(session: Session, operation: string, input: unknown = {}): Promise<Record<string, unknown>> {
  const answer = await ask(session, operation, input);
  if (!answer.ok) throw new Error(`${operation}: ${answer.error.code} ${answer.error.message}`);
  return answer.output;
}

/** Null: nothing was refused. */
export async function codeOf(session: Session, operation: string, input: unknown = {}): Promise<string | null> {
  const answer = await ask(session, operation, input);
  return answer.ok ? null : answer.error.code;
}
