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

type UnderWay = { readonly name: CallName; readonly input: unknown; readonly answer: Promise<Answer<unknown>> };

/** What main was asked for and has not answered yet. */
const underWay = new Set<UnderWay>();

/** Closing or reloading would cut something short: the shell decides, and asks. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/**
 * Asks main for one operation. Never rejects: main checked the answer against the same schema that this type comes from. As long
 * as it runs the page is not left unasked, whichever screen people have gone to meanwhile; and the same again meanwhile is one press
 * that came twice, not two. Main works in the order in which it is asked: what is still under way was asked for after all that this
 * page has an answer to, so that no look is older than what it is to show.
 */
export async function call<Name extends CallName>(name: Name, input: Input<Name>): Promise<Answer<Output<Name>>> {
  if (name.startsWith('window.')) return (await window.coldroom.invoke(name, input)) as Answer<Output<Name>>;
  for (const one of underWay) {
    if (one.name === name && JSON.stringify(one.input) === JSON.stringify(input)) return one.answer as Promise<Answer<Output<Name>>>;
  }
  const mine: UnderWay = { name, input, answer: window.coldroom.invoke(name, input) as Promise<Answer<unknown>> };
  if (underWay.size === 0) window.addEventListener('beforeunload', ask);
  underWay.add(mine);
  try {
    return (await mine.answer) as Answer<Output<Name>>;
  } finally {
    underWay.delete(mine);
    if (underWay.size === 0) window.removeEventListener('beforeunload', ask);
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
