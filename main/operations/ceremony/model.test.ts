import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerQueries } from '../../ledger/index.ts';
import { StandIn, type FaultName, type StandInAddress } from '../../rehearsal/index.ts';
import { canonicalJson, isColdroomError, type Json } from '../../values/index.ts';
import { CeremonyHome, NOW_MS, onePool, WALLET, WORK, wordsOf } from './home.fixture.ts';
import type { CeremonyView, OperationName } from '../index.ts';

/**
 * Random walks through a rehearsal, against a small model of what a step may rest on. The model is not told how main judges: it
 * reads the ledger's rows and says of each step, in a line, what has to be there (its gate) and what initials are given for (its
 * content). What it remembers is under which content both initials were accepted.
 */
const SEED = Number(process.env['CEREMONY_SEED'] ?? 20_261_124);
const RUNS = 36;
/** The places in STEPS at which walks begin. */
const STARTS = [0, 3, 4, 5, 6, 7, 8];
const TIME_LIMIT_MS = 15_000;

const STEPS = [...WORK.map((one) => one.step), 'verify', 'recover', 'checklist', 'close'];
const CHECKLIST = ['host-confirmed', 'kept-as-ordered', 'other-copies', 'recovery-people', 'failures-rehearsed'];
const TEAMS = [
  ['AB', 'CD'],
  ['EF', 'CD'],
] as const;

const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
let at: StandInAddress;
/** The ceremony before that many steps were signed, and what the model knows of it. */
const prepared: { room: CeremonyHome; signed: ReadonlyMap<string, string> }[] = [];

beforeAll(async () => {
  at = await standIn.listen();
  const room = await CeremonyHome.make();
  await room.signInElsewhere(at);
  await room.begin();
  const model = new Model(room);
  for (let step = 0; step < STEPS.length; step += 1) {
    if (STARTS.includes(step)) prepared.push({ room: room.fork(), signed: new Map(model.signed) });
    await actions.work(model);
    await actions.sign(model, 'right');
    model.check(await room.view());
  }
  expect(model.state).toBe('closed');
  await room.remove();
});
afterAll(async () => {
  for (const { room } of prepared) await room.remove();
  await standIn.close();
});

/** A fact as initials are given for it: when it was noted, and where a file lies, nobody signs. */
function told(value: string | undefined, ...without: string[]): string {
  if (value === undefined || value === 'null') return '';
  const json = JSON.parse(value) as Record<string, Json>;
  return canonicalJson(Object.fromEntries(Object.entries(json).filter(([name]) => name !== 'at' && !without.includes(name))));
}

type Item = { state: string; ciphertext: string; backup: string; check: string; sameChecksum: boolean };

class Model {
  readonly signed: Map<string, string>;
  state: 'open' | 'closed' | 'escalated' = 'open';
  exceptions: number;
  readonly room: CeremonyHome;

  constructor(room: CeremonyHome, signed: ReadonlyMap<string, string> = new Map()) {
    this.room = room;
    this.signed = new Map(signed);
    this.exceptions = room.exceptions().length;
  }

