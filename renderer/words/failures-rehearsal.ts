import type { FailureTexts } from './failure-text.ts';

const NOTHING_REAL = 'Nothing of a rehearsal is held by CoinCover, and the file you rehearsed with is as it was.';
const SAVED = 'The steps that passed, on this screen. The rehearsal’s own station is removed unless it was to be kept.';

/** The whole ceremony against the built-in stand-in for CoinCover. */
export const REHEARSAL_FAILURES: FailureTexts = {
  'rehearsal-differs': {
    tone: 'stop',
    title: 'What came back is not the file that went in',
    happened: 'The rehearsal ran to its end, and the recovered file differs from the one that was sealed.',
    means: `A backup made with this version on this machine might not open again. ${NOTHING_REAL}`,
    doNow: [
      'Run no ceremony with this version on this machine.',
      'Make sure that nothing changed the file meanwhile, and rehearse again.',
      'Report it to whoever maintains Coldroom.',
    ],
    saved: SAVED,
  },
  'rehearse/checksum-differs': {
    tone: 'stop',
    title: 'The stand-in released something else than what was sealed',
    happened: 'The rehearsal recovered an item whose checksum is not that of the item it had sealed.',
    means: `A backup made with this version on this machine might not open again. ${NOTHING_REAL}`,
    doNow: ['Run no ceremony with this version on this machine.', 'Report it to whoever maintains Coldroom.'],
    saved: SAVED,
  },
  'release-incomplete': {
    tone: 'stop',
    title: 'The stand-in did not release everything',
    happened: 'The rehearsal asked its stand-in for the private key and the stored item, and one of them did not come.',
    means: `The rehearsal could not be finished. ${NOTHING_REAL}`,
    doNow: ['Rehearse again.', 'If it comes back, report it to whoever maintains Coldroom.'],
    saved: SAVED,
  },
  'rehearse/anchor-not-confirmed': {
    tone: 'stop',
    title: 'The stand-in showed no signing key',
    happened: 'The rehearsal wanted to confirm its stand-in’s signing key, and there was none to confirm.',
    means: `The rehearsal could not go on. ${NOTHING_REAL}`,
    doNow: ['Rehearse again.', 'If it comes back, report it to whoever maintains Coldroom.'],
    saved: SAVED,
  },
  'port-taken': {
    tone: 'mend',
    title: 'The stand-in could not start on this machine',
    happened: 'The stand-in for CoinCover answers on this machine alone, and the place where it should answer is in use or closed to it.',
    means: `The rehearsal did not begin. ${NOTHING_REAL}`,
    doNow: ['Close other rehearsals on this machine.', 'Try again.'],
    saved: 'Nothing.',
  },
};
