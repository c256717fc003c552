import { useContext } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { failureFor } from '../words/failures.ts';
import { outsideCeremony } from '../words/failures-outside.ts';
import { WORDS } from '../words/catalogue.ts';
import { InCeremony } from './in-ceremony.ts';
import styles from './parts.module.css';
import { looks } from './looks.ts';

type Props = {
  readonly problem: Problem;
  /** The operation that met it, where its text depends on what was sent by then. */
  readonly operation: string | null;
  /** It stands in the place of the screen's own heading. */
  readonly isHeading?: boolean;
};

/**
 * What went wrong, in four parts: what happened, what it means, what to do now, what is saved. Red stops, amber wants to be
 * settled, plain is an input to mend. What CoinCover or the ledger said in its own words stands below. Outside a ceremony it names no
 * button that only a ceremony has.
 */
export function FailurePanel({ problem, operation, isHeading = false }: Props) {
  const Title = isHeading ? 'h1' : 'h2';
  const Part = isHeading ? 'h2' : 'h3';
  const ofCeremony = failureFor(problem, operation?.replace(/^ceremony\./, '') ?? null);
  const text = useContext(InCeremony) ? ofCeremony : outsideCeremony(ofCeremony);
  if (text.tone === 'mend') {
    return (
      <section className={looks(styles.panel, styles.panelMend)} role="alert" ref={intoSight}>
        <Title>{text.title}</Title>
        <p>{text.happened}</p>
        <ol>
          {text.doNow.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
        <OwnWords problem={problem} />
      </section>
    );
  }
  return (
    <section className={looks(styles.panel, text.tone === 'settle' ? styles.panelSettle : undefined)} role="alert" ref={intoSight}>
      <Title>{text.title}</Title>
      <div>
        <Part>{WORDS.failure.happened}</Part>
        <p>{text.happened}</p>
        <OwnWords problem={problem} />
      </div>
      <div>
        <Part>{WORDS.failure.means}</Part>
        <p>{text.means}</p>
      </div>
      <div>
        <Part>{WORDS.failure.doNow}</Part>
        <ol>
          {text.doNow.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </div>
      <div>
        <Part>{WORDS.failure.saved}</Part>
        <p>{text.saved}</p>
      </div>
    </section>
  );
}

function OwnWords({ problem }: { readonly problem: Problem }) {
  if (problem.message === '') return null;
  return <p className={styles.own}>{WORDS.failure.told(problem.message, problem.code)}</p>;
}

/** Whoever pressed the button may have scrolled away from where it stands. */
function intoSight(panel: HTMLElement | null): void {
  panel?.scrollIntoView({ block: 'nearest' });
}