  /** Of every step: whether initials may be put to it, and to what. */
  rules(): Map<string, { gate: boolean; content: string }> {
    return this.room.ledger((queries) => {
      const facts = new Map(queries.ceremonyFacts(this.room.ceremony).map((one) => [one.name, one.value]));
      const fact = (name: string): Record<string, Json> | null => JSON.parse(facts.get(name) ?? 'null') as Record<string, Json> | null;
      const assignment = queries.assignment((fact('assignment')?.['assignment_id'] ?? '') as string);
      const files = (fact('secrets')?.['files'] ?? []) as { item_id: string; name: string; size_bytes: number }[];
      const items = files.map((file) => itemOf(queries, file.item_id)).filter((item) => item !== null);
      const key = queries.lastVerification('key', assignment?.key_id ?? '')?.result ?? 'unknown';
      const whole = files.length > 0 && items.length === files.length;
      const fits = (result: string): boolean => result === 'valid' || result === 'not-checkable';
      const rule = (gate: boolean, ...content: string[]) => ({ gate, content: content.join(' | ') });
      return new Map([
        ['people', rule(facts.has('people'), told(facts.get('people')), told(facts.get('clock'), 'machine_at'))],
        ['self-test', rule(fact('self-test')?.['ok'] === true, told(facts.get('self-test')))],
        [
          'sign-in',
          rule(facts.has('environment') && facts.has('signer'), told(facts.get('environment')), told(facts.get('signer'), 'positions')),
        ],
        ['wallet', rule(facts.has('wallet'), told(facts.get('wallet')))],
        ['assign', rule(assignment?.state === 'assigned' && fact('words') !== null, assignment?.key_id ?? '', told(facts.get('words')))],
        ['secrets', rule(files.length > 0, JSON.stringify(files.map(({ name, size_bytes: size }) => [name, size])))],
        [
          'seal',
          rule(whole && fact('sealing') !== null, JSON.stringify(items.map((item) => item.ciphertext)), told(facts.get('sealing'), 'mode')),
        ],
        [
          'store',
          rule(
            whole && items.every((item) => item.state === 'stored' && item.sameChecksum),
            JSON.stringify(items.map((item) => item.backup)),
          ),
        ],
        [
          'verify',
          rule(
            items.length > 0 && [key, ...items.map((item) => item.check)].every(fits),
            key,
            items
              .map((item) => item.check)
              .toSorted()
              .join(),
          ),
        ],
        ['recover', rule(facts.has('recovery'), told(facts.get('recovery')))],
        ['checklist', rule(facts.has('checklist'), told(facts.get('checklist')))],
        ['close', rule(true, this.exceptions.toString())],
      ]);
    });
  }

  /** The steps that are done: one after the other, each with an open gate, signed for what it says now. */
  done(): string[] {
    const rules = this.rules();
    const first = STEPS.findIndex((step) => rules.get(step)?.gate !== true || this.signed.get(step) !== rules.get(step)?.content);
    return first === -1 ? [...STEPS] : STEPS.slice(0, first);
  }

  check(view: CeremonyView): void {
    this.exceptions = view.exceptions.length;
    expect(view.state).toBe(this.state);
    if (this.state === 'escalated') return;
    const done = this.done();
    if (this.state === 'closed') expect(done).toEqual(STEPS);
    const expected = STEPS.map((_, index) => (index < done.length ? 'done' : index === done.length ? 'now' : 'locked'));
    expect(view.steps.map((one) => `${one.id} ${one.status}`)).toEqual(STEPS.map((step, index) => `${step} ${expected[index] ?? ''}`));
    if (view.now !== null) expect(view.now.gate === 'open').toBe(this.rules().get(view.now.step)?.gate);
  }
}

function itemOf(queries: LedgerQueries, id: string): Item | null {
  const item = queries.item(id);
  if (item === null) return null;
  const stored = queries.backupOfItem(id);
  const backup = stored?.backup_id ?? '';
  return {
    state: item.state,
    ciphertext: item.ciphertext_sha256,
    backup,
    check: queries.lastVerification('backup', backup)?.result ?? 'unknown',
    sameChecksum: item.checksum === (stored?.returned_checksum ?? null),
  };
}

/** What cannot be taken back, counted where it happens: at the stand-in, and in the ledger. */
function irreversible(room: CeremonyHome): { assign: number; seal: number; store: number } {
  const posts = standIn.requests.filter((one) => one.method === 'POST');
  return {
    assign: posts.filter((one) => !one.path.includes('secure/')).length,
    seal: room.ledger((queries) => queries.backupLines(true).length),
    store: posts.filter((one) => one.path.includes('secure/')).length,
  };
}

type Initials = 'right' | 'short' | 'nobody' | 'wrong' | 'swapped' | 'one-person' | 'stale' | 'other-step';

