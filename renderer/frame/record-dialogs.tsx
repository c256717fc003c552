import { useState, type ReactNode } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import type { Act } from '../ceremony/use-ceremony.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { RECORD } from '../words/record.ts';
import { visible } from '../words/visible.ts';
import { looks } from '../parts/looks.ts';

type Props = { readonly view: CeremonyView; readonly act: Act; readonly onClose: () => void };

/** Something unusual, in a person's own words, under that person's initials. */
export function ExceptionDialog({ view, act, onClose }: Props) {
  const [text, setText] = useState('');
  const [initials, setInitials] = useState('');
  const { error, end } = useEnd(onClose);
  const record = (): void => {
    end(act('ceremony.exception', { ceremony: view.ceremony_id, text: text.trim(), initials }));
  };
  return (
    <Dialog title={WORDS.exception.title} onClose={onClose}>
      <p>{WORDS.exception.say}</p>
      <Field label={WORDS.exception.text} value={text} onChange={setText} many maxLength={1000} autoFocus />
      <Field label={WORDS.exception.initials} value={initials} onChange={setInitials} maxLength={5} error={error} />
      <Buttons cancel={WORDS.exception.cancel} onClose={onClose}>
        <Button isDisabled={text.trim() === '' || initials === ''} onPress={record}>
          {WORDS.exception.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}

/** Ends the ceremony. Wants a reason and a typed word: it cannot be taken back. */
export function EscalateDialog({ view, act, onClose }: Props) {
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [initials, setInitials] = useState('');
  const { error, end } = useEnd(onClose);
  // Before anybody is entered there are no initials to give.
  const anybody = view.people.length > 0;
  const stop = (): void => {
    end(act('ceremony.escalate', { ceremony: view.ceremony_id, reason: reason.trim(), initials: anybody ? initials : null }));
  };
  return (
    <Dialog title={WORDS.escalate.title} onClose={onClose}>
      <p>{WORDS.escalate.say}</p>
      <Field label={WORDS.escalate.reason} value={reason} onChange={setReason} many maxLength={1000} autoFocus error={error} />
      {anybody ? <Field label={WORDS.escalate.initials} value={initials} onChange={setInitials} maxLength={5} /> : null}
      <Field label={WORDS.escalate.typed} value={typed} onChange={setTyped} maxLength={10} />
      <Buttons cancel={WORDS.escalate.cancel} onClose={onClose}>
        <Button
          kind="danger"
          isDisabled={reason.trim() === '' || (anybody && initials === '') || typed !== WORDS.escalate.word}
          onPress={stop}
        >
          {WORDS.escalate.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}

/** Lets the ceremony rest, under somebody's initials. */
export function PauseDialog({ view, act, onClose }: Props) {
  const [reason, setReason] = useState('');
  const [initials, setInitials] = useState('');
  const { error, end } = useEnd(onClose);
  const pause = (): void => {
    end(act('ceremony.pause', { ceremony: view.ceremony_id, reason: reason.trim(), initials }));
  };
  return (
    <Dialog title={RECORD.pause.title} onClose={onClose}>
      <p>{RECORD.pause.say}</p>
      <Field label={RECORD.reason} value={reason} onChange={setReason} many maxLength={1000} autoFocus />
      <Field label={RECORD.initials} value={initials} onChange={setInitials} maxLength={5} error={error} />
      <Buttons cancel={RECORD.cancel} onClose={onClose}>
        <Button isDisabled={reason.trim() === '' || initials === ''} onPress={pause}>
          {RECORD.pause.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}

/** A role passes to another person, seen by somebody who stays. */
export function HandOverDialog({ view, act, onClose }: Props) {
  const [from, setFrom] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [seenBy, setSeenBy] = useState('');
  const { error, end } = useEnd(onClose);
  const handOver = (): void => {
    const input = { from: from ?? '', to: { name: name.trim(), initials: to }, reason: reason.trim(), seen_by: seenBy };
    end(act('ceremony.hand-over', { ceremony: view.ceremony_id, ...input }));
  };
  const isWhole = from !== null && [name, to, reason, seenBy].every((one) => one.trim() !== '');
  return (
    <Dialog title={RECORD.handOver.title} onClose={onClose}>
      <p>{RECORD.handOver.say}</p>
      <Choices
        label={RECORD.handOver.from}
        value={from}
        onChange={setFrom}
        choices={view.people.map((one) => ({ value: one.initials, label: `${visible(one.name)} (${one.initials})`, why: one.role }))}
      />
      <Field label={RECORD.handOver.name} value={name} onChange={setName} maxLength={100} />
      <Field label={RECORD.handOver.to} value={to} onChange={setTo} maxLength={5} />
      <Field label={RECORD.reason} value={reason} onChange={setReason} maxLength={1000} />
      <Field label={RECORD.handOver.seenBy} value={seenBy} onChange={setSeenBy} maxLength={5} error={error} />
      <Buttons cancel={RECORD.cancel} onClose={onClose}>
        <Button isDisabled={!isWhole} onPress={handOver}>
          {RECORD.handOver.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}

/** Ends the ceremony because it is not wanted any more; two people say so. */
export function AbortDialog({ view, act, onClose }: Props) {
  const [reason, setReason] = useState('');
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const { error, end } = useEnd(onClose);
  const anybody = view.people.length > 0;
  const abort = (): void => {
    end(act('ceremony.abort', { ceremony: view.ceremony_id, reason: reason.trim(), initials: anybody ? [first, second] : [] }));
  };
  return (
    <Dialog title={RECORD.abort.title} onClose={onClose}>
      <p>{RECORD.abort.say}</p>
      <Field label={RECORD.reason} value={reason} onChange={setReason} many maxLength={1000} autoFocus error={anybody ? null : error} />
      {anybody ? (
        <>
          <Field label={RECORD.abort.first} value={first} onChange={setFirst} maxLength={5} />
          <Field label={RECORD.abort.second} value={second} onChange={setSecond} maxLength={5} error={error} />
        </>
      ) : null}
      <Buttons cancel={RECORD.cancel} onClose={onClose}>
        <Button kind="danger" isDisabled={reason.trim() === '' || (anybody && (first === '' || second === ''))} onPress={abort}>
          {RECORD.abort.button}
        </Button>
      </Buttons>
    </Dialog>
  );
}

/** A dialog closes once its entry is written; why it was not stands in it. */
function useEnd(onClose: () => void): { error: string | null; end: (entry: ReturnType<Act>) => void } {
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

function Buttons({ cancel, onClose, children }: ButtonsProps) {
  return (
    <div className={looks(parts.row, parts.end)}>
      <Button kind="ghost" onPress={onClose}>
        {cancel}
      </Button>
      {children}
    </div>
  );
}
