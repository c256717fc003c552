import type { Problem } from '../../main/operations/index.ts';
import { WORDS } from '../words/catalogue.ts';
import { Button } from './button.tsx';
import { FailurePanel } from './failure-panel.tsx';

type Props = { readonly problem: Problem; readonly operation: string; readonly onAgain: () => void };

/** On a page, in place of what could not be read: why, and a way to look once more. */
export function Unread({ problem, operation, onAgain }: Props) {
  return (
    <>
      <FailurePanel problem={problem} operation={operation} />
      <div>
        <Button kind="link" onPress={onAgain}>
          {WORDS.common.again}
        </Button>
      </div>
    </>
  );
}
