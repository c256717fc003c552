import type { FailureTexts } from './failure-text.ts';

const NOT_LOST = 'Nothing is lost and nothing was sent.';
const BEFORE = 'Everything recorded before. Nothing was added by this attempt.';
const TRY = 'Everything recorded before, and that a wrong PIN was typed. Nothing else was added.';

/** What can go wrong with the PINs that people choose for a ceremony. */
export const PIN_FAILURES: FailureTexts = {
  'pin-form': {
    tone: 'mend',
    title: 'A PIN has 6 to 12 digits',
    happened: 'What was typed has fewer or more, or something that is no digit.',
    means: NOT_LOST,
    doNow: ['Choose a PIN of 6 to 12 digits.'],
    saved: BEFORE,
  },
  'pin-weak': {
    tone: 'mend',
    title: 'That PIN is too easy to guess',
    happened: 'It is a row, a repetition, a walk over the keys, or has too few different digits.',
    means: NOT_LOST,
    doNow: ['Choose another one. Dice are good at it.', 'Take none that you use elsewhere.'],
    saved: BEFORE,
  },
  'pin-differs': {
    tone: 'mend',
    title: 'The two PINs are not the same',
    happened: 'A PIN is typed twice, so that a slip shows at once.',
    means: NOT_LOST,
    doNow: ['Type the PIN twice.'],
    saved: BEFORE,
  },
  'pin-chosen': {
    tone: 'stop',
    title: 'That person has chosen a PIN already',
    happened: 'A PIN is chosen once in a ceremony, and stands.',
    means: 'If it was not that person who chose it, somebody else can sign in their name.',
    doNow: [
      'Ask the person whose initials they are.',
      'If it was somebody else, stop and escalate.',
      'If it was forgotten, hand the role over to another person.',
    ],
    saved: BEFORE,
  },
  'pin-not-asked': {
    tone: 'mend',
    title: 'This ceremony takes no PINs',
    happened: 'Its policy asks for initials alone.',
    means: NOT_LOST,
    doNow: ['Sign with initials.', 'For PINs have an administrator set another policy, and begin anew.'],
    saved: BEFORE,
  },
  'pin-not-chosen': {
    tone: 'mend',
    title: 'That person has not chosen a PIN yet',
    happened: 'The policy of this ceremony asks for a PIN beside initials.',
    means: NOT_LOST,
    doNow: ['Let the person choose it in the first step.'],
    saved: BEFORE,
  },
  'pin-missing': {
    tone: 'mend',
    title: 'A PIN is missing',
    happened: 'The policy of this ceremony asks for a PIN beside initials.',
    means: NOT_LOST,
    doNow: ['Let each person type their own PIN beside their initials.'],
    saved: BEFORE,
  },
  'pin-wrong': {
    tone: 'mend',
    title: 'That is not the PIN',
    happened: 'The PIN that was typed is not the one that this person chose in the first step.',
    means: 'Nothing was signed. After five wrong ones in a row the person is locked for this ceremony.',
    doNow: ['Let the person type it again.', 'If it was forgotten, hand the role over to another person.'],
    saved: TRY,
  },
  'pin-locked': {
    tone: 'stop',
    title: 'This person is locked in this ceremony',
    happened: 'Five wrong PINs in a row were typed for their initials.',
    means: 'Nothing goes on in that person’s name in this ceremony. The record says so.',
    doNow: [
      'Find out who typed them. If it was not the person, stop and escalate.',
      'Else the others hand the role over to another person, who chooses a PIN of their own.',
      'If nobody can take the role over, or fewer than two others can sign, stop and escalate, and begin a new one.',
    ],
    saved: TRY,
  },
  'people-with-pins': {
    tone: 'mend',
    title: 'Whoever has chosen a PIN stays as entered',
    happened: 'Somebody was left out or entered otherwise who has chosen a PIN by now.',
    means: NOT_LOST,
    doNow: ['Enter them as they were.', 'For another person hand the role over, which is kept in the record.'],
    saved: BEFORE,
  },
  'others-missing': {
    tone: 'mend',
    title: 'Somebody else has to sign this hand-over',
    happened: 'Without the PIN of whoever goes all the others sign, two at least, so that nobody alone puts one person in another’s place.',
    means: NOT_LOST,
    doNow: [
      'Let whoever goes type their PIN, or everybody else theirs.',
      'If fewer than two others can sign, stop and escalate, and begin a new ceremony.',
    ],
    saved: BEFORE,
  },
};
