import '../../../test/cheap-scrypt.mjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../ceremony/index.ts';
import { isColdroomError } from '../../values/index.ts';
import { CeremonyHome } from './home.fixture.ts';
import type { CeremonyView, OperationName } from '../index.ts';

/**
 * Random walks through a ceremony whose policy asks for PINs, against a small model of who may sign. The model knows the PINs that were
 * chosen and counts the wrong ones; it is not told how main checks them. What it holds: initials stand in the record, and a step is
 * closed, only where each person's own PIN was typed beside them.
 */
const SEED = Number(process.env['CEREMONY_SEED'] ?? 20_261_130);
const RUNS = 24;
/** Long enough for one walk at least on a machine that does much else: interrupted before the first, nothing would have been looked at. */
const TIME_LIMIT_MS = 60_000;
const MOST_WRONG = 5;

/** Whoever takes a role over comes from the end of the list. */
const NAMES = ['Ann Baker', 'Carl Dahl', 'Eva Falk', 'Gus Hahn', 'Ida Jung', 'Kim Lund'];
const INITIALS = ['AB', 'CD', 'EF', 'GH', 'IJ', 'KL'];
const ROLES = ['administrator', 'witness', 'witness'];
const pinOf = (initials: string): string => ['739164', '502837', '918264', '640195', '284715', '175093'][INITIALS.indexOf(initials)] ?? '';
/** Some of them have chosen the same as others would type by mistake: another person's PIN is a wrong one. */
const WRONG = ['111222', ...INITIALS.map(pinOf)];

/** How a PIN is typed: right, wrong by another's, or not at all. */
type Typed = 'right' | 'wrong' | 'none';

class Model {
  people: { initials: string; role: string }[] = INITIALS.slice(0, 3).map((initials, at) => ({ initials, role: ROLES[at] ?? '' }));
  readonly chosen = new Set<string>();
  readonly wrong = new Map<string, number>();
  /** Under whom the first step was signed; null: nobody, or for other people than are here now. */
  signed = 0;
  paused = false;
  entries = 0;
  readonly room: CeremonyHome;

  constructor(room: CeremonyHome) {
    this.room = room;
  }

  isLocked(initials: string): boolean {
    return (this.wrong.get(initials) ?? 0) >= MOST_WRONG;
  }

  /** Whether these initials are taken, and what is left of the tries. Nothing is tried where something is missing. */
  take(given: readonly (readonly [initials: string, typed: Typed])[]): boolean {
    if (given.some(([one, typed]) => !this.chosen.has(one) || this.isLocked(one) || typed === 'none')) return false;
    for (const [one, typed] of given) this.wrong.set(one, typed === 'right' ? 0 : (this.wrong.get(one) ?? 0) + 1);
    this.entries += given.filter(([one, typed]) => typed === 'wrong' && this.isLocked(one)).length;
    return given.every(([, typed]) => typed === 'right');
  }

  check(view: CeremonyView): void {
    const everybody = this.people.every(({ initials }) => this.chosen.has(initials));
    expect(view.people.map(({ initials, role }) => ({ initials, role }))).toEqual(this.people);
    expect(view.pins).toEqual(
      this.people.map(({ initials }) => ({
        initials,
        chosen: this.chosen.has(initials),
        tries_left: Math.max(0, MOST_WRONG - (this.wrong.get(initials) ?? 0)),
      })),
    );
    expect(view.steps.filter((one) => one.status === 'done').map((one) => one.id)).toEqual(['people', 'self-test'].slice(0, this.signed));
    if (this.signed === 0) expect(view.now).toMatchObject({ step: 'people', gate: everybody ? 'open' : 'waits' });
    expect(view.exceptions).toHaveLength(this.entries);
    expect(view.paused !== null).toBe(this.paused);
  }
}

function typedPins(given: readonly (readonly [string, Typed])[], salt: number): { initials: string; pin: string }[] {
  return given
    .filter(([, typed]) => typed !== 'none')
    .map(([initials, typed]) => {
      const others = WRONG.filter((pin) => pin !== pinOf(initials));
      return { initials, pin: typed === 'right' ? pinOf(initials) : (others[salt % others.length] ?? '') };
    });
}

