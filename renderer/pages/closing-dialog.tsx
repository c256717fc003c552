import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import parts from '../parts/parts.module.css';
import { hasUnsaved } from '../unsaved.ts';
import { WORDS } from '../words/catalogue.ts';
import { looks } from '../parts/looks.ts';

/** The window was to be closed in the middle of something, or with a plan that is in no file. */
export function ClosingDialog({ onStay }: { readonly onStay: () => void }) {
  const isUnsaved = hasUnsaved();
  return (
    <Dialog title={isUnsaved ? WORDS.closing.unsavedTitle : WORDS.closing.title} onClose={onStay}>
      <p>{isUnsaved ? WORDS.closing.unsaved : WORDS.closing.say}</p>
      <div className={looks(parts.row, parts.end)}>
        <Button kind="danger" onPress={() => void call('window.close', {})}>
          {WORDS.closing.close}
        </Button>
        <Button onPress={onStay}>{isUnsaved ? WORDS.closing.unsavedStay : WORDS.closing.stay}</Button>
      </div>
    </Dialog>
  );
}
