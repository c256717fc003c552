import { z } from 'zod';
import { ableToSign, asksForPins, evidenceEvent, type CeremonyState } from '../../ceremony/index.ts';
import type { CeremonyEnd, LedgerEvent } from '../../ledger/index.ts';
import { inputError, isoTime, type ColdroomError } from '../../values/index.ts';
import { ceremonyOutput, workOn, type StepWork } from './ceremony.ts';
import { afterEnd, endOf } from './close.ts';
import { judgeNow } from './judge.ts';
import { pinsInput, type GivenPins } from './check-pins.ts';
import { initialsText } from './initials-text.ts';
import { signatureOf, takeInitials, unknownInitials, type Taken } from './initials.ts';
import { checkDifferentPeople, checkInitialsFree } from './people.ts';
import { checkEverybodyElse, checkTakesNoPin } from './pin-holders.ts';
import { plainText, uuid } from '../fields.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';

/**
 * What people write into the record beside their sign-offs. Each is a new entry under somebody's initials; none changes one that
 * stands. An entry and what it tells of are written together, so that an app that dies leaves both or neither.
 */

export const ceremonyException = defineOperation({
  name: 'ceremony.exception',
  summary: 'write down something unusual',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, text: plainText(1000), initials: initialsText, pins: pinsInput }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(
      context,
      'ceremony.exception',
      input.ceremony,
      async (parts) => {
        await enter(parts, input.text, await takeInitials(parts, [{ initials: input.initials }], input.pins));
        return [];
      },
      { evenPaused: true },
    ),
});

export const ceremonyPause = defineOperation({
  name: 'ceremony.pause',
  summary: 'let a ceremony rest, with a reason',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, reason: plainText(1000), initials: initialsText, pins: pinsInput }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.pause', input.ceremony, async (parts) => {
      const { reason, initials } = input;
      const by = await takeInitials(parts, [{ initials }], input.pins);
      await enter(parts, `Paused: ${reason}`, by, (step) => {
        parts.note(step, 'paused', { reason, initials, at: isoTime(context.clock.now()) });
      });
      return [];
    }),
});

export const ceremonyResume = defineOperation({
  name: 'ceremony.resume',
  summary: 'go on with a ceremony that rested, with a reason',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, reason: plainText(1000), initials: initialsText, pins: pinsInput }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(
      context,
      'ceremony.resume',
      input.ceremony,
      async (parts) => {
        if (parts.state.facts.paused === undefined) throw inputError('ceremony-not-paused', 'this ceremony is not paused');
        const by = await takeInitials(parts, [{ initials: input.initials }], input.pins);
        await enter(parts, `Resumed: ${input.reason}`, by, (step) => {
          parts.note(step, 'paused', null);
        });
        return [];
      },
      { evenPaused: true },
    ),
});

export const ceremonyHandOver = defineOperation({
  name: 'ceremony.hand-over',
  summary: 'let another person take over a role; the first step is signed anew by those who are there now',
  roles: EVERY_ROLE,
  input: z.strictObject({
    ceremony: uuid,
    /** The initials of whoever goes. */
    from: initialsText,
    to: z.strictObject({ name: plainText(100), initials: initialsText }),
    reason: plainText(1000),
    /** The initials of somebody who stays. */
    seen_by: initialsText,
    /** Where PINs are asked for, and that of whoever goes is not among them: the initials of everybody else who can sign. */
    also_seen_by: z.array(initialsText).max(20).default([]),
    pins: pinsInput,
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.hand-over', input.ceremony, async (parts) => {
      const { station, state, note } = parts;
      const { from, to } = input;
      const recorded = state.facts.people;
      const leaving = recorded?.people.find((one) => one.initials === from);
      if (recorded === undefined || leaving === undefined) throw unknownInitials(from);
      const seenBy = [...new Set([input.seen_by, ...input.also_seen_by])];
      if (seenBy.includes(from)) {
        throw inputError('initials-same', 'whoever goes cannot be the one who saw it', { hint: 'somebody who stays types their initials' });
      }
      checkDifferentPeople([...recorded.people, to]);
      checkInitialsFree(station.ledger, state, to);
      checkTakesNoPin(state, to);
      const agrees = asksForPins(state) && input.pins.some((one) => one.initials === from);
      if (asksForPins(state) && !agrees) checkEverybodyElse(state, from, seenBy);
      const by = await takeInitials(
        parts,
        [...(agrees ? [from] : []), ...seenBy].map((initials) => ({ initials })),
        input.pins,
      );
      const without = asksForPins(state) && !agrees ? `, without the PIN of ${from}` : '';
      const text = `The role of ${leaving.role} passed from ${leaving.name} (${from}) to ${to.name} (${to.initials})${without}: ${input.reason}`;
      const people = recorded.people.map((one) => (one === leaving ? { ...leaving, ...to } : one));
      await enter(parts, text, by, () => {
        note('people', 'people', { ...recorded, people });
      });
      return [];
    }),
});

