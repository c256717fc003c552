import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { Unread } from '../parts/unread.tsx';
import { WORDS } from '../words/catalogue.ts';
import type { EnvironmentLine } from './environment-line.ts';
import { ColdTrust } from './cold-trust.tsx';
import { PairedStations } from './paired-stations.tsx';
import { Signers } from './signers.tsx';
import { AccountDialog, RevokeDialog, SetUpDialog, SignerDialog, TokenDialog } from './trust-dialogs.tsx';

type Environments = Output<'environment.list'>['environments'];
type Trusted = Output<'trust.list'>;
type Open =
  | { readonly what: 'set-up' }
  | { readonly what: 'token' | 'signer' | 'account'; readonly environment: EnvironmentLine }
  | { readonly what: 'revoke'; readonly environment: EnvironmentLine; readonly fingerprint: string };

/** This station, the environments it knows, and whom it believes there. */
export function Trust({ state }: { readonly state: Output<'window.state'> }) {
  const [environments, setEnvironments] = useState<Environments>([]);
  const [trusted, setTrusted] = useState<Trusted | null>(null);
  /** Null as long as the keychain has not said it: not known is not the same as not set. */
  const [tokens, setTokens] = useState<ReadonlyMap<string, 'set' | 'none'> | null>(null);
  const [unread, setUnread] = useState<Problem | null>(null);
  const [looked, setLooked] = useState(0);
  const [refused, setRefused] = useState<{ readonly problem: Problem; readonly operation: string } | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const load = useCallback(async () => {
    const [list, trust, status] = await Promise.all([call('environment.list', {}), call('trust.list', {}), call('status', {})]);
    setUnread(firstProblem(list) ?? firstProblem(trust) ?? firstProblem(status));
    if (list.ok) setEnvironments(list.output.environments);
    if (trust.ok) setTrusted(trust.output);
    setTokens(
      status.ok && status.output.keychain !== 'none' ? new Map(status.output.environments.map((one) => [one.name, one.token])) : null,
    );
  }, []);
  useEffect(() => {
    void load();
  }, [load]);
  const done = (): void => {
    setOpen(null);
    void load();
  };
  // What was refused stands there until the next try: the look that follows it would otherwise wipe it away.
  const told = async (operation: string, problem: Problem | null): Promise<void> => {
    setRefused(problem === null ? null : { problem, operation });
    await load();
  };
  const signOut = async (environment: EnvironmentLine): Promise<void> =>
    told('logout', firstProblem(await call('logout', { environment: environment.name })));
  const retire = async (environment: EnvironmentLine, fingerprint: string): Promise<void> =>
    told('trust.retire', firstProblem(await call('trust.retire', { environment: environment.name, fingerprint })));
  const { station } = state;
  return (
    <>
      <h1>{WORDS.trust.title}</h1>
      {refused === null ? null : <FailurePanel {...refused} />}
      {unread === null ? null : (
        <Unread
          problem={unread}
          operation="trust.list"
          onAgain={() => {
            setLooked(looked + 1);
            void load();
          }}
        />
      )}
      {station === null ? null : (
        <PairedStations key={`look ${looked.toString()}`} nativeDialogs={state.native_dialogs} told={unread?.code ?? null} />
      )}
      {trusted === null
        ? null
        : environments.map((environment) => (
            <section key={environment.name} className={parts.card} aria-label={WORDS.trust.environment(WORDS.bar[environment.name])}>
              <h2>{WORDS.trust.environment(WORDS.bar[environment.name])}</h2>
              <dl className={parts.facts}>
                <div>
                  <dt>{WORDS.trust.host}</dt>
                  <dd>{environment.api}</dd>
                </div>
                <div>
                  <dt>{WORDS.trust.jwks}</dt>
                  <dd>{environment.jwks}</dd>
                </div>
                <div>
                  <dt>{WORDS.trust.token}</dt>
                  <dd>{tokens === null ? WORDS.trust.tokenUnseen : WORDS.trust.tokens[tokens.get(environment.name) ?? 'none']}</dd>
                </div>
                <div>
                  <dt>{WORDS.trust.drillDays}</dt>
                  <dd>{environment.drill_days}</dd>
                </div>
              </dl>
              <h3>{WORDS.trust.signers}</h3>
              <Signers
                anchors={trusted.anchors.filter((one) => one.environment === environment.name)}
                onRetire={(fingerprint) => void retire(environment, fingerprint)}
                onRevoke={(fingerprint) => {
                  setOpen({ what: 'revoke', environment, fingerprint });
                }}
              />
              <h3>{WORDS.trust.accounts}</h3>
              <p>
                {trusted.accounts
                  .filter((one) => one.environment === environment.name)
                  .map((one) => one.account_id)
                  .join(', ') || WORDS.trust.noAccounts}
              </p>
              <div className={parts.row}>
                {(['token', 'signer', 'account'] as const).map((what) => (
                  <Button
                    key={what}
                    kind="link"
                    isDisabled={state.withheld.includes(environment.name)}
                    onPress={() => {
                      setOpen({ what, environment });
                    }}
                  >
                    {{ token: WORDS.trust.signIn, signer: WORDS.trust.addSigner, account: WORDS.trust.addAccount }[what]}
                  </Button>
                ))}
                {tokens?.get(environment.name) === 'set' ? (
                  <Button kind="plainDanger" onPress={() => void signOut(environment)}>
                    {WORDS.trust.signOut}
                  </Button>
                ) : null}
              </div>
            </section>
          ))}
      {station?.role === 'cold' ? (
        trusted === null ? null : (
          <ColdTrust trusted={trusted} withheld={state.withheld} onChange={done} />
        )
      ) : (
        <div>
          <Button
            onPress={() => {
              setOpen({ what: 'set-up' });
            }}
          >
            {WORDS.trust.setUp}
          </Button>
        </div>
      )}
      {open === null ? null : <DialogOf open={open} withheld={state.withheld} onDone={done} />}
    </>
  );
}

function DialogOf({ open, withheld, onDone }: { readonly open: Open; readonly withheld: readonly string[]; readonly onDone: () => void }) {
  switch (open.what) {
    case 'set-up':
      return <SetUpDialog withheld={withheld} onDone={onDone} />;
    case 'token':
      return <TokenDialog environment={open.environment} onDone={onDone} />;
    case 'signer':
      return <SignerDialog environment={open.environment} onDone={onDone} />;
    case 'account':
      return <AccountDialog environment={open.environment} onDone={onDone} />;
    case 'revoke':
      return <RevokeDialog environment={open.environment} fingerprint={open.fingerprint} onDone={onDone} />;
  }
}
