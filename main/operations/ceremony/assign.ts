import { z } from 'zod';
import { checkWords } from '../../ceremony/index.ts';
import { isoTime, isSha256, newUuid, type ColdroomError } from '../../values/index.ts';
import { assignAt } from '../service/assign-new.ts';
import { recheckAt } from '../service/assign-recheck.ts';
import { ceremonyId, ceremonyOutput, requireStep, UNKNOWN_ASSIGNMENT, workOn, type StepWork } from './ceremony.ts';
import { notYet, requireKey } from './subjects.ts';
import { requestFor } from './wallet.ts';
import { enteredWords, uuid } from '../fields.ts';
import { defineOperation, NETWORKED } from '../operation.ts';

export const ceremonyAssign = defineOperation({
  name: 'ceremony.assign',
  summary: 'have a key assigned for the ceremony’s wallet, or judge a kept answer again',
  roles: NETWORKED,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) => workOn(context, 'ceremony.assign', input.ceremony, (parts) => assignStep(parts)),
});

/**
 * One assignment for the wallet. Its id is noted before anything is sent, so an app that dies finds it again; one that was
 * answered and not trusted is judged again, one that was refused or not sent is begun anew, and an unknown one is left alone.
 */
async function assignStep(parts: StepWork): Promise<readonly ColdroomError[]> {
  const { context, station, state, note, except } = parts;
  const { wallet, assignment } = state.facts;
  if (wallet === undefined) throw notYet('the wallet');
  const before = station.queries.assignment(assignment?.assignment_id ?? '');
  if (before !== null && before.state !== 'refused' && before.state !== 'not-sent') {
    const again = await recheckAt(context, station, { recheck: before.assignment_id, out: null });
    if (before.state === 'sending' && again.output.state === 'unknown') except('assign', UNKNOWN_ASSIGNMENT);
    return again.problems;
  }
  await requireStep(parts, 'assign');
  const id = newUuid();
  note('assign', 'assignment', { assignment_id: id });
  const { output, problems } = await assignAt(context, station, requestFor(wallet, state.row.environment), id);
  if (output.state === 'quarantined') except('assign', `The assigned key is not trusted (${problems[0]?.code ?? ''})`);
  if (output.state === 'unknown') except('assign', UNKNOWN_ASSIGNMENT);
  return problems;
}

export const ceremonyWords = defineOperation({
  name: 'ceremony.words',
  summary: 'confirm the assigned key’s fingerprint by two of its words',
  roles: NETWORKED,
  input: z.strictObject({ ceremony: uuid, words: enteredWords }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.words', input.ceremony, ({ station, state, note }) => {
      const { fingerprint } = requireKey(station, state);
      if (!isSha256(fingerprint)) throw new TypeError('the ledger holds a fingerprint that is none');
      checkWords(fingerprint, input.words);
      note('assign', 'words', {
        fingerprint,
        positions: input.words.map((one) => one.position),
        at: isoTime(context.clock.now()),
      });
      return [];
    }),
});