async function attempt(model: Model, name: OperationName, input: Record<string, unknown>): Promise<boolean> {
  try {
    await model.room.act(name, input);
    return true;
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return false;
  }
}

type Act = { readonly what: string; readonly who: number; readonly typed: readonly Typed[]; readonly salt: number };

const acts: Readonly<Record<string, (model: Model, act: Act) => Promise<void>>> = {
  choose: async (model, { who }) => {
    const initials = model.people[who % model.people.length]?.initials ?? '';
    const pin = pinOf(initials);
    const taken = await attempt(model, 'ceremony.pin', { initials, pin, again: pin });
    expect(['choose', taken]).toEqual(['choose', !model.paused && !model.chosen.has(initials)]);
    if (taken) model.chosen.add(initials);
  },
  sign: async (model, { who, typed, salt }) => {
    const administrator = model.people.find((one) => one.role === 'administrator')?.initials ?? '';
    const witness = model.people.filter((one) => one.role === 'witness')[who % 2]?.initials ?? '';
    const given = [
      [administrator, typed[0] ?? 'right'],
      [witness, typed[1] ?? 'right'],
    ] as const;
    const { now } = await model.room.view();
    const isOpen = now?.gate === 'open' && !model.paused;
    const taken = await attempt(model, 'ceremony.sign-off', {
      step: now?.step ?? '',
      evidence_sha256: now?.evidence_sha256 ?? '',
      initials: given.map(([initials], at) => ({ role: at === 0 ? 'administrator' : 'witness', initials })),
      pins: typedPins(given, salt),
    });
    const expected = isOpen && model.take(given);
    expect(['sign', now?.step, typed, taken]).toEqual(['sign', now?.step, typed, expected]);
    if (taken) model.signed += 1;
  },
  note: async (model, { who, typed, salt }) => {
    const initials = model.people[who % model.people.length]?.initials ?? '';
    const given = [[initials, typed[0] ?? 'right']] as const;
    const taken = await attempt(model, 'ceremony.exception', { text: 'a phone rang', initials, pins: typedPins(given, salt) });
    expect(['note', taken]).toEqual(['note', model.take(given)]);
    if (taken) model.entries += 1;
  },
  pause: async (model, { who, typed, salt }) => {
    const initials = model.people[who % model.people.length]?.initials ?? '';
    const given = [[initials, typed[0] ?? 'right']] as const;
    const name = model.paused ? 'ceremony.resume' : 'ceremony.pause';
    const taken = await attempt(model, name, { reason: 'lunch', initials, pins: typedPins(given, salt) });
    expect([name, taken]).toEqual([name, model.take(given)]);
    if (!taken) return;
    model.paused = !model.paused;
    model.entries += 1;
  },
  /** By whoever goes and one other, or by `others` of those who stay. */
  handOver: async (model, { who, typed, salt }) => {
    const leaving = model.people[who % model.people.length];
    const comes = INITIALS.findIndex((one) => !model.chosen.has(one) && !model.people.some(({ initials }) => initials === one));
    if (leaving === undefined || comes === -1 || model.paused) return;
    const stay = model.people.filter((one) => one !== leaving).map((one) => one.initials);
    const agrees = salt % 2 === 0;
    const seenBy = salt % 3 === 0 ? stay.slice(0, 1) : stay;
    const own = typed[2] === 'none' ? 'wrong' : (typed[2] ?? 'right');
    const given = [
      ...(agrees ? ([[leaving.initials, own]] as const) : []),
      ...seenBy.map((one, at) => [one, typed[at] ?? 'right'] as const),
    ];
    const able = stay.filter((one) => model.chosen.has(one) && !model.isLocked(one));
    const to = { name: NAMES[comes], initials: INITIALS[comes] ?? '' };
    const [first, ...rest] = seenBy;
    const taken = await attempt(model, 'ceremony.hand-over', {
      from: leaving.initials,
      to,
      reason: 'ill',
      seen_by: first,
      also_seen_by: rest,
      pins: typedPins(given, salt),
    });
    const isEnough = agrees || (able.length >= 2 && able.every((one) => seenBy.includes(one)));
    const expected = isEnough && model.take(given);
    expect(['hand over', taken]).toEqual(['hand over', expected]);
    if (!taken) return;
    model.entries += given.length;
    model.people = model.people.map((one) => (one === leaving ? { ...one, initials: to.initials } : one));
    model.signed = 0;
  },
  selfTest: async (model) => {
    await attempt(model, 'ceremony.self-test', {});
  },
  kill: async (model) => {
    await model.room.restart();
  },
};

