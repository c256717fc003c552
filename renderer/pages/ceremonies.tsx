import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, type Output } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Unread } from '../parts/unread.tsx';
import { WORDS } from '../words/catalogue.ts';
import { localTime, utcTime } from '../words/time.ts';
import styles from './backups.module.css';
import type { Page } from './page.ts';

type Lines = Output<'ceremony.list'>['ceremonies'];

export function Ceremonies({ go }: { readonly go: (page: Page) => void }) {
  const [lines, setLines] = useState<Lines | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = useCallback(async () => {
    const answer = await call('ceremony.list', {});
    setProblem(answer.ok ? null : answer.error);
    if (answer.ok) setLines(answer.output.ceremonies);
  }, []);
  useEffect(() => {
    void look();
  }, [look]);
  return (
    <>
      <div className={styles.head}>
        <h1>{WORDS.ceremonies.title}</h1>
        <div className={styles.spring} />
        <Button
          onPress={() => {
            go({ name: 'begin' });
          }}
        >
          {WORDS.ceremonies.start}
        </Button>
      </div>
      <p className={frame.say}>{WORDS.ceremonies.say}</p>
      {problem === null ? null : <Unread problem={problem} operation="ceremony.list" onAgain={() => void look()} />}
      {lines === null && problem === null ? <p role="status">{WORDS.app.loading}</p> : null}
      {lines?.length === 0 ? (
        <div className={parts.card}>
          <h2>{WORDS.ceremonies.none}</h2>
          <p>{WORDS.ceremonies.noneSay}</p>
        </div>
      ) : null}
      {lines === null || lines.length === 0 ? null : (
        <Table
          caption={WORDS.ceremonies.label}
          rows={lines}
          rowKey={(line) => line.ceremony_id}
          filter={{ label: WORDS.ceremonies.find, text: textOf }}
          columns={[
            { heading: WORDS.ceremonies.number, cell: (line) => line.number },
            { heading: WORDS.ceremonies.script, cell: scriptOf },
            { heading: WORDS.ceremonies.environment, cell: (line) => WORDS.bar[line.environment] },
            { heading: WORDS.ceremonies.begun, cell: (line) => utcTime(line.begun_at), hover: (line) => localTime(line.begun_at) },
            { heading: WORDS.ceremonies.state, cell: (line) => WORDS.ceremonies.states[line.state] },
            {
              heading: WORDS.ceremonies.look,
              kind: 'do',
              cell: (line) => (
                <Button
                  kind="link"
                  aria-label={`${line.state === 'open' ? WORDS.ceremonies.goOn : WORDS.ceremonies.look}: ${WORDS.script.ceremony(line.number)}`}
                  onPress={() => {
                    go({ name: 'ceremony', id: line.ceremony_id });
                  }}
                >
                  {line.state === 'open' ? WORDS.ceremonies.goOn : WORDS.ceremonies.look}
                </Button>
              ),
            },
          ]}
        />
      )}
    </>
  );
}

type Line = Lines[number];

function scriptOf(line: Line): string {
  return WORDS.script.names[line.script] ?? line.script;
}

/** All that a line shows, to be looked through. */
function textOf(line: Line): string {
  return [line.number, scriptOf(line), WORDS.bar[line.environment], utcTime(line.begun_at), WORDS.ceremonies.states[line.state]].join(' ');
}
