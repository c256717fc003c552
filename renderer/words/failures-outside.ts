import type { FailureText } from './failure-text.ts';

/** What the texts of failures call the way out of a ceremony. Only a ceremony has it. */
const WAY_OUT = /(C|c)(?:hoose|lose with) Stop and escalate/g;
const TELL = 'ell the people who answer for custody';

/** A text for a screen that is no ceremony's: whoever reads it is not sent to a button that is not there. */
export function outsideCeremony(text: FailureText): FailureText {
  return { ...text, doNow: text.doNow.map((line) => line.replace(WAY_OUT, (_, first) => `${first === 'C' ? 'T' : 't'}${TELL}`)) };
}
