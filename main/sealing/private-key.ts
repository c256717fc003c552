import { createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';
import { inputError, type ColdroomError } from '../values/index.ts';

const CONVERT = 'convert it: `openssl pkcs8 -topk8 -nocrypt -in OLD.pem -out NEW.pem`';
const RELEASED = 'name the PKCS#8 file that CoinCover released';
const BEGIN = '-----BEGIN ';
const DASHES = '-----';
/** The longest label that RFC 7468 or OpenSSL knows has 21 characters. */
const MAX_LABEL_LENGTH = 40;

/**
 * Reads a released private key: one PKCS#8 block in PEM (RFC 7468 §10, §11), plain or encrypted, RSA of 4096 bits. Text before
 * the block is passed over, as openssl does.
 * @param pem the file; the caller wipes it. Only its label is made a string.
 * @param passphrase of an encrypted block, or null; the caller wipes it.
 * @throws input `private-key-not-pem`, `private-key-not-pkcs8`, `private-key-encrypted`, `private-key-not-encrypted`,
 *   `private-key-passphrase-wrong` (which a damaged encrypted block looks like), `private-key-damaged`,
 *   `private-key-not-rsa4096`. No message and no cause holds any of the file.
 */
export function parsePrivateKey(pem: Buffer, passphrase: Buffer | null): KeyObject {
  const { label, block } = onlyBlock(pem);
  if (label === 'PRIVATE KEY') {
    if (passphrase !== null) {
      throw inputError('private-key-not-encrypted', 'a passphrase was given, and the private key is not encrypted', {
        hint: 'leave the private key’s passphrase out',
      });
    }
    return checkRsa4096(loadPlain(block));
  }
  if (label === 'ENCRYPTED PRIVATE KEY') {
    if (passphrase === null) {
      throw inputError('private-key-encrypted', 'the private key is encrypted, and no passphrase for it was given', {
        hint: 'add --private-key-passphrase-file FILE',
      });
    }
    return checkRsa4096(loadEncrypted(block, passphrase));
  }
  throw notPkcs8(label);
}

/** The label and the bytes from its BEGIN line on. */
function onlyBlock(pem: Buffer): { label: string; block: Buffer } {
  const at = pem.indexOf(BEGIN);
  if (at < 0) {
    throw inputError('private-key-not-pem', 'the file is no private key in PEM form', {
      hint: pem[0] === 0x30 ? 'convert it, if it is DER: `openssl pkcs8 -topk8 -nocrypt -inform DER -in OLD -out NEW.pem`' : RELEASED,
    });
  }
  if (pem.includes(BEGIN, at + BEGIN.length)) {
    throw inputError('private-key-not-pem', 'the file holds several PEM blocks', { hint: 'keep the private key in a file of its own' });
  }
  const block = pem.subarray(at);
  const labelEnd = block.indexOf(DASHES, BEGIN.length);
  const isLabel = labelEnd >= BEGIN.length && labelEnd <= BEGIN.length + MAX_LABEL_LENGTH;
  return { label: isLabel ? block.toString('latin1', BEGIN.length, labelEnd) : '', block };
}

function loadPlain(block: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: block, format: 'pem' });
  } catch {
    // The library's own text is dropped: it may speak of the key's contents, and no code may branch on it.
    throw inputError('private-key-damaged', 'the private key’s PEM block is damaged', { hint: 'fetch the file again' });
  }
}

function loadEncrypted(block: Buffer, passphrase: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: block, format: 'pem', passphrase });
  } catch {
    throw inputError('private-key-passphrase-wrong', 'the passphrase does not open the private key, or the file is damaged', {
      hint: 'check the passphrase, then the file',
    });
  }
}

function checkRsa4096(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa' || key.asymmetricKeyDetails?.modulusLength !== 4096)
    throw inputError('private-key-not-rsa4096', 'the private key is not RSA with 4096 bits', { hint: RELEASED });
  if (!opensItsOwn(key))
    throw inputError('private-key-damaged', 'the parts of the private key do not belong together', { hint: 'fetch the file again' });
  return key;
}

const PROBE = Buffer.alloc(32, 'probe');

/**
 * OpenSSL loads a key whose numbers contradict each other: one letter of its PEM wrong, and it opens nothing. Tried and not computed,
 * since that would make strings of the key.
 */
function opensItsOwn(key: KeyObject): boolean {
  try {
    const how = { oaepHash: 'sha256' } as const;
    return privateDecrypt({ key, ...how }, publicEncrypt({ key: createPublicKey(key), ...how }, PROBE)).equals(PROBE);
  } catch {
    return false; // that it cannot is the answer
  }
}

/** Names what was given by mistake. The label itself is the file's text and is not repeated. */
function notPkcs8(label: string): ColdroomError {
  switch (label) {
    case 'RSA PRIVATE KEY':
      return inputError('private-key-not-pkcs8', 'the private key is in the older PKCS#1 form', { hint: CONVERT });
    case 'EC PRIVATE KEY':
    case 'DSA PRIVATE KEY':
    case 'OPENSSH PRIVATE KEY':
      return inputError('private-key-not-rsa4096', 'the private key is not the RSA key that CoinCover releases', { hint: RELEASED });
    case 'PUBLIC KEY':
    case 'RSA PUBLIC KEY':
      return inputError('private-key-not-pkcs8', 'the file holds a public key, not a private one', { hint: RELEASED });
    case 'CERTIFICATE':
      return inputError('private-key-not-pkcs8', 'the file holds a certificate, not a private key', { hint: RELEASED });
    case 'PGP MESSAGE':
      return inputError('private-key-not-pkcs8', 'the file is an OpenPGP package, not the private key inside', {
        hint: 'open it with --openpgp-package',
      });
    case 'PGP PRIVATE KEY BLOCK':
    case 'PGP PUBLIC KEY BLOCK':
      return inputError('private-key-not-pkcs8', 'the file is an OpenPGP key, not the RSA key that CoinCover releases', {
        hint: 'give it with --openpgp-key',
      });
    default:
      return inputError('private-key-not-pkcs8', 'the PEM block is not of a kind that holds a private key in PKCS#8', { hint: RELEASED });
  }
}
