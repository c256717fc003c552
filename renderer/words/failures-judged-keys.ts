import type { Judged } from './failure-text.ts';

const WEAK = 'A key like this could be broken by others, whoever made it.';
const NOT_A_KEY = 'What is sealed for such a key, CoinCover may never be able to open.';
const STRANGER = 'The key could belong to somebody else.';
const NOT_BOUND = 'The key could be a real CoinCover key that is not yours.';

/** What can be wrong with an answer, with the key in it, and with what the enclave signed. */
export const JUDGED_KEYS: Readonly<Record<string, Judged>> = {
  'request-invalid': {
    title: 'The key pack holds a request that Coldroom never makes',
    happened: 'A key pack carries the exact request that the key was asked for with, and this one is not of Coldroom’s making.',
    risk: STRANGER,
  },
  'response-invalid': {
    title: 'CoinCover’s answer is not in the agreed form',
    happened: 'Something that has to be in the answer is missing or is of the wrong kind, or the answer cannot be read in one way only.',
    risk: 'Nobody can check whose key it is.',
  },
  'key-id-invalid': {
    title: 'The key in the answer has no proper ID',
    happened: 'The answer’s key ID is not of the form that CoinCover gives every key.',
    risk: 'The key could never be verified or asked for again.',
  },
  'answer-differs': {
    title: 'The answer names another customer or package than was asked for',
    happened: 'CoinCover’s answer carries a customer ID or package ID that is not the one in the request.',
    risk: 'The key could be filed under somebody else.',
  },
  'key-too-long': {
    title: 'The public key is longer than any that CoinCover assigns',
    happened: 'The answer’s public key has more characters than a public key may have.',
    risk: NOT_A_KEY,
  },
  'key-not-hex': {
    title: 'The public key holds characters that no key has',
    happened: 'The answer’s public key is not written in the digits 0 to 9 and the letters a to f alone.',
    risk: NOT_A_KEY,
  },
  'key-odd-length': {
    title: 'The public key was cut in the middle of a byte',
    happened: 'The answer’s public key lacks its last digit, or has one too many.',
    risk: NOT_A_KEY,
  },
  'key-trailing-bytes': {
    title: 'Something stands after the end of the public key',
    happened: 'The answer’s public key is whole, and more bytes follow it.',
    risk: 'Two readers could see two different keys.',
  },
  'key-der': {
    title: 'The public key is not in a form that CoinCover delivers',
    happened: 'The answer’s public key is in neither of the two exact forms that are agreed.',
    risk: NOT_A_KEY,
  },
  'key-not-rsa': {
    title: 'The key is of another type than was asked for',
    happened: 'The answer’s public key is not of the type that Coldroom asks for and seals with.',
    risk: NOT_A_KEY,
  },
  'key-not-4096-bits': {
    title: 'The key does not have 4096 bits',
    happened: 'Coldroom asks for keys of 4096 bits, and the answer’s public key has another size.',
    risk: 'It is not the key that was asked for, and may be weaker.',
  },
  'key-exponent': {
    title: 'The key was made in an unusual way',
    happened: 'The answer’s public key does not have the public exponent 65537, as agreed.',
    risk: 'It was not made as agreed, and may be weaker.',
  },
  'key-unusable': {
    title: 'This machine cannot use the key',
    happened: 'The public key has the right form, and this machine’s cryptography refuses to work with it.',
    risk: NOT_A_KEY,
  },
  'key-small-factor': {
    title: 'The key is weak: it has a small factor',
    happened: 'A sound key is the product of two very large primes, and this one can be divided by a small number.',
    risk: WEAK,
  },
  'key-close-primes': {
    title: 'The key is weak: its two primes are too close',
    happened: 'The two primes that the key was made from are so close that anybody can find them.',
    risk: WEAK,
  },
  'key-roca': {
    title: 'The key is weak: it looks like one from a generator known to be broken',
    happened: 'The key bears the mark of a key generator whose keys can be broken, published in 2017 under the name ROCA.',
    risk: WEAK,
  },
  'signature-missing': {
    title: 'The key carries no signature',
    happened: 'CoinCover’s answer leaves out the signature by which its enclave vouches for the key.',
    risk: STRANGER,
  },
  'signature-encoding': {
    title: 'The signature is not written as the enclave writes it',
    happened: 'There is a signature, but not in the one form that is agreed, so it was not even tried.',
    risk: STRANGER,
  },
  'signature-invalid': {
    title: 'No signing key that counts here vouches for this key',
    happened:
      'None of the signing keys that count here made the signature over this key. On a cold station those are the ones that your team confirmed, else those that CoinCover publishes.',
    risk: STRANGER,
    first: (again) => [`If CoinCover has announced a new signing key, confirm it under Stations and trust, and ${again}.`],
  },
  'payload-unasked': {
    title: 'The answer carries a signed statement that nobody asked for',
    happened: 'The request did not ask for anything but the key to be signed, and the answer brings a signed statement all the same.',
    risk: NOT_BOUND,
  },
  'payload-missing': {
    title: 'The answer leaves out the signed statement of whose key it is',
    happened: 'The request asked the enclave to sign whose key it is, and the answer lacks that.',
    risk: NOT_BOUND,
  },
  'payload-not-canonical': {
    title: 'The signed statement can be read in more than one way',
    happened: 'What the enclave signed is not written in the one agreed form.',
    risk: NOT_BOUND,
  },
  'payload-members': {
    title: 'The signed statement does not say exactly what was asked for',
    happened: 'Something is missing from what the enclave signed, is empty, or was added to it.',
    risk: NOT_BOUND,
  },
  'fields-differ': {
    title: 'The signed details are others than asked for, or in another order',
    happened: 'The answer’s list of what was signed is not the list in the request, one for one and in that order.',
    risk: NOT_BOUND,
  },
  'binding-mismatch': {
    title: 'The enclave signed something else than this assignment',
    happened: 'The signature is good, but a detail in what it covers is not that of this assignment.',
    risk: NOT_BOUND,
  },
  'binding-mismatch:public_key': {
    title: 'The key was exchanged after it was signed',
    happened: 'The enclave’s signature covers another public key than the one in the answer.',
    risk: 'What is sealed for the exchanged key, somebody else may be able to open.',
  },
  'binding-mismatch:key_fingerprint': {
    title: 'The signed fingerprint does not agree with this key',
    happened: 'The enclave signed this key, and beside it another fingerprint than this key has.',
    risk: 'Whatever signed this does not know its own key, or calculates otherwise than was agreed.',
  },
  'binding-mismatch:spelling': {
    title: 'The signed fingerprint is written in capital letters',
    happened:
      'The enclave signed this key and its own fingerprint, but not in the small letters that are agreed. Coldroom takes no other spelling.',
    risk: 'The fingerprint is this key’s, so nothing says that the key was exchanged. What signed it does not keep to what was agreed.',
  },
  'binding-mismatch:key_id': {
    title: 'The enclave signed another key ID',
    happened: 'The key ID that the signature covers is not the one in the answer.',
    risk: NOT_BOUND,
  },
  'binding-mismatch:external_customer_id': {
    title: 'The enclave signed another customer',
    happened: 'The customer that the signature covers is not the one in the request.',
    risk: NOT_BOUND,
  },
  'binding-mismatch:external_package_id': {
    title: 'The enclave signed another package',
    happened: 'The package that the signature covers is not the one in the request.',
    risk: NOT_BOUND,
  },
};
