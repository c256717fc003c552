import { createPrivateKey, type KeyObject } from 'node:crypto';
import { inputError } from '../values/index.ts';

const CONVERT = 'convert it: `openssl pkcs8 -topk8 -nocrypt -in OLD.pem -out NEW.pem`';

/**
 * Reads a released private key: one PKCS#8 block in PEM, plain or encrypted, RSA of 4096 bits.
 * @param pem the file; the caller wipes it. @param passphrase of an encrypted block, or null; the caller wipes it.
 * @throws input `private-key-not-pem`, `private-key-not-pkcs8`, `private-key-encrypted`, `private-key-not-encrypted`,
 *   `private-key-passphrase-wrong`, `private-key-damaged`, `private-key-not-rsa4096`. No message holds any of the file.
 */
export function parsePrivateKey(pem: Buffer, passphrase: Uint8Array | null): KeyObject {
  const labels = [...pem.toString('latin1').matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----/g)].map((match) => match[1] ?? '');
  const [label] = labels;
  if (label === undefined)
    throw inputError('private-key-not-pem', 'the file is no private key in PEM form', {
      hint: 'name the PKCS#8 file that CoinCover released',
    });
  if (labels.length > 1)
    throw inputError('private-key-not-pem', 'the file holds several PEM blocks', { hint: 'keep the private key in a file of its own' });
  switch (label) {
    case 'PRIVATE KEY':
      if (passphrase !== null)
        throw inputError('private-key-not-encrypted', 'a passphrase was given, and the private key is not encrypted', {
          hint: 'leave the passphrase out',
        });
      return checkRsa4096(load(pem, null));
    case 'ENCRYPTED PRIVATE KEY':
      if (passphrase === null) {
        throw inputError('private-key-encrypted', 'the private key is encrypted, and no passphrase for it was given', {
          hint: 'add --private-key-passphrase-file FILE',
        });
      }
      return checkRsa4096(load(pem, passphrase));
    case 'RSA PRIVATE KEY':
      throw inputError('private-key-not-pkcs8', 'the private key is in the older PKCS#1 form', { hint: CONVERT });
    case 'EC PRIVATE KEY':
    case 'OPENSSH PRIVATE KEY':
    case 'DSA PRIVATE KEY':
      throw inputError('private-key-not-rsa4096', 'the private key is not the RSA key that CoinCover releases', {
        hint: 'name the PKCS#8 file that CoinCover released',
      });
    case 'PUBLIC KEY':
    case 'RSA PUBLIC KEY':
    case 'CERTIFICATE':
      throw inputError('private-key-not-pkcs8', 'the file holds a public key or a certificate, not a private key', {
        hint: 'name the PKCS#8 file that CoinCover released',
      });
    case 'PGP PRIVATE KEY BLOCK':
    case 'PGP MESSAGE':
      throw inputError('private-key-not-pkcs8', 'the file is OpenPGP, not the private key inside', {
        hint: 'open the OpenPGP package first',
      });
    default:
      throw inputError('private-key-not-pkcs8', 'the PEM block is not of a kind that holds a private key in PKCS#8', {
        hint: 'name the PKCS#8 file that CoinCover released',
      });
  }
}

function load(pem: Buffer, passphrase: Uint8Array | null): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase === null ? {} : { passphrase: Buffer.from(passphrase) }) });
  } catch {
    // OpenSSL's own text is dropped: it may speak of the key's contents, and no code may branch on it.
    if (passphrase !== null) {
      throw inputError('private-key-passphrase-wrong', 'the passphrase does not open the private key, or the file is damaged', {
        hint: 'check the passphrase, then the file',
      });
    }
    throw inputError('private-key-damaged', 'the private key’s PEM block is damaged', { hint: 'fetch the file again' });
  }
}

function checkRsa4096(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails?.modulusLength === 4096) return key;
  throw inputError('private-key-not-rsa4096', 'the private key is not RSA with 4096 bits', {
    hint: 'name the PKCS#8 file that CoinCover released',
  });
}
