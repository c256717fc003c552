import { useEffect, useRef } from 'react';
import { call } from './bridge.ts';

/** Main hears of it no more often than this. */
const TELL_EVERY_MS = 2000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'input'] as const;

/** Tells main that somebody is there, and the caller at each sign of it. */
export function useActivity(onActive: () => void): void {
  const told = useRef(-Infinity);
  const heard = useRef(onActive);
  useEffect(() => {
    heard.current = onActive;
  }, [onActive]);
  useEffect(() => {
    const tell = (): void => {
      heard.current();
      const now = performance.now();
      if (now - told.current < TELL_EVERY_MS) return;
      told.current = now;
      void call('window.active', {});
    };
    for (const sign of SIGNS) window.addEventListener(sign, tell, { capture: true, passive: true });
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, tell, { capture: true });
    };
  }, []);
}
