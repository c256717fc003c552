import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import { useFingerprintWords } from '../parts/fingerprint-words.tsx';
import parts from '../parts/parts.module.css';
import { SigningKeyChoices } from '../parts/signing-key-choices.tsx';
import { WORDS } from '../words/catalogue.ts';
import type { EnvironmentLine } from './environment-line.ts';
import { looks } from '../parts/looks.ts';

type Props = { readonly environment: EnvironmentLine; readonly onDone: () => void };

const SETTABLE = ['sandbox', 'production', 'custom'] as const;
type Settable = (typeof SETTABLE)[number];

/** CoinCover's own hosts are known for sandbox and production; a custom host is typed. */
export function SetUpDialog({ withheld, onDone }: { readonly withheld: readonly string[]; readonly onDone: () => void }) {
  const [name, setName] = useState<Settable | null>(null);
  const [api, setApi] = useState('');
  const [jwks, setJwks] = useState('');
  const [days, setDays] = useState('30');
  const [problem, setProblem] = useState<Problem | null>(null);
  const set = async (): Promise<void> => {
    if (name === null) return;
    const hosts = { ...(api.trim() === '' ? {} : { api: api.trim() }), ...(jwks.trim() === '' ? {} : { jwks: jwks.trim() }) };
    const answer = await call('environment.set', { name, drill_days: Number(days), ...hosts });
    setProblem(firstProblem(answer));
    if (answer.ok) onDone();
  };
  return (
    <Dialog title={WORDS.trust.setUp} onClose={onDone}>
      {problem === null ? null : <FailurePanel problem={problem} operation="environment.set" />}
      <Choices
        label={WORDS.trust.which}
        value={name}
        onChange={(value) => {
          setName(value as Settable);
        }}
        choices={SETTABLE.map((one) => ({
          value: one,
          label: WORDS.begin[one],
          why: withheld.includes(one) ? WORDS.begin.withheld : WORDS.begin[`${one}Why`],
          isDisabled: withheld.includes(one),
        }))}
      />
      {name === 'custom' ? null : <p className={parts.note}>{WORDS.trust.knownHosts}</p>}
      {name === 'custom' ? (
        <>
          <Field label={WORDS.trust.api} value={api} onChange={setApi} maxLength={300} />
          <Field label={WORDS.trust.jwksUrl} value={jwks} onChange={setJwks} maxLength={300} />
        </>
      ) : null}
      <Field label={WORDS.trust.drillDays} value={days} onChange={setDays} maxLength={4} />
      <Buttons label={WORDS.trust.setUpButton} isDisabled={name === null} onPress={() => void set()} onCancel={onDone} />
    </Dialog>
  );
}

export function TokenDialog({
  environment,
  onDone,
}: {
  readonly environment: { readonly name: EnvironmentLine['name'] };
  readonly onDone: () => void;
}) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const keep = async (): Promise<void> => {
    const typed = token;
    setToken('');
    const answer = await call('login', { environment: environment.name, token: typed });
    setProblem(firstProblem(answer));
    if (answer.ok) onDone();
  };
  return (
    <Dialog title={WORDS.trust.signIn} onClose={onDone}>
      {problem === null ? null : <FailurePanel problem={problem} operation="login" />}
      <Field label={WORDS.signIn.keyField} help={WORDS.signIn.keyHelp} value={token} onChange={setToken} secret autoFocus />
      <Buttons label={WORDS.signIn.keepKey} isDisabled={token === ''} onPress={() => void keep()} onCancel={onDone} />
    </Dialog>
  );
}

type Candidates = NonNullable<Output<'trust.add'>['confirm']>;