/** What people and screens may do, in any order. Each says by its refusal or its effect what became of it; the model looks afterwards. */
const actions = {
  people: (model: Model, team: 0 | 1) =>
    attempt(model, 'ceremony.people', {
      people: [
        { name: 'First', initials: TEAMS[team][0], role: 'administrator' },
        { name: 'Second', initials: TEAMS[team][1], role: 'witness' },
      ],
      place: 'the vault',
      witness_clock: '10:00',
    }),
  selfTest: (model: Model) => attempt(model, 'ceremony.self-test'),
  environment: (model: Model, typed: string) => attempt(model, 'ceremony.environment', { typed }),
  signer: async (model: Model, right: boolean) => {
    const { output } = await model.room.must('trust.add', { environment: 'rehearsal', source: 'fetch' });
    const fingerprint = (output['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    await attempt(model, 'ceremony.signer', { fingerprint, words: right ? wordsOf(fingerprint) : [{ position: 1, word: 'absurdity' }] });
  },
  wallet: (model: Model, name: string, typed: string) => attempt(model, 'ceremony.wallet', { ...WALLET, user_identifier: name, typed }),
  assign: (model: Model) => attempt(model, 'ceremony.assign'),
  words: async (model: Model, right: boolean) => {
    const fingerprint = (await model.room.view()).assignment?.key?.fingerprint ?? '0'.repeat(64);
    await attempt(model, 'ceremony.words', {
      words: right
        ? wordsOf(fingerprint)
        : [
            { position: 3, word: 'absurdity' },
            { position: 9, word: 'x' },
          ],
    });
  },
  choose: (model: Model, names: readonly string[]) =>
    attempt(model, 'ceremony.choose', { files: names.map((name) => model.room.secret(name)) }),
  seal: (model: Model) => attempt(model, 'ceremony.seal', { mode: 'auto', passphrase: null, send_name: false }),
  store: async (model: Model, resend: boolean) => {
    const unknown = (await model.room.view()).files.find((file) => file.state === 'unknown');
    await attempt(model, 'ceremony.store', {
      resolve: resend && unknown !== undefined ? { item_id: unknown.item_id, word: { how: 'resend' } } : null,
    });
  },
  verify: (model: Model) => attempt(model, 'ceremony.verify'),
  recover: (model: Model) => attempt(model, 'ceremony.recover', { passphrase: null }),
  checklist: (model: Model, answered: number) =>
    attempt(model, 'ceremony.checklist', {
      answers: CHECKLIST.slice(0, answered).map((id) => ({ id, yes: id !== 'other-copies' || answered === 5 })),
    }),
  exception: (model: Model, initials: string) => attempt(model, 'ceremony.exception', { text: 'a phone rang', initials }),
  escalate: async (model: Model) => {
    const [person] = (await model.room.view()).people;
    if (await attempt(model, 'ceremony.escalate', { reason: 'enough', initials: person?.initials ?? null })) model.state = 'escalated';
  },

  /** What the lit step asks for, done right. */
  work: async (model: Model) => {
    const step = (await model.room.view()).now?.step;
    switch (step) {
      case 'people':
        return actions.people(model, 0);
      case 'self-test':
        return actions.selfTest(model);
      case 'sign-in':
        await actions.environment(model, 'rehearsal');
        return actions.signer(model, true);
      case 'wallet':
        return actions.wallet(model, 'wallet-1', 'COLD');
      case 'assign':
        await actions.assign(model);
        return actions.words(model, true);
      case 'secrets':
        return actions.choose(model, ['share-1']);
      case 'seal':
        return actions.seal(model);
      case 'store':
        return actions.store(model, true);
      case 'verify':
        return actions.verify(model);
      case 'recover':
        return actions.recover(model);
      case 'checklist':
        return actions.checklist(model, 5);
      default:
        return;
    }
  },

  sign: async (model: Model, how: Initials) => {
    const { now, people } = await model.room.view();
    const done = model.done();
    const step = STEPS[done.length];
    const rule = model.rules().get(step ?? '');
    const of = (role: string): string => people.find((one) => one.role === role)?.initials ?? 'XX';
    const [administrator, witness] = [of('administrator'), of('witness')];
    const pairs: Readonly<Record<Initials, [string, string][]>> = {
      right: [
        ['administrator', administrator],
        ['witness', witness],
      ],
      short: [['administrator', administrator]],
      nobody: [],
      wrong: [
        ['administrator', administrator],
        ['witness', 'ZZ'],
      ],
      swapped: [
        ['administrator', witness],
        ['witness', administrator],
      ],
      'one-person': [
        ['administrator', administrator],
        ['witness', administrator],
      ],
      stale: [
        ['administrator', administrator],
        ['witness', witness],
      ],
      'other-step': [
        ['administrator', administrator],
        ['witness', witness],
      ],
    };
    const accepted = await attempt(model, 'ceremony.sign-off', {
      step: how === 'other-step' ? (STEPS[(done.length + 1) % STEPS.length] ?? '') : (now?.step ?? 'people'),
      evidence_sha256: how === 'stale' ? 'f'.repeat(64) : (now?.evidence_sha256 ?? 'f'.repeat(64)),
      initials: pairs[how].map(([role, initials]) => ({ role, initials })),
    });
    const allowed = model.state === 'open' && how === 'right' && rule?.gate === true;
    expect([step, how, accepted]).toEqual([step, how, allowed]);
    if (!accepted || step === undefined || rule === undefined) return;
    model.signed.set(step, rule.content);
    if (step === STEPS.at(-1)) model.state = 'closed';
  },
};

/** @returns whether it was taken: a refusal is thrown, problems beside a view are not one. */
async function attempt(model: Model, name: OperationName, input: Record<string, unknown> = {}): Promise<boolean> {
  const { room } = model;
  const [done, before] = [model.done(), irreversible(room)];
  const wasOpen = model.state === 'open';
  let taken = true;
  try {
    await room.act(name, input);
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    taken = false;
  }
  const after = irreversible(room);
  for (const what of ['assign', 'seal', 'store'] as const) {
    if (after[what] === before[what]) continue;
    expect([name, what, wasOpen, STEPS.slice(0, STEPS.indexOf(what)).filter((step) => !done.includes(step))]).toEqual([
      name,
      what,
      true,
      [],
    ]);
  }
  if (!wasOpen) expect([name, taken]).toEqual([name, false]);
  return taken;
}

type Action = readonly [name: string, run: (model: Model) => Promise<unknown>];

const FAULTS: readonly (FaultName | null)[] = [
  null,
  'status-401',
  'bad-signature',
  'false-key-verify',
  'false-backup-verify',
  'cold-not-checkable',
  'wrong-checksum',
  'status-500',
  'drop-before-store',
  'drop-after-store',
];
/** The stand-in does wrong from then on, and people do what the lit step asks for. */
const trouble = (fault: FaultName | null): Action => [
  `trouble ${fault ?? 'none'}`,
  async (model) => {
    standIn.setFault(fault);
    await actions.work(model);
  },
];
const ADVANCE: Action = [
  'advance',
  async (model) => {
    await actions.work(model);
    const rule = model.rules().get(STEPS[model.done().length] ?? '');
    if (rule?.gate === true) await actions.sign(model, 'right');
  },
];
const sign = (how: Initials): Action => [`sign ${how}`, (model) => actions.sign(model, how)];
const RESEND: Action = ['store again', (model) => actions.store(model, true)];
const ESCALATE: Action = ['escalate', (model) => actions.escalate(model)];

const OTHER_PEOPLE: Action = ['other people', (model) => actions.people(model, 1)];
const SEAL: Action = ['seal', (model) => actions.seal(model)];
const ASSIGN: Action = ['assign', (model) => actions.assign(model)];

/** Walks that are always gone: to each way in which a step can stand still, on from there, to each end, and to what cannot be taken back before its time. */
const EXAMPLES: [number, Action[]][] = [
  [1, [['work', actions.work], ASSIGN, OTHER_PEOPLE, sign('right'), ASSIGN, ADVANCE]],
  [3, [['work', actions.work], SEAL, RESEND, ADVANCE, OTHER_PEOPLE, SEAL, RESEND]],
  [5, [OTHER_PEOPLE, RESEND, sign('right'), RESEND]],
  [2, [trouble('bad-signature'), sign('right'), sign('short'), trouble(null), ADVANCE, sign('right')]],
  [2, [trouble('status-401'), sign('right'), trouble(null), sign('stale'), sign('one-person'), ADVANCE]],
  [5, [trouble('drop-after-store'), sign('right'), trouble('status-401'), sign('right'), trouble(null), RESEND, sign('wrong'), ADVANCE]],
  [5, [trouble('wrong-checksum'), sign('right'), ADVANCE, ESCALATE, ADVANCE, sign('right')]],
  [6, [trouble('false-backup-verify'), sign('right'), trouble('false-key-verify'), sign('swapped'), ESCALATE, RESEND]],
  [6, [...Array.from({ length: 4 }, () => ADVANCE), RESEND, sign('right'), ESCALATE]],
];

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 9, arbitrary: fc.constant(ADVANCE) },
  { weight: 3, arbitrary: fc.constant<Action>(['work', actions.work]) },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom<Initials[]>('right', 'right', 'short', 'nobody', 'wrong', 'swapped', 'one-person', 'stale', 'other-step')
      .map(sign),
  },
  { weight: 4, arbitrary: fc.constantFrom(...FAULTS).map(trouble) },
  {
    weight: 8,
    arbitrary: fc.constantFrom<Action[]>(
      ['people again', (model) => actions.people(model, 0)],
      ['environment', (model) => actions.environment(model, 'rehearsal')],
      ['wrong environment', (model) => actions.environment(model, 'production')],
      ['signer', (model) => actions.signer(model, true)],
      ['wrong signer words', (model) => actions.signer(model, false)],
      ['wallet', (model) => actions.wallet(model, 'wallet-2', 'COLD')],
      ['wallet not typed', (model) => actions.wallet(model, 'wallet-3', 'cold')],
      ['assign', (model) => actions.assign(model)],
      ['words', (model) => actions.words(model, true)],
      ['wrong words', (model) => actions.words(model, false)],
      ['choose', (model) => actions.choose(model, ['share-1', 'share-2'])],
      ['choose nothing', (model) => actions.choose(model, [])],
      ['seal', (model) => actions.seal(model)],
      ['store', (model) => actions.store(model, false)],
      ['store again', (model) => actions.store(model, true)],
      ['verify', (model) => actions.verify(model)],
      ['recover', (model) => actions.recover(model)],
      ['checklist', (model) => actions.checklist(model, 5)],
      ['short checklist', (model) => actions.checklist(model, 3)],
      ['exception', (model) => actions.exception(model, 'CD')],
      ['exception of nobody', (model) => actions.exception(model, 'ZZ')],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Action[]>(
      ESCALATE,
      ['self-test', (model) => actions.selfTest(model)],
      ['other people', (model) => actions.people(model, 1)],
    ),
  },
);

