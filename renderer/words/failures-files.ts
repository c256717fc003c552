import type { FailureText, FailureTexts } from './failure-text.ts';

const NOTHING_FROM_IT = 'Nothing was sealed, sent or opened from this file. Your secret is as it was.';
const UNCHANGED = 'What this station held before, unchanged by this file.';
// A file can be refused before a step begins, or after the work is done and kept. The plain texts hold for both.
const NO_FILE = 'Either the step stopped before it began, or its result is kept already. Your secret is as it was.';
const IF_DONE =
  'Nothing was overwritten. If the work itself was done, the ledger has it, and the Backups page can write the document again.';

/** Reading what a person chose. */
const READING: FailureTexts = {
  'file-missing': {
    tone: 'mend',
    title: 'The file is not there',
    happened: 'The file that was chosen cannot be found. It may have been moved, or its medium taken out.',
    means: NOTHING_FROM_IT,
    doNow: ['Put the medium back in if it was taken out, and choose the file again.'],
    saved: UNCHANGED,
  },
  'file-is-folder': {
    tone: 'mend',
    title: 'This is a folder, not a file',
    happened: 'A single file is wanted here, and a folder was chosen.',
    means: NOTHING_FROM_IT,
    doNow: ['Open the folder, and choose the file in it.'],
    saved: UNCHANGED,
  },
  'file-not-regular': {
    tone: 'mend',
    title: 'This is not an ordinary file',
    happened: 'What was chosen is a device or something else that has no fixed content.',
    means: NOTHING_FROM_IT,
    doNow: ['Choose an ordinary file.'],
    saved: UNCHANGED,
  },
  'file-too-large': {
    tone: 'mend',
    title: 'The file is too large',
    happened: 'The file has more bytes than are taken here, so it was not read.',
    means: NOTHING_FROM_IT,
    doNow: ['Check that this is the right file.', 'Where it is a secret, make it smaller, or divide it into parts.'],
    saved: UNCHANGED,
  },
  'file-empty': {
    tone: 'mend',
    title: 'The file is empty',
    happened: 'The file that was chosen has no bytes.',
    means: NOTHING_FROM_IT,
    doNow: ['Choose the right file.', 'If this should have been it, copy it again from where it came.'],
    saved: UNCHANGED,
  },
  'file-unreadable': {
    tone: 'mend',
    title: 'The file cannot be read',
    happened: 'The file is there, and this machine does not let Coldroom read it, or its medium failed.',
    means: NOTHING_FROM_IT,
    doNow: ['Check who may read the file.', 'If its medium seems to fail, copy the file to another one first.'],
    saved: UNCHANGED,
  },
  'file-changed': {
    tone: 'mend',
    title: 'The file changed while it was read',
    happened: 'Something wrote to it while Coldroom was reading it, so what was read is not used.',
    means: NOTHING_FROM_IT,
    doNow: ['Close every program that may be writing to it.', 'Compare the file with its original, then choose it again.'],
    saved: UNCHANGED,
  },
  'folder-not-plain': {
    tone: 'mend',
    title: 'This folder holds more than files',
    happened: 'There are folders or links in it, or something else that is no file, or a name that cannot be read.',
    means: 'Every secret in the folder is meant to be sealed, and those could not have been. Nothing was sealed.',
    doNow: ['Put the files themselves into one folder, and nothing else.', 'Give every file a plain name, then choose the folder again.'],
    saved: 'What this station held before, unchanged.',
  },
  'sealed-otherwise': {
    tone: 'mend',
    title: 'Another sealed item stands in this one’s place',
    happened: 'In the folder for the sealed items is a file of that name already, and it is not what sealing this secret now would make.',
    means:
      'Nothing is overwritten. The secret may have been changed since it was sealed, or it was sealed in another way or under a passphrase.',
    doNow: ['Find out which of the two is wanted.', 'Seal the rest from a folder of its own, into a new one.'],
    saved: 'Everything that was sealed before, and what this run has sealed.',
  },
  'sealing-cancelled': {
    tone: 'settle',
    title: 'Sealing was cancelled',
    happened: 'It was cancelled here between two files.',
    means: 'The files that were sealed by then stay sealed. Nothing was sent.',
    doNow: ['Seal the rest when you are ready.'],
    saved: 'Every file that is sealed.',
  },
  'folder-empty': {
    tone: 'mend',
    title: 'There is nothing usable in this folder',
    happened: 'The folder that was chosen holds no file that this step can work with.',
    means: 'Nothing was sealed, sent or taken in. Your secret is as it was.',
    doNow: ['Choose the folder that holds the files themselves.'],
    saved: 'What this station held before, unchanged.',
  },
  'folder-unreadable': {
    tone: 'mend',
    title: 'The folder cannot be looked into',
    happened: 'The system does not let Coldroom list what is in it, or its medium has failed.',
    means: 'Nothing was sealed, sent or taken in. Your secret is as it was.',
    doNow: ['See who may read the folder, or use another medium.'],
    saved: 'What this station held before, unchanged.',
  },
  'folder-missing': {
    tone: 'mend',
    title: 'The folder is not there',
    happened: 'The folder that was chosen cannot be found, or is a file.',
    means: 'Nothing was sealed, sent or taken in. Your secret is as it was.',
    doNow: ['Put the medium back in if it was taken out, and choose the folder again.'],
    saved: 'What this station held before, unchanged.',
  },
};