const typed = fc.constantFrom<Typed[]>('right', 'right', 'right', 'wrong', 'wrong', 'none');
const act: fc.Arbitrary<Act> = fc.record({
  what: fc.constantFrom('choose', 'choose', 'choose', 'sign', 'sign', 'sign', 'note', 'note', 'pause', 'handOver', 'selfTest', 'kill'),
  who: fc.nat({ max: 5 }),
  typed: fc.tuple(typed, typed, typed),
  salt: fc.nat({ max: 20 }),
});

const right = ['right', 'right', 'right'] as const;
const one = (what: string, who = 0, how: readonly Typed[] = right, salt = 0): Act => ({ what, who, typed: how, salt });
const CHOOSE = [0, 1, 2].map((who) => one('choose', who));
const LOCK = Array.from({ length: 6 }, () => one('note', 1, ['wrong', 'right', 'right']));
/** Walks that are always gone: to a signed step, a locked person, and on from there by a hand-over. */
const EXAMPLES: Act[][] = [
  [
    one('sign'),
    ...CHOOSE,
    one('sign', 0, ['right', 'none']),
    one('sign', 0, ['right', 'wrong']),
    one('sign'),
    one('selfTest'),
    one('sign'),
  ],
  [...CHOOSE, one('sign'), ...LOCK, one('kill'), one('sign'), one('handOver', 1, right, 3), one('handOver', 1, right, 1), one('sign')],
  [...CHOOSE, ...LOCK, one('sign', 1), one('handOver', 1, right, 1), one('choose', 1), one('sign'), one('pause', 1), one('pause', 0)],
];

describe('any sequence of what takes initials, where the policy asks for PINs', () => {
  let start: CeremonyHome;
  beforeAll(async () => {
    start = await CeremonyHome.make();
    const policy = { ...DEFAULT_POLICY, initials_with_pin: true };
    await start.must('policy.set', { file: start.secret('policy.json', JSON.stringify(policy)), administrator: 'Ann Baker' });
    await start.begin();
    const people = INITIALS.slice(0, 3).map((initials, at) => ({ name: NAMES[at], initials, role: ROLES[at] }));
    await start.act('ceremony.people', { people, place: 'the vault', witness_clock: '10:00' });
  });
  afterAll(async () => {
    await start.remove();
  });

  it('closes no step, and records nothing under initials, with a PIN that is missing or wrong', async () => {
    const property = () =>
      fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 16, size: 'max' }), async (walk) => {
        const model = new Model(start.fork());
        try {
          for (const step of walk) {
            await acts[step.what]?.(model, step);
            model.check(await model.room.view());
          }
          const events = model.room.ledger((_, ledger) => [...ledger.eventsNaming(model.room.ceremony)]);
          const initialled = events.filter((event) => event.type === 'ceremony-signed' || event.type === 'ceremony-exception');
          const bare = initialled.filter(({ data }) => data.initials !== null && data.pin !== true);
          expect(bare).toEqual([]);
        } finally {
          await model.room.remove();
        }
      });
    await fc.assert(property(), { examples: EXAMPLES.map((walk) => [walk]), numRuns: EXAMPLES.length, endOnFailure: true });
    await fc.assert(property(), { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT_MS, endOnFailure: true });
  }, 300_000);
});
