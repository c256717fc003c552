import type { Answer, Calls, Problem, WindowEvent } from '../main/operations/index.ts';

/** All that the page knows of main. */
declare global {
  interface Window {
    readonly coldroom: {
      invoke(operation: string, input: unknown): Promise<unknown>;
      on(listener: (event: unknown) => void): () => void;
    };
  }
}

export type CallName = keyof Calls;
export type Input<Name extends CallName> = Calls[Name]['input'];
export type Output<Name extends CallName> = Calls[Name]['output'];

let underWay = 0;

/** Closing or reloading would cut something short: the shell decides, and asks. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/**
 * Asks main for one operation. Never rejects: main checked the answer against the same schema that this type comes from. As long
 * as it runs the page is not left unasked, whichever screen people have gone to meanwhile.
 */
export async function call<Name extends CallName>(name: Name, input: Input<Name>): Promise<Answer<Output<Name>>> {
  if (name.startsWith('window.')) return (await window.coldroom.invoke(name, input)) as Answer<Output<Name>>;
  if (underWay === 0) window.addEventListener('beforeunload', ask);
  underWay += 1;
  try {
    return (await window.coldroom.invoke(name, input)) as Answer<Output<Name>>;
  } finally {
    underWay -= 1;
    if (underWay === 0) window.removeEventListener('beforeunload', ask);
  }
}

/** The first thing that went wrong in an answer, or null. */
export function firstProblem(
  answer: { readonly ok: true; readonly problems: readonly Problem[] } | { readonly ok: false; readonly error: Problem },
): Problem | null {
  return answer.ok ? (answer.problems[0] ?? null) : answer.error;
}

/** Listens to what main says by itself. @returns ends it. */
export function listen(listener: (event: WindowEvent) => void): () => void {
  return window.coldroom.on((event) => {
    listener(event as WindowEvent);
  });
}
