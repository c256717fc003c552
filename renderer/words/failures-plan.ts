import type { FailureTexts } from './failure-text.ts';

const NOTHING_DONE = 'Nothing was begun, and the file is as it was.';
const AS_IT_WAS = 'Everything as it was.';
const NOT_WRITTEN = 'No plan was written.';

/** What can be wrong with a plan, and with the list that one is made from. */
export const PLAN_FAILURES: FailureTexts = {
  'plan-not-json': {
    tone: 'mend',
    title: 'This is no plan file',
    happened: 'The file holds nothing that can be read as a plan in one way only.',
    means: NOTHING_DONE,
    doNow: ['Choose the file that holds the plan.', 'If it was changed by hand, look for a comma or a bracket too many or too few.'],
    saved: AS_IT_WAS,
  },
  'plan-not-ours': {
    tone: 'mend',
    title: 'This is no plan of this version',
    happened: 'The file does not say that it is a plan, or it is of a version that this Coldroom does not read.',
    means: NOTHING_DONE,
    doNow: ['Choose the file that holds the plan.', 'Or begin with a new plan, and fill it in.'],
    saved: AS_IT_WAS,
  },
  'plan-contradicts': {
    tone: 'mend',
    title: 'The plan is not finished, or contradicts itself',
    happened: 'Something in it is blank, misspelled, or says two different things. Each is named with its place.',
    means: `Nobody should approve it as it is, so it has no words to read aloud yet. ${NOTHING_DONE}`,
    doNow: ['Read what was found.', 'Mend it in the file, then have it looked at again.'],
    saved: AS_IT_WAS,
  },
  'plan-changed': {
    tone: 'stop',
    title: 'This is not the plan that was shown',
    happened: 'The file has changed since its words were on the screen: it says something else now.',
    means: 'What was read aloud is another plan than the one in the file. Nothing was done with it.',
    doNow: ['Find out who changed the file.', 'Open the file again, and read its words aloud.'],
    saved: AS_IT_WAS,
  },
  'wallets-csv-form': {
    tone: 'mend',
    title: 'The list of wallets cannot be read',
    happened: 'A line of the list has too many or too few fields, or a quotation mark that is not closed, or the list is empty.',
    means: NOT_WRITTEN,
    doNow: ['Look at the line that is named.', 'Save the list again from your spreadsheet, with commas between the fields.'],
    saved: AS_IT_WAS,
  },
  'wallets-csv-columns': {
    tone: 'mend',
    title: 'The list of wallets has other columns than it should',
    happened: 'The first line of the list names the columns. One is missing, stands there twice, or is not known.',
    means: NOT_WRITTEN,
    doNow: ['Compare the first line with what Coldroom’s documents say of such a list.', 'Correct it, then choose the list again.'],
    saved: AS_IT_WAS,
  },
  'wallets-csv-value': {
    tone: 'mend',
    title: 'A field of the list of wallets holds something else than it should',
    happened: 'A size is no whole number, or a yes-or-no is neither true nor false.',
    means: NOT_WRITTEN,
    doNow: ['Correct the field in the line that is named, then choose the list again.'],
    saved: AS_IT_WAS,
  },
};
