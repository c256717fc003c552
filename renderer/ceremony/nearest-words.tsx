import { useId, useState } from 'react';
import type { CeremonyView, Problem } from '../../main/operations/index.ts';
import { call, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { useProtection } from '../protection.ts';
import { PLANNED } from '../words/planned.ts';
import { visible } from '../words/visible.ts';
import styles from './planned.module.css';

type Props = { readonly view: CeremonyView; readonly file: CeremonyView['files'][number] };

/**
 * The words of a phrase that are on no list, and those that are near. They are part of the secret: shown where the window is kept out of
 * screen pictures, to whoever asks for them, until they are hidden or the step is left. Never announced.
 */
export function NearestWords({ view, file }: Props) {
  const isPrivate = useProtection(true);
  const [help, setHelp] = useState<Output<'ceremony.nearest-words'> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const id = useId();
  const show = async (): Promise<void> => {
    const answer = await call('ceremony.nearest-words', { ceremony: view.ceremony_id, item_id: file.item_id });
    setHelp(answer.ok ? answer.output : null);
    setProblem(answer.ok ? null : answer.error);
  };
  if (isPrivate !== true) return isPrivate === null ? null : <p className={parts.note}>{PLANNED.nearest.notPrivate}</p>;
  return (
    <div className={styles.nearest} aria-live="off">
      <div>
        <Button
          kind="link"
          aria-expanded={help !== null}
          aria-controls={id}
          onPress={() => {
            if (help === null) void show();
            else setHelp(null);
          }}
        >
          {help === null ? PLANNED.nearest.show : PLANNED.nearest.hide}
        </Button>
      </div>
      {problem === null ? null : <FailurePanel problem={problem} operation="ceremony.nearest-words" />}
      <div id={id}>{help === null ? <p className={parts.note}>{PLANNED.nearest.sayBefore}</p> : <Words help={help} />}</div>
    </div>
  );
}

function Words({ help: { words, too_many: isTooMany } }: { readonly help: Output<'ceremony.nearest-words'> }) {
  if (words.length === 0) return <p>{isTooMany ? PLANNED.nearest.tooMany : PLANNED.nearest.gone}</p>;
  return (
    <ul className={styles.nearestWords} onCopy={refuse} onCut={refuse} onDragStart={refuse}>
      {words.map(({ place, word, nearest }) => (
        <li key={place}>
          {PLANNED.nearest.word(place, visible(word))} {nearest.length === 0 ? PLANNED.nearest.none : PLANNED.nearest.nearest(nearest)}
        </li>
      ))}
    </ul>
  );
}

/** A secret is not to be copied or dragged off the screen. */
function refuse(event: { preventDefault(): void }): void {
  event.preventDefault();
}
