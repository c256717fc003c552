import { expect } from 'vitest';
import { StandIn } from '../../rehearsal/index.ts';
import { isColdroomError } from '../../values/index.ts';
import { NOW_MS, onePool, WALLET, wordsOf, type CeremonyHome } from './home.fixture.ts';
import { STEPS, type Model } from './model.fixture.ts';
import type { OperationName } from '../index.ts';

const CHECKLIST = ['host-confirmed', 'kept-as-ordered', 'other-copies', 'recovery-people', 'failures-rehearsed'];
const TEAMS = [
  ['AB', 'CD'],
  ['EF', 'CD'],
] as const;

/** The stand-in that every walk is at; it is listened to and closed by the suite. */
export const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });

/** What cannot be taken back, counted where it happens: at the stand-in, and in the ledger. */
function irreversible(room: CeremonyHome): { assign: number; seal: number; store: number } {
  const posts = standIn.requests.filter((one) => one.method === 'POST');
  return {
    assign: posts.filter((one) => !one.path.includes('secure/')).length,
    seal: room.ledger((queries) => queries.backupLines(true).length),
    store: posts.filter((one) => one.path.includes('secure/')).length,
  };
}

export type Initials = 'right' | 'short' | 'nobody' | 'wrong' | 'swapped' | 'one-person' | 'stale' | 'other-step';

/** What people and screens may do, in any order. Each says by its refusal or its effect what became of it; the model looks afterwards. */
export const actions = {
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
