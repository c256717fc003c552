import type { FailureText, FailureTexts } from './failure-text.ts';

const SEE_TO_DISK = 'See to free space and permissions on this machine’s disk.';

/** What an assignment and a store say differently when nobody knows what became of the request, or nothing left. */
type Step = {
  readonly name: string;
  /** "CoinCover may or may not …": stands after a colon. */
  readonly doubt: string;
  /** What a 2xx that cannot be relied on may lack. */
  readonly lacks: string;
  readonly unknown: Pick<FailureText, 'means' | 'doNow' | 'saved'>;
  readonly notSent: Pick<FailureText, 'means' | 'saved'> & { readonly again: string };
};

const ASSIGN: Step = {
  name: 'assign',
  doubt: 'CoinCover may or may not have assigned a key',
  lacks: 'it was empty, a web page or damaged',
  unknown: {
    means:
      'CoinCover may count a key as assigned for this user, and this station has no answer by which to judge it. No secret was sealed or sent.',
    doNow: [
      'Ask CoinCover whether it assigned a key for this user.',
      'If it did not, record the wallet once more with the same identifier.',
      'If it did, or cannot say, record it with another identifier.',
    ],
    saved: 'The request and whatever came back, as an assignment with an unknown outcome.',
  },
  notSent: {
    means: 'No key was asked for, and no secret was involved. Trying again is safe.',
    saved: 'That nothing was sent. No part of the request left this machine.',
    again: 'Ask for the key again.',
  },
};

const STORE: Step = {
  name: 'store',
  doubt: 'CoinCover may or may not hold this item',
  lacks: 'it was empty, a web page, damaged, or without a proper backup ID of the right kind',
  unknown: {
    means:
      'Do not count this item as backed up, and do not send it again without a decision: CoinCover could then hold two. Your secret and the sealed item are as they were.',
    doNow: [
      'Ask CoinCover whether this item arrived.',
      'If CoinCover names a backup ID, choose CoinCover confirmed a backup ID.',
      'If it holds none, or cannot say, choose Send again, accepting that CoinCover may hold two.',
    ],
    saved: 'The sealed item, that sending began, and whatever came back. The item stays unknown until a person settles it.',
  },
  notSent: {
    means:
      'CoinCover does not hold this item from this attempt. Your secret and the sealed item are as they were, and trying again is safe.',
    saved: 'The sealed item, and that nothing was sent. No part of the request left this machine.',
    again: 'Send the item again.',
  },
};

/** By variant: what stands before the doubt in the title, and what happened. */
const CAUSES: Readonly<Record<string, { before: string; happened: (step: Step) => string; first?: string }>> = {
  '': {
    before: '',
    happened: () => 'The request began to leave, and no answer came that can be trusted.',
  },
  ':status-408': {
    before: 'Timed out',
    happened: () =>
      'The answer was that the request took too long (status 408). Something on the way can say so after it has passed the request on.',
  },
  ':server-error': {
    before: 'A fault was reported',
    happened: () =>
      'CoinCover, or something on the way to it, answered with a fault of its own (a status of 500 or above). That does not say whether the request was carried out.',
  },
  ':redirected': {
    before: 'Sent elsewhere',
    happened: () =>
      'The answer pointed to another address. Coldroom never follows that, and cannot tell whether CoinCover saw the request.',
    first: 'Compare the environment’s addresses in Stations and trust with those that CoinCover gave you.',
  },
  ':not-coincover': {
    before: 'A refusal that is not CoinCover’s',
    happened: () =>
      'A refusal came that is not written as CoinCover writes its own. Something on the way may have sent it, before or after CoinCover saw the request.',
    first: 'Ask your network team what stands between this machine and CoinCover.',
  },
  ':unreadable': {
    before: 'The answer cannot be used',
    happened: (step) => `An answer of success came, but not one that Coldroom can rely on: ${step.lacks}.`,
  },
  ':cut': {
    before: 'No whole answer came',
    happened: () =>
      'The connection ended, or the answer did not come in time, after the request had begun to leave. Nobody here can tell whether CoinCover had carried it out by then.',
  },
  ':cancelled': {
    before: 'Cancelled too late to be sure',
    happened: () => 'It was cancelled here after the request had begun to leave. Cancelling does not call a request back.',
  },
};

function unknownTexts(step: Step): [string, FailureText][] {
  return Object.entries(CAUSES).map(([variant, cause]) => [
    `${step.name}/outcome-unknown${variant}`,
    {
      tone: 'settle',
      title: cause.before === '' ? step.doubt : `${cause.before}: ${step.doubt}`,
      happened: cause.happened(step),
      ...step.unknown,
      doNow: cause.first === undefined ? step.unknown.doNow : [cause.first, ...step.unknown.doNow],
    },
  ]);
}

