import type { FailureText, FailureTexts } from './failure-text.ts';

/** A refusal in CoinCover's own form, of an item without an earlier attempt that is still unknown. */
function refused(text: Omit<FailureText, 'means' | 'saved'> & Partial<FailureText>): FailureText {
  return {
    means:
      'By this answer CoinCover does not hold the item: do not count it as backed up. Your secret and the sealed item are as they were.',
    saved: 'The sealed item and CoinCover’s exact answer. The item is kept as refused and can be sent again.',
    ...text,
  };
}

/** Sending sealed items to CoinCover, and settling what is unknown. */
export const STORE_FAILURES: FailureTexts = {
  'store/service-400': refused({
    tone: 'settle',
    title: 'CoinCover found something wrong with this item',
    happened: 'CoinCover refused the item and said what it does not accept.',
    doNow: [
      'Read CoinCover’s own words on this screen.',
      'Ask CoinCover before you send the item again: its bytes do not change by sending them twice.',
      'If the words speak of what was sealed, seal the secret again from the original.',
    ],
  }),
  'store/service-400:verification-failed': refused({
    tone: 'stop',
    title: 'CoinCover could not verify what was sent',
    happened:
      'CoinCover refused the item and spoke of a failed verification. Its enclave opens what arrives and compares it with the checksum sent along, and that did not succeed.',
    means:
      'Either the item is not what was sealed, or it was sealed for another key. Do not count it as backed up. Your secret is where it was, and as it was.',
    doNow: [
      'Do not send this item again.',
      'Choose Stop and escalate, and read CoinCover’s words to its support.',
      'Once the cause is known, seal the secret again from the original.',
    ],
  }),
  'store/service-401': refused({
    tone: 'settle',
    title: 'CoinCover did not accept the API key for this item',
    happened: 'CoinCover answered that the API key is missing, has expired or is wrong for this environment.',
    doNow: ['Get a current API key for this environment.', 'Set it with the button below.', 'Send the item again.'],
  }),
  'store/service-403': refused({
    tone: 'settle',
    title: 'The API key may not store backups',
    happened: 'CoinCover answered that this API key does not carry the right to store this item in this way.',
    doNow: [
      'Ask your account manager for an API key with that right.',
      'Check that the API key is of the account that had the key assigned: a partner’s key needs a partner’s API key.',
    ],
  }),
  'store/service-404': refused({
    tone: 'stop',
    title: 'CoinCover does not know what this item was sealed for',
    happened: 'CoinCover answered that it does not know what was named. For a backup, that is the key it was sealed for.',
    doNow: [
      'Compare the environment’s addresses in Stations and trust with those that CoinCover gave you.',
      'Let Coldroom verify the key, and seal nothing more for it until CoinCover has explained the answer.',
      'Choose Stop and escalate, and ask CoinCover.',
    ],
  }),
  'store/service-409': refused({
    tone: 'settle',
    title: 'CoinCover says that this item conflicts with something it has',
    happened:
      'CoinCover refused the item as being in conflict with something. Its published rules name this answer for assigning keys alone.',
    doNow: ['Read CoinCover’s own words on this screen.', 'Ask CoinCover whether it holds this item already, before you send it again.'],
  }),
  'store/service-413': refused({
    tone: 'settle',
    title: 'This item is larger than CoinCover takes',
    happened: 'CoinCover refused the item because of its size.',
    doNow: [
      'Ask CoinCover for its exact limit.',
      'Have that limit set up for this environment, so that sealing refuses in time.',
      'Seal a smaller file, or the same one in parts.',
    ],
  }),
  'store/service-415': refused({
    tone: 'stop',
    title: 'CoinCover did not accept the form in which the item was sent',
    happened: 'CoinCover answered that it does not take a file of this form. Coldroom always uses the form that CoinCover publishes.',
    doNow: [
      'Ask your network team whether a proxy changes what is sent.',
      'Report it to CoinCover and to whoever maintains Coldroom, and send nothing more until it is explained.',
    ],
  }),
  'store/service-429': refused({
    tone: 'settle',
    title: 'CoinCover asks to wait before more is sent',
    happened: 'CoinCover took too many requests in a short time and turned this item away.',
    doNow: ['Wait a minute, then send the item again.'],
  }),
  'store/service-refused': refused({
    tone: 'settle',
    title: 'CoinCover refused this item',
    happened: 'CoinCover refused the item with an answer that its published rules do not name.',
    doNow: ['Read CoinCover’s own words on this screen.', 'Ask CoinCover what the answer means before you send the item again.'],
  }),
  'store/checksum-differs': {
    tone: 'stop',
    title: 'CoinCover’s checksum is not that of what was sealed',
    happened: 'CoinCover took the item and answered with another checksum than the sealed item has, or with none.',
    means:
      'What CoinCover holds may not be what was sealed: do not rely on this backup. Your secret is where it was, and as it was. Do not destroy it.',
    doNow: ['Keep every other copy of the secret.', 'Call CoinCover support and read them the backup ID.', 'Close with Stop and escalate.'],
    saved: 'The backup ID, CoinCover’s exact answer, the checks of key and backup, and the receipt. The item stays stored.',
  },
  'item-under-way': {
    tone: 'settle',
    title: 'Another Coldroom is sending this item',
    happened:
      'Another window or program of this station is storing the same item at this moment. This one waited a little and sent nothing.',
    means: 'The item is not sent twice. What becomes of it, the other one will say. Your secret is as it was.',
    doNow: ['Wait for the other one to end.', 'Then look at the item on the Backups page.'],
    saved: 'What the other one keeps. Nothing was sent from here.',
  },
  'nothing-to-resolve': {
    tone: 'mend',
    title: 'There is nothing to settle for this item',
    happened: 'A backup ID was entered, but this item’s outcome is not unknown: it was never sent, never left, or was refused.',
    means: 'CoinCover does not hold it by anything known here. Your secret and the sealed item are as they were.',
    doNow: [
      'Look at the item on the Backups page.',
      'Send it in the ordinary way.',
      'If CoinCover says that it holds it all the same, choose Stop and escalate.',
    ],
    saved: 'The item as it was. Nothing was sent.',
  },
  'claim-refused': {
    tone: 'stop',
    title: 'CoinCover says that this backup ID is not a valid backup',
    happened: 'Coldroom asked CoinCover about the backup ID that was entered, and the answer was that the backup is not valid.',
    means:
      'The ID is mistaken, or the backup behind it cannot be relied on. The item stays unknown: do not count it as backed up. Your secret is as it was.',
    doNow: [
      'Compare the backup ID with what CoinCover gave you, letter by letter.',
      'If it is right, call CoinCover support and choose Stop and escalate.',
      'Do not send the item again before CoinCover has answered.',
    ],
    saved: 'CoinCover’s answer about that ID. The item stays unknown, and nothing was sent.',
  },
  'claim-not-confirmed': {
    tone: 'settle',
    title: 'CoinCover did not confirm the backup ID',
    happened: 'Coldroom asked CoinCover about the backup ID that was entered, and got no clear yes or no.',
    means: 'The item stays unknown: do not count it as backed up yet. Your secret is as it was.',
    doNow: [
      'Compare the backup ID with what CoinCover gave you, letter by letter.',
      'Try again later with CoinCover confirmed a backup ID.',
      'If it never becomes clear, ask CoinCover, and leave the item unknown until it has answered.',
    ],
    saved: 'The backup ID that was entered, and that the answer was not clear. The item stays unknown, and nothing was sent.',
  },
  'claim-not-checkable': {
    tone: 'settle',
    title: 'CoinCover cannot check this backup ID, because it is held offline',
    happened:
      'The item’s key was asked for as COLD. Coldroom asked CoinCover about the backup ID that was entered, and the answer was that it cannot be checked online.',
    means:
      'The backup ID is neither confirmed nor refuted, and asking again brings the same answer. The item stays unknown: do not count it as backed up. Your secret is as it was.',
    doNow: [
      'Ask CoinCover to check the backup offline, and to confirm it in writing with the backup ID.',
      'Keep its answer with the ceremony’s papers, and note it as an exception.',
      'Leave the item unknown here, or have a new key assigned and seal the secret for it.',
    ],
    saved: 'The backup ID that was entered, for this item, and CoinCover’s words about it. The item stays unknown, and nothing was sent.',
  },
  'backup-id-known': {
    tone: 'stop',
    title: 'This backup ID belongs to another item',
    happened: 'The backup ID that CoinCover answered, or that was entered, already stands in this ledger for another item.',
    means:
      'At most one of the two items is what CoinCover holds under it. This item stays unknown: do not count it as backed up. Your secret is as it was.',
    doNow: ['Compare the two items on the Backups page.', 'Ask CoinCover what it holds under this ID.', 'Close with Stop and escalate.'],
    saved: 'The other item with its backup ID, as before, and this one as unknown.',
  },
  'item-id-known': {
    tone: 'stop',
    title: 'Two sealed items bear the same item ID',
    happened: 'The file bears the item ID of another sealed item that this station holds. Coldroom gives every item an ID of its own.',
    means: 'One of the two was copied, changed or forged. Nothing of this file was sent, and the item held here is as it was.',
    doNow: [
      'Keep the file as it is: it is evidence.',
      'Get the sealed item again from the station that sealed it.',
      'If that does not explain it, choose Stop and escalate.',
    ],
    saved: 'The item held before, and that this file was refused.',
  },
  'resolve-one': {
    tone: 'mend',
    title: 'A backup ID settles one item at a time',
    happened: 'A backup ID was entered while several sealed items were chosen.',
    means: 'Nothing was sent, and every item is as it was.',
    doNow: ['Choose the one item that CoinCover confirmed, and enter its backup ID.'],
    saved: 'Everything as it was.',
  },
  'store/document-environment': {
    tone: 'stop',
    title: 'This item is for other addresses than the environment has now',
    happened: 'The item was sealed for an environment, or for addresses, that are not those of this station’s environment of that name.',
    means: 'Sent from here, it could go to somebody it was not meant for. It was not sent now. Your secret is as it was.',
    doNow: [
      'Compare the environment’s addresses on this station with those of the station that had the key assigned.',
      'Find out who changed them, and set the right ones in Stations and trust.',
      'If nobody can explain it, choose Stop and escalate.',
    ],
    saved: 'That this was refused. The item’s state on the Backups page has not changed.',
  },
};
