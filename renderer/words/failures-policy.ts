import type { FailureTexts } from './failure-text.ts';

const NOT_SET = 'The policy that was set before still stands. Nothing is lost and nothing was sent.';
const AS_IT_WAS = 'Everything as it was.';
const START_ANEW = 'Begin with the file that Settings saves, and change it by hand.';

/** What can go wrong with the rules of ceremonies, and what those rules do not allow. */
export const POLICY_FAILURES: FailureTexts = {
  'policy-not-json': {
    tone: 'mend',
    title: 'This is no policy file',
    happened: 'The file holds no rules that can be read in one way only.',
    means: NOT_SET,
    doNow: ['Choose the file that holds the policy.', START_ANEW],
    saved: AS_IT_WAS,
  },
  'policy-not-ours': {
    tone: 'mend',
    title: 'This is no policy of this version',
    happened: 'The file does not say that it is a policy, or it is of a version that this Coldroom does not read.',
    means: NOT_SET,
    doNow: ['Choose the file that holds the policy.', START_ANEW],
    saved: AS_IT_WAS,
  },
  'policy-same-person': {
    tone: 'mend',
    title: 'One person cannot sign a step twice',
    happened: 'The file would let the same person sign twice. No policy can: every step takes two different people.',
    means: NOT_SET,
    doNow: ['Set that rule to false in the file.'],
    saved: AS_IT_WAS,
  },
  'policy-members': {
    tone: 'mend',
    title: 'A rule is missing, or one is too many',
    happened: 'A policy has exactly the rules that this version keeps. One it does not know would be a rule that nobody keeps.',
    means: NOT_SET,
    doNow: ['Compare the file with the one that Settings saves.', 'Correct it, then choose it again.'],
    saved: AS_IT_WAS,
  },
  'policy-values': {
    tone: 'mend',
    title: 'A rule has a value that is not allowed',
    happened: 'One of the rules in the file is out of range, or of the wrong kind.',
    means: NOT_SET,
    doNow: [
      'Compare the file with the one that Settings saves, and with what Coldroom’s documents say of the rule.',
      'Correct the file, then choose it again.',
    ],
    saved: AS_IT_WAS,
  },
  'policy-changed': {
    tone: 'stop',
    title: 'The policy file is not the one that was shown',
    happened: 'Between looking at the file and setting it, the file has changed.',
    means: NOT_SET,
    doNow: ['Find out who changed it.', 'Choose the file again, and read the rules and the digest once more.'],
    saved: AS_IT_WAS,
  },
  'passphrase-own-refused': {
    tone: 'mend',
    title: 'The policy allows no passphrase of your own',
    happened: 'This policy takes only words that Coldroom draws as the passphrase that a secret is sealed under.',
    means: 'Nothing was sealed. The secret is as it was.',
    doNow: [
      'Let Coldroom draw the words.',
      'If they were drawn before, type them exactly: six or more, in lower case, with one space between.',
    ],
    saved: 'Every step before this one.',
  },
  'name-not-allowed': {
    tone: 'mend',
    title: 'File names may not be sent',
    happened: 'The policy does not let CoinCover be told the names of files.',
    means: 'Nothing was sealed. The secret is as it was.',
    doNow: ['Seal without telling CoinCover the name.'],
    saved: 'Every step before this one.',
  },
};
