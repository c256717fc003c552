import { useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Copyable, CopyButton } from '../parts/copy.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { TickBox } from '../parts/tick-box.tsx';
import { useFiles } from '../use-files.tsx';
import { RECOVERY } from '../words/recovery.ts';
import { STEPS } from '../words/steps.ts';
import { visible } from '../words/visible.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** More than this nobody looks through: searching is quicker. */
const MAX_LINES = 30;
type Line = Output<'ledger.page'>['lines'][number];

/** Which backups, from the ledger, and why. */
export function BackupsStep(props: StepProps) {
  const { view } = props;
  const [choosing, setChoosing] = useState(view.recovery?.reason === null);
  // What was recorded is shown until people want others.
  return choosing ? (
    <ChooseBackups
      {...props}
      onDone={() => {
        setChoosing(false);
      }}
    />
  ) : (
    <StepFrame {...props}>
      <section className={parts.card}>
        <h2>{RECOVERY.backups.chosen}</h2>
        <ul className={parts.bullets}>
          {view.recovery?.backups.map((backup) => (
            <li key={backup.item_id}>
              {visible(backup.name)}: {RECOVERY.backups.line(visible(backup.wallet), backup.backup_id ?? RECOVERY.backups.noId)}
            </li>
          ))}
        </ul>
        <div>
          <Button
            kind="link"
            onPress={() => {
              setChoosing(true);
            }}
          >
            {RECOVERY.backups.again}
          </Button>
        </div>
      </section>
    </StepFrame>
  );
}

function ChooseBackups(props: StepProps & { readonly onDone: () => void }) {
  const { view, ceremony, onDone } = props;
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<{ lines: readonly Line[]; more: number } | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let isWanted = true;
    void call('ledger.page', { search, count: 'found' }).then((answer) => {
      if (!isWanted) return;
      setProblem(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      const lines = answer.output.lines.filter((line) => line.environment === view.environment);
      setFound({ lines: lines.slice(0, MAX_LINES), more: Math.max(0, lines.length - MAX_LINES) });
    });
    return () => {
      isWanted = false;
    };
  }, [search, view.environment]);
  const record = async (): Promise<void> => {
    const problem = await ceremony.act('ceremony.recovering', { ceremony: view.ceremony_id, items: [...chosen], reason: reason.trim() });
    if (problem === null) onDone();
  };
  const isReady = chosen.size > 0 && reason.trim() !== '';
  return (
    <StepFrame
      {...props}
      primary={{ label: STEPS.backups.action, onPress: () => void record(), isDisabled: !isReady }}
      operation="ceremony.recovering"
    >
      {problem === null ? null : <FailurePanel problem={problem} operation="ledger.list" />}
      <Field label={RECOVERY.backups.search} value={search} onChange={setSearch} maxLength={200} />
      <div className={parts.stack} role="group" aria-label={RECOVERY.backups.list}>
        {found?.lines.map((line) => (
          <TickBox
            key={line.item_id}
            label={visible(line.name)}
            help={RECOVERY.backups.line(visible(line.wallet), line.backup_id ?? RECOVERY.backups.noId)}
            isSelected={chosen.has(line.item_id)}
            onChange={(isSelected) => {
              const next = new Set(chosen);
              if (isSelected) next.add(line.item_id);
              else next.delete(line.item_id);
              setChosen(next);
            }}
          />
        ))}
      </div>
      {found?.lines.length === 0 ? <p>{RECOVERY.backups.none}</p> : null}
      {(found?.more ?? 0) > 0 ? <p className={parts.note}>{RECOVERY.backups.more(found?.more ?? 0)}</p> : null}
      <Field label={RECOVERY.backups.reason} help={RECOVERY.backups.reasonHelp} value={reason} onChange={setReason} maxLength={300} />
      {view.now?.gate === 'open' ? (
        <div>
          <Button isDisabled={!isReady} onPress={() => void record()}>
            {STEPS.backups.action}
          </Button>
        </div>
      ) : null}
    </StepFrame>
  );
}

/** First the pair, then what goes to CoinCover, then the word that it was asked for. */
export function RequestStep(props: StepProps) {
  const { view } = props;
  const [isAnother, setIsAnother] = useState(false);
  const request = view.recovery?.request ?? null;
  if (request === null || isAnother) {
    return (
      <MakePair
        {...props}
        onDone={() => {
          setIsAnother(false);
        }}
      />
    );
  }
  return (
    <Raise
      {...props}
      onAnother={() => {
        setIsAnother(true);
      }}
    />
  );
}

type PairType = 'curve25519' | 'rsa4096';