describe('any sequence of a ceremony’s operations', () => {
  const ends = new Set<string>();
  const reached = new Set<string>();

  it('closes no step whose checks failed or whose sign-offs are short, and does nothing irreversible before its time', async () => {
    const walks = fc.tuple(fc.nat({ max: STARTS.length - 1 }), fc.array(action, { minLength: 8, maxLength: 20, size: 'max' }));
    const property = () =>
      fc.asyncProperty(walks, async ([from, walk]) => {
        const start = prepared[from];
        if (start === undefined) throw new Error('there is no such start');
        standIn.setFault(null);
        const room = start.room.fork();
        const model = new Model(room, start.signed);
        try {
          for (const [name, run] of walk) {
            await run(model);
            const view = await room.view();
            model.check(view);
            reached.add(name);
            if (view.now !== null) reached.add(`${view.now.step} ${view.now.gate}`);
          }
          ends.add(model.state);
        } finally {
          standIn.setFault(null);
          await room.remove();
        }
      });
    // The walks that reach what has to be reached, however long they take; then others at random, as long as there is time.
    await fc.assert(property(), { examples: EXAMPLES.map((one) => [one]), numRuns: EXAMPLES.length, endOnFailure: true });
    // The seed stands in what fast-check prints of a failure, with the shortest walk that it found.
    await fc.assert(property(), { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT_MS, endOnFailure: true });
  });

  it('was walked far enough to say so', () => {
    expect([...ends].toSorted()).toEqual(['closed', 'escalated', 'open']);
    for (const wanted of [
      'assign waits',
      'assign settle',
      'store settle',
      'store stopped',
      'verify stopped',
      'close open',
      'sign short',
      'sign stale',
    ]) {
      expect([...reached]).toContain(wanted);
    }
  });
});
