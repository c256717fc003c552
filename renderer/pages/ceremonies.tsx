import { useEffect, useState } from 'react';
import { call, type Output } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { localTime, utcTime } from '../words/time.ts';
import styles from './backups.module.css';
import type { Page } from './page.ts';

type Lines = Output<'ceremony.list'>['ceremonies'];

export function Ceremonies({ go }: { readonly go: (page: Page) => void }) {
  const [lines, setLines] = useState<Lines | null>(null);
  useEffect(() => {
    void call('ceremony.list', {}).then((answer) => {
      setLines(answer.ok ? answer.output.ceremonies : []);
    });
  }, []);
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
      {lines === null ? <p role="status">{WORDS.app.loading}</p> : null}
      {lines?.length === 0 ? <p>{WORDS.ceremonies.none}</p> : null}
      {lines === null || lines.length === 0 ? null : (
        <div className={parts.scroll}>
          <table className={parts.table}>
            <caption className={parts.hidden}>{WORDS.ceremonies.label}</caption>
            <thead>
              <tr>
                <th scope="col">{WORDS.ceremonies.number}</th>
                <th scope="col">{WORDS.ceremonies.script}</th>
                <th scope="col">{WORDS.ceremonies.environment}</th>
                <th scope="col">{WORDS.ceremonies.begun}</th>
                <th scope="col">{WORDS.ceremonies.state}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={line.ceremony_id}>
                  <td>{line.number}</td>
                  <td>{WORDS.script.names[line.script] ?? line.script}</td>
                  <td>{WORDS.bar[line.environment]}</td>
                  <td title={localTime(line.begun_at)}>{utcTime(line.begun_at)}</td>
                  <td>{WORDS.ceremonies.states[line.state]}</td>
                  <td>
                    <Button
                      kind="ghost"
                      aria-label={`${line.state === 'open' ? WORDS.ceremonies.goOn : WORDS.ceremonies.look}: ${WORDS.script.ceremony(line.number)}`}
                      onPress={() => {
                        go({ name: 'ceremony', id: line.ceremony_id });
                      }}
                    >
                      {line.state === 'open' ? WORDS.ceremonies.goOn : WORDS.ceremonies.look}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
