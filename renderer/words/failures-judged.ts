import type { FailureText, FailureTexts, Judged } from './failure-text.ts';
import { JUDGED_KEYS } from './failures-judged-keys.ts';
import { JUDGED_SIGNERS } from './failures-judged-signers.ts';

type Place = {
  readonly means: string;
  readonly doNow: readonly string[];
  /** What to do once a cause was settled, and what to do when it was not. */
  readonly again: string;
  readonly otherwise: string;
  readonly saved: string;
};

/** The places where a key is judged, each with what that place has done by then. */
const PLACES: Readonly<Record<string, Place>> = {
  // CoinCover has answered an assignment; the answer lies in quarantine, now or since an earlier day.
  'assign.quarantine/': {
    means: 'CoinCover may count a key as assigned for this user. No secret was sealed for it.',
    doNow: [
      'Seal nothing for this key.',
      'Choose Stop and escalate, and send CoinCover the report.',
      'Once CoinCover has explained it, have the kept answer judged again, or ask for a key for another user identifier.',
    ],
    again: 'have the kept answer judged again',
    otherwise: 'Otherwise seal nothing for this key, and choose Stop and escalate.',
    saved: 'The request, the list of signing keys and CoinCover’s exact answer, in quarantine.',
  },
  'seal/': {
    means: 'Nothing was sealed, and your secret is as it was.',
    doNow: [
      'Do not seal for this key pack.',
      'Keep its file as it is: it is evidence.',
      'Choose Stop and escalate, and tell those who had the key assigned.',
    ],
    again: 'seal again',
    otherwise: 'Otherwise do not seal for this key pack, and choose Stop and escalate.',
    saved: 'That this key pack was refused. No sealed item was written.',
  },
  'store/': {
    means: 'The item was not sent now. Your secret is as it was: it can be sealed again for another key.',
    doNow: [
      'Do not send what was sealed for this key.',
      'Choose Stop and escalate, and ask CoinCover about the key.',
      'If the key stays untrusted, have a new one assigned and seal the secret again.',
    ],
    again: 'send the item again',
    otherwise: 'Otherwise do not send what was sealed for this key, and choose Stop and escalate.',
    saved: 'That sending was refused. The item’s state on the Backups page has not changed.',
  },
  'check/': {
    means: 'Coldroom only looked at the document: nothing was taken in, sealed or sent.',
    doNow: ['Use this document for nothing.', 'Keep the file as it is: it is evidence.', 'Ask those who wrote it, and CoinCover.'],
    again: 'look at the document again',
    otherwise: 'Otherwise use this document for nothing, and ask those who wrote it.',
    saved: 'Nothing. Looking at a document leaves the ledger as it is.',
  },
  '': {
    means: 'Nothing may be sealed or sent for this key.',
    doNow: ['Do not use this key.', 'Choose Stop and escalate, and ask CoinCover.'],
    again: 'repeat the step',
    otherwise: 'Otherwise do not use this key, and choose Stop and escalate.',
    saved: 'What the ledger held before, unchanged. No secret was sealed or sent in this step.',
  },
};

/** Nothing is sent before the list of signing keys was read, and one of them may be used. */
const BEFORE_ASSIGNING: Place = {
  means: 'No key was asked for, and no secret was involved.',
  doNow: [
    'Compare the address of the signing keys in Stations and trust with the one that CoinCover gave you, and find out who answers there.',
    'Check this machine’s date and time.',
    'If all of it is right, choose Stop and escalate, and ask CoinCover.',
  ],
  again: 'ask for the key again',
  otherwise: 'Otherwise choose Stop and escalate, and ask CoinCover.',
  saved: 'That this list was refused. Nothing was sent to CoinCover.',
};

const LIST_AT_FAULT = [
  'Compare the address of the signing keys in Stations and trust with the one that CoinCover gave you, and find out who answers there.',
  'Once the list is in order, have the kept answer judged again: Coldroom then fetches the list anew.',
  'Otherwise seal nothing for this key, choose Stop and escalate, and ask CoinCover.',
];