export function SignerDialog({ environment, onDone }: Props) {
  const [candidates, setCandidates] = useState<Candidates | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fetchKeys = async (): Promise<void> => {
    const answer = await call('trust.add', { environment: environment.name, source: 'fetch' });
    if (answer.ok && answer.output.confirm !== null) setCandidates(answer.output.confirm);
    else setProblem(firstProblem(answer));
  };
  const compare = async (fingerprint: string, words: { position: number; word: string }[]): Promise<void> => {
    const answer = await call('trust.confirm', { environment: environment.name, fingerprint, words });
    setProblem(firstProblem(answer));
    if (answer.ok) onDone();
  };
  const shown = candidates?.length === 1 ? candidates[0] : candidates?.find((one) => one.fingerprint === chosen);
  const comparison = useFingerprintWords({
    title: WORDS.signIn.cardTitle,
    subject: shown ?? null,
    onCompare: (words) => void compare(shown?.fingerprint ?? '', [...words]),
  });
  return (
    <Dialog title={WORDS.trust.addSigner} onClose={onDone}>
      {problem === null ? null : <FailurePanel problem={problem} operation="trust.add" />}
      {candidates === null ? (
        <>
          <p>{WORDS.signIn.fetchHelp}</p>
          <Buttons label={WORDS.signIn.fetch} isDisabled={false} onPress={() => void fetchKeys()} onCancel={onDone} />
        </>
      ) : null}
      {candidates !== null && candidates.length > 1 ? <SigningKeyChoices keys={candidates} value={chosen} onChange={setChosen} /> : null}
      {shown === undefined ? null : (
        <>
          <p>{WORDS.signIn.cardSource}</p>
          {comparison.panel}
          <div className={looks(parts.row, parts.end)}>
            {comparison.secondary}
            {comparison.primary === null ? null : <Button onPress={comparison.primary.onPress}>{comparison.primary.label}</Button>}
          </div>
        </>
      )}
    </Dialog>
  );
}

type NamedProps = { readonly environment: Pick<EnvironmentLine, 'name'>; readonly onDone: () => void };

export function AccountDialog({ environment, onDone }: NamedProps) {
  const [account, setAccount] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const add = async (): Promise<void> => {
    const answer = await call('trust.add', { environment: environment.name, account_id: account.trim() });
    setProblem(firstProblem(answer));
    if (answer.ok) onDone();
  };
  return (
    <Dialog title={WORDS.trust.addAccount} onClose={onDone}>
      {problem === null ? null : <FailurePanel problem={problem} operation="trust.add" />}
      <Field label={WORDS.trust.accountField} value={account} onChange={setAccount} maxLength={256} autoFocus />
      <Buttons label={WORDS.trust.addAccount} isDisabled={account.trim() === ''} onPress={() => void add()} onCancel={onDone} />
    </Dialog>
  );
}

export function RevokeDialog({ environment, fingerprint, onDone }: NamedProps & { readonly fingerprint: string }) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const revoke = async (): Promise<void> => {
    const answer = await call('trust.revoke', { environment: environment.name, fingerprint });
    setProblem(firstProblem(answer));
    if (answer.ok) onDone();
  };
  return (
    <Dialog title={WORDS.trust.revokeTitle} onClose={onDone}>
      {problem === null ? null : <FailurePanel problem={problem} operation="trust.revoke" />}
      <p>{WORDS.trust.revokeSay}</p>
      <Field label={WORDS.trust.revokeTyped} value={typed} onChange={setTyped} maxLength={10} autoFocus />
      <div className={looks(parts.row, parts.end)}>
        <Button kind="ghost" onPress={onDone}>
          {WORDS.trust.cancel}
        </Button>
        <Button kind="danger" isDisabled={typed !== WORDS.trust.revokeWord} onPress={() => void revoke()}>
          {WORDS.trust.revoke}
        </Button>
      </div>
    </Dialog>
  );
}

type ButtonsProps = { readonly label: string; readonly isDisabled: boolean; readonly onPress: () => void; readonly onCancel: () => void };

function Buttons({ label, isDisabled, onPress, onCancel }: ButtonsProps) {
  return (
    <div className={looks(parts.row, parts.end)}>
      <Button kind="ghost" onPress={onCancel}>
        {WORDS.trust.cancel}
      </Button>
      <Button isDisabled={isDisabled} onPress={onPress}>
        {label}
      </Button>
    </div>
  );
}
