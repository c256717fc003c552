import { useState, type ReactNode } from 'react';
import type { CeremonyView, Problem } from '../../main/operations/index.ts';
import frame from '../frame/frame.module.css';
import { EscalateDialog } from '../frame/record-dialogs.tsx';
import { SignBar } from '../frame/sign-bar.tsx';
import { TokenDialog } from '../pages/trust-dialogs.tsx';
import { Button } from '../parts/button.tsx';
import { Checks, type Opens } from '../parts/checks.tsx';
import { Copyable } from '../parts/copy.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { Working } from '../parts/progress.tsx';
import { WORDS } from '../words/catalogue.ts';
import { visible } from '../words/visible.ts';
import { Departures, departuresNow } from './departures.tsx';
import type { Ceremony } from './use-ceremony.ts';

/** What every step's screen is given. */
export type StepProps = {
  readonly view: CeremonyView;
  readonly ceremony: Ceremony;
  readonly nativeDialogs: boolean;
  readonly heading: ReactNode;
  readonly say: ReactNode;
};

/** The one thing people must do, while the step waits for it. */
export type Primary = { readonly label: string; readonly onPress: () => void; readonly isDisabled?: boolean };

type Props = StepProps & {
  readonly children?: ReactNode;
  readonly primary?: Primary | null;
  /** Beside the primary button, for a second way. */
  readonly secondary?: ReactNode;
  /** Where not everything is in sight, the checks that passed are one line, for the people's work below. */
  readonly isFolded?: boolean;
  /** The check whose line opens, and what is read there. */
  readonly opens?: Opens;
  /** What keeps the primary button from being pressed. */
  readonly hint?: string | null;
  /** The children alone, as large as can be: a code is shown or read. */
  readonly alone?: boolean;
  /** What the failure panel's text depends on, where nothing was run since the app started. */
  readonly operation?: string;
};

/**
 * The middle of every step: who and what, the failure if there is one, the checks, the work, and at the bottom either what is
 * to be done or the sign-off. A failed check cannot be clicked away: then there is no sign-off, only another look or the end.
 */
export function StepFrame({ view, ceremony, heading, say, children, primary, secondary, isFolded, opens, hint, alone, operation }: Props) {
  const { now } = view;
  const [open, setOpen] = useState<'escalate' | 'token' | null>(null);
  const close = (): void => {
    setOpen(null);
  };
  if (now === null) return null;
  const standing = ceremony.problem ?? persisted(now.problem, operation ?? null);
  const busy = ceremony.running !== null && ceremony.running !== 'ceremony.show';
  const stopped = now.gate === 'stopped';
  // Each departure from the plan stands in full below: among the checks it would stand there twice.
  const departing = new Set(departuresNow(view).map(({ code }) => code));
  // Beside two buttons there is no room for what holds for every step.
  const hasTwo = secondary !== null && secondary !== undefined && primary !== null && primary !== undefined;
  const notYet = hint ?? (hasTwo ? null : WORDS.sign.notYet);
  const why = stopped ? WORDS.sign.stopped : now.gate === 'settle' ? WORDS.sign.settle : notYet;
  if (alone === true) return <div className={frame.scroll}>{children}</div>;
  return (
    <>
      <div className={frame.scroll}>
        {stopped && standing !== null && !busy ? null : heading}
        {standing === null || busy ? null : <FailurePanel problem={standing.problem} operation={standing.operation} isHeading={stopped} />}
        {stopped ? departing.size > 0 ? null : <Ids view={view} /> : say}
        <Departures view={view} act={ceremony.act} />
        <Checks
          checks={now.checks.filter(({ id }) => !departing.has(id))}
          isFolded={isFolded === true}
          {...(opens === undefined ? {} : { opens })}
        />
        {ceremony.notes.map((note) => (
          <p key={note} className={parts.note}>
            {note}
          </p>
        ))}
        {busy ? <Working operation={ceremony.running} /> : null}
        {children}
      </div>
      {now.gate === 'open' ? (
        <SignBar key={now.evidence_sha256} view={view} act={ceremony.act} isBusy={busy} />
      ) : (
        <div className={frame.act}>
          {why === null ? null : <p>{why}</p>}
          {wantsToken(standing?.problem.code) ? (
            <Button
              kind="ghost"
              onPress={() => {
                setOpen('token');
              }}
            >
              {WORDS.trust.signIn}
            </Button>
          ) : null}
          {secondary}
          {primary === null || primary === undefined ? null : (
            <Button kind={stopped ? 'ghost' : 'primary'} isDisabled={busy || primary.isDisabled === true} onPress={primary.onPress}>
              {primary.label}
            </Button>
          )}
          {stopped ? (
            <Button
              kind="danger"
              onPress={() => {
                setOpen('escalate');
              }}
            >
              {WORDS.evidence.stop}
            </Button>
          ) : null}
        </div>
      )}
      {open === 'escalate' ? <EscalateDialog view={view} act={ceremony.act} onClose={close} /> : null}
      {open === 'token' ? (
        <TokenDialog
          environment={{ name: view.environment }}
          onDone={() => {
            close();
            void ceremony.act('ceremony.show', { ceremony: view.ceremony_id });
          }}
        />
      ) : null}
    </>
  );
}

/** A refusal that another API key may end. */
function wantsToken(code: string | undefined): boolean {
  return code === 'service-401' || code === 'service-403' || code === 'token-missing';
}

/** A problem that the ledger remembers: its code alone. */
function persisted(code: string | null, operation: string | null): { problem: Problem; operation: string | null } | null {
  return code === null ? null : { problem: { family: 'check', code, message: '', hint: null }, operation };
}

/** The ids to read to CoinCover's support. */
function Ids({ view }: { readonly view: CeremonyView }) {
  const backups = view.files.flatMap((file) => (file.backup_id === null ? [] : [{ name: file.name, id: file.backup_id }]));
  const key = view.assignment?.key ?? null;
  if (key === null && backups.length === 0) return null;
  return (
    <dl className={parts.facts}>
      {backups.slice(0, 8).map((backup) => (
        <div key={backup.id}>
          <dt>{WORDS.detail.backupId}</dt>
          <dd>
            <Copyable value={backup.id} what={WORDS.detail.backupIdOf(visible(backup.name))} />
          </dd>
        </div>
      ))}
      {key === null ? null : (
        <div>
          <dt>{WORDS.detail.keyId}</dt>
          <dd>
            <Copyable value={key.key_id} what={WORDS.detail.keyId} />
          </dd>
        </div>
      )}
    </dl>
  );
}
