import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CEREMONY, CeremonyLedger, PEOPLE, policyFact, READY, walkTo } from './ceremony-ledger.fixture.ts';
import type { Person } from './facts.ts';
import type { StepId } from './step-ids.ts';
import { checkSignOff, isSigned, signersOf, type Signer } from './sign-off.ts';
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

const EVA: Person = { name: 'Eva Falk', initials: 'EF', role: 'witness' };
const GUS: Person = { name: 'Gus Hahn', initials: 'GH', role: 'operator' };
const IDA: Person = { name: 'Ida Jung', initials: 'IJ', role: 'auditor' };

describe('a step that every witness signs', () => {
  /** A ceremony under that policy, with two witnesses, an operator and an auditor, at a step of it. */
  function walkedTo(steps: StepId[]): void {
    room.remove();
    room = new CeremonyLedger();
    room.fact('policy', policyFact({ all_witnesses_sign: steps }));
    room.fact('people', { ...PEOPLE, people: [...PEOPLE.people, EVA, GUS, IDA] });
    room.note('clock');
    room.sign();
    room.note('self-test');
    view = room.view();
  }
  const eva = { role: 'witness' as const, initials: 'EF' };

  it('asks for each of them by name, and elsewhere for one', () => {
    walkedTo(['self-test']);
    expect(view.step).toBe('self-test');
    const names = (step: string) => signersOf(room.state(), step).map(({ role, person }) => [role, person?.initials ?? null]);
    expect(names('self-test')).toEqual([
      ['administrator', null],
      ['witness', 'CD'],
      ['witness', 'EF'],
    ]);
    expect(names('people')).toEqual([
      ['administrator', null],
      ['witness', null],
    ]);
  });

  it('is taken with all of theirs, in any order', () => {
    walkedTo(['self-test']);
    sign([...both, eva]);
    sign([eva, ...both.toReversed()]);
  });

  it.each([
    ['one witness’s alone', both, 'witnesses-missing'],
    ['the other’s alone', [both[0], { role: 'witness', initials: 'EF' }], 'witnesses-missing'],
    ['one witness’s twice', [...both, both[1]], 'initials-same'],
    ['an operator’s for a witness’s', [...both, { role: 'witness', initials: 'GH' }], 'initials-unknown'],
    ['an auditor’s for a witness’s', [...both, { role: 'witness', initials: 'IJ' }], 'initials-unknown'],
    ['no administrator’s', [both[1], { role: 'witness', initials: 'EF' }], 'initials-missing'],
  ] as [string, Given, string][])('is refused with %s', (_name, initials, code) => {
    walkedTo(['self-test']);
    expect(() => {
      sign(initials);
    }).toThrow(expect.objectContaining({ code }));
  });

  it('is not done with too few, whatever program wrote them, and done with the last', () => {
    walkedTo(['self-test']);
    const write = (role: 'administrator' | 'witness', initials: string) => {
      const data = { ceremony_id: CEREMONY, step: 'self-test', role, initials, evidence_sha256: view.evidenceSha256 };
      room.append({ type: 'ceremony-signed', data });
    };
    write('administrator', 'AB');
    write('witness', 'CD');
    expect(room.statuses()['self-test']).toBe('now');
    write('witness', 'AB'); // the administrator once more, as a witness
    expect(room.statuses()['self-test']).toBe('now');
    write('witness', 'EF');
    expect(room.statuses()['self-test']).toBe('done');
  });

  it('asks for whoever is witness by now, and stays done for the one who signed and went', () => {
    walkedTo(['self-test']);
    room.sign();
    expect(room.statuses()['self-test']).toBe('done');
    room.fact('people', { ...PEOPLE, people: [...PEOPLE.people, { name: 'Kim Lund', initials: 'KL', role: 'witness' }, GUS, IDA] });
    expect(room.view().step).toBe('people');
    expect(signersOf(room.state(), 'self-test').map(({ person }) => person?.initials ?? null)).toEqual([null, 'CD', 'KL']);
    room.sign();
    expect(room.statuses()['self-test']).toBe('done');
  });

  it('with one witness named needs that one, as any step', () => {
    room.fact('policy', policyFact({ all_witnesses_sign: ['self-test'] }));
    expect(signersOf(room.state(), 'self-test')).toHaveLength(2);
  });
});

const PEOPLE_OF_COUNT = ['AA', 'BB', 'CC', 'DD'];

describe('the count of initials', () => {
  const given = fc.array(
    fc.record({ role: fc.constantFrom('administrator' as const, 'witness' as const), initials: fc.constantFrom(...PEOPLE_OF_COUNT) }),
    { maxLength: 8 },
  );
  const needed = (witnesses: number): Signer[] => [
    { role: 'administrator', person: null },
    ...Array<Signer>(witnesses).fill({ role: 'witness', person: null }),
  ];

  it('is enough when an administrator and as many other people as are needed have signed', () => {
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 3 }), (signed, witnesses) => {
        const has = (role: string, person: string) => signed.some((one) => one.role === role && one.initials === person);
        // Every way to pick one person as the administrator and the others as the witnesses.
        const ways = PEOPLE_OF_COUNT.map((administrator) => ({
          administrator,
          witnesses: PEOPLE_OF_COUNT.filter((one) => one !== administrator && has('witness', one)),
        }));
        const enough = ways.some((way) => has('administrator', way.administrator) && way.witnesses.length >= witnesses);
        expect(isSigned(signed, needed(witnesses))).toBe(enough);
      }),
      { numRuns: 500 },
    );
  });

  it('lets two people who changed roles sign anew, with a third', () => {
    const before = [
      { role: 'administrator' as const, initials: 'AA' },
      { role: 'witness' as const, initials: 'BB' },
    ];
    expect(isSigned(before, needed(2))).toBe(false);
    const after = [
      { role: 'administrator' as const, initials: 'BB' },
      { role: 'witness' as const, initials: 'AA' },
    ];
    expect(isSigned([...before, ...after], needed(2))).toBe(false);
    expect(isSigned([...before, ...after, { role: 'witness', initials: 'CC' }], needed(2))).toBe(true);
  });

  it('takes more people than signers, never fewer, and one person once', () => {
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 3 }), (signed, witnesses) => {
        if (!isSigned(signed, needed(witnesses))) return;
        expect(new Set(signed.map((one) => one.initials)).size).toBeGreaterThanOrEqual(1 + witnesses);
        expect(isSigned([...signed, ...signed], needed(witnesses))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
