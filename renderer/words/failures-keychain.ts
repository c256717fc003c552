import type { FailureTexts } from './failure-text.ts';

// A keychain can fail before a step has begun or, rarely, right after something was sent. The texts hold for both.
const HELD_UP =
  'Coldroom cannot go on without it. Your secret is as it was; if something was being sent, the Backups page shows what is known of it.';
const KEPT = 'All that the ledger held, unchanged.';

/** Where API keys and the station's own keys are kept. */
export const KEYCHAIN_FAILURES: FailureTexts = {
  'keychain-none': {
    tone: 'stop',
    title: 'This machine has no keychain that Coldroom can use',
    happened: 'Coldroom keeps API keys and the station’s own keys in the system’s keychain, and none answered here.',
    means: HELD_UP,
    doNow: [
      'When setting up a new station, choose a keychain in a file with a passphrase.',
      'For a station that worked before, have whoever looks after this machine bring its keychain back.',
    ],
    saved: KEPT,
  },
  'keychain-locked': {
    tone: 'settle',
    title: 'The system’s keychain is locked, or refused',
    happened: 'Coldroom asked the system’s keychain, and it did not open.',
    means: HELD_UP,
    doNow: ['Unlock the keychain in the system’s own window, or sign in to this machine again.', 'Then repeat the step.'],
    saved: KEPT,
  },
  'keychain-signature-changed': {
    tone: 'stop',
    title: 'The system’s keychain takes this Coldroom for another app',
    happened: 'The keychain refused, as macOS does when an app is not the one that made the entries. It may call that a wrong password.',
    means: HELD_UP,
    doNow: [
      'Check that this Coldroom came from where your team gets it.',
      'Install the signed Coldroom again, and repeat the step.',
      'Do not remove the station’s entries from the keychain: without them the station can only be read.',
    ],
    saved: KEPT,
  },
  'keychain-no-answer': {
    tone: 'settle',
    title: 'The system’s keychain did not answer',
    happened: 'Coldroom asked the system’s keychain, and no proper answer came in the time allowed.',
    means: HELD_UP,
    doNow: ['Look for a window in which the system asks for your permission.', 'Unlock the keychain, and repeat the step.'],
    saved: KEPT,
  },
  'keychain-cancelled': {
    tone: 'settle',
    title: 'Waiting for the keychain was cancelled',
    happened: 'It was cancelled here before the system’s keychain had answered.',
    means: HELD_UP,
    doNow: ['Repeat the step when the keychain can be opened.'],
    saved: KEPT,
  },
  'keychain-busy': {
    tone: 'settle',
    title: 'Another Coldroom is changing the keychain',
    happened: 'Another window or program of this station holds the keychain’s file at this moment.',
    means: HELD_UP,
    doNow: ['Wait for the other one to end.', 'Then repeat the step.'],
    saved: KEPT,
  },
  'keychain-lost': {
    tone: 'stop',
    title: 'The keychain does not hold this station’s keys',
    happened: 'The keychain opened, and the keys by which this station signs and seals its ledger are not in it.',
    means:
      'The station can still be read, but it can neither sign, seal nor store. Backups that CoinCover holds are not affected, and your secret is as it was.',
    doNow: [
      'Check that you are signed in to this machine as the person who set the station up.',
      'Have the keychain restored from a copy.',
      'If there is none, set up a new station, and keep this one’s folder as it is.',
    ],
    saved: KEPT,
  },
  'keychain-entry-damaged': {
    tone: 'stop',
    title: 'An entry in the keychain was changed',
    happened: 'Something in the keychain is not as Coldroom wrote it.',
    means: `Another program or person may have changed it. ${HELD_UP}`,
    doNow: [
      'If it is an API key, enter it again in Stations and trust.',
      'If it is anything of the station’s own, have the keychain restored from a copy.',
      'Find out what changed it.',
    ],
    saved: KEPT,
  },
  'keychain-file-damaged': {
    tone: 'stop',
    title: 'The keychain’s file is damaged',
    happened: 'The file that serves as this station’s keychain cannot be read as one.',
    means: HELD_UP,
    doNow: ['Keep the file as it is.', 'Have the keychain’s file restored from a copy of Coldroom’s folder.'],
    saved: KEPT,
  },
  'keychain-file-missing': {
    tone: 'stop',
    title: 'The keychain’s file is gone',
    happened: 'The file that serves as this station’s keychain was there a moment ago and cannot be found now.',
    means: HELD_UP,
    doNow: ['Find out who or what removed it.', 'Have it put back, from a copy of Coldroom’s folder if need be.'],
    saved: `${KEPT} No new keychain was made in its place.`,
  },
  'keychain-full': {
    tone: 'mend',
    title: 'The keychain has no room for this entry',
    happened: 'The file that serves as this station’s keychain has reached its size limit.',
    means: HELD_UP,
    doNow: ['Remove the API keys of environments that are no longer used, in Stations and trust.', 'Then repeat the step.'],
    saved: KEPT,
  },
  'keychain-passphrase-missing': {
    tone: 'mend',
    title: 'The keychain’s passphrase is needed',
    happened: 'This station’s keychain is a file under a passphrase, and none was given.',
    means: 'The step did not begin. Your secret is as it was.',
    doNow: ['Give the keychain’s passphrase, and repeat the step.'],
    saved: KEPT,
  },
  'keychain-passphrase-wrong': {
    tone: 'mend',
    title: 'The passphrase does not open the keychain',
    happened: 'The passphrase is not the keychain’s, or the keychain’s file was changed. The two cannot be told apart.',
    means: 'The keychain stays shut. Your secret is as it was.',
    doNow: [
      'Enter the passphrase again: capital letters and spaces count.',
      'If it is surely right, have the keychain’s file restored from a copy of Coldroom’s folder.',
    ],
    saved: KEPT,
  },
};
