import type { Judged } from './failure-text.ts';

const STRANGERS_LIST = 'Whoever answers there may not be CoinCover, and signing keys of theirs would vouch for anything.';

/** What can be wrong with who signed a key, for whom, and with the list of signing keys. */
export const JUDGED_SIGNERS: Readonly<Record<string, Judged>> = {
  'signer-not-confirmed': {
    title: 'Your team has not confirmed the signing key',
    happened:
      'The signing key that vouches for this key is not among those that people confirmed on this station, or none was confirmed here.',
    risk: 'CoinCover may have changed its signing key, or somebody else signed.',
    first: (again) => [
      'Ask CoinCover, over a line you trust, whether it has a new signing key, and compare the fingerprint.',
      `If every word agrees, confirm it under Stations and trust, and ${again}.`,
    ],
  },
  'signer-retired': {
    title: 'A retired signing key vouches for a new key',
    happened:
      'The signing key was retired on this station. It may carry only keys that this station held before, and this one is new to it.',
    risk: 'Somebody may be using a signing key that CoinCover has given up.',
  },
  'signer-revoked': {
    title: 'A revoked signing key vouches for this key',
    happened: 'The signing key was revoked on this station, and a revocation is for good.',
    risk: 'Whoever holds a revoked signing key can vouch for any key.',
  },
  'key-unbound': {
    title: 'The signature does not say whose key this is',
    happened: 'The enclave vouches for the key, but not for the account that it was made for. In this environment that is not enough.',
    risk: 'Any CoinCover account can get a well-signed key, so this one could be a stranger’s.',
  },
  'account-not-confirmed': {
    title: 'Your team has not confirmed the account that this key is for',
    happened: 'The enclave signed which account asked for the key, and people have not confirmed that account on this station.',
    risk: 'It may be your own account that nobody has confirmed yet, or a stranger’s.',
    first: (again) => [
      'Ask CoinCover, over a line you trust, whose account that is.',
      `If it is yours, confirm the account under Stations and trust, and ${again}.`,
    ],
  },
  'anchor-damaged': {
    title: 'A confirmed signing key is not kept as it was confirmed',
    happened: 'The ledger’s record of a signing key that people confirmed does not give that key any more.',
    risk: 'Somebody or something may have changed this station’s ledger.',
    first: () => [
      'Let Coldroom check the ledger, and keep its file as it is.',
      'Have the signing key confirmed again on a station whose ledger is in order.',
    ],
  },
  'jwks-no-usable-key': {
    title: 'No signing key in the list may vouch for keys today',
    happened: 'The list has no signing key that is meant for assignments, of the agreed kind, and valid already by this machine’s clock.',
    risk: 'Without one nobody can tell CoinCover’s key from a stranger’s.',
  },
  'jwks-no-usable-key:not-yet-valid': {
    title: 'The signing key is not valid yet',
    happened: 'The list’s signing key for assignments is to be valid only from a later time, by this machine’s clock.',
    risk: 'Either this machine’s clock is slow, or the key was used before its time.',
    first: (again) => ['Check this machine’s date and time.', `If they are right, wait until the signing key is valid, and ${again}.`],
  },
  'jwks-no-usable-key:wrong-purpose': {
    title: 'The signing key is not meant for assigned keys',
    happened: 'The list’s signing key is published for another purpose than vouching for assigned keys.',
    risk: 'A key meant for something else vouches for nothing here.',
  },
  'jwks-too-large': {
    title: 'The list of signing keys is far too large',
    happened: 'What came from the address of the signing keys is larger than any such list.',
    risk: STRANGERS_LIST,
    isListAtFault: true,
  },
  'jwks-not-json': {
    title: 'What came is no list of signing keys',
    happened:
      'What came from the address of the signing keys is not written as such a list is, or can be read in more than one way. It may be a web page.',
    risk: STRANGERS_LIST,
    isListAtFault: true,
  },
  'jwks-duplicate-member': {
    title: 'The list of signing keys says something twice',
    happened: 'One entry of the list carries the same detail twice, so that two readers could see two different keys.',
    risk: STRANGERS_LIST,
    isListAtFault: true,
  },
  'jwks-invalid': {
    title: 'The list of signing keys holds no list',
    happened: 'What came is well written, but there is no list of signing keys in it.',
    risk: STRANGERS_LIST,
    isListAtFault: true,
  },
  'jwks-private-key': {
    title: 'The list of signing keys gives away a private key',
    happened: 'A list for everybody to read holds the secret half of a signing key.',
    risk: 'Anybody could sign with it, so nothing in this list is believed.',
    isListAtFault: true,
  },
  'jwks-point': {
    title: 'A signing key in the list is not a real key',
    happened: 'The numbers of a signing key in the list do not make a key.',
    risk: STRANGERS_LIST,
    isListAtFault: true,
  },
};
