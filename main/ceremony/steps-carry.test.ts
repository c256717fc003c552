import { describe, expect, it } from 'vitest';
import { GOOD } from './ceremony-ledger.fixture.ts';
import type { FactName, FactValue } from './facts.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { judgeItems, judgeReceipts } from './steps-brought.ts';
import { judgeCarry } from './steps-carry.ts';
import { judgeNetworkStep } from './steps-cold.ts';
import { judgePacks, judgeWallets } from './steps-keys.ts';
import { type Room, inRoom, table } from './two-keys.fixture.ts';

describe('what was carried', () => {
  const carried = (how: Partial<FactValue<'carried'>>) => (at: Room) => {
    at.fact('carried', { ...GOOD.carried, ...how });
  };
  table(judgeCarry, [
    { name: 'nothing yet', make: () => undefined, gate: 'waits' },
    { name: 'by a medium, read back', make: carried({}), gate: 'open', checks: { carried: 'passed' } },
    {
      name: 'by codes, of which nobody here knows what arrived',
      make: carried({ via: 'code', list_sha256: null }),
      gate: 'open',
      checks: { carried: 'amber' },
    },
  ]);
});

it('takes back a fact as if it had never been', () => {
  const names: readonly [FactName, (context: JudgeContext) => StepJudgement][] = [
    ['network', judgeNetworkStep],
    ['wallets', judgeWallets],
    ['brought', judgePacks],
    ['brought', judgeItems],
    ['brought', judgeReceipts],
    ['carried', judgeCarry],
  ];
  inRoom((room) => {
    for (const [name, judge] of names) {
      room.note(name);
      room.fact(name, null);
      expect([name, judge(room.context())]).toEqual([name, { gate: 'waits', problem: null, evidence: { checks: [], facts: [] } }]);
    }
  });
});
