import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, fact, open, stopped, waits } from './judgement.ts';

/** Whether this machine could reach a network, by what was seen of it, and what the policy makes of that. */
export function judgeNetworkStep({ state }: JudgeContext): StepJudgement {
  const { network } = state.facts;
  if (network === undefined) return waits();
  const seen = network.reasons.length === 0 ? 'no interface is up, no route leads out' : network.reasons.join(', ');
  const checks = [
    check(
      'network-gate',
      network.gate === 'clear' ? 'passed' : network.gate === 'warn' ? 'amber' : 'failed',
      'this machine is off every network',
      seen,
    ),
    check(
      'network-policy',
      'passed',
      'what a live network means on this station',
      network.policy === 'stop' ? 'it stops the ceremony' : 'it is shown',
    ),
  ];
  const facts = [fact('network', seen)];
  if (network.gate !== 'stop') return open(checks, facts);
  const { override } = network;
  if (override === null) return stopped('network-live', checks, facts);
  return open([...checks, check('network-override', 'amber', 'two people go on all the same', override.initials.join(' and '))], facts);
}

/** Whom a cold station believes: its own anchors, compared with CoinCover's card. */
export function judgeSigner({ state, queries }: JudgeContext): StepJudgement {
  const { environment, signer } = state.facts;
  const typed = environment?.name === state.row.environment;
  const active = queries.anchors(state.row.environment).filter((one) => one.state === 'active');
  const confirmed = signer !== undefined && active.some((one) => one.fingerprint === signer.fingerprint);
  const checks = [
    check('environment-typed', typed ? 'passed' : 'waits', 'the environment’s name was typed', state.row.environment),
    check(
      'signer-compared',
      confirmed ? 'passed' : 'waits',
      'the enclave’s signing key was compared word by word',
      confirmed ? (signer.basis === 'earlier' ? 'confirmed earlier on this station' : 'against CoinCover’s card') : 'two words to enter',
    ),
  ];
  return typed && confirmed
    ? open(checks, [fact('environment', state.row.environment), fact('signer', signer.fingerprint, 'hex')])
    : waits(checks);
}
