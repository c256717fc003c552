import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CeremonyLedger, PEOPLE, READY, walkTo } from './ceremony-ledger.fixture.ts';
import { checkSignOff } from './sign-off.ts';
import type { StepView } from './judgement.ts';

let room: CeremonyLedger;
let view: StepView;

beforeEach(() => {
  room = new CeremonyLedger();
  walkTo(room, 'self-test');
  room.note('self-test');
  view = room.view();
});
afterEach(() => {
  room.remove();
});

const both = [
  { role: 'administrator' as const, initials: 'AB' },
  { role: 'witness' as const, initials: 'CD' },
];

type Given = Parameters<typeof checkSignOff>[4];

function sign(initials: Given = both, how: { step?: string; shown?: string; view?: StepView } = {}): void {
  checkSignOff(room.state(), how.view ?? view, how.step ?? 'self-test', how.shown ?? view.evidenceSha256, initials);
}

describe('a sign-off', () => {
  it('is taken with both people’s initials, in any order', () => {
    sign();
    sign(both.toReversed());
  });

  it.each(READY.map((one) => one.step).filter((step) => step !== 'self-test'))(
    'is refused for %s, which is not the step that is lit',
    (step) => {
      expect(() => {
        sign(both, { step });
      }).toThrow(expect.objectContaining({ code: 'step-not-current' }));
    },
  );

  it('is refused where the screen showed something else', () => {
    for (const shown of ['', '0'.repeat(64), view.evidenceSha256.toUpperCase()]) {
      expect(() => {
        sign(both, { shown });
      }).toThrow(expect.objectContaining({ code: 'evidence-changed' }));
    }
  });

  it.each(['waits', 'stopped', 'settle'] as const)('is refused while the gate is at %s', (gate) => {
    expect(() => {
      sign(both, { view: { ...view, gate } });
    }).toThrow(expect.objectContaining({ code: 'step-not-ready' }));
  });

  it.each([
    ['nobody’s', [], 'initials-missing'],
    ['no witness’s', both.slice(0, 1), 'initials-missing'],
    ['no administrator’s', both.slice(1), 'initials-missing'],
    [
      'empty ones',
      [
        { role: 'administrator', initials: '' },
        { role: 'witness', initials: 'CD' },
      ],
      'initials-missing',
    ],
    [
      'a stranger’s',
      [
        { role: 'administrator', initials: 'ZZ' },
        { role: 'witness', initials: 'CD' },
      ],
      'initials-unknown',
    ],
    [
      'each other’s',
      [
        { role: 'administrator', initials: 'CD' },
        { role: 'witness', initials: 'AB' },
      ],
      'initials-unknown',
    ],
    [
      'one person’s twice',
      [
        { role: 'administrator', initials: 'AB' },
        { role: 'witness', initials: 'AB' },
      ],
      'initials-unknown',
    ],
    [
      'in another spelling',
      [
        { role: 'administrator', initials: 'ab' },
        { role: 'witness', initials: 'CD' },
      ],
      'initials-unknown',
    ],
    ['good ones with a stranger’s behind them', [...both, { role: 'administrator', initials: 'ZZ' }], 'initials-unknown'],
    ['good ones with a witness behind them in the other role', [...both, { role: 'administrator', initials: 'CD' }], 'initials-unknown'],
  ] satisfies [string, Given, string][])('is refused with initials that are %s', (_name, initials, code) => {
    expect(() => {
      sign(initials);
    }).toThrow(expect.objectContaining({ code }));
  });

  it('is refused where two roles were entered for one pair of initials', () => {
    room.fact('people', { ...PEOPLE, people: [...PEOPLE.people, { name: 'Ann Baker', initials: 'AB', role: 'witness' }] });
    expect(() => {
      sign([
        { role: 'administrator', initials: 'AB' },
        { role: 'witness', initials: 'AB' },
      ]);
    }).toThrow(expect.objectContaining({ code: 'initials-same' }));
  });

  it('is refused before anybody was entered', () => {
    room.fact('people', null);
    expect(() => {
      sign();
    }).toThrow(expect.objectContaining({ code: 'initials-unknown' }));
  });

  it('says the more telling of two things first: another step, then other evidence, then not ready', () => {
    expect(() => {
      sign([], { step: 'close', shown: '' });
    }).toThrow(expect.objectContaining({ code: 'step-not-current' }));
    expect(() => {
      sign([], { shown: '', view: { ...view, gate: 'waits' } });
    }).toThrow(expect.objectContaining({ code: 'evidence-changed' }));
    expect(() => {
      sign([], { view: { ...view, gate: 'waits' } });
    }).toThrow(expect.objectContaining({ code: 'step-not-ready' }));
  });
});
