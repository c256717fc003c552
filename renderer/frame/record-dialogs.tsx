import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import type { Act } from '../ceremony/use-ceremony.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { canAnybodySign, InitialsField, isGiven, NO_SIGNATURE, pinsOf, withoutPin } from '../parts/initials-field.tsx';
import { WORDS } from '../words/catalogue.ts';
import { RECORD } from '../words/record.ts';
import { Buttons, useEnd } from './dialog-end.tsx';

export type DialogProps = { readonly view: CeremonyView; readonly act: Act; readonly onClose: () => void };

/** Something unusual, in a person's own words, under that person's initials. */
export function ExceptionDialog({ view, act, onClose }: DialogProps) {
  const [text, setText] = useState('');
  const [by, setBy] = useState(NO_SIGNATURE);
  const { error, end } = useEnd(onClose);
  const record = (): void => {
    setBy(withoutPin(by));
    end(act('ceremony.exception', { ceremony: view.ceremony_id, text: text.trim(), initials: by.initials, pins: pinsOf(view, by) }));
  };
  return (
    <Dialog title={WORDS.exception.title} onClose={onClose}>
      <p>{WORDS.exception.say}</p>
      <Field label={WORDS.exception.text} value={text} onChange={setText} many maxLength={1000} autoFocus />
      <InitialsField view={view} label={WORDS.exception.initials} value={by} onChange={setBy} error={error} />
      <Buttons cancel={WORDS.exception.cancel} onClose={onClose}>
        <Button isDisabled={text.trim() === '' || !isGiven(view, by)} onPress={record}>
          {WORDS.exception.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}

/** Ends the ceremony. Wants a reason and a typed word: it cannot be taken back. */
export function EscalateDialog({ view, act, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [by, setBy] = useState(NO_SIGNATURE);
  const { error, end } = useEnd(onClose);
  // Before anybody is entered there are no initials to give.
  const anybody = canAnybodySign(view);
  const stop = (): void => {
    setBy(withoutPin(by));
    const signature = anybody ? { initials: by.initials, pins: pinsOf(view, by) } : { initials: null };
    end(act('ceremony.escalate', { ceremony: view.ceremony_id, reason: reason.trim(), ...signature }));
  };
  return (
    <Dialog title={WORDS.escalate.title} onClose={onClose}>
      <p>{WORDS.escalate.say}</p>
      <Field label={WORDS.escalate.reason} value={reason} onChange={setReason} many maxLength={1000} autoFocus error={error} />
      {anybody ? <InitialsField view={view} label={WORDS.escalate.initials} value={by} onChange={setBy} /> : null}
      <Field label={WORDS.escalate.typed} value={typed} onChange={setTyped} maxLength={10} />
      <Buttons cancel={WORDS.escalate.cancel} onClose={onClose}>
        <Button
          kind="danger"
          isDisabled={reason.trim() === '' || (anybody && !isGiven(view, by)) || typed !== WORDS.escalate.word}
          onPress={stop}
        >
          {WORDS.escalate.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}

/** Lets the ceremony rest, under somebody's initials. */
export function PauseDialog({ view, act, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const [by, setBy] = useState(NO_SIGNATURE);
  const { error, end } = useEnd(onClose);
  const pause = (): void => {
    setBy(withoutPin(by));
    end(act('ceremony.pause', { ceremony: view.ceremony_id, reason: reason.trim(), initials: by.initials, pins: pinsOf(view, by) }));
  };
  return (
    <Dialog title={RECORD.pause.title} onClose={onClose}>
      <p>{RECORD.pause.say}</p>
      <Field label={RECORD.reason} value={reason} onChange={setReason} many maxLength={1000} autoFocus />
      <InitialsField view={view} label={RECORD.initials} value={by} onChange={setBy} error={error} />
      <Buttons cancel={RECORD.cancel} onClose={onClose}>
        <Button isDisabled={reason.trim() === '' || !isGiven(view, by)} onPress={pause}>
          {RECORD.pause.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}

/** Ends the ceremony because it is not wanted any more; two people say so. */
export function AbortDialog({ view, act, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const [first, setFirst] = useState(NO_SIGNATURE);
  const [second, setSecond] = useState(NO_SIGNATURE);
  const { error, end } = useEnd(onClose);
  const anybody = view.people.length > 0;
  const abort = (): void => {
    setFirst(withoutPin(first));
    setSecond(withoutPin(second));
    const signatures = anybody ? { initials: [first.initials, second.initials], pins: pinsOf(view, first, second) } : { initials: [] };
    end(act('ceremony.abort', { ceremony: view.ceremony_id, reason: reason.trim(), ...signatures }));
  };
  return (
    <Dialog title={RECORD.abort.title} onClose={onClose}>
      <p>{RECORD.abort.say}</p>
      <Field label={RECORD.reason} value={reason} onChange={setReason} many maxLength={1000} autoFocus error={anybody ? null : error} />
      {anybody ? (
        <>
          <InitialsField view={view} label={RECORD.abort.first} value={first} onChange={setFirst} />
          <InitialsField view={view} label={RECORD.abort.second} value={second} onChange={setSecond} error={error} />
        </>
      ) : null}
      <Buttons cancel={RECORD.cancel} onClose={onClose}>
        <Button
          kind="danger"
          isDisabled={reason.trim() === '' || (anybody && !(isGiven(view, first) && isGiven(view, second)))}
          onPress={abort}
        >
          {RECORD.abort.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}