function notSentTexts({ name, notSent: { again, ...rest } }: Step): FailureTexts {
  return {
    [`${name}/not-sent`]: {
      tone: 'settle',
      title: 'CoinCover could not be reached',
      happened: 'No connection came about, so nothing was sent.',
      ...rest,
      doNow: ['Check this machine’s network, and the addresses in Stations and trust.', again],
    },
    [`${name}/not-sent:certificate`]: {
      tone: 'stop',
      title: 'Whoever answered could not prove to be CoinCover',
      happened: 'The certificate shown at CoinCover’s address is not one that this machine trusts for it. Coldroom sent nothing there.',
      ...rest,
      doNow: [
        'Check this machine’s date and time.',
        'Ask your network team whether a proxy opens encrypted traffic here; if so, have its certificate set up for this environment.',
        'If nobody can explain it, choose Stop and escalate.',
      ],
    },
    [`${name}/not-sent:cancelled`]: {
      tone: 'settle',
      title: 'Cancelled before anything was sent',
      happened: 'It was cancelled here before the request began to leave.',
      ...rest,
      doNow: [again.replace('.', ' when you are ready.')],
    },
    [`${name}/not-sent:no-token`]: {
      tone: 'mend',
      title: 'The kept API key cannot be used',
      happened: 'The API key that the keychain holds for this environment is empty or damaged, so nothing was sent.',
      ...rest,
      doNow: ['Enter the API key again in Stations and trust.', again],
    },
  };
}

/** Requests that did not leave, and requests of which nobody knows what became. */
export const OUTCOME_FAILURES: FailureTexts = {
  ...Object.fromEntries([...unknownTexts(ASSIGN), ...unknownTexts(STORE)]),
  ...notSentTexts(ASSIGN),
  ...notSentTexts(STORE),
  'store/outcome-unknown:earlier': {
    ...STORE.unknown,
    tone: 'settle',
    title: 'An earlier attempt has to be settled first',
    happened:
      'CoinCover may or may not hold this item: no trustworthy answer to an earlier attempt is on record here. Coldroom sent nothing now.',
    saved: 'The sealed item, and what is known of the earlier attempt. The item stays unknown until a person settles it.',
  },
  'store/outcome-unknown:resent': {
    tone: 'settle',
    title: 'Sent again in vain: an earlier attempt is still unknown',
    happened: 'The item was sent again, and that attempt was refused or never left. It says nothing about the one before.',
    means:
      'By this attempt CoinCover does not hold the item, but it may hold it by an earlier one. Do not count it as backed up. Your secret is as it was.',
    doNow: [
      'Read on this screen how the last attempt ended, and see to that first.',
      'Ask CoinCover about the earlier attempt.',
      'If CoinCover names a backup ID, choose CoinCover confirmed a backup ID.',
    ],
    saved: 'The sealed item and every attempt with what came back. The item stays unknown until a person settles it.',
  },
  'store/outcome-unknown:resent-unknown': {
    tone: 'settle',
    title: 'Sent again, and unknown again: CoinCover may hold two',
    happened: 'The item was sent again, and nobody knows what became of that attempt either. It says nothing about the one before.',
    means:
      'CoinCover may hold this item not at all, once, or once for each attempt. Do not count it as backed up. Your secret is as it was.',
    doNow: [
      'Ask CoinCover about every attempt before you send the item once more.',
      'If CoinCover names a backup ID, choose CoinCover confirmed a backup ID.',
      'If CoinCover holds two, have it say which one counts, and what becomes of the other.',
    ],
    saved: 'The sealed item and every attempt with what came back. The item stays unknown until a person settles it.',
  },
  'answer-not-kept': {
    tone: 'stop',
    title: 'An answer came and could not be kept',
    happened: 'An answer to the request came, and the ledger could not be written, though Coldroom tried more than once.',
    means: 'CoinCover may hold the key or the item, and what was answered stands at most on this screen. Your secret is as it was.',
    doNow: [
      'Write down what this screen shows, above all any backup ID, before you close it.',
      SEE_TO_DISK,
      'Then settle what the Backups page shows as unknown.',
    ],
    saved: 'That the request was begun. Nothing of the answer.',
  },
  'answer-not-kept:lost': {
    tone: 'stop',
    title: 'No whole answer came, and even that could not be kept',
    happened:
      'The request began to leave and no whole answer came. Then the ledger could not be written, though Coldroom tried more than once.',
    means: 'CoinCover may or may not hold the key or the item. Your secret is as it was.',
    doNow: ['Write down what this screen shows before you close it.', SEE_TO_DISK, 'Then settle what the Backups page shows as unknown.'],
    saved: 'That the request was begun. Not how it ended.',
  },
  'answer-not-kept:not-sent': {
    tone: 'stop',
    title: 'Nothing was sent, and that could not be kept',
    happened: 'The request did not leave this machine. Then the ledger could not be written, though Coldroom tried more than once.',
    means:
      'CoinCover holds neither key nor item from this attempt. The Backups page will call it unknown all the same. Your secret is as it was.',
    doNow: ['Write down that nothing was sent.', SEE_TO_DISK, 'Then send again: by this attempt CoinCover cannot come to hold two.'],
    saved: 'That the request was begun. Not that nothing was sent.',
  },
};
