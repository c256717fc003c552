import type { FailureTexts } from './failure-text.ts';

const UNTOUCHED = 'Nothing was sealed from this file, and the file is as it was.';
const SAVED = 'No sealed item was made from this file. Nothing was sent.';

/** Sealing a secret, and passphrases. Files as such are in `failures-files.ts`, what a secret is in `failures-content.ts`. */
export const SECRET_FAILURES: FailureTexts = {
  'secret-empty': {
    tone: 'mend',
    title: 'The file of the secret is empty',
    happened: 'The file that was chosen has no bytes, so there is nothing to seal.',
    means: UNTOUCHED,
    doNow: ['Choose the file that really holds the secret.', 'If this should have been it, find out what emptied it before you go on.'],
    saved: SAVED,
  },
  'recover/secret-empty': {
    tone: 'stop',
    title: 'What came out is empty',
    happened: 'The item opened, and there was nothing in it. Coldroom seals no empty file, so it was made otherwise.',
    means: 'No secret was recovered from it. What CoinCover released is as it was.',
    doNow: ['Check that this is the item you meant.', 'Ask those who sealed it what they used.'],
    saved: 'Nothing was written.',
  },
  'secret-looks-sealed': {
    tone: 'mend',
    title: 'This file looks as if a passphrase had sealed it already',
    happened: 'It begins with the mark that Coldroom puts on what a passphrase has sealed.',
    means: `Sealed once more, it could not be told apart from a sealed one when it is opened. ${UNTOUCHED}`,
    doNow: ['Choose the original secret, from before any sealing.'],
    saved: SAVED,
  },
  'mode-too-small': {
    tone: 'mend',
    title: 'The secret is too large for this way of sealing',
    happened: 'The way of sealing that was chosen holds a few hundred bytes, and the file has more.',
    means: UNTOUCHED,
    doNow: ['Let Coldroom choose the way of sealing, or choose an envelope.'],
    saved: SAVED,
  },
  'sealed-too-large': {
    tone: 'mend',
    title: 'Sealed, this would be over the environment’s limit',
    happened: 'Sealing adds a little to a file’s size, and the result would be over this environment’s limit.',
    means: UNTOUCHED,
    doNow: [
      'Seal a smaller file, or the same one in parts.',
      'If CoinCover has told you a higher limit, have that limit set up for this environment.',
    ],
    saved: SAVED,
  },
  'passphrase-needed': {
    tone: 'mend',
    title: 'A passphrase is needed',
    happened: 'What was chosen cannot be done without a passphrase, and none was given.',
    means: 'Nothing was sealed or opened. The secret is as it was.',
    doNow: ['Give the passphrase, or choose another way of sealing.'],
    saved: 'Nothing new from this step.',
  },
  'seal/passphrase-needed': {
    tone: 'mend',
    title: 'This way of sealing needs a passphrase',
    happened: 'The way of sealing that was chosen puts a passphrase around the secret, and none was given.',
    means: UNTOUCHED,
    doNow: ['Give a passphrase, best one that Coldroom makes, or choose a way of sealing without one.'],
    saved: SAVED,
  },
  'recover/passphrase-needed': {
    tone: 'mend',
    title: 'A passphrase seals this as well',
    happened: 'The private key opened the item, and inside a passphrase still protects the secret.',
    means: 'The secret is there, and without the passphrase nobody can read it. What CoinCover released is as it was.',
    doNow: ['Bring the passphrase that was chosen when the secret was sealed, every part of it.', 'Then recover again.'],
    saved: 'Nothing was written.',
  },
  'passphrase-not-needed': {
    tone: 'mend',
    title: 'A passphrase was given where none is used',
    happened: 'What was chosen does not use a passphrase. Coldroom stops, so that nobody believes one protects it.',
    means: 'Nothing was sealed or opened. The secret is as it was.',
    doNow: ['Leave the passphrase out, or choose a way of sealing that uses it.'],
    saved: 'Nothing new from this step.',
  },
  'seal/passphrase-not-needed': {
    tone: 'mend',
    title: 'This way of sealing would not use the passphrase',
    happened: 'A passphrase was given, and the way of sealing that was chosen leaves it out. It would have protected nothing.',
    means: UNTOUCHED,
    doNow: ['Choose a way of sealing with a passphrase, or let Coldroom choose.', 'Otherwise leave the passphrase out.'],
    saved: SAVED,
  },
  'recover/passphrase-not-needed': {
    tone: 'mend',
    title: 'No passphrase seals this item',
    happened: 'A passphrase was given, and the item opens without one.',
    means:
      'Either this is another item than you think, or no passphrase was used when it was sealed. What CoinCover released is as it was.',
    doNow: ['Check that this is the item you meant.', 'Recover it again without the passphrase.'],
    saved: 'Nothing was written.',
  },
  'passphrase-empty': {
    tone: 'mend',
    title: 'The passphrase file is empty',
    happened: 'The file that should hold a passphrase has none on its first line.',
    means: 'Nothing was sealed or opened with it. The secret is as it was.',
    doNow: ['Put the passphrase on the first line of the file, alone, or choose another file.'],
    saved: 'Nothing new from this step.',
  },
  'passphrase-characters': {
    tone: 'mend',
    title: 'The passphrase holds a character that cannot be used',
    happened: 'There is a second line, an invisible character, or one that computers do not treat alike everywhere.',
    means: 'Such a passphrase might not open again elsewhere, so it was not used. The secret is as it was.',
    doNow: [
      'Keep the passphrase to one line of ordinary letters, digits, signs and spaces.',
      'Save it as plain text, without marks at its start.',
    ],
    saved: 'Nothing new from this step.',
  },
  'passphrase-not-utf8': {
    tone: 'mend',
    title: 'The passphrase file is not plain text',
    happened: 'The file is not text in the encoding UTF-8, which is read alike everywhere.',
    means: 'Nothing was sealed or opened with it. The secret is as it was.',
    doNow: ['Save the passphrase again as plain text in UTF-8, and choose that file.'],
    saved: 'Nothing new from this step.',
  },
};
