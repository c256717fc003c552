import type { FailureTexts } from './failure-text.ts';

const UNTOUCHED = 'Nothing was sealed. The secret is as it was.';
const SAVED = 'Every step before this one. No passphrase is ever saved.';
const DRAW = 'Let Coldroom draw the words: that is the strongest, and easy to write down.';

/** Why a passphrase is not taken, and what can go wrong between drawing one and sealing under it. No text says anything of it. */
export const PASSPHRASE_FAILURES: FailureTexts = {
  'passphrase-too-short': {
    tone: 'mend',
    title: 'The passphrase is too short',
    happened: 'A passphrase that people make up has at least 16 characters, or more where the policy says so.',
    means: UNTOUCHED,
    doNow: [DRAW, 'Or choose a longer one.'],
    saved: SAVED,
  },
  'passphrase-too-long': {
    tone: 'mend',
    title: 'The passphrase is too long',
    happened: 'A passphrase that people make up has at most 128 characters, and half of one at most 63.',
    means: UNTOUCHED,
    doNow: ['Choose a shorter one that somebody can type without an error in ten years.'],
    saved: SAVED,
  },
  'passphrase-few-kinds': {
    tone: 'mend',
    title: 'The passphrase mixes too few kinds of characters',
    happened: 'It needs three of these four: small letters, capital letters, digits, and signs or spaces.',
    means: UNTOUCHED,
    doNow: ['Add what is missing, in a place where you will find it again.', DRAW],
    saved: SAVED,
  },
  'passphrase-few-characters': {
    tone: 'mend',
    title: 'The passphrase repeats too few characters',
    happened: 'It needs at least ten different characters.',
    means: UNTOUCHED,
    doNow: [DRAW, 'Or choose one that does not repeat itself.'],
    saved: SAVED,
  },
  'passphrase-guessable': {
    tone: 'mend',
    title: 'The passphrase is too easy to guess',
    happened: 'A computer that tries likely passphrases first would come to this one too soon.',
    means: UNTOUCHED,
    doNow: [DRAW, 'Or choose one that rests on no name, date, pattern of keys or saying.'],
    saved: SAVED,
  },
  'passphrase-half-short': {
    tone: 'mend',
    title: 'This half is too short',
    happened: 'Each half has at least ten characters: whoever knows the other half has only this one to guess.',
    means: UNTOUCHED,
    doNow: ['Choose a longer half.', 'Or let Coldroom draw the words of this half.'],
    saved: SAVED,
  },
  'passphrase-differs': {
    tone: 'mend',
    title: 'That is not the passphrase that was shown',
    happened: 'What was typed back is not the words that Coldroom drew. It does not say which word: that would help somebody guess.',
    means: UNTOUCHED,
    doNow: [
      'Compare what you typed with what you wrote down, and type it again.',
      'If the paper itself may be wrong, draw new words and begin a new card.',
    ],
    saved: SAVED,
  },
  'passphrase-gone': {
    tone: 'mend',
    title: 'The drawn passphrase is not kept any more',
    happened: 'Coldroom forgets drawn words when the step is left, the station is locked, or the window is loaded anew.',
    means: UNTOUCHED,
    doNow: ['Strike out what was written on the card.', 'Draw new words.'],
    saved: SAVED,
  },
};
