import { useEffect, useRef } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { utcTime } from '../words/time.ts';
import { FileTable } from './file-table.tsx';

type Props = { readonly view: CeremonyView; readonly onLeave: () => void; readonly onBegin: () => void };

/** A ceremony that has ended, in one way or the other. */
export function Ended({ view, onLeave, onBegin }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const closed = view.state === 'closed';
  const rehearsal = view.script === 'rehearsal';
  return (
    <>
      <div className={frame.scroll}>
        {closed ? (
          <>
            <p className={frame.who}>{utcTime(view.ended_at ?? view.begun_at)}</p>
            <h1 ref={heading} tabIndex={-1}>
              {WORDS.ended.closed(view.number)}
            </h1>
            <p className={frame.say}>{rehearsal ? WORDS.ended.rehearsalSay : WORDS.ended.closedSay}</p>
          </>
        ) : (
          <section className={parts.panel} role="alert">
            <h1 ref={heading} tabIndex={-1}>
              {WORDS.ended.escalated(view.number)}
            </h1>
            <p>{WORDS.ended.escalatedSay}</p>
            <div>
              <h2>{WORDS.ended.reason}</h2>
              <p>{view.reason}</p>
            </div>
          </section>
        )}
        <FileTable view={view} />
        {closed ? null : (
          <div className={parts.row}>
            <CopyButton value={idList(view)} what={WORDS.ended.copyAll} />
            <span>{WORDS.ended.copyAll}</span>
          </div>
        )}
      </div>
      <div className={frame.act}>
        {closed && rehearsal ? (
          <Button kind="ghost" onPress={onBegin}>
            {WORDS.ended.production}
          </Button>
        ) : null}
        <Button onPress={onLeave}>{WORDS.ended.toBackups}</Button>
      </div>
    </>
  );
}

/** What support needs to find everything; ids only. */
function idList(view: CeremonyView): string {
  return [
    `environment ${view.environment} ${view.host ?? ''}`,
    `ceremony ${view.ceremony_id}`,
    `assignment ${view.assignment?.assignment_id ?? 'none'}`,
    `key ${view.assignment?.key?.key_id ?? 'none'}`,
    ...view.files.map((file) => `item ${file.item_id} ${file.state} backup ${file.backup_id ?? 'none'}`),
    `ledger ${view.head.seq.toString()} ${view.head.head}`,
  ].join('\n');
}
