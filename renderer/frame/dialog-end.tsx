import { useState, type ReactNode } from 'react';
import type { Act } from '../ceremony/use-ceremony.ts';
import { Button } from '../parts/button.tsx';
import { looks } from '../parts/looks.ts';
import parts from '../parts/parts.module.css';

/** A dialog closes once its entry is written; why it was not stands in it. */
export function useEnd(onClose: () => void): { error: string | null; end: (entry: ReturnType<Act>) => void } {
  const [error, setError] = useState<string | null>(null);
  const end = (entry: ReturnType<Act>): void => {
    void entry.then((problem) => {
      if (problem === null) onClose();
      else setError(problem.message);
    });
  };
  return { error, end };
}

type ButtonsProps = { readonly cancel: string; readonly onClose: () => void; readonly children: ReactNode };

/** What leaves a dialog, and beside it what it is for. */
export function Buttons({ cancel, onClose, children }: ButtonsProps) {
  return (
    <div className={looks(parts.row, parts.end)}>
      <Button kind="ghost" onPress={onClose}>
        {cancel}
      </Button>
      {children}
    </div>
  );
}
