import type { FailureTexts } from './failure-text.ts';

// The ledger can fail before a step has begun or right after something was sent. The texts hold for both.
const LOOK_FIRST = 'Your secret is as it was. If something was being sent, look at it on the Backups page before you send anything again.';
const UNREADABLE =
  'Backups that CoinCover holds are not affected, and your secret is as it was. If something was being sent, ask CoinCover what it holds before anything is sent again.';
const REBUILD = 'If there is none, have the ledger made again from the documents that this station signed.';
const EVIDENCE =
  'Nobody can tell from this ledger alone what truly happened. Backups that CoinCover holds are not changed by it, and your secret is as it was.';
const ESCALATE = [
  'Keep the ledger’s file as it is: it is evidence.',
  'Compare it with a copy, and with reports and receipts made earlier.',
  'Choose Stop and escalate.',
];
const ONLY_READ = 'The ledger was only read, and is as it was found.';

/** The station's ledger: opening it, writing to it, and what checking it can find. */
export const LEDGER_FAILURES: FailureTexts = {
  'ledger-busy': {
    tone: 'settle',
    title: 'Another Coldroom holds the ledger',
    happened: 'Another window or program of this station is writing to the ledger at this moment.',
    means: `This step waited and then gave up. ${LOOK_FIRST}`,
    doNow: ['Wait for the other one to end.', 'Look at the Backups page, then repeat the step.'],
    saved: 'All that the ledger held before.',
  },
  'ledger-unwritable': {
    tone: 'stop',
    title: 'The ledger cannot be written',
    happened: 'The disk is full, failed, or does not let Coldroom write.',
    means: `Coldroom does nothing that it cannot keep. ${LOOK_FIRST}`,
    doNow: ['See to free space and permissions on this machine’s disk.', 'Look at the Backups page, then repeat the step.'],
    saved: 'All that the ledger held before. The last change was not kept.',
  },
  'unlock/ledger-busy': {
    tone: 'settle',
    title: 'Another Coldroom holds the ledger',
    happened: 'Another window or program of this station is writing to the ledger at this moment.',
    means: 'The station stays locked. Nothing was changed or sent, and your secret is as it was.',
    doNow: ['Wait for the other one to end, or close it.', 'Then unlock this station again.'],
    saved: 'All that the ledger held before.',
  },
  'unlock/ledger-unwritable': {
    tone: 'stop',
    title: 'The ledger cannot be written',
    happened: 'The disk is full, failed, or does not let Coldroom write.',
    means: 'Coldroom does nothing that it cannot keep, so the station stays locked. Nothing was sent, and your secret is as it was.',
    doNow: [
      'Have whoever looks after this machine see to its disk: that there is room, and that Coldroom may write to its folder.',
      'Then unlock this station again.',
    ],
    saved: 'All that the ledger held before.',
  },
  'ledger-missing': {
    tone: 'stop',
    title: 'The ledger is not there, or cannot be opened',
    happened: 'This station’s ledger could not be found in Coldroom’s folder, or could not be opened.',
    means: `Without it Coldroom does not know what was sealed and sent. ${UNREADABLE}`,
    doNow: [
      'Check that the disk with Coldroom’s folder is there and may be read.',
      'Have the latest copy of the folder restored by whoever looks after this machine.',
      REBUILD,
    ],
    saved: 'Nothing new. No ledger was made in its place.',
  },
  'ledger.export/output-unwritable': {
    tone: 'mend',
    title: 'The ledger could not be written to that place',
    happened: 'The place for the copy is full, failed, or does not let Coldroom write. It has to be a folder in which you may make files.',
    means: 'There is no copy. The ledger was only read, and your secret is as it was.',
    doNow: ['See to free space and permissions there, or choose another folder for the copy.'],
    saved: 'The ledger as it was. Nothing was sent.',
  },
  'ledger-damaged': {
    tone: 'stop',
    title: 'The ledger is damaged',
    happened: 'The ledger’s file cannot be read as a ledger, or something that has to be in it is not.',
    means: `Coldroom does not go on with a ledger that does not hold together. ${UNREADABLE}`,
    doNow: [
      'Do no more at this station, and keep the file as it is: it is evidence.',
      'Have the latest copy of Coldroom’s folder restored by whoever looks after this machine.',
      REBUILD,
    ],
    saved: 'All that can still be read. Nothing was repaired.',
  },
  'ledger-rolled-back': {
    tone: 'stop',
    title: 'This is not the ledger that the keychain remembers',
    happened: 'The ledger does not hold what the keychain remembers of it: it was replaced, cut, or restored from an older copy.',
    means:
      'Going on could send again what CoinCover holds already, and would hide what is missing. Backups that CoinCover holds are not affected, and your secret is as it was.',
    doNow: [
      'Find out who restored or replaced it.',
      'Put the latest ledger back, or make it again from the documents that this station signed.',
      'If nobody can explain it, choose Stop and escalate.',
    ],
    saved: 'The ledger as it was found. Nothing was sent.',
  },
  'ledger-exists': {
    tone: 'stop',
    title: 'There is a ledger here already',
    happened: 'A new ledger was to be made, and one lies in its place.',
    means: 'It is not overwritten. No secret was touched, and nothing was sent.',
    doNow: [
      'Close every other Coldroom on this machine, and start again.',
      'If it comes back, have whoever looks after this machine look into Coldroom’s folder.',
    ],
    saved: 'The ledger as it was found.',
  },
  'ledger-not-private': {
    tone: 'mend',
    title: 'Files cannot be kept private in this folder',
    happened: 'The disk or share with Coldroom’s folder does not let files belong to one person alone.',
    means: 'Others could read the ledger, so no station was made. No secret was touched.',
    doNow: ['Choose a folder on this machine’s own disk.'],
    saved: 'No station. At most an empty ledger file lies in the folder.',
  },
  'ledger-too-new': {
    tone: 'mend',
    title: 'A newer Coldroom has written this ledger',
    happened: 'This version of Coldroom does not know the ledger’s form.',
    means: 'The step did not begin. Your secret is as it was, and nothing was sent.',
    doNow: ['Use the version of Coldroom that this station was last used with, or a later one.'],
    saved: 'The ledger as it was.',
  },
  'ledger-too-old': {
    tone: 'mend',
    title: 'Another version of Coldroom has written this ledger',
    happened: 'The ledger has another form than this version reads, and looking at it alone does not change it.',
    means: 'Nothing was read and nothing changed. Your secret is as it was.',
    doNow: [
      'Do a step that writes to the ledger, such as saving a setting: that brings it up to date.',
      'Otherwise use the version of Coldroom that this station was last used with.',
    ],
    saved: 'The ledger as it was.',
  },
  'ledger-empty': {
    tone: 'stop',
    title: 'The ledger holds nothing at all',
    happened: 'A ledger starts with the event that made its station, and this one has no event.',
    means: EVIDENCE,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'ledger-forked': {
    tone: 'stop',
    title: 'The keychain remembers another event than this ledger holds',
    happened: 'At the same place the ledger holds something else than what the keychain remembers.',
    means: `The ledger was replaced or rewritten from that place on. ${EVIDENCE}`,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'event-unreadable': {
    tone: 'stop',
    title: 'An event in the ledger cannot be read',
    happened: 'A row of the ledger is not written as Coldroom writes events.',
    means: EVIDENCE,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'event-missing': {
    tone: 'stop',
    title: 'An event is missing from the ledger',
    happened: 'Events are numbered without a gap, and here one is missing or out of place.',
    means: EVIDENCE,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'event-foreign': {
    tone: 'stop',
    title: 'The ledger holds an event of another ledger or station',
    happened: 'An event names another ledger, or the ledger was begun by another station than this one.',
    means: EVIDENCE,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'event-chain': {
    tone: 'stop',
    title: 'An event does not follow from the one before',
    happened: 'Each event carries a fingerprint of the one before, and here it does not fit.',
    means: `Something was changed, taken out or put in. ${EVIDENCE}`,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'event-mac': {
    tone: 'stop',
    title: 'An event was not written with this station’s key',
    happened: 'Each event is sealed with a key from this station’s keychain, and this one is not.',
    means: `Somebody without that key wrote it, or the keychain is another one. ${EVIDENCE}`,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'event-impossible': {
    tone: 'stop',
    title: 'An event cannot follow from those before it',
    happened: 'Replaying the ledger from its start, Coldroom came to an event that could not have happened then.',
    means: EVIDENCE,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'checkpoint-invalid': {
    tone: 'stop',
    title: 'The station’s signature over the ledger does not hold',
    happened: 'The station signs its ledger from time to time, and one of those signatures does not fit what stands before it.',
    means: EVIDENCE,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'state-differs': {
    tone: 'stop',
    title: 'What the ledger shows is not what its events say',
    happened: 'Replaying all events gives other keys, items or backups than those that the ledger shows.',
    means: `The events stand; what the Backups page shows may have been changed. ${EVIDENCE}`,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
  'schema-differs': {
    tone: 'stop',
    title: 'The ledger’s file is not built as Coldroom builds it',
    happened: 'A table, an index or one of the triggers that keep events from being changed is missing, different, or not Coldroom’s.',
    means: `Something other than Coldroom worked on the file. ${EVIDENCE}`,
    doNow: ESCALATE,
    saved: ONLY_READ,
  },
};
