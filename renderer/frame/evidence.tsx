import { useEffect, useRef, useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { Button } from '../parts/button.tsx';
import { Copyable } from '../parts/copy.tsx';
import { WORDS } from '../words/catalogue.ts';
import { localTime, utcMinutes } from '../words/time.ts';
import { exceptionWords } from '../words/exceptions.ts';
import { networkReasons } from '../words/two-stations.ts';
import { visible } from '../words/visible.ts';
import { HandOverDialog } from './hand-over-dialog.tsx';
import { AbortDialog, EscalateDialog, ExceptionDialog, PauseDialog } from './record-dialogs.tsx';
import type { Act } from '../ceremony/use-ceremony.ts';
import styles from './frame.module.css';

/** The facts gathered so far, the exceptions, and the way out. */
export function Evidence({ view, act }: { readonly view: CeremonyView; readonly act: Act }) {
  const [open, setOpen] = useState<'exception' | 'pause' | 'hand-over' | 'abort' | 'escalate' | null>(null);
  const close = (): void => {
    setOpen(null);
  };
  const facts = useRef<HTMLDivElement>(null);
  const { seq } = view.head;
  // What was gathered last is what people compare with: it comes into sight, and what was before is above it.
  useEffect(() => {
    facts.current?.scrollTo({ top: facts.current.scrollHeight });
  }, [seq]);
  return (
    <aside className={styles.evidence} aria-label={WORDS.evidence.title}>
      <h2>{WORDS.evidence.title}</h2>
      <div className={styles.facts} ref={facts}>
        <dl>
          {view.gathered.map((fact, index) => (
            <div key={`${fact.name}-${index.toString()}`}>
              <dt>{WORDS.evidence.names[fact.name] ?? fact.name}</dt>
              <dd>
                {fact.kind === 'text' ? (
                  visible(fact.name === 'network' ? networkReasons(fact.value).join('. ') : fact.value)
                ) : (
                  <Copyable value={fact.value} what={WORDS.evidence.names[fact.name] ?? fact.name} hex={fact.kind === 'hex'} />
                )}
              </dd>
            </div>
          ))}
          <div>
            <dt>{WORDS.evidence.head}</dt>
            <dd>
              <code>{`#${view.head.seq.toString()} ${view.head.head.slice(0, 4)} ${view.head.head.slice(4, 8)} …`}</code>
            </dd>
          </div>
        </dl>
      </div>
      <div className={styles.record}>
        <h2>{WORDS.evidence.exceptions}</h2>
        {view.exceptions.length === 0 ? (
          <p className={styles.who}>{WORDS.evidence.noExceptions}</p>
        ) : (
          <ol>
            {view.exceptions.map((one) => (
              <li key={`${one.at}-${one.text}`}>
                {visible(one.initials === null ? exceptionWords(one.text) : one.text)}{' '}
                <span title={localTime(one.at)}>{`${utcMinutes(one.at)}, ${one.initials ?? WORDS.evidence.byColdroom}`}</span>
              </li>
            ))}
          </ol>
        )}
        {view.state === 'open' ? (
          <>
            <div className={styles.ways}>
              <Button
                kind="link"
                onPress={() => {
                  setOpen('exception');
                }}
              >
                {WORDS.evidence.record}
              </Button>
              {view.people.length === 0 ? null : (
                <>
                  {view.paused === null ? (
                    <Button
                      kind="link"
                      onPress={() => {
                        setOpen('pause');
                      }}
                    >
                      {WORDS.evidence.pause}
                    </Button>
                  ) : null}
                  <Button
                    kind="link"
                    onPress={() => {
                      setOpen('hand-over');
                    }}
                  >
                    {WORDS.evidence.handOver}
                  </Button>
                </>
              )}
              <Button
                kind="link"
                onPress={() => {
                  setOpen('abort');
                }}
              >
                {WORDS.evidence.abort}
              </Button>
            </div>
            <div className={styles.stop}>
              <Button
                kind="plainDanger"
                onPress={() => {
                  setOpen('escalate');
                }}
              >
                {WORDS.evidence.stop}
              </Button>
            </div>
          </>
        ) : null}
      </div>
      {open === 'exception' ? <ExceptionDialog view={view} act={act} onClose={close} /> : null}
      {open === 'pause' ? <PauseDialog view={view} act={act} onClose={close} /> : null}
      {open === 'hand-over' ? <HandOverDialog view={view} act={act} onClose={close} /> : null}
      {open === 'abort' ? <AbortDialog view={view} act={act} onClose={close} /> : null}
      {open === 'escalate' ? <EscalateDialog view={view} act={act} onClose={close} /> : null}
    </aside>
  );
}
