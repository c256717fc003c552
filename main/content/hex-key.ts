import { finding, type Finding } from './finding.ts';
import type { KindReader, Reading } from './kind.ts';
import { readSecretWord } from './secret-text.ts';
import { openSingleKey, rangeFaults, SINGLE_KEY_IDENTIFIERS } from './single-key.ts';

const DIGITS = 64;

/**
 * A secp256k1 private key of 32 bytes as 64 hex digits of either case, with or without `0x` before them.
 * Faults: those of the text, `hex-digit`, `hex-length`, `key-range`.
 */
export const hexKey: KindReader = {
  kind: 'hex-key',
  identifiers: SINGLE_KEY_IDENTIFIERS,
  takesBip39Passphrase: false,
  takesPassword: false,
  // A few digits more or less are a copying error; hex of quite another length is some other secret.
  resembles: (text) => /^(0[xX])?[0-9a-fA-F]{60,68}$/.test(text.trim()),
  read: (secret) => {
    const { text, faults } = readSecretWord(secret);
    if (faults.length > 0) return { valid: false, findings: faults };
    return readDigits(text.replace(/^0x/, ''));
  },
};

function readDigits(digits: string): Reading {
  const faults: Finding[] = [];
  const stranger = Array.from(digits).findIndex((digit) => !/^[0-9a-fA-F]$/.test(digit));
  if (stranger !== -1) faults.push(finding('hex-digit', `character ${(stranger + 1).toString()} of the digits is no hex digit`));
  if (digits.length !== DIGITS) {
    faults.push(finding('hex-length', `${digits.length.toString()} characters, where ${DIGITS.toString()} hex digits belong`));
  }
  if (faults.length > 0) return { valid: false, findings: faults };
  const privateKey = Buffer.from(digits, 'hex');
  try {
    const outside = rangeFaults(privateKey);
    if (outside.length > 0) return { valid: false, findings: outside };
  } finally {
    privateKey.fill(0);
  }
  return { valid: true, findings: [], open: () => Promise.resolve(openSingleKey(Buffer.from(digits, 'hex'), false)) };
}
