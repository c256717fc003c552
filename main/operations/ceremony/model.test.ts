import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandInAddress } from '../../rehearsal/index.ts';
import { CeremonyHome } from './home.fixture.ts';
import { actions, standIn } from './model-actions.fixture.ts';
import { Model, STEPS } from './model.fixture.ts';
import { action, EXAMPLES } from './model-walks.fixture.ts';

/** Random walks through a rehearsal, against a small model of what a step may rest on. */
const SEED = Number(process.env['CEREMONY_SEED'] ?? 20_261_124);
const RUNS = 36;
/** The places in STEPS at which walks begin. */
const STARTS = [0, 3, 4, 5, 6, 7, 8];
const TIME_LIMIT_MS = 15_000;

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
    const walked = await fc.check(property(), { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT_MS, endOnFailure: true });
    // A busy machine may not come through one walk in that time, which fast-check calls a failure: it has found nothing wrong.
    if (walked.counterexample === null) return;
    // The seed stands in what fast-check says of a failure, with the shortest walk that it found.
    throw new Error(await fc.asyncDefaultReportMessage(walked), { cause: walked.errorInstance });
  }, 600_000);

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
