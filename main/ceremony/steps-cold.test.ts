import { describe } from 'vitest';
import { GOOD } from './ceremony-ledger.fixture.ts';
import type { FactValue } from './facts.ts';
import { judgeNetworkStep, judgeSigner } from './steps-cold.ts';
import { type Room, table } from './two-keys.fixture.ts';

describe('the network', () => {
  const seen = (how: Partial<FactValue<'network'>>) => (at: Room) => {
    at.fact('network', { ...GOOD.network, ...how });
  };
  const override = { reason: 'a cable that nobody can pull', initials: ['AB', 'CD'] };
  table(judgeNetworkStep, [
    { name: 'nobody looked', make: () => undefined, gate: 'waits' },
    { name: 'nothing is up', make: seen({}), gate: 'open', checks: { 'network-gate': 'passed', 'network-policy': 'passed' } },
    {
      name: 'live, and the policy shows it',
      make: seen({ gate: 'warn', reasons: ['interface-up:eth0'] }),
      gate: 'open',
      checks: { 'network-gate': 'amber' },
    },
    {
      name: 'what could not be read, and the policy shows it',
      make: seen({ gate: 'warn', reasons: ['network-unknown'] }),
      gate: 'open',
      checks: { 'network-gate': 'amber' },
    },
    {
      name: 'live, and the policy stops',
      make: seen({ gate: 'stop', policy: 'stop', reasons: ['interface-up:eth0'] }),
      gate: 'stopped',
      problem: 'network-live',
      checks: { 'network-gate': 'failed' },
    },
    {
      name: 'what could not be read, and the policy stops',
      make: seen({ gate: 'stop', policy: 'stop', reasons: ['network-unknown'] }),
      gate: 'stopped',
      problem: 'network-live',
      checks: { 'network-gate': 'failed' },
    },
    {
      name: 'live, the policy stops, and two people go on',
      make: seen({ gate: 'stop', policy: 'stop', reasons: ['interface-up:eth0'], override }),
      gate: 'open',
      checks: { 'network-gate': 'failed', 'network-override': 'amber' },
    },
    {
      name: 'off by now, with an override of before',
      make: seen({ policy: 'stop', override }),
      gate: 'open',
      checks: { 'network-gate': 'passed' },
    },
  ]);
});

describe('the signing key', () => {
  const signer = (at: Room) => {
    at.note('signer');
  };
  const waiting = { gate: 'waits', checks: { 'signer-compared': 'waits' } } as const;
  table(judgeSigner, [
    {
      name: 'nobody compared it',
      make: (at) => {
        at.anchor();
      },
      ...waiting,
    },
    { name: 'compared, but no anchor', make: signer, ...waiting },
    {
      name: 'compared, but an anchor of another environment',
      make: (at) => {
        signer(at);
        at.environment('sandbox');
        at.anchor('sandbox');
      },
      ...waiting,
    },
    {
      name: 'compared, and revoked since',
      make: (at) => {
        signer(at);
        at.anchor();
        at.revoke();
      },
      ...waiting,
    },
    {
      name: 'compared and an anchor, but no environment typed',
      make: (at) => {
        signer(at);
        at.anchor();
      },
      gate: 'waits',
      checks: { 'environment-typed': 'waits', 'signer-compared': 'passed' },
    },
    {
      name: 'compared and an anchor, and the environment typed',
      make: (at) => {
        at.note('environment', 'signer');
        at.anchor();
      },
      gate: 'open',
      checks: { 'environment-typed': 'passed', 'signer-compared': 'passed' },
    },
  ]);
});
