import { useEffect, useState } from 'react';
import { call } from './bridge.ts';

/** How many parts of the page hold something confidential. The window is shown in pictures again once none does. */
let holders = 0;
let answer: Promise<boolean> | null = null;

async function ask(on: boolean): Promise<boolean> {
  const said = await call('window.protect', { on });
  return said.ok && said.output.is_private;
}

function hold(): Promise<boolean> {
  holders += 1;
  return (answer ??= ask(true));
}

function letGo(): void {
  holders -= 1;
  // What goes and what comes in one turn follow upon each other: in between nothing is unprotected.
  queueMicrotask(() => {
    if (holders > 0 || answer === null) return;
    answer = null;
    void ask(false);
  });
}

/**
 * Keeps the window out of screen pictures for as long as whoever calls this is on the page. SECURITY(REQ-SCREEN): every field for a secret
 * does, and whatever shows one.
 * @returns whether the window is kept out of them by now; null while main has not answered.
 */
export function useProtection(isOn: boolean): boolean | null {
  const [isPrivate, setPrivate] = useState<boolean | null>(null);
  useEffect(() => {
    if (!isOn) return;
    let isHere = true;
    void hold().then((said) => {
      if (isHere) setPrivate(said);
    });
    return () => {
      isHere = false;
      letGo();
    };
  }, [isOn]);
  return isOn ? isPrivate : null;
}
