import type { Answer, Calls, WindowEvent } from '../main/operations/index.ts';

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

/** Asks main for one operation. Never rejects: main checked the answer against the same schema that this type comes from. */
export async function call<Name extends CallName>(name: Name, input: Input<Name>): Promise<Answer<Output<Name>>> {
  return (await window.coldroom.invoke(name, input)) as Answer<Output<Name>>;
}

/** Listens to what main says by itself. @returns ends it. */
export function listen(listener: (event: WindowEvent) => void): () => void {
  return window.coldroom.on((event) => {
    listener(event as WindowEvent);
  });
}
