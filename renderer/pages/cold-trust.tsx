import { useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { TWO } from '../words/two-stations.ts';
import { Signers } from './signers.tsx';
import { AccountDialog, RevokeDialog } from './trust-dialogs.tsx';

const ENVIRONMENTS = ['rehearsal', 'sandbox', 'production', 'custom'] as const;
type Name = (typeof ENVIRONMENTS)[number];

type Props = { readonly trusted: Output<'trust.list'>; readonly withheld: readonly string[]; readonly onChange: () => void };

/** A cold station has no hosts: whom it believes in each environment, and what a live network means to it. */
export function ColdTrust({ trusted, withheld, onChange }: Props) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState<{ readonly name: Name; readonly revoke: string | null } | null>(null);
  const retire = async (environment: Name, fingerprint: string): Promise<void> => {
    setProblem(firstProblem(await call('trust.retire', { environment, fingerprint })));
    onChange();
  };
  const done = (): void => {
    setOpen(null);
    onChange();
  };
  return (
    <>
      {problem === null ? null : <FailurePanel problem={problem} operation="trust.list" />}
      {ENVIRONMENTS.filter((name) => !withheld.includes(name)).map((name) => (
        <section key={name} className={parts.card} aria-label={WORDS.trust.environment(WORDS.bar[name])}>
          <h2>{WORDS.trust.environment(WORDS.bar[name])}</h2>
          <h3>{WORDS.trust.signers}</h3>
          <Signers
            anchors={trusted.anchors.filter((one) => one.environment === name)}
            onRetire={(fingerprint) => void retire(name, fingerprint)}
            onRevoke={(fingerprint) => {
              setOpen({ name, revoke: fingerprint });
            }}
          />
          <h3>{WORDS.trust.accounts}</h3>
          <p>
            {trusted.accounts
              .filter((one) => one.environment === name)
              .map((one) => one.account_id)
              .join(', ') || WORDS.trust.noAccounts}
          </p>
          <div>
            <Button
              kind="link"
              onPress={() => {
                setOpen({ name, revoke: null });
              }}
            >
              {WORDS.trust.addAccount}
            </Button>
          </div>
        </section>
      ))}
      <NetworkPolicy />
      {open === null ? null : open.revoke === null ? (
        <AccountDialog environment={open} onDone={done} />
      ) : (
        <RevokeDialog environment={open} fingerprint={open.revoke} onDone={done} />
      )}
    </>
  );
}

function NetworkPolicy() {
  const [policy, setPolicy] = useState<'warn' | 'stop' | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    void call('network.show', {}).then((answer) => {
      if (answer.ok) setPolicy(answer.output.policy);
      else setProblem(answer.error);
    });
  }, []);
  const change = async (value: 'warn' | 'stop'): Promise<void> => {
    const answer = await call('network.policy', { policy: value });
    setProblem(firstProblem(answer));
    if (answer.ok) setPolicy(answer.output.policy);
  };
  return (
    <section className={parts.card} aria-label={TWO.network.policy}>
      {problem === null ? null : <FailurePanel problem={problem} operation="network.policy" />}
      <Choices
        label={TWO.network.policy}
        inRow
        value={policy}
        onChange={(value) => void change(value === 'stop' ? 'stop' : 'warn')}
        choices={[
          { value: 'warn', label: TWO.network.policyWarn, why: TWO.network.policyWarnWhy },
          { value: 'stop', label: TWO.network.policyStop, why: TWO.network.policyStopWhy },
        ]}
      />
    </section>
  );
}
