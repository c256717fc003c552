import { z } from 'zod';
import { departureId, exceptionFor, type Excepted, type StepDeparture } from '../../ceremony/index.ts';
import { inputError, isoTime } from '../../values/index.ts';
import { ceremonyOutput, workOn } from './ceremony.ts';
import { requirePlan } from './inspect.ts';
import { pinsInput } from './check-pins.ts';
import { initialsText } from './initials-text.ts';
import { initialsWords, takeBoth, type Taken } from './initials.ts';
import { judgeNow } from './judge.ts';
import { fingerprint, plainText, uuid } from '../fields.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';

/** Goes on in spite of one departure from the plan. It stands for that departure alone: one that changes has to be decided anew. */
export const ceremonyGoOn = defineOperation({
  name: 'ceremony.go-on',
  summary: 'go on in spite of one departure from the plan, with a reason and two people’s initials',
  roles: EVERY_ROLE,
  input: z.strictObject({
    ceremony: uuid,
    /** The departure’s id, as the view has it: another value, file or step has another. */
    departure: fingerprint,
    reason: plainText(1000),
    initials: z.array(initialsText).length(2),
    pins: pinsInput,
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.go-on', input.ceremony, async (parts) => {
      const { station, state, note } = parts;
      const planned = await requirePlan(parts);
      const { view } = await judgeNow(context, station, state);
      const departure = planned.view.departures.find((one) => departureId(one) === input.departure && one.step === view?.step);
      if (departure === undefined || exceptionFor(state.facts.excepted, departure) !== null) {
        throw inputError('departure-unknown', 'this departure is not at the step that is lit, or is another one by now', {
          hint: 'look at the step again',
        });
      }
      const by = await takeBoth(parts, input.initials, input.pins);
      const exception = exceptionOf(departure, by, { reason: input.reason, at: isoTime(context.clock.now()) });
      const { step } = departure;
      // Together, or an app that dies in between would go on without the entry.
      station.ledger.transaction((transaction) => {
        transaction.append({
          type: 'ceremony-exception',
          data: { ceremony_id: input.ceremony, step, text: textOf(departure, by, input.reason), initials: null },
        });
        note(step, 'excepted', { exceptions: [...(state.facts.excepted?.exceptions ?? []), exception] });
      });
      return [];
    }),
});

function exceptionOf(departure: StepDeparture, by: readonly Taken[], word: Pick<Excepted, 'reason' | 'at'>): Excepted {
  const { step, code, place, planned, found, subject } = departure;
  return { id: departureId(departure), step, code, place, planned, found, subject, initials: by.map(({ initials }) => initials), ...word };
}

function textOf({ code, place, planned, found }: StepDeparture, by: readonly Taken[], reason: string): string {
  const values = `planned ${planned ?? 'nothing'}, found ${found ?? 'nothing'}`;
  return `Went on against the plan (${code}${place === '' ? '' : ` at ${place}`}: ${values}), ${initialsWords(by)}: ${reason}`;
}
