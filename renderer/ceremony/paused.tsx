import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { InitialsField, isGiven, NO_SIGNATURE, pinsOf, withoutPin } from '../parts/initials-field.tsx';
import { RECORD } from '../words/record.ts';
import { utcTime } from '../words/time.ts';
import { visible } from '../words/visible.ts';
import type { Ceremony } from './use-ceremony.ts';

type Props = { readonly view: CeremonyView; readonly ceremony: Ceremony };

/** In place of the step while the ceremony rests: why, and how it goes on. */
export function Paused({ view, ceremony }: Props) {
  const [reason, setReason] = useState('');
  const [by, setBy] = useState(NO_SIGNATURE);
  const { paused } = view;
  if (paused === null) return null;
  const resume = (): void => {
    setBy(withoutPin(by));
    const signature = { initials: by.initials, pins: pinsOf(view, by) };
    void ceremony.act('ceremony.resume', { ceremony: view.ceremony_id, reason: reason.trim(), ...signature });
  };
  return (
    <>
      <div className={frame.scroll}>
        <h1>{RECORD.resume.title}</h1>
        <p className={frame.say}>{RECORD.resume.say(paused.initials, utcTime(paused.at))}</p>
        <p>{visible(paused.reason)}</p>
        <Field label={RECORD.resume.reason} value={reason} onChange={setReason} many maxLength={1000} />
        <InitialsField
          view={view}
          label={RECORD.initials}
          value={by}
          onChange={setBy}
          error={ceremony.problem?.operation === 'ceremony.resume' ? ceremony.problem.problem.message : null}
        />
      </div>
      <div className={frame.act}>
        <Button isDisabled={reason.trim() === '' || !isGiven(view, by) || ceremony.running !== null} onPress={resume}>
          {RECORD.resume.button}
        </Button>
      </div>
    </>
  );
}