/** Writing what a step made, where a screen does not know how far the step had come. */
const WRITING: FailureTexts = {
  'output-is-own': {
    tone: 'mend',
    title: 'The station keeps a file of its own under that name',
    happened: 'The name that was chosen is one of those that the station uses itself, in the folder where it keeps its ledger.',
    means: `What is written beside the ledger may be taken for a part of it. ${NO_FILE}`,
    doNow: ['Choose another folder.'],
    saved: IF_DONE,
  },
  'output-exists': {
    tone: 'mend',
    title: 'There is a file of that name already',
    happened: 'Coldroom never overwrites a file, so it did not write this one.',
    means: NO_FILE,
    doNow: ['Choose another name or folder.'],
    saved: IF_DONE,
  },
  'output-folder-missing': {
    tone: 'mend',
    title: 'The folder for the new file is not there',
    happened: 'The folder that the file should be written to cannot be found. Its medium may have been taken out.',
    means: NO_FILE,
    doNow: ['Put the medium back in, or choose another folder.'],
    saved: IF_DONE,
  },
  'output-unwritable': {
    tone: 'mend',
    title: 'The file could not be written',
    happened:
      'The medium is full, failed or taken out, or does not let Coldroom write. What cannot be read back does not count as written.',
    means: NO_FILE,
    doNow: ['See to free space and permissions, or use another medium.', 'Then write the file again.'],
    saved: IF_DONE,
  },
  'output-not-folder': {
    tone: 'mend',
    title: 'A folder is wanted here, and this is a file',
    happened: 'Several files are to be written, and the place that was chosen is a single file, or cannot be looked into.',
    means: NO_FILE,
    doNow: ['Choose a folder.'],
    saved: IF_DONE,
  },
  'recover/output-unwritable': {
    tone: 'mend',
    title: 'The recovered secret could not be written',
    happened: 'The place that was chosen for the secret is full, failed, or does not let Coldroom write.',
    means: 'The secret is not in the file you wanted. What CoinCover released is as it was, so it can be recovered once more.',
    doNow: ['See to free space and permissions, or use another medium.', 'Then recover again.'],
    saved: 'No file of that name. Parts may have been written and removed again: treat that medium as one that held the secret.',
  },
};

const ON_MEDIUM = 'Documents can be written again at any time; nothing of the work itself is lost. Your secret is as it was.';
const SAVED_ON_MEDIUM = 'The files that the details name are on the medium, and were read back. The ledger has every document.';

/** Writing documents to a stick that is carried to another station. */
const CARRYING: FailureTexts = {
  'medium-full': {
    tone: 'mend',
    title: 'The medium is full',
    happened: 'There was no room left on it before every document was written.',
    means: ON_MEDIUM,
    doNow: ['Make room on it, or use another medium.', 'Then write to it again: what is there already is left as it is.'],
    saved: SAVED_ON_MEDIUM,
  },
  'medium-read-only': {
    tone: 'mend',
    title: 'The medium does not let Coldroom write',
    happened: 'It is locked against writing, or belongs to another user of this machine.',
    means: ON_MEDIUM,
    doNow: ['Look for a small switch on the medium, or use another.', 'Then write to it again: what is there already is left as it is.'],
    saved: SAVED_ON_MEDIUM,
  },
  'medium-lost': {
    tone: 'mend',
    title: 'The medium was taken out, or it failed',
    happened: 'It stopped answering before every document was written.',
    means: ON_MEDIUM,
    doNow: [
      'Put the medium back in, or use another.',
      'Write to it again: what is there already is left as it is.',
      'If it fails once more, do not use it any longer.',
    ],
    saved: SAVED_ON_MEDIUM,
  },
  'read-back-differs': {
    tone: 'stop',
    title: 'The medium does not keep what is written to it',
    happened: 'A document was written, and what was read back was something else. That file was removed again.',
    means: 'This medium is faulty, and the other files on it may be damaged too. Your secret is as it was.',
    doNow: ['Do not carry this medium.', 'Use another, and write everything to it again.', 'Note it in the exceptions.'],
    saved: 'The ledger has every document, and can write each again.',
  },
};

const KEPT_BY: Readonly<Record<string, { what: string; means: string; saved: string }>> = {
  assign: {
    what: 'key pack',
    means: 'The key is assigned and trusted; only its file is missing. No secret is involved.',
    saved: 'The key and its key pack, in the ledger.',
  },
  seal: {
    what: 'sealed item',
    means: 'The item is sealed; only its file is missing. Your secret is as it was, and nothing was sent.',
    saved: 'The sealed item, in the ledger.',
  },
  store: {
    what: 'receipt',
    means: 'The item is stored and its receipt kept; only the receipt’s file is missing. Your secret is as it was.',
    saved: 'The backup ID, the checks and the receipt, in the ledger.',
  },
};

const WHY: Readonly<Record<string, string>> = {
  'output-exists': 'a file of that name is there already, and Coldroom never overwrites one',
  'output-folder-missing': 'the folder for it cannot be found',
  'output-unwritable': 'its medium is full, failed or taken out, or does not let Coldroom write',
};

/** The work is done and kept; what failed is writing its file. */
function keptTexts(): [string, FailureText][] {
  return Object.entries(KEPT_BY).flatMap(([step, { what, means, saved }]) =>
    Object.entries(WHY).map(([code, why]): [string, FailureText] => [
      `${step}/${code}:kept`,
      {
        tone: 'mend',
        title: `Done and kept, but the ${what} could not be written to its file`,
        happened: `The step was done and its result kept. The file was not written: ${why}.`,
        means,
        doNow: [`Write the ${what} again from the Backups page, to another name or medium.`, 'Do not repeat the step for it.'],
        saved,
      },
    ]),
  );
}

/** Files and folders that a person chose. */
export const FILE_FAILURES: FailureTexts = { ...READING, ...WRITING, ...CARRYING, ...Object.fromEntries(keptTexts()) };
