import { useEffect, useState } from 'react';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { WORDS } from '../words/catalogue.ts';

/** Said before the window locks. Any key, any movement keeps it open; the button is for whoever looks for something to press. */
export function LockSoon({ seconds }: { readonly seconds: number }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => {
      setLeft((before) => Math.max(0, before - 1));
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <div className={frame.soon}>
      <p role="alert">{WORDS.lock.soon(seconds)}</p>
      <span aria-hidden="true">{left}</span>
      <Button kind="ghost" onPress={() => undefined}>
        {WORDS.lock.stay}
      </Button>
    </div>
  );
}