function textAt(place: string, at: Place, judged: Judged): FailureText {
  const { means, again, otherwise, saved } = at;
  const anew = place === 'assign.quarantine/' && judged.isListAtFault === true;
  const steps = anew ? LIST_AT_FAULT : judged.first === undefined ? at.doNow : [...judged.first(again), otherwise];
  return { tone: 'stop', title: judged.title, happened: judged.happened, means: `${judged.risk} ${means}`, doNow: steps, saved };
}

function everywhere(codes: Readonly<Record<string, Judged>>): FailureTexts {
  return Object.fromEntries(
    Object.entries(PLACES).flatMap(([place, at]) =>
      Object.entries(codes).map(([code, judged]) => [`${place}${code}`, textAt(place, at, judged)]),
    ),
  );
}

function beforeAssigning(codes: Readonly<Record<string, Judged>>): FailureTexts {
  return Object.fromEntries(
    Object.entries(codes)
      .filter(([code]) => code.startsWith('jwks-'))
      .map(([code, judged]) => [`assign/${code}`, textAt('assign/', BEFORE_ASSIGNING, judged)]),
  );
}

/** A list of signing keys that people look at in order to confirm one of them, refused as a whole. */
function whileConfirming(codes: Readonly<Record<string, Judged>>): FailureTexts {
  return Object.fromEntries(
    Object.entries(codes)
      .filter(([code]) => code.startsWith('jwks-'))
      .map(([code, { title, happened, risk }]) => [
        `trust.add/${code}`,
        {
          tone: 'stop',
          title,
          happened,
          means: `${risk} Nothing was confirmed, and no secret is involved.`,
          doNow: [
            'Compare the address of the signing keys in Stations and trust, or the file you chose, with what CoinCover gave you.',
            'Check that it is the list of this environment, and this machine’s date and time.',
            'If all of it is right, choose Stop and escalate, and ask CoinCover.',
          ],
          saved: 'That this list was refused. The confirmed signing keys are as they were.',
        },
      ]),
  );
}

/**
 * Every reason for which an assigned key is not trusted, once for each place where that can come out: CoinCover's answer
 * (`assign.quarantine`), `seal`, `store`, `check`, and without a place for any other. A list of signing keys can be refused before
 * anything is sent (`assign`) and while people look at it (`trust.add`) as well.
 */
export const JUDGED_FAILURES: FailureTexts = {
  ...everywhere(JUDGED_KEYS),
  ...everywhere(JUDGED_SIGNERS),
  ...beforeAssigning(JUDGED_SIGNERS),
  ...whileConfirming(JUDGED_SIGNERS),
  'assign.quarantine/key-id-known': {
    tone: 'stop',
    title: 'CoinCover answered with a key that this station holds already',
    happened: 'The answer to this new assignment carries the key ID of a key that is in this ledger.',
    means:
      'Two assignments cannot have one key. The new answer is not used, and the earlier key is neither confirmed nor refuted by it. No secret was sealed for the new answer.',
    doNow: [
      'Compare both assignments on the Backups page.',
      'Ask CoinCover for which of the two it assigned this key.',
      'Choose Stop and escalate.',
    ],
    saved: 'The earlier key as before, and CoinCover’s exact new answer in quarantine.',
  },
  'assign.quarantine/answer-not-text': {
    tone: 'stop',
    title: 'What came is not text that a key pack could carry',
    happened: 'CoinCover’s answer is not readable text.',
    means: 'Others could not judge the key from it. CoinCover may count a key as assigned for this user. No secret was sealed for it.',
    doNow: ['Choose Stop and escalate, and send CoinCover the report.', 'Ask for a key for another user identifier.'],
    saved: 'The request and CoinCover’s exact answer, in quarantine.',
  },
  'key-pack-too-old': {
    tone: 'stop',
    title: 'This key pack is too old to rely on',
    happened: 'The list of signing keys in it was fetched longer ago than is allowed, by this machine’s clock, or at no readable time.',
    means: 'A signing key revoked since then would not be known here. Nothing was sealed, and your secret is as it was.',
    doNow: [
      'Check this machine’s date and time against the witnesses’ clock.',
      'If they are right, have the key pack made anew at the online station, and bring that one.',
    ],
    saved: 'That this key pack was refused. No sealed item was written.',
  },
};
