import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { call } from './bridge.ts';
import type { Chosen, Wish } from './parts/file-browser.tsx';

const FileBrowser = lazy(async () => ({ default: (await import('./parts/file-browser.tsx')).FileBrowser }));

/**
 * Lets people choose files: in the system's own dialog where the shell has one, else in the window. What comes back are
 * handles; where they lead only main knows.
 */
export function useFiles(native: boolean): { browser: ReactNode; choose: (wish: Wish) => Promise<readonly Chosen[]> } {
  const [open, setOpen] = useState<{ number: number; wish: Wish; done: (chosen: readonly Chosen[]) => void } | null>(null);
  const count = useRef(0);
  const choose = async (wish: Wish): Promise<readonly Chosen[]> => {
    if (native) {
      const answer = await call('window.choose', wish);
      return answer.ok ? answer.output.chosen : [];
    }
    return new Promise((resolve) => {
      count.current += 1;
      setOpen({ number: count.current, wish, done: resolve });
    });
  };
  const browser =
    open === null ? null : (
      <Suspense>
        {/* One for each wish: asked for twice in a row, the second would go on with what was picked for the first. */}
        <FileBrowser
          key={open.number}
          wish={open.wish}
          onDone={(chosen) => {
            setOpen(null);
            open.done(chosen);
          }}
        />
      </Suspense>
    );
  return { browser, choose };
}