function MakePair(props: StepProps & { readonly onDone: () => void }) {
  const { view, ceremony, nativeDialogs, onDone } = props;
  const files = useFiles(nativeDialogs);
  const [type, setType] = useState<PairType>('curve25519');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const isReady = passphrase !== '' && passphrase === again;
  const make = async (): Promise<void> => {
    if (!isReady) return;
    const name = RECOVERY.request.privateName(view.number);
    const [privateFile] = await files.choose({ what: 'save', title: RECOVERY.request.privateDialog, name });
    if (privateFile === undefined) return;
    const [folder] = await files.choose({ what: 'folder', title: RECOVERY.request.folderDialog, name: '' });
    if (folder === undefined) return;
    const typed = passphrase;
    // One way: to main, and out of here.
    setPassphrase('');
    setAgain('');
    const problem = await ceremony.act('ceremony.request-key', {
      ceremony: view.ceremony_id,
      type,
      passphrase: typed,
      out_private: privateFile.handle,
      folder: folder.handle,
    });
    if (problem === null) onDone();
  };
  return (
    <StepFrame
      {...props}
      primary={{ label: STEPS.request.action, onPress: () => void make(), isDisabled: !isReady }}
      operation="ceremony.request-key"
    >
      <Choices
        label={RECOVERY.request.type}
        value={type}
        inRow
        onChange={(value) => {
          setType(value as PairType);
        }}
        choices={[
          { value: 'curve25519', ...RECOVERY.request.types.curve25519 },
          { value: 'rsa4096', ...RECOVERY.request.types.rsa4096 },
        ]}
      />
      <div className={parts.two}>
        <Field
          label={RECOVERY.request.passphrase}
          help={RECOVERY.request.passphraseHelp}
          value={passphrase}
          onChange={setPassphrase}
          secret
        />
        <Field
          label={RECOVERY.request.again}
          value={again}
          onChange={setAgain}
          secret
          error={again !== '' && again !== passphrase ? RECOVERY.request.differ : null}
          onEnter={() => void make()}
        />
      </div>
      {files.browser}
    </StepFrame>
  );
}

function Raise(props: StepProps & { readonly onAnother: () => void }) {
  const { view, ceremony, nativeDialogs, onAnother } = props;
  const files = useFiles(nativeDialogs);
  const [reference, setReference] = useState('');
  const request = view.recovery?.request;
  const isPlayed = view.environment === 'rehearsal' && view.built_in;
  const isRaised = view.recovery?.raised !== null;
  const raise = (): void => {
    if (reference.trim() !== '') void ceremony.act('ceremony.request-raised', { ceremony: view.ceremony_id, reference: reference.trim() });
  };
  const play = async (): Promise<void> => {
    const [folder] = await files.choose({ what: 'folder', title: RECOVERY.request.playDialog, name: '' });
    if (folder !== undefined) await ceremony.act('ceremony.request-played', { ceremony: view.ceremony_id, folder: folder.handle });
  };
  if (request === null || request === undefined) return null;
  const primary = isPlayed
    ? { label: RECOVERY.request.play, onPress: () => void play() }
    : { label: RECOVERY.request.raised, onPress: raise, isDisabled: reference.trim() === '' };
  return (
    <StepFrame {...props} primary={primary} operation={isPlayed ? 'ceremony.request-played' : 'ceremony.request-raised'}>
      <section className={parts.words} aria-label={RECOVERY.request.fingerprint}>
        <h2>{`${RECOVERY.request.fingerprint}: ${RECOVERY.request.read}`}</h2>
        <ol className={parts.grid}>
          {request.words.map((word, index) => (
            <li key={index}>
              <span aria-hidden="true">{index + 1}</span>
              <span>{word}</span>
            </li>
          ))}
        </ol>
        <Copyable value={request.fingerprint} what={RECOVERY.request.fingerprint} hex />
      </section>
      {isPlayed || isRaised ? null : (
        <Field
          label={RECOVERY.request.reference}
          help={RECOVERY.request.referenceHelp}
          value={reference}
          onChange={setReference}
          maxLength={200}
          onEnter={raise}
        />
      )}
      <details className={parts.card}>
        <summary>{RECOVERY.request.text}</summary>
        <p>{RECOVERY.request.textSay}</p>
        <pre className={parts.text} tabIndex={0}>
          {request.text}
        </pre>
        <div>
          <CopyButton value={request.text} what={RECOVERY.request.copy} />
        </div>
      </details>
      {isRaised ? null : (
        <div>
          <Button kind="link" onPress={onAnother}>
            {RECOVERY.request.another}
          </Button>
        </div>
      )}
      {files.browser}
    </StepFrame>
  );
}
