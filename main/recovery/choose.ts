import { createPublicKey, type KeyObject } from 'node:crypto';
import { envelopeRecipient, subjectKeyId } from '../sealing/index.ts';
import { checkError, firstNames, inputError, quote, sha256 } from '../values/index.ts';
import type { Expectation } from './recover.ts';

/** A private key at hand, and where it came from. */
export type KeyAtHand = { readonly from: string; readonly key: KeyObject };

/** A ciphertext at hand, where it came from, and what is known of it; null where nothing is. */
export type CiphertextAtHand = {
  readonly from: string;
  readonly ciphertext: Buffer;
  readonly expected: Expectation | null;
  /** SubjectPublicKeyInfo in DER of the key that it was sealed for. */
  readonly sealedFor: Buffer | null;
  /** The item's name, as its document says it; null where there is none. */
  readonly name?: string | null;
};

/**
 * Which private key is to open which ciphertext: by the public key that a sealed item or the ledger names, and by the key that an
 * envelope names itself. Nothing is tried out, and where that leaves more than one pair, a person has to say.
 * @throws input `recover-private-key-missing`, `recover-ciphertext-missing`, `recover-several-private-keys`,
 *   `recover-several-ciphertexts`; check `private-key-differs`.
 */
export async function choosePair(
  keys: readonly KeyAtHand[],
  ciphertexts: readonly CiphertextAtHand[],
): Promise<{ key: KeyObject; ciphertext: CiphertextAtHand }> {
  const ownKeys = once(keys, ({ key }) => spkiOf(key).toString('hex'));
  const ownCiphertexts = once(mostKnownFirst(ciphertexts), ({ ciphertext }) => sha256(ciphertext));
  if (!isFilled(ownKeys)) {
    throw inputError('recover-private-key-missing', 'there is no private key in what was given', {
      hint: 'name its package, or add --private-key PEM',
    });
  }
  if (!isFilled(ownCiphertexts)) {
    throw inputError('recover-ciphertext-missing', 'there is no ciphertext in what was given', {
      hint: 'name its package, or add --ciphertext FILE or --sealed FILE',
    });
  }
  const [key, ...otherKeys] = ownKeys;
  const [ciphertext, ...otherCiphertexts] = ownCiphertexts;
  // Opening it tells more closely what does not fit.
  if (otherKeys.length + otherCiphertexts.length === 0 && ciphertext.sealedFor === null) return { key: key.key, ciphertext };
  const pairs: { key: KeyAtHand; ciphertext: CiphertextAtHand }[] = [];
  for (const one of ownKeys) {
    for (const other of ownCiphertexts) if (await mayOpen(one.key, other)) pairs.push({ key: one, ciphertext: other });
  }
  const [pair, another] = pairs;
  if (pair === undefined) throw noneFits();
  if (another === undefined) return { key: pair.key.key, ciphertext: pair.ciphertext };
  const fitting = once(
    pairs.map(({ key }) => key),
    ({ from }) => from,
  );
  if (fitting.length > 1) {
    throw inputError(
      'recover-several-private-keys',
      `several private keys were given, and nothing says which is meant: ${named(fitting)}`,
      {
        hint: 'leave out the others, or add --sealed FILE, which names its key',
      },
    );
  }
  throw inputError(
    'recover-several-ciphertexts',
    `several ciphertexts were given, and nothing says which is meant: ${named(pairs.map(({ ciphertext }) => ciphertext))}`,
    { hint: 'leave out the others, or name the one with --sealed FILE or --ciphertext FILE' },
  );
}

function isFilled<One>(all: readonly One[]): all is readonly [One, ...One[]] {
  return all.length > 0;
}

function noneFits(): Error {
  return checkError('private-key-differs', 'the private key does not belong to the key that this item was sealed for', {
    hint: 'ask for the release of the key that the sealed item names in key_id',
  });
}

/** Both keys are public knowledge: that they differ is said before anything is opened. */
async function mayOpen(key: KeyObject, { ciphertext, sealedFor }: CiphertextAtHand): Promise<boolean> {
  if (sealedFor !== null) return isPrivateHalf(key, sealedFor);
  const named = await recipientOf(ciphertext);
  return named === null || named.equals(subjectKeyId(createPublicKey(key)));
}

/** What cannot be read as an envelope may be for anybody here: opening it says what is wrong with it. */
async function recipientOf(ciphertext: Buffer): Promise<Buffer | null> {
  try {
    return await envelopeRecipient(ciphertext);
  } catch {
    return null;
  }
}

/** Whether a private key belongs to a public one. @param publicKey SubjectPublicKeyInfo in DER. */
export function isPrivateHalf(key: KeyObject, publicKey: Buffer): boolean {
  return spkiOf(key).equals(publicKey);
}

function spkiOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' });
}

function mostKnownFirst(ciphertexts: readonly CiphertextAtHand[]): readonly CiphertextAtHand[] {
  return ciphertexts.toSorted((a, b) => Number(b.expected !== null) - Number(a.expected !== null));
}

function once<One>(all: readonly One[], keyOf: (one: One) => string): One[] {
  return [...new Map(all.toReversed().map((one) => [keyOf(one), one])).values()].toReversed();
}

function named(all: readonly { readonly from: string }[]): string {
  return firstNames(
    all.map(({ from }) => quote(from)),
    3,
  );
}
