import type { CeremonyView } from '../../main/operations/index.ts';
import { Button } from '../parts/button.tsx';
import { WORDS } from '../words/catalogue.ts';
import { STEPS, type StepName } from '../words/steps.ts';
import { localTime, utcMinutes } from '../words/time.ts';
import styles from './frame.module.css';

/** The script's numbered steps: done ones with initials and time, the current one lit, the others locked. */
export function ScriptRail({ view, onLeave }: { readonly view: CeremonyView; readonly onLeave: () => void }) {
  return (
    <nav className={styles.rail} aria-label={WORDS.script.label}>
      <h2>{WORDS.script.ceremony(view.number)}</h2>
      <p>{WORDS.script.names[view.script] ?? view.script}</p>
      <ol>
        {view.steps.map((step) => (
          <li
            key={step.id}
            data-status={step.status}
            aria-current={step.status === 'now' ? 'step' : undefined}
            ref={step.status === 'now' ? keepInSight : null}
          >
            <i aria-hidden="true">{step.status === 'done' ? '✓' : step.number}</i>
            <div>
              {STEPS[step.id as StepName].title}
              {step.status === 'done' ? <Signed signed={step.signed} /> : null}
            </div>
          </li>
        ))}
      </ol>
      <div className={styles.leave}>
        <Button kind="link" onPress={onLeave}>
          {view.state === 'open' ? WORDS.script.leave : WORDS.detail.back}
        </Button>
        {view.state === 'open' ? <p>{WORDS.script.leaveWhy}</p> : null}
      </div>
    </nav>
  );
}

/** A long script scrolls; the current step does not leave the eye. */
function keepInSight(line: HTMLLIElement | null): void {
  line?.scrollIntoView({ block: 'nearest' });
}

function Signed({ signed }: { readonly signed: CeremonyView['steps'][number]['signed'] }) {
  const last = signed.at(-1);
  if (last === undefined) return null;
  return <small title={localTime(last.at)}>{WORDS.script.signed(signed.map((one) => one.initials).join(', '), utcMinutes(last.at))}</small>;
}
