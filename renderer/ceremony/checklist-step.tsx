import { useState } from 'react';
import { Choices } from '../parts/choices.tsx';
import { looks } from '../parts/looks.ts';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { POINTS, STEPS } from '../words/steps.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** What only people know. Nothing is answered beforehand. */
export function ChecklistStep(props: StepProps) {
  const { view, ceremony } = props;
  const [answers, setAnswers] = useState<Readonly<Record<string, boolean | null>>>(
    Object.fromEntries(view.checklist.map((point) => [point.id, point.yes])),
  );
  const given = view.checklist.flatMap((point) => {
    const yes = answers[point.id];
    return typeof yes === 'boolean' ? [{ id: point.id, yes }] : [];
  });
  const record = (): void => void ceremony.act('ceremony.checklist', { ceremony: view.ceremony_id, answers: given });
  const open = view.now?.gate === 'open';
  return (
    <StepFrame
      {...props}
      primary={{ label: STEPS.checklist.action, onPress: record, isDisabled: given.length < view.checklist.length }}
      operation="ceremony.checklist"
    >
      {open
        ? null
        : view.checklist.map((point) => (
            <div key={point.id} className={looks(parts.card, parts.point)}>
              <Choices
                label={POINTS[point.id]?.label ?? point.id}
                inline
                value={valueOf(answers[point.id])}
                onChange={(value) => {
                  setAnswers({ ...answers, [point.id]: value === 'yes' });
                }}
                choices={[
                  { value: 'yes', label: WORDS.checklist.yes },
                  { value: 'no', label: WORDS.checklist.no },
                ]}
              />
              <p className={parts.note}>
                {POINTS[point.id]?.why} {point.must ? WORDS.checklist.must : ''}
              </p>
            </div>
          ))}
    </StepFrame>
  );
}

function valueOf(yes: boolean | null | undefined): 'yes' | 'no' | null {
  if (typeof yes !== 'boolean') return null;
  return yes ? 'yes' : 'no';
}
