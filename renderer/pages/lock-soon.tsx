import { useEffect, useState } from 'react';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { looks } from '../parts/looks.ts';
import parts from '../parts/parts.module.css';
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
      {/* Said once; what counts down is for the eye. */}
      <p role="alert" className={looks(parts.hidden)}>
        {WORDS.lock.soon(seconds)}
      </p>
      <p aria-hidden="true">{WORDS.lock.soon(left)}</p>
      <Button kind="link" onPress={() => undefined}>
        {WORDS.lock.stay}
      </Button>
    </div>
  );
}
