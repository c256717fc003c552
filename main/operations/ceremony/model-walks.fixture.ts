import fc from 'fast-check';
import type { FaultName } from '../../rehearsal/index.ts';
import { actions, standIn, type Initials } from './model-actions.fixture.ts';
import { STEPS, type Model } from './model.fixture.ts';

export type Action = readonly [name: string, run: (model: Model) => Promise<unknown>];

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
export const EXAMPLES: [number, Action[]][] = [
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

/** One thing that people do next. */
export const action: fc.Arbitrary<Action> = fc.oneof(
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
