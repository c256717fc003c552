import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Copyable } from '../parts/copy.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Working } from '../parts/progress.tsx';
import { Settle, type Word } from '../parts/settle.tsx';
import { WORDS } from '../words/catalogue.ts';
import { CODE_WORDS } from '../words/codes.ts';
import { visible } from '../words/visible.ts';
import { MODES } from '../words/steps.ts';
import { localTime, utcTime } from '../words/time.ts';
import type { Page } from './page.ts';
import { looks } from '../parts/looks.ts';

const CodeShow = lazy(async () => ({ default: (await import('../parts/code-show.tsx')).CodeShow }));

type Item = Output<'item.show'>;

/** One backup: what it is, where it stands, and everything that happened to it. */
export function BackupDetail({ id, go }: { readonly id: string; readonly go: (page: Page) => void }) {
  const [item, setItem] = useState<Item | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [operation, setOperation] = useState<'verify' | 'store'>('verify');
  const [running, setRunning] = useState<string | null>(null);
  const [shownAsCode, setShownAsCode] = useState<string | null>(null);
  const load = useCallback(async () => {
    const answer = await call('item.show', { id });
    if (answer.ok) setItem(answer.output);
    else setProblem(answer.error);
  }, [id]);
  useEffect(() => {
    void load();
  }, [load]);
  const ask = async (): Promise<void> => {
    if (typeof item?.backup_id !== 'string') return;
    setRunning('verify');
    setOperation('verify');
    setProblem(null);
    const key = await call('verify', { what: { which: 'key', id: item.key_id } });
    const backup = await call('verify', { what: { which: 'backup', id: item.backup_id } });
    setProblem(firstProblem(backup) ?? firstProblem(key));
    setRunning(null);
    await load();
  };
  const settle = async (word: Word): Promise<void> => {
    setRunning('ceremony.store');
    setOperation('store'); // its failures have their texts under that step
    const answer = await call('item.settle', { item_id: id, word });
    setProblem(firstProblem(answer));
    setRunning(null);
    await load();
  };
  const back = (
    <div>
      <Button
        kind="link"
        onPress={() => {
          go({ name: 'backups' });
        }}
      >
        {WORDS.detail.back}
      </Button>
    </div>
  );
  if (item === null) {
    return (
      <>
        {back}
        {problem === null ? <p role="status">{WORDS.app.loading}</p> : <FailurePanel problem={problem} operation="ledger.show" />}
      </>
    );
  }
  // The code takes the place of all else: it has to be in sight as a whole.
  if (shownAsCode !== null) {
    return (
      <>
        <h1>{WORDS.detail.title(visible(item.wallet))}</h1>
        <Suspense fallback={<p role="status">{CODE_WORDS.preparing}</p>}>
          <CodeShow
            documentId={shownAsCode}
            onDone={() => {
              setShownAsCode(null);
            }}
          />
        </Suspense>
      </>
    );
  }
  return (
    <>
      {back}
      <h1>{WORDS.detail.title(visible(item.wallet))}</h1>
      {problem === null ? null : <FailurePanel problem={problem} operation={operation} />}
      {running === null ? null : <Working operation={running} />}
      <dl className={looks(parts.card, parts.facts)}>
        <Fact name={WORDS.detail.environment} value={WORDS.bar[item.environment]} />
        <Fact name={WORDS.detail.kept} value={item.key_environment} />
        <Fact name={WORDS.detail.state} value={WORDS.backups.states[item.state] ?? item.state} />
        <Fact name={WORDS.detail.file} value={visible(item.name)} />
        <Fact name={WORDS.detail.size} value={WORDS.secrets.bytes(item.size_bytes)} />
        <Fact name={WORDS.detail.mode} value={MODES[item.mode]?.label ?? item.mode} />
        <Fact name={WORDS.detail.checksum} value={item.checksum ?? WORDS.detail.none} />
        <Fact name={WORDS.detail.storedAt} value={item.stored_at === null ? WORDS.detail.none : utcTime(item.stored_at)} />
        {item.backup_id === null ? null : <IdFact name={WORDS.detail.backupId} value={item.backup_id} />}
        <IdFact name={WORDS.detail.keyId} value={item.key_id} />
        <IdFact name={WORDS.detail.itemId} value={item.item_id} />
        <IdFact name={WORDS.detail.fingerprint} value={item.key_fingerprint} hex />
        <IdFact name={WORDS.detail.ciphertext} value={item.ciphertext_sha256} hex />
      </dl>
      {item.state === 'unknown' && running === null ? <Settle name={visible(item.name)} onSettle={(word) => void settle(word)} /> : null}
      <div className={parts.row}>
        {item.state === 'stored' ? (
          <Button isDisabled={running !== null} onPress={() => void ask()}>
            {WORDS.detail.ask}
          </Button>
        ) : null}
        {item.documents
          // Envelopes are too large for a screen; main refuses them.
          .filter(({ kind }) => kind !== 'sealed' || !item.mode.startsWith('envelope'))
          .map((one) => (
            <Button
              key={one.id}
              kind="ghost"
              onPress={() => {
                setShownAsCode(one.id);
              }}
            >
              {CODE_WORDS.show[one.kind]}
            </Button>
          ))}
      </div>
      <h2>{WORDS.detail.history}</h2>
      <Table
        caption={WORDS.detail.history}
        rows={item.history}
        rowKey={(line) => line.event}
        columns={[
          { heading: WORDS.detail.whenUtc, cell: (line) => utcTime(line.at), hover: (line) => localTime(line.at) },
          {
            heading: WORDS.detail.what,
            cell: (line) =>
              `${WORDS.detail.whats[line.what] ?? line.what}${line.detail === '' ? '' : `: ${WORDS.backups.checks[line.detail] ?? line.detail}`}`,
          },
          { heading: WORDS.detail.event, cell: (line) => <code>{`#${line.event.toString()}`}</code> },
        ]}
      />
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function IdFact({ name, value, hex = false }: { readonly name: string; readonly value: string; readonly hex?: boolean }) {
  return (
    <div className={hex ? looks(parts.whole) : undefined}>
      <dt>{name}</dt>
      <dd>
        <Copyable value={value} what={name} hex={hex} />
      </dd>
    </div>
  );
}
