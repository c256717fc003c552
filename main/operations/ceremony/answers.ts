import { z } from 'zod';
import type { FactValue } from '../../ceremony/index.ts';
import { inputError, isoTime } from '../../values/index.ts';
import type { StepWork } from './ceremony.ts';
import { uuid } from '../fields.ts';

export const answersInput = z.strictObject({
  ceremony: uuid,
  answers: z.array(z.strictObject({ id: z.string(), yes: z.boolean() })).max(50),
});

/** Which points a step asks about, and the fact that keeps the answers. */
type Asked = { readonly step: 'checklist' | 'wipe'; readonly fact: 'checklist' | 'wiped'; readonly points: readonly string[] };

/**
 * Keeps people's answers, every point's once, and with them as an exception each point that is newly left open.
 * @throws input `checklist-incomplete`.
 */
export function noteAnswers(
  { context, station, state, note, except }: StepWork,
  { step, fact, points }: Asked,
  answers: FactValue<'checklist'>['answers'],
): void {
  if (answers.length !== points.length || !points.every((point) => answers.some((one) => one.id === point))) {
    throw inputError('checklist-incomplete', 'every point of the checklist wants an answer', { hint: 'answer yes or no to each' });
  }
  const before = state.facts[fact]?.answers ?? [];
  station.ledger.transaction(() => {
    for (const one of answers) {
      const already = before.some((other) => other.id === one.id && !other.yes);
      if (!one.yes && !already) except(step, `Open point: ${one.id}`);
    }
    note(step, fact, { answers, at: isoTime(context.clock.now()) });
  });
}
