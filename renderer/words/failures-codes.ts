import type { FailureTexts } from './failure-text.ts';

const NOTHING = 'Nothing was taken in, and nothing else changed.';
const SAVED = 'What this station held before, unchanged.';
const STICK = 'Carry the document on a stick.';

/** Documents that cross as animated codes, from a screen to a camera. */
export const CODE_FAILURES: FailureTexts = {
  'code-not-ours': {
    tone: 'mend',
    title: 'This code is no part of a document of Coldroom',
    happened: 'A code was read, and it is of another kind.',
    means: NOTHING,
    doNow: ['Point the camera at the moving code on the other station’s screen, and at no other code.'],
    saved: SAVED,
  },
  'code-damaged': {
    tone: 'mend',
    title: 'A code was not read right',
    happened: 'What came of it does not fit its own checksum, so it was not used.',
    means: 'Nothing is lost: the codes that follow make up for it.',
    doNow: ['Go on reading.', 'If it keeps happening, hold the camera still, and have the other station show larger codes.'],
    saved: 'What was read before it.',
  },
  'code-another': {
    tone: 'mend',
    title: 'This code belongs to another document',
    happened: 'The reading of one document had begun, and now the camera sees a code of another one.',
    means: `The two were not mixed. ${NOTHING}`,
    doNow: ['Point the camera at the first document’s code again, or start over with this one.'],
    saved: 'What was read of the first document.',
  },
  'code-contradiction': {
    tone: 'mend',
    title: 'The codes do not add up to one document',
    happened: 'Each code was whole by itself, and together they are not what they say they are.',
    means: `Somebody may have mixed in a code of their own. ${NOTHING}`,
    doNow: [
      'Have the other station show the document again, and read it from the start.',
      'If it happens again, carry it on a stick and find out why.',
    ],
    saved: SAVED,
  },
  'code-too-large': {
    tone: 'mend',
    title: 'This document is too large for a code',
    happened: 'A code on a screen carries at most 64 kB; more would take too long to read.',
    means: 'The document itself is in order, and nothing changed.',
    doNow: [STICK],
    saved: SAVED,
  },
  'code-envelope': {
    tone: 'mend',
    title: 'This sealed item does not cross as a code',
    happened: 'It was sealed as an envelope, and only items that are sealed directly, with or without a passphrase, cross as codes.',
    means: 'The item itself is in order, and nothing changed.',
    doNow: [STICK],
    saved: SAVED,
  },
};
