import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { Input, Label, SearchField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import type { ReceivedDocument } from '../parts/code-read.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import type { Problem } from '../../main/operations/index.ts';
import { useFiles } from '../use-files.tsx';
import { Unread } from '../parts/unread.tsx';
import { WORDS } from '../words/catalogue.ts';
import { CODE_WORDS } from '../words/codes.ts';
import { BackupTable } from './backup-table.tsx';
import styles from './backups.module.css';
import type { Page } from './page.ts';
import { looks } from '../parts/looks.ts';
import { useBackups, type BackupFilter, type BackupLine } from './use-backups.ts';

const CodeRead = lazy(async () => ({ default: (await import('../parts/code-read.tsx')).CodeRead }));

type Format = (typeof FORMATS)[number];

const FORMATS = ['csv', 'events-csv', 'json', 'jsonl'] as const;
const FILE_NAMES: Readonly<Record<Format, string>> = {
  csv: 'coldroom-backups.csv',
  'events-csv': 'coldroom-events.csv',
  json: 'coldroom-ledger.json',
  jsonl: 'coldroom-events.jsonl',
};
const FILTERS: readonly BackupFilter[] = ['all', 'settle', 'invalid', 'due', 'cold'];

type Props = {
  readonly state: Output<'window.state'>;
  readonly go: (page: Page) => void;
  readonly onDrillsDue: (count: number) => void;
};

/** The ledger as a table: search, filter, state, age of the last check. */
export function Backups({ state, go, onDrillsDue }: Props) {
  const [head, setHead] = useState<Output<'ledger.head'> | null>(null);
  const [filter, setFilter] = useState<BackupFilter>('all');
  const [search, setSearch] = useState('');
  const [exporting, setExporting] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const [reading, setReading] = useState(false);
  const [refusal, setRefusal] = useState<{ readonly problem: Problem; readonly operation: string } | null>(null);
  const files = useFiles(state.native_dialogs);
  const { found, counts, problem, look, need } = useBackups(filter, search);
  useEffect(() => {
    if (counts !== null) onDrillsDue(counts.filters.due);
  }, [counts, onDrillsDue]);
  // With the counts: whatever changed the one changed the other.
  useEffect(() => {
    void call('ledger.head', {}).then((answer) => {
      if (answer.ok) setHead(answer.output);
    });
  }, [counts]);
  const open = useCallback(
    (line: BackupLine): void => {
      go({ name: 'backup', id: line.item_id });
    },
    [go],
  );
  const exportAs = async (format: Format): Promise<void> => {
    setExporting(false);
    const [file] = await files.choose({ what: 'save', title: WORDS.backups.exportDialog, name: FILE_NAMES[format] });
    if (file === undefined) return;
    const answer = await call('ledger.export', { format, out: file.handle });
    setNote(answer.ok ? WORDS.backups.exported : '');
    setRefusal(answer.ok ? null : { problem: answer.error, operation: 'ledger.export' });
  };
  const takeIn = async ({ kind, name, handle }: ReceivedDocument): Promise<void> => {
    const answer = await call('import', { files: [handle] });
    const state = answer.ok ? (answer.output.items[0]?.state ?? 'refused') : 'refused';
    setNote(CODE_WORDS.received(CODE_WORDS.kinds[kind], name, CODE_WORDS.became[state]));
    const refused = firstProblem(answer);
    setRefusal(refused === null ? null : { problem: refused, operation: 'import' });
    if (state === 'new') look();
  };
  const start = (): void => {
    go({ name: 'begin' });
  };
  if (problem !== null)
    return (
      <>
        <h1>{WORDS.backups.title}</h1>
        <Unread problem={problem} operation="ledger.list" onAgain={look} />
      </>
    );
  if (found === null || counts === null) return <p role="status">{WORDS.app.loading}</p>;
  return (
    <>
      <div className={styles.head}>
        <h1>{WORDS.backups.title}</h1>
        <span className={parts.note}>{WORDS.backups.count(counts.filters.all, counts.wallets)}</span>
        <div className={styles.spring} />
        <span role="status">{note}</span>
        <Button
          kind="ghost"
          isDisabled={exporting}
          onPress={() => {
            setExporting(true);
          }}
        >
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
      {exporting ? (
        <ExportChoice
          onExport={(format) => void exportAs(format)}
          onCancel={() => {
            setExporting(false);
          }}
        />
      ) : null}
      {reading ? (
        <div className={parts.card}>
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
        </div>
      ) : null}
      {refusal === null ? null : <FailurePanel {...refusal} />}
      {counts.filters.all === 0 ? (
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
                setFilter((next as BackupFilter | undefined) ?? 'all');
              }}
            >
              {FILTERS.map((one) => (
                <ToggleButton key={one} id={one} className={looks(styles.chip)}>
                  {one === 'cold'
                    ? WORDS.backups.filters.cold
                    : `${WORDS.backups.filters[one]} ${counts.filters[one].toLocaleString('en-GB')}`}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          </div>
          {found.total === 0 ? (
            <p>{WORDS.backups.nothing}</p>
          ) : (
            // Another question begins at its top again.
            <BackupTable key={`${filter} ${search}`} found={found} need={need} onOpen={open} />
          )}
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

/** What is written, for whom. */
function ExportChoice({ onExport, onCancel }: { readonly onExport: (format: Format) => void; readonly onCancel: () => void }) {
  const [format, setFormat] = useState<Format>('csv');
  return (
    <div className={parts.card}>
      <Choices
        label={WORDS.backups.exportWhat}
        choices={FORMATS.map((value) => ({ value, ...WORDS.backups.exports[value] }))}
        value={format}
        onChange={(value) => {
          setFormat(value as Format);
        }}
      />
      <div className={parts.row}>
        <Button
          onPress={() => {
            onExport(format);
          }}
        >
          {WORDS.backups.exportStart}
        </Button>
        <Button kind="ghost" onPress={onCancel}>
          {WORDS.backups.exportCancel}
        </Button>
      </div>
    </div>
  );
}
