import type { FailureText, FailureTexts } from './failure-text.ts';

/** A refusal in CoinCover's own form: it says that it did not do what was asked. */
function refused(text: Omit<FailureText, 'means' | 'saved'> & Partial<FailureText>): FailureText {
  return {
    means: 'By this answer no key was assigned. No secret was sealed or sent.',
    saved: 'The request and CoinCover’s exact answer, as a refused assignment.',
    ...text,
  };
}

/** Nothing of the request has left, and what is missing can be put right here. */
const NOT_ASKED = 'No key was asked for, and no secret was involved.';

/** Asking CoinCover for a key, and judging a kept answer again. */
export const ASSIGN_FAILURES: FailureTexts = {
  'assign/service-400': refused({
    tone: 'settle',
    title: 'CoinCover found the request for a key wrong',
    happened: 'CoinCover refused the request and said what it does not accept in it.',
    doNow: [
      'Read CoinCover’s own words on this screen.',
      'Correct the user, customer or package that they speak of, and ask for the key again.',
      'If the words do not help, ask CoinCover.',
    ],
  }),
  'assign/service-401': refused({
    tone: 'settle',
    title: 'CoinCover did not accept the API key for this assignment',
    happened: 'CoinCover answered that the API key is missing, has expired or is wrong for this environment.',
    doNow: ['Get a current API key for this environment.', 'Set it with the button below.', 'Ask for the key again.'],
  }),
  'assign/service-403': refused({
    tone: 'settle',
    title: 'The API key may not ask for keys',
    happened: 'CoinCover answered that this API key does not carry the right to have a key assigned in this way.',
    doNow: [
      'Ask your account manager for an API key with that right.',
      'Check whether the account is an institution’s or a partner’s: a partner’s request needs a partner’s API key.',
    ],
  }),
  'assign/service-404': refused({
    tone: 'settle',
    title: 'CoinCover does not know what the request for a key names',
    happened: 'CoinCover answered that it does not know the place or something else that the request named.',
    doNow: [
      'Compare the environment’s addresses in Stations and trust with those that CoinCover gave you.',
      'If they agree, ask CoinCover.',
    ],
  }),
  'assign/service-409': refused({
    tone: 'settle',
    title: 'CoinCover has assigned a key for this user already',
    happened: 'CoinCover answered that this user and organisation have a key. It assigns one for each.',
    doNow: [
      'Look whether this station, or another of yours, holds the key pack of that assignment, and use it.',
      'Otherwise ask for a key for another user identifier, or ask CoinCover about the first one.',
    ],
  }),
  'assign/service-409:after-unknown': refused({
    tone: 'settle',
    title: 'CoinCover probably holds the key of the earlier attempt',
    happened:
      'CoinCover answered that this user has a key already. An earlier attempt for the same user ended without a trustworthy answer, and this is most likely its key.',
    means:
      'This station never got a whole answer for that key, so it cannot judge it, and no secret was sealed for it here. By this answer no further key was assigned.',
    doNow: ['Ask CoinCover about the key of the earlier attempt.', 'To go on now, ask for a key for another user identifier.'],
    saved: 'Both attempts, and CoinCover’s exact answer to this one.',
  }),
  'assign/service-413': refused({
    tone: 'stop',
    title: 'CoinCover found the request for a key too large',
    happened: 'A request for a key is a few lines long, and CoinCover answered that it is too large.',
    doNow: ['Check that the customer’s and package’s names are not far too long.', 'Ask CoinCover, and read it the answer on this screen.'],
  }),
  'assign/service-415': refused({
    tone: 'stop',
    title: 'CoinCover did not accept the form of the request for a key',
    happened: 'CoinCover answered that it does not take a request of this form. Coldroom always uses the form that CoinCover publishes.',
    doNow: [
      'Compare the environment’s addresses in Stations and trust with those that CoinCover gave you.',
      'Report it to CoinCover and to whoever maintains Coldroom.',
    ],
  }),
  'assign/service-429': refused({
    tone: 'settle',
    title: 'CoinCover asks to wait before another key is asked for',
    happened: 'CoinCover took too many requests in a short time and turned this one away.',
    doNow: ['Wait a minute, then ask for the key again.'],
  }),
  'assign/service-refused': refused({
    tone: 'settle',
    title: 'CoinCover refused to assign a key',
    happened: 'CoinCover refused the request with an answer that its published rules do not name.',
    doNow: ['Read CoinCover’s own words on this screen.', 'Ask CoinCover what the answer means.'],
  }),
  'assign/key-unbound': {
    tone: 'stop',
    title: 'This request would not bind the key to your account',
    happened:
      'The request leaves out that CoinCover’s enclave signs which account the key is for. In this environment Coldroom does not make such a request.',
    means: `Any CoinCover account can get a well-signed key, so an unbound one could be a stranger’s. ${NOT_ASKED}`,
    doNow: ['Let the request ask for the account to be signed, as it does unless somebody changes it.', 'Then ask for the key again.'],
    saved: 'That this was refused. Nothing was sent to CoinCover.',
  },
  'assign/signer-not-confirmed': {
    tone: 'stop',
    title: 'No signing key of this environment has been confirmed here',
    happened:
      'In this environment a key is asked for only after people have confirmed CoinCover’s enclave signing key, and this station holds none that is active.',
    means: `Without it nobody could tell CoinCover’s key from a stranger’s, and an assigned key cannot be given back. ${NOT_ASKED}`,
    doNow: [
      'Open Stations and trust and look at the signing key that CoinCover publishes.',
      'Compare its fingerprint with CoinCover, over a line you trust, and confirm it.',
      'Then ask for the key again.',
    ],
    saved: 'That this was refused. Nothing was sent to CoinCover.',
  },
  'partner-needs-organisation': {
    tone: 'mend',
    title: 'A partner has to name the customer and the package',
    happened: 'The account is a partner’s, and the customer’s ID or the package’s ID is missing.',
    means: NOT_ASKED,
    doNow: ['Enter both IDs, as your agreement with CoinCover has them.'],
    saved: 'Nothing yet. Nothing was sent.',
  },
  'name-without-id': {
    tone: 'mend',
    title: 'A name was entered without its ID',
    happened: 'A customer’s or a package’s name stands there, and the ID that goes with it is missing.',
    means: NOT_ASKED,
    doNow: ['Enter the ID as well, or leave the name out.'],
    saved: 'Nothing yet. Nothing was sent.',
  },
  'sign-with-field': {
    tone: 'mend',
    title: 'The list of what is to be signed cannot be used',
    happened: 'Something in the list is empty, stands there twice, or is nothing that CoinCover’s enclave can sign.',
    means: NOT_ASKED,
    doNow: ['Go back to the list that Coldroom proposes, or correct the entry that this screen names.'],
    saved: 'Nothing yet. Nothing was sent.',
  },
  'assignment-under-way': {
    tone: 'settle',
    title: 'Another Coldroom is at work on this assignment',
    happened: 'Another window or program of this station holds the assignment at this moment.',
    means: 'Nothing was judged twice and nothing was sent from here. No secret is involved.',
    doNow: ['Wait for the other one to end.', 'Then look at the assignment again.'],
    saved: 'What the other one keeps. This window changed nothing.',
  },
  'assignment-unknown': {
    tone: 'mend',
    title: 'This station knows no such assignment',
    happened: 'No assignment in this ledger has that ID.',
    means: 'Nothing was sent and nothing changed.',
    doNow: ['Choose the assignment from the list on the Backups page.', 'If it was made on another station, judge it there.'],
    saved: 'Everything as it was.',
  },
  'assignment-unknown-outcome': {
    tone: 'settle',
    title: 'There is no answer to judge',
    happened: 'No trustworthy answer to this assignment ever came, so no key can be judged.',
    means: 'CoinCover may count a key as assigned for this user. It cannot be used from here, and no secret was sealed for it.',
    doNow: ['Ask CoinCover whether it assigned a key for this user.', 'To go on now, ask for a key for another user identifier.'],
    saved: 'The request, and that its outcome is unknown. Nothing was sent now.',
  },
  'assignment-not-answered': {
    tone: 'mend',
    title: 'This assignment brought no key',
    happened: 'The assignment was refused by CoinCover, or its request never left. There is no key to judge.',
    means: 'No secret was sealed for it. A new request can be made.',
    doNow: ['Ask for a key anew.'],
    saved: 'How the assignment ended, as before. Nothing was sent now.',
  },
  'assign/environment-changed': {
    tone: 'stop',
    title: 'This answer came from other addresses than the environment has now',
    happened:
      'The environment’s addresses were changed after CoinCover’s answer had been kept. What people confirmed for the new addresses cannot judge an answer from the old ones.',
    means: 'The key stays in quarantine, and no secret may be sealed for it. Whether the key is good is neither shown nor refuted.',
    doNow: [
      'Find out who changed the addresses, and why.',
      'If the old ones were right, set them back in Stations and trust, confirm the signing key again, and have the answer judged then.',
      'Otherwise ask for a new key.',
    ],
    saved: 'CoinCover’s answer in quarantine, as before, and that judging it was refused. Nothing was sent.',
  },
};
