import { useState, type ReactNode } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import frame from '../frame/frame.module.css';
import { WORDS } from '../words/catalogue.ts';
import { Button } from './button.tsx';
import { FailurePanel } from './failure-panel.tsx';
import { looks } from './looks.ts';
import parts from './parts.module.css';

type Props = {
  readonly problem: Problem;
  readonly operation: string | null;
  /** Looks once more, after people have done what the panel says. */
  readonly onAgain: () => Promise<unknown>;
  /** Another way to go, where there is one. */
  readonly children?: ReactNode;
};

/** In place of a whole screen that could not be read: why, what to do, and a way on. Nobody is left with a window to close. */
export function Stuck({ problem, operation, onAgain, children }: Props) {
  const [busy, setBusy] = useState(false);
  return (
    <main className={frame.bare}>
      <div className={frame.center}>
        <FailurePanel problem={problem} operation={operation} isHeading />
        <div className={looks(parts.row, parts.end)}>
          {children}
          <Button
            isDisabled={busy}
            onPress={() => {
              setBusy(true);
              void onAgain().finally(() => {
                setBusy(false);
              });
            }}
          >
            {WORDS.common.again}
          </Button>
        </div>
      </div>
    </main>
  );
}
