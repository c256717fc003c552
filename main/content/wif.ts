import { alphabetFaults, decodeBase58Check } from './base58.ts';
import { finding, type Finding } from './finding.ts';
import type { KindReader, Reading } from './kind.ts';
import { readSecretWord } from './secret-text.ts';
import { openSingleKey, rangeFaults, SINGLE_KEY_IDENTIFIERS } from './single-key.ts';

const MAINNET = 0x80;
const TESTNET = 0xef;
const COMPRESSED = 0x01;
const UNCOMPRESSED_BYTES = 33;
const COMPRESSED_BYTES = 34;

/**
 * A private key in Bitcoin's wallet import format, mainnet: Base58Check of 80, the 32 bytes, and 01 where the public key is
 * compressed. Faults: those of the text, `base58-character`, `wif-length`, `base58-checksum`, `wif-network`, `wif-version`,
 * `wif-structure`, `key-range`. Valid with the finding `wif-uncompressed` where the last byte is missing.
 */
export const wif: KindReader = {
  kind: 'wif',
  identifiers: SINGLE_KEY_IDENTIFIERS,
  takesBip39Passphrase: false,
  takesPassword: false,
  // 5, K, L of mainnet and 9, c of the test networks, give or take copying errors in length and alphabet.
  resembles: (text) => /^[5KL9c][0-9A-Za-z]{48,53}$/.test(text.trim()),
  read: (secret) => {
    const { text, faults } = readSecretWord(secret);
    if (faults.length > 0) return { valid: false, findings: faults };
    return readWif(text);
  },
};

function readWif(text: string): Reading {
  const faults = alphabetFaults(text);
  if (text.length !== 51 && text.length !== 52) {
    faults.push(finding('wif-length', `${text.length.toString()} characters, where 51 or 52 belong`));
  }
  if (faults.length > 0) return { valid: false, findings: faults };
  const payload = decodeBase58Check(text);
  if (payload === null) return { valid: false, findings: [finding('base58-checksum', 'its checksum is wrong')] };
  try {
    const wrong = payloadFaults(payload);
    if (wrong.length > 0) return { valid: false, findings: wrong };
    const uncompressed = payload.length === UNCOMPRESSED_BYTES;
    const findings = uncompressed
      ? [finding('wif-uncompressed', 'it is for an uncompressed public key: its one Bitcoin address is of type p2pkh')]
      : [];
    return { valid: true, findings, open: () => Promise.resolve(openSingleKey(privateKeyOf(text), uncompressed)) };
  } finally {
    payload.fill(0);
  }
}

function payloadFaults(payload: Uint8Array): Finding[] {
  if (payload[0] === TESTNET) return [finding('wif-network', 'it is for a test network')];
  if (payload[0] !== MAINNET) return [finding('wif-version', 'its version byte is not that of a private key')];
  const isCompressed = payload.length === COMPRESSED_BYTES && payload.at(-1) === COMPRESSED;
  if (payload.length !== UNCOMPRESSED_BYTES && !isCompressed) {
    return [finding('wif-structure', 'its checksum is right, and what is inside is no private key')];
  }
  return rangeFaults(payload.subarray(1, 33));
}

function privateKeyOf(text: string): Uint8Array {
  const payload = decodeBase58Check(text);
  if (payload === null) throw new TypeError('a text that was decoded before does not decode');
  try {
    return payload.slice(1, 33);
  } finally {
    payload.fill(0);
  }
}
