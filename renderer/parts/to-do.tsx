import { checkTitle } from '../words/checks.ts';
import { WORDS } from '../words/catalogue.ts';
import styles from './parts.module.css';

type Line = { readonly id: string; readonly result: 'warn' | 'failed' | 'not-checkable'; readonly to_do: string };

/** What people are to do about the lines of a self-check that are not as they should be; those that failed first. */
export function ToDo({ lines }: { readonly lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  const failedFirst = lines.toSorted((a, b) => Number(b.result === 'failed') - Number(a.result === 'failed'));
  return (
    <section className={styles.card}>
      <h2>{WORDS.selfCheck.toDo}</h2>
      <dl className={styles.facts}>
        {failedFirst.map(({ id, result, to_do: toDo }) => (
          <div key={id}>
            <dt>
              {checkTitle(id)}: {WORDS.selfCheck.results[result]}
            </dt>
            <dd>{`${toDo.charAt(0).toUpperCase()}${toDo.slice(1)}`}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
