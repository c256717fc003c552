import type { FailureTexts } from './failure-text.ts';

const NOTHING_LOST = 'The ledger is as it was, and so is everything that CoinCover holds.';
const CHANGED = {
  tone: 'stop',
  means: 'The report cannot be relied on as it lies here. What CoinCover holds is not affected.',
  doNow: [
    'Keep the report and the ledger as they are.',
    'Make the report anew at its station, and compare the two.',
    'Find out who had the file.',
  ],
  saved: NOTHING_LOST,
} as const;

/** What can go wrong while a ceremony rests, changes hands, or is reported. */
export const REPORT_FAILURES: FailureTexts = {
  'ceremony-paused': {
    tone: 'mend',
    title: 'This ceremony is paused',
    happened: 'Somebody let it rest, with a reason that stands in the record.',
    means: 'Nothing is lost and nothing was sent.',
    doNow: ['Resume the ceremony, with a reason and initials, then go on.'],
    saved: 'Everything recorded before. Nothing was added by this attempt.',
  },
  'ceremony-not-paused': {
    tone: 'mend',
    title: 'This ceremony is not paused',
    happened: 'Somebody resumed it meanwhile.',
    means: 'Nothing is lost and nothing was sent.',
    doNow: ['Go on with the step that is lit.'],
    saved: 'Everything recorded before. Nothing was added by this attempt.',
  },
  'people-signed': {
    tone: 'mend',
    title: 'The people of this ceremony are signed off',
    happened: 'The first step bears initials, so its people are not entered anew.',
    means: 'Nothing is lost and nothing was sent.',
    doNow: ['Hand a role over to whoever takes it: that is kept in the record.'],
    saved: 'Everything recorded before. Nothing was added by this attempt.',
  },
  'ceremony-open': {
    tone: 'mend',
    title: 'This ceremony has not ended yet',
    happened: 'A report is made of a ceremony that has ended.',
    means: 'Nothing is lost.',
    doNow: ['End the ceremony, then ask for its report again.'],
    saved: NOTHING_LOST,
  },
  'report-no-summary': {
    tone: 'mend',
    title: 'There is too little for a report',
    happened: 'The ceremony ended under an earlier version of Coldroom, which kept less than a report tells.',
    means: 'Nothing is lost: the ledger has the whole record.',
    doNow: ['Export the ledger instead.'],
    saved: NOTHING_LOST,
  },
  'report-rows': {
    tone: 'mend',
    title: 'The ledger’s events cannot be read as a report',
    happened: 'An event is not what its type says.',
    means: 'The ledger may be damaged, or written by a later version.',
    doNow: ['Check the ledger.', 'Use the version that held the ceremony.'],
    saved: 'Nothing was changed.',
  },
  'report-invalid': {
    tone: 'mend',
    title: 'This is no ceremony report',
    happened: 'The file is not of the form that this version writes and reads.',
    means: 'Nothing was changed.',
    doNow: ['Choose the file that was saved as the report, not its print.'],
    saved: NOTHING_LOST,
  },
  'report-station': { ...CHANGED, title: 'The report’s station is not who it says', happened: 'Its name does not fit its key.' },
  'report-signature': {
    ...CHANGED,
    title: 'The report was changed, or was never signed',
    happened: 'The station’s signature is not over this file.',
  },
  'report-chain': {
    ...CHANGED,
    title: 'Rows of the report do not follow on each other',
    happened: 'A row is missing, added, or in another place.',
  },
  'report-row': { ...CHANGED, title: 'A row of the report is not the ledger’s', happened: 'Its content is not what its own mark says.' },
  'report-head': {
    ...CHANGED,
    title: 'The report’s end is not what the station signed',
    happened: 'The signed end of the ledger is another.',
  },
  'report-evidence': {
    ...CHANGED,
    title: 'What initials stand under was changed',
    happened: 'The evidence of a step is not what the initials were put to.',
  },
  'report-pin': {
    ...CHANGED,
    title: 'Initials stand without a PIN',
    happened: 'The policy of the ceremony asks for a PIN beside initials, and some stand in the rows without one.',
  },
  'report-told': {
    ...CHANGED,
    title: 'The report tells something else than its rows',
    happened: 'What it says does not follow from the ledger’s rows in it.',
  },
  'report-pdf': {
    ...CHANGED,
    title: 'This print is not of this report',
    happened: 'The PDF is neither of those that the report was signed with.',
  },
  'report-other-station': {
    ...CHANGED,
    title: 'The report is of another station',
    happened: 'It is signed by another station than the one that was named.',
  },
  'ledger-differs': {
    ...CHANGED,
    title: 'Report and ledger tell different histories',
    happened: 'The ledger holds another row than the report at the same place.',
  },
};
