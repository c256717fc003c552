import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import {
  Cell,
  Column,
  Input,
  Label,
  Row,
  SearchField,
  Table,
  TableBody,
  TableHeader,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import type { ReceivedDocument } from '../parts/code-read.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { CHECK_STATES, Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import type { Problem } from '../../main/operations/index.ts';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { CODE_WORDS } from '../words/codes.ts';
import { daysSince, utcTime } from '../words/time.ts';
import styles from './backups.module.css';
import type { Page } from './page.ts';
import { looks } from '../parts/looks.ts';

const CodeRead = lazy(async () => ({ default: (await import('../parts/code-read.tsx')).CodeRead }));

export type BackupLine = Output<'ledger.list'>['backups'][number];
type Filter = 'all' | 'settle' | 'invalid' | 'due' | 'cold';

const FILTERS: readonly Filter[] = ['all', 'settle', 'invalid', 'due', 'cold'];
const FIRST_ROWS = 100;

type Props = {
  readonly state: Output<'window.state'>;
  readonly go: (page: Page) => void;
  readonly onDrillsDue: (count: number) => void;
};

/** The ledger as a table: search, filter, state, age of the last check. */
export function Backups({ state, go, onDrillsDue }: Props) {
  const [lines, setLines] = useState<readonly BackupLine[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [head, setHead] = useState<Output<'ledger.head'> | null>(null);
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const [rows, setRows] = useState(FIRST_ROWS);
  const [note, setNote] = useState<string | null>(null);
  const [reading, setReading] = useState(false);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const files = useFiles(state.native_dialogs);
  const look = useCallback((): void => {
    void call('ledger.list', { all: true }).then((answer) => {
      if (!answer.ok) {
        setProblem(answer.error);
        return;
      }
      setLines(answer.output.backups);
      onDrillsDue(answer.output.backups.filter((line) => isDue(line)).length);
    });
    void call('ledger.head', {}).then((answer) => {
      if (answer.ok) setHead(answer.output);
    });
  }, [onDrillsDue]);
  useEffect(look, [look]);
  const found = useMemo(() => (lines ?? []).filter((line) => fits(line, filter) && matches(line, search)), [lines, filter, search]);
  const exportAll = async (): Promise<void> => {
    const [file] = await files.choose({ what: 'save', title: WORDS.backups.exportDialog, name: 'coldroom-backups.csv' });
    if (file === undefined) return;
    const answer = await call('ledger.export', { format: 'csv', out: file.handle });
    setNote(answer.ok ? WORDS.backups.exported : answer.error.message);
  };
  const takeIn = async ({ kind, name, handle }: ReceivedDocument): Promise<void> => {
    const answer = await call('import', { files: [handle] });
    const state = answer.ok ? (answer.output.items[0]?.state ?? 'refused') : 'refused';
    setNote(CODE_WORDS.received(CODE_WORDS.kinds[kind], name, CODE_WORDS.became[state]));
    setRefusal(firstProblem(answer));
    if (state === 'new') look();
  };
  const start = (): void => {
    go({ name: 'begin' });
  };
  if (problem !== null) return <FailurePanel problem={problem} operation="ledger.list" />;
  if (lines === null) return <p role="status">{WORDS.app.loading}</p>;
  const wallets = new Set(lines.map((line) => line.wallet)).size;
  return (
    <>
      <div className={styles.head}>
        <h1>{WORDS.backups.title}</h1>
        <span className={parts.note}>{WORDS.backups.count(lines.length, wallets)}</span>
        <div className={styles.spring} />
        <span role="status">{note}</span>
        <Button kind="ghost" onPress={() => void exportAll()}>
          {WORDS.backups.exportAll}
        </Button>
        <Button
          kind="ghost"
          isDisabled={reading}
          onPress={() => {
            setNote(null);
            setRefusal(null);
            setReading(true);
          }}
        >
          {CODE_WORDS.readTitle}
        </Button>
        <Button onPress={start}>{WORDS.backups.start}</Button>
      </div>
      {reading ? (
        <Suspense fallback={<p role="status">{CODE_WORDS.looking}</p>}>
          <CodeRead
            onReceived={(document) => {
              setReading(false);
              void takeIn(document);
            }}
            onCancel={() => {
              setReading(false);
            }}
          />
        </Suspense>
      ) : null}
      {refusal === null ? null : <FailurePanel problem={refusal} operation="import" />}
      {lines.length === 0 ? (
        <div className={parts.card}>
          <h2>{WORDS.backups.empty}</h2>
          <p>{WORDS.backups.emptySay}</p>
        </div>
      ) : (
        <>
          <div className={styles.head}>
            <SearchField className={looks(styles.find)} value={search} onChange={setSearch} aria-label={WORDS.backups.find}>
              <Label className={looks(parts.hidden)}>{WORDS.backups.find}</Label>
              <Input className={looks(parts.input)} placeholder={WORDS.backups.find} />
            </SearchField>
            <ToggleButtonGroup
              className={looks(styles.chips)}
              aria-label={WORDS.backups.filterLabel}
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[filter]}
              onSelectionChange={(keys) => {
                const [next] = keys;
                setFilter((next as Filter | undefined) ?? 'all');
              }}
            >
              {FILTERS.map((one) => (
                <ToggleButton key={one} id={one} className={looks(styles.chip)}>
                  {one === 'cold'
                    ? WORDS.backups.filters.cold
                    : `${WORDS.backups.filters[one]} ${lines.filter((line) => fits(line, one)).length.toLocaleString('en-GB')}`}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          </div>
          {found.length === 0 ? (
            <p>{WORDS.backups.nothing}</p>
          ) : (
            <div className={parts.scroll}>
              <Table
                className={looks(parts.table)}
                aria-label={WORDS.backups.label}
                onRowAction={(key) => {
                  go({ name: 'backup', id: String(key) });
                }}
              >
                <TableHeader>
                  <Column isRowHeader>{WORDS.backups.columns.wallet}</Column>
                  <Column>{WORDS.backups.columns.key}</Column>
                  <Column>{WORDS.backups.columns.kept}</Column>
                  <Column>{WORDS.backups.columns.state}</Column>
                  <Column>{WORDS.backups.columns.check}</Column>
                  <Column>{WORDS.backups.columns.when}</Column>
                </TableHeader>
                <TableBody>{found.slice(0, rows).map((line) => rowOf(line))}</TableBody>
              </Table>
            </div>
          )}
          {found.length > rows ? (
            <div>
              <Button
                kind="link"
                onPress={() => {
                  setRows(rows + FIRST_ROWS);
                }}
              >
                {WORDS.backups.more(Math.min(FIRST_ROWS, found.length - rows))}
              </Button>
            </div>
          ) : null}
        </>
      )}
      {head === null ? null : (
        <p className={parts.note}>
          {WORDS.backups.head(`#${head.seq.toString()} ${head.head.slice(0, 4)} ${head.head.slice(4, 8)} …`, head.seq)}
        </p>
      )}
      {files.browser}
    </>
  );
}

function rowOf(line: BackupLine) {
  const shown = checkOf(line);
  return (
    <Row key={line.item_id} id={line.item_id} data-attention={line.state === 'unknown' || undefined}>
      <Cell>
        <b className={styles.wallet}>{line.wallet}</b>
        {line.environment === 'rehearsal' ? <small> {WORDS.bar.rehearsal}</small> : null}
      </Cell>
      <Cell>
        <code>{`${line.key_id.slice(0, 8)} …`}</code>
      </Cell>
      <Cell>{line.key_environment}</Cell>
      <Cell>{WORDS.backups.states[line.state]}</Cell>
      <Cell>
        <span className={parts.state}>
          <Mark state={shown.mark} word={false} />
          {shown.words}
        </span>
      </Cell>
      <Cell>
        <small title={line.last_checked_at === null ? undefined : utcTime(line.last_checked_at)}>{whenOf(line)}</small>
      </Cell>
    </Row>
  );
}

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
  if (isDue(line)) return WORDS.backups.due;
  const at = line.last_checked_at ?? line.changed_at;
  return WORDS.backups.ago(daysSince(at, Date.now()));
}

/** A drill is due from that moment on. */
export function isDue(line: BackupLine): boolean {
  return line.drill_due_at !== null && Date.parse(line.drill_due_at) <= Date.now();
}

function fits(line: BackupLine, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'settle':
      return line.state === 'unknown';
    case 'invalid':
      return line.last_check === 'invalid';
    case 'due':
      return isDue(line);
    case 'cold':
      return line.key_environment === 'COLD';
  }
}

function matches(line: BackupLine, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return wanted === '' || [line.wallet, line.key_id, line.backup_id ?? '', line.name].some((text) => text.toLowerCase().includes(wanted));
}
