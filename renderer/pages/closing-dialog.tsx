import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { looks } from '../parts/looks.ts';

/** The window was to be closed in the middle of something. */
export function ClosingDialog({ onStay }: { readonly onStay: () => void }) {
  return (
    <Dialog title={WORDS.closing.title} onClose={onStay}>
      <p>{WORDS.closing.say}</p>
      <div className={looks(parts.row, parts.end)}>
        <Button kind="danger" onPress={() => void call('window.close', {})}>
          {WORDS.closing.close}
        </Button>
        <Button onPress={onStay}>{WORDS.closing.stay}</Button>
      </div>
    </Dialog>
  );
}
