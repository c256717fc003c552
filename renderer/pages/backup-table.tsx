import { memo, useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { looks } from '../parts/looks.ts';
import { CHECK_STATES, Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { daysSince, utcTime } from '../words/time.ts';
import { visible } from '../words/visible.ts';
import styles from './backups.module.css';
import { lineAt, type BackupLine, type Found } from './use-backups.ts';

/** Rows are made some at a time, and some beyond each edge, so that scrolling on finds them there. */
const STEP_ROWS = 10;
const BEYOND_ROWS = 20;
/** 2.75rem, the least height of a row, in pixels at the usual size; what a row really takes is measured. */
const ROW_PIXELS = 44;

type Props = {
  readonly found: Found;
  readonly need: (first: number, last: number) => void;
  readonly onOpen: (line: BackupLine) => void;
};

/**
 * A table of any length, of which only the rows in sight are there. The whole of it is one stop for the keyboard: the arrows walk
 * within it, and rows that come and go never take the focus with them.
 */
export function BackupTable({ found, need, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(ROW_PIXELS);
  const [span, setSpan] = useState({ top: 0, count: 40 });
  const [active, setActive] = useState(0);
  const first = Math.max(0, span.top - BEYOND_ROWS);
  const last = Math.min(found.total, span.top + span.count + BEYOND_ROWS);
  const now = Math.min(active, found.total - 1);

  const see = useCallback((): void => {
    const box = scroller.current;
    if (box === null) return;
    const top = Math.floor(box.scrollTop / height / STEP_ROWS) * STEP_ROWS;
    const count = Math.ceil(box.clientHeight / height) + STEP_ROWS;
    setSpan((before) => (before.top === top && before.count === count ? before : { top, count }));
  }, [height]);
  useEffect(() => {
    see();
    window.addEventListener('resize', see);
    return () => {
      window.removeEventListener('resize', see);
    };
  }, [see]);
  useEffect(() => {
    need(first, Math.max(first, last - 1));
  }, [need, first, last, found]); // what was found may be new, and nothing of these places in it
  const measure = useCallback((row: HTMLTableRowElement | null): void => {
    const pixels = row?.getBoundingClientRect().height ?? 0;
    if (pixels > 0) setHeight((before) => (Math.abs(before - pixels) < 0.01 ? before : pixels));
  }, []);

  const walk = (event: KeyboardEvent): void => {
    const box = scroller.current;
    if (box === null) return;
    if (event.key === 'Enter') {
      const line = lineAt(found, now);
      if (line !== null) onOpen(line);
      return;
    }
    const page = Math.max(1, Math.floor(box.clientHeight / height) - 2);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: now + page, PageUp: now - page, Home: 0, End: found.total - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(found.total - 1, Math.max(0, to));
    setActive(next);
    // The head stays on top and covers one row.
    const most = next * height;
    const least = (next + 2) * height - box.clientHeight;
    if (box.scrollTop > most) box.scrollTop = most;
    else if (box.scrollTop < least) box.scrollTop = least;
  };

  return (
    <div className={looks(styles.scroller)} ref={scroller} onScroll={see}>
      <div style={{ paddingTop: first * height, paddingBottom: (found.total - last) * height }}>
        <table
          role="grid"
          className={looks(parts.table, styles.grid)}
          aria-label={WORDS.backups.label}
          aria-rowcount={found.total + 1}
          aria-activedescendant={now >= first && now < last ? rowId(now) : undefined}
          tabIndex={0}
          onKeyDown={walk}
        >
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">{WORDS.backups.columns.wallet}</th>
              <th scope="col">{WORDS.backups.columns.file}</th>
              <th scope="col">{WORDS.backups.columns.key}</th>
              <th scope="col">{WORDS.backups.columns.kept}</th>
              <th scope="col">{WORDS.backups.columns.state}</th>
              <th scope="col">{WORDS.backups.columns.check}</th>
              <th scope="col">{WORDS.backups.columns.when}</th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: Math.max(0, last - first) }, (_, step) => first + step).map((index) => (
              <BackupRow
                key={index}
                index={index}
                line={lineAt(found, index)}
                active={index === now}
                onOpen={onOpen}
                measure={index === first ? measure : null}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function rowId(index: number): string {
  return `backup-row-${index.toString()}`;
}

type RowProps = {
  readonly index: number;
  readonly line: BackupLine | null;
  readonly active: boolean;
  readonly onOpen: (line: BackupLine) => void;
  readonly measure: ((row: HTMLTableRowElement | null) => void) | null;
};

const BackupRow = memo(function BackupRow({ index, line, active, onOpen, measure }: RowProps) {
  const id = rowId(index);
  if (line === null) {
    return (
      <tr id={id} ref={measure} aria-rowindex={index + 2} data-active={active || undefined}>
        <td role="rowheader" colSpan={7}>
          <small>{WORDS.app.loading}</small>
        </td>
      </tr>
    );
  }
  const shown = checkOf(line);
  return (
    <tr
      id={id}
      ref={measure}
      aria-rowindex={index + 2}
      data-active={active || undefined}
      data-attention={line.state === 'unknown' || undefined}
      onClick={() => {
        onOpen(line);
      }}
    >
      <td role="rowheader" title={visible(line.wallet)}>
        <b className={styles.wallet}>{visible(line.wallet)}</b>
        {line.environment === 'rehearsal' ? <small> {WORDS.bar.rehearsal}</small> : null}
      </td>
      <td className={looks(styles.file)} title={visible(line.name)}>
        {visible(line.name)}
      </td>
      <td>
        <code>{`${line.key_id.slice(0, 8)} …`}</code>
      </td>
      <td>{line.key_environment}</td>
      <td>{WORDS.backups.states[line.state]}</td>
      <td>
        <span className={parts.state}>
          <Mark state={shown.mark} word={false} />
          {shown.words}
        </span>
      </td>
      <td>
        <small title={line.last_checked_at === null ? undefined : utcTime(line.last_checked_at)}>{whenOf(line)}</small>
      </td>
    </tr>
  );
});

/** The last check as sign and words; where nothing is stored, why there is none. */
function checkOf(line: BackupLine): { mark: string; words: string } {
  const { checks } = WORDS.backups;
  switch (line.state) {
    case 'unknown':
    case 'sending':
      return { mark: 'unknown', words: checks.may ?? '' };
    case 'refused':
      return { mark: 'amber', words: checks.nothing ?? '' };
    case 'sealed':
    case 'not-sent':
      return { mark: 'waits', words: checks.waits ?? '' };
    case 'stored': {
      return line.last_check === null
        ? { mark: 'unknown', words: checks.none ?? '' }
        : { mark: CHECK_STATES[line.last_check], words: checks[line.last_check] ?? '' };
    }
  }
}

function whenOf(line: BackupLine): string {
  if (line.state === 'unknown') return WORDS.backups.settle;
  if (line.drill_due_at !== null && Date.parse(line.drill_due_at) <= Date.now()) return WORDS.backups.due;
  const at = line.last_checked_at ?? line.changed_at;
  return WORDS.backups.ago(daysSince(at, Date.now()));
}