export const ceremonyEscalate = defineOperation({
  name: 'ceremony.escalate',
  summary: 'stop a ceremony for good because something is wrong, with a reason',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, reason: plainText(1000), initials: initialsText.nullable().default(null), pins: pinsInput }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(
      context,
      'ceremony.escalate',
      input.ceremony,
      (parts) => end(parts, 'escalated', input.reason, input.initials === null ? [] : [input.initials], input.pins),
      { evenPaused: true },
    ),
});

export const ceremonyAbort = defineOperation({
  name: 'ceremony.abort',
  summary: 'end a ceremony before its last step because it is not wanted any more, with a reason and two people’s initials',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, reason: plainText(1000), initials: z.array(initialsText).max(2), pins: pinsInput }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(
      context,
      'ceremony.abort',
      input.ceremony,
      (parts) => {
        if (parts.state.facts.people !== undefined && new Set(input.initials).size < 2) {
          throw inputError('initials-missing', 'two people put their initials to it', { hint: 'both type their own' });
        }
        return end(parts, 'aborted', input.reason, input.initials, input.pins);
      },
      { evenPaused: true },
    ),
});

/**
 * Ends it, and keeps what the step shows at which it ends: that is what went wrong. Before anybody is named in the first step there
 * is nobody whose initials could be known; and where everybody is locked it can still be stopped, which does no harm.
 */
async function end(
  parts: StepWork,
  how: Exclude<CeremonyEnd, 'closed'>,
  reason: string,
  initials: readonly string[],
  pins: GivenPins,
): Promise<readonly ColdroomError[]> {
  const { context, station, state } = parts;
  if (ableToSign(state).length > 0 && initials.length === 0) {
    throw inputError('initials-missing', 'whoever ends the ceremony puts initials to it', { hint: 'type yours' });
  }
  const by = await takeInitials(
    parts,
    initials.map((one) => ({ initials: one })),
    pins,
  );
  const { view, planned } = await judgeNow(context, station, state);
  station.ledger.transaction((transaction) => {
    if (view !== null) transaction.append(evidenceEvent(state.row.ceremony_id, view));
    for (const one of by)
      transaction.append(entryOf(state, view?.step ?? '', how === 'escalated' ? 'Stopped and escalated' : 'Aborted', one));
    transaction.append(endOf(context, station, state, how, reason, planned));
  });
  return afterEnd(context, station, state);
}

/** Writes an entry under the step that is lit, together with what it tells of. */
async function enter(
  { context, station, state }: StepWork,
  text: string,
  by: readonly Taken[],
  note: (step: string) => void = () => undefined,
): Promise<void> {
  const step = (await judgeNow(context, station, state)).view?.step ?? '';
  station.ledger.transaction((transaction) => {
    for (const one of by) transaction.append(entryOf(state, step, text, one));
    note(step);
  });
}

function entryOf({ row }: CeremonyState, step: string, text: string, by: Taken): LedgerEvent & { type: 'ceremony-exception' } {
  return { type: 'ceremony-exception', data: { ceremony_id: row.ceremony_id, step, text, ...signatureOf(by) } };
}
