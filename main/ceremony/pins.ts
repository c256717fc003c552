import { inputError } from '../values/index.ts';
import type { FactValue, Person } from './facts.ts';
import { rulesOf, type CeremonyState } from './state.ts';

/** As many digits as a person keeps in mind for a day; six are a million. */
const LEAST_DIGITS = 6;
const MOST_DIGITS = 12;
/** Fewer different digits than these are what somebody takes who does not want to choose. */
const LEAST_DIFFERENT = 4;
/** After that many wrong ones in a row a person is locked for the ceremony. */
export const MOST_WRONG_PINS = 5;
/** Walks over the keys of a keypad. Rows of digits, pairs and repetitions are found by rule. */
const WALKS: readonly string[] = ['147258', '258369', '147369', '159753', '753159', '159357', '357159', '258456', '789456', '147852'];

type WithFacts = Pick<CeremonyState, 'facts'>;

/** Who has chosen a PIN, and how many wrong ones in a row were typed for theirs since. */
type PinHolder = FactValue<'pins'>['people'][number];

/** Whether initials take the person's PIN beside them in this ceremony. */
export function asksForPins(state: WithFacts): boolean {
  return rulesOf(state).initials_with_pin === true;
}

/** Null where that person has chosen none yet. Whoever left keeps theirs, and so does whoever comes back. */
export function pinHolder({ facts }: WithFacts, { initials }: Pick<Person, 'initials'>): PinHolder | null {
  return facts.pins?.people.find((one) => one.initials === initials) ?? null;
}

export function isLocked(holder: PinHolder): boolean {
  return holder.wrong >= MOST_WRONG_PINS;
}

/** Those of the ceremony whose initials can be taken: everybody, or where PINs are asked for whoever has one and is not locked. */
export function ableToSign(state: WithFacts): Person[] {
  const people = state.facts.people?.people ?? [];
  if (!asksForPins(state)) return people;
  return people.filter((person) => {
    const holder = pinHolder(state, person);
    return holder !== null && !isLocked(holder);
  });
}

/**
 * Judges a PIN that somebody chooses. It is held against no other person's: a refusal would tell what theirs is.
 * @throws input `pin-form`, `pin-weak`. Neither message has a digit of it.
 */
export function checkNewPin(pin: string): void {
  if (!/^\d+$/.test(pin) || pin.length < LEAST_DIGITS || pin.length > MOST_DIGITS) {
    throw inputError('pin-form', `a PIN has ${LEAST_DIGITS.toString()} to ${MOST_DIGITS.toString()} digits, and nothing else`, {
      hint: 'choose one for this ceremony alone',
    });
  }
  if (isWeak(pin)) {
    throw inputError('pin-weak', 'that PIN is among the first that anybody would try', {
      hint: 'take no rows, pairs or repetitions: throw dice, for instance',
    });
  }
}

function isWeak(pin: string): boolean {
  return (
    new Set(pin).size < LEAST_DIFFERENT || isRow(pin) || isRepeated(pin) || isMirrored(pin) || WALKS.some((walk) => pin.includes(walk))
  );
}

/** Each digit as far from the one before as the next: 123456, 864208, 999999. */
function isRow(pin: string): boolean {
  const steps = new Set(Array.from(pin.slice(1), (digit, at) => (Number(digit) - Number(pin[at]) + 10) % 10));
  return steps.size === 1;
}

/** 123123, 19841984. */
function isRepeated(pin: string): boolean {
  return (pin + pin).indexOf(pin, 1) < pin.length;
}

/** 123321. */
function isMirrored(pin: string): boolean {
  return Array.from(pin).toReversed().join('') === pin;
}
