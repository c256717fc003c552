import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import type { Act } from '../ceremony/use-ceremony.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { looks } from '../parts/looks.ts';

type Props = { readonly view: CeremonyView; readonly act: Act; readonly onClose: () => void };

/** Something unusual, in a person's own words, under that person's initials. */
export function ExceptionDialog({ view, act, onClose }: Props) {
  const [text, setText] = useState('');
  const [initials, setInitials] = useState('');
  const [error, setError] = useState<string | null>(null);
  const record = async (): Promise<void> => {
    const problem = await act('ceremony.exception', { ceremony: view.ceremony_id, text: text.trim(), initials });
    if (problem === null) onClose();
    else setError(problem.message);
  };
  return (
    <Dialog title={WORDS.exception.title} onClose={onClose}>
      <p>{WORDS.exception.say}</p>
      <Field label={WORDS.exception.text} value={text} onChange={setText} many maxLength={1000} autoFocus />
      <Field label={WORDS.exception.initials} value={initials} onChange={setInitials} maxLength={5} error={error} />
      <div className={looks(parts.row, parts.end)}>
        <Button kind="ghost" onPress={onClose}>
          {WORDS.exception.cancel}
        </Button>
        <Button isDisabled={text.trim() === '' || initials === ''} onPress={() => void record()}>
          {WORDS.exception.button}
        </Button>
      </div>
    </Dialog>
  );
}

/** Ends the ceremony. Wants a reason and a typed word: it cannot be taken back. */
export function EscalateDialog({ view, act, onClose }: Props) {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const stop = async (): Promise<void> => {
    const problem = await act('ceremony.escalate', { ceremony: view.ceremony_id, reason: reason.trim() });
    if (problem === null) onClose();
    else setError(problem.message);
  };
  return (
    <Dialog title={WORDS.escalate.title} onClose={onClose}>
      <p>{WORDS.escalate.say}</p>
      <Field label={WORDS.escalate.reason} value={reason} onChange={setReason} many maxLength={1000} autoFocus error={error} />
      <Field label={WORDS.escalate.typed} value={typed} onChange={setTyped} maxLength={10} />
      <div className={looks(parts.row, parts.end)}>
        <Button kind="ghost" onPress={onClose}>
          {WORDS.escalate.cancel}
        </Button>
        <Button kind="danger" isDisabled={reason.trim() === '' || typed !== WORDS.escalate.word} onPress={() => void stop()}>
          {WORDS.escalate.button}
        </Button>
      </div>
    </Dialog>
  );
}
