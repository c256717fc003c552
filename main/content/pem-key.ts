import { decodeBase64 } from '../values/index.ts';
import { finding, type Finding } from './finding.ts';
import type { KindReader, OpenWith, Reading } from './kind.ts';
import type { Keys } from './keys.ts';
import { missingPassword, wrongPassword } from './password-key.ts';
import { decryptPbes2, readPbes2, type Pbes2 } from './pbes2.ts';
import { readEncryptedPkcs8, readPkcs8 } from './pkcs8.ts';
import { MAX_FILE_BYTES, readSecretText } from './secret-text.ts';

const PLAIN = 'PRIVATE KEY';
const ENCRYPTED = 'ENCRYPTED PRIVATE KEY';
/** Every line but the last holds this many characters (RFC 7468 §3, "strict"). */
const LINE = 64;

/**
 * A private key in PKCS#8 as PEM (RFC 7468), plain or encrypted. A plain one is checked through: structure, range, and that its
 * numbers and its public key belong together. Of an encrypted one the outer form is checked, and the note `pem-encrypted` says so;
 * given its password, all of it. Faults: those of the text, `pem-label`, `pem-form`, `pem-base64`, `pem-encryption`,
 * `pem-structure`, `pem-algorithm`, `key-range`, `key-inconsistent`.
 */
export const pemKey: KindReader = {
  kind: 'pem-key',
  identifiers: { 'spki-sha256': 'none', 'public-key': 'none', ethereum: 'none', solana: 'none' },
  takesBip39Passphrase: false,
  takesPassword: true,
  resembles: (text) => /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text),
  read: (secret) => {
    const { text, faults } = readSecretText(secret, MAX_FILE_BYTES);
    if (faults.length > 0) return { valid: false, findings: faults };
    return readPem(text);
  },
};

function readPem(text: string): Reading {
  const fault = (code: string, message: string): Reading => ({ valid: false, findings: [finding(code, message)] });
  const lines = text.split(/\r?\n/);
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----$/.exec(lines[0] ?? '')?.[1];
  if (label === undefined)
    return fault('pem-form', 'something stands before its first line, or that line is not "BEGIN PRIVATE KEY" as PEM has it');
  if (label !== PLAIN && label !== ENCRYPTED) {
    return fault('pem-label', 'it is PEM of another form than PKCS#8, whose first line says "PRIVATE KEY" or "ENCRYPTED PRIVATE KEY"');
  }
  if (lines.length < 3 || lines.at(-1) !== `-----END ${label}-----`) {
    return fault('pem-form', 'its last line is missing, does not match the first, or something stands after it');
  }
  const body = lines.slice(1, -1);
  const wrong = body.findIndex(
    (line, at) => !/^[A-Za-z0-9+/=]+$/.test(line) || (at < body.length - 1 ? line.length !== LINE : line.length > LINE),
  );
  if (wrong !== -1) return fault('pem-base64', `line ${(wrong + 2).toString()} is not of 64 characters of base64`);
  const der = decodeBase64(body.join(''));
  if (der === null) return fault('pem-base64', 'its base64 does not come out even: a character is missing, or one too many');
  return label === PLAIN ? readPlain(der) : readEncrypted(der);
}

function readPlain(der: Buffer): Reading {
  try {
    const keys = readPkcs8(der);
    if (!isKeys(keys)) return { valid: false, findings: keys };
    return { valid: true, findings: [], open: () => Promise.resolve(keys) };
  } finally {
    der.fill(0);
  }
}

function readEncrypted(der: Buffer): Reading {
  const parts = readEncryptedPkcs8(der);
  if (parts === null) return { valid: false, findings: [finding('pem-structure', 'what is inside is no encrypted private key in PKCS#8')] };
  const how = readPbes2(parts.algorithm);
  if (how === null) {
    return {
      valid: false,
      findings: [
        finding('pem-encryption', 'it is encrypted in a way that is not known here: PBES2 with PBKDF2 or scrypt, and AES or triple DES'),
      ],
    };
  }
  const { encrypted } = parts;
  if (encrypted.length === 0 || encrypted.length % how.cipher.blockBytes !== 0) {
    return {
      valid: false,
      findings: [finding('pem-structure', 'what is encrypted is not a whole number of blocks: a part is missing, or too much')],
    };
  }
  const note = finding('pem-encrypted', 'it is under a password: its outer form was checked, and not what is inside');
  return { valid: true, findings: [note], locked: true, open: (given) => openEncrypted(how, encrypted, given) };
}

async function openEncrypted(how: Pbes2, encrypted: Buffer, { password }: OpenWith): Promise<Keys | readonly Finding[]> {
  if (password === null) throw missingPassword();
  const der = await decryptPbes2(how, encrypted, password);
  try {
    const keys = readPkcs8(der);
    // One wrong password in 256 leaves what looks like padding; what it uncovers is no structure at all.
    if (!isKeys(keys) && keys.some(({ code }) => code === 'pem-structure')) throw wrongPassword();
    return keys;
  } finally {
    der.fill(0);
  }
}

function isKeys(opened: Keys | readonly Finding[]): opened is Keys {
  return 'wipe' in opened;
}
