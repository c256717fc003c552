import type { FailureTexts } from './failure-text.ts';

/**
 * What came of asking CoinCover about a key or a backup, after a store or as a drill. `key-not-checkable` and
 * `backup-not-checkable` are no codes of an error: they are for a check whose result is `not-checkable`.
 */
export const VERIFY_FAILURES: FailureTexts = {
  'key-invalid': {
    tone: 'stop',
    title: 'CoinCover says this key is not valid',
    happened: 'Coldroom asked CoinCover about the key, and the answer was false. This is a hard failure, whatever words come with it.',
    means:
      'Do not rely on any backup that was sealed for this key, and seal nothing more for it. Your secret is where it was, and as it was. Do not destroy it.',
    doNow: [
      'Keep every other copy of what was sealed for this key.',
      'Call CoinCover support and read them the key ID.',
      'Close with Stop and escalate.',
    ],
    saved: 'The check with its result and CoinCover’s words. Backups stored for this key keep their records.',
  },
  'backup-invalid': {
    tone: 'stop',
    title: 'CoinCover says this backup is not valid',
    happened: 'Coldroom asked CoinCover about the backup, and the answer was false. This is a hard failure, whatever words come with it.',
    means: 'Do not rely on this backup. Your secret is where it was, and as it was: it can be sealed again. Do not destroy it.',
    doNow: [
      'Keep every other copy of the secret.',
      'Call CoinCover support and read them the backup ID and the key ID.',
      'Close with Stop and escalate.',
    ],
    saved: 'The backup ID, and the check with its result and CoinCover’s words. The item stays on the Backups page.',
  },
  'key-check-unknown': {
    tone: 'settle',
    title: 'CoinCover gave no clear answer about the key',
    happened: 'Coldroom asked CoinCover about the key, more than once where that could help, and got no clear yes or no.',
    means: 'The key is neither confirmed nor refuted. Nothing about the secret or the backup has changed by asking.',
    doNow: ['Choose Ask CoinCover again, now or later.', 'Until the answer is yes, do not count the key as verified.'],
    saved: 'That the key was asked about and the result is unknown.',
  },
  'backup-check-unknown': {
    tone: 'settle',
    title: 'CoinCover gave no clear answer about the backup',
    happened: 'Coldroom asked CoinCover about the backup, more than once where that could help, and got no clear yes or no.',
    means: 'The backup is neither confirmed nor refuted. Nothing about it or the secret has changed by asking.',
    doNow: ['Choose Ask CoinCover again, now or later.', 'Until the answer is yes, do not count the backup as verified.'],
    saved: 'That the backup was asked about and the result is unknown. Its backup ID is kept.',
  },
  'key-not-checkable': {
    tone: 'settle',
    title: 'CoinCover cannot check this key, because it is held offline',
    happened: 'The key was asked for as COLD, and CoinCover answered that it cannot check it online.',
    means: 'This is neither a pass nor a failure. Nothing about the secret or the backup has changed by asking.',
    doNow: [
      'Note it as an exception of this step.',
      'If your policy wants certainty, ask CoinCover to check the key offline and to confirm it in writing.',
    ],
    saved: 'The check with its result and CoinCover’s words.',
  },
  'backup-not-checkable': {
    tone: 'settle',
    title: 'CoinCover cannot check this backup, because it is held offline',
    happened: 'The backup’s key was asked for as COLD, and CoinCover answered that it cannot check the backup online.',
    means: 'This is neither a pass nor a failure. Nothing about the backup or the secret has changed by asking.',
    doNow: [
      'Note it as an exception of this step.',
      'If your policy wants certainty, ask CoinCover to check the backup offline and to confirm it in writing.',
    ],
    saved: 'The backup ID, and the check with its result and CoinCover’s words.',
  },
  'verify/environment-changed': {
    tone: 'mend',
    title: 'The environment’s addresses have changed since this key was assigned',
    happened: 'The key came from other addresses than the environment has now. Coldroom asks nobody else about it.',
    means: 'The key and its backups were not checked. Nothing about them or the secret has changed.',
    doNow: [
      'Find out who changed the addresses, and why.',
      'If the old ones were right, set them back in Stations and trust and enter the API key again if it is missing.',
      'Then choose Ask CoinCover again.',
    ],
    saved: 'Earlier checks, as before. CoinCover was not asked.',
  },
  'environment-changed': {
    tone: 'stop',
    title: 'The environment’s addresses have changed since this was made',
    happened: 'What this step works on came from other addresses than the environment has now.',
    means: 'Coldroom went no further with it. The secret is as it was.',
    doNow: [
      'Find out who changed the addresses, and why.',
      'If the old ones were right, set them back in Stations and trust and try again.',
    ],
    saved: 'Everything as it was before this step.',
  },
  'key-unknown': {
    tone: 'mend',
    title: 'This station knows no such key',
    happened: 'No key with that ID is in this ledger.',
    means: 'CoinCover was not asked. Nothing about any key or backup has changed.',
    doNow: ['Choose the key from the Backups page.', 'If it was assigned on another station, check it there.'],
    saved: 'Everything as it was.',
  },
  'backup-unknown': {
    tone: 'mend',
    title: 'This station knows no such backup',
    happened: 'No backup with that ID is in this ledger.',
    means: 'CoinCover was not asked. Nothing about any key or backup has changed.',
    doNow: ['Choose the backup from the Backups page.', 'If it was stored from another station, check it there.'],
    saved: 'Everything as it was.',
  },
};
