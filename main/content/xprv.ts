import { HDKey } from '@scure/bip32';
import { alphabetFaults, decodeBase58Check } from './base58.ts';
import { finding, type Finding } from './finding.ts';
import { openTree } from './hd-keys.ts';
import type { KindReader, Reading } from './kind.ts';
import { readSecretWord } from './secret-text.ts';
import { rangeFaults } from './single-key.ts';

/** 78 bytes and a checksum of 4, with this version, are always 111 characters. */
const CHARACTERS = 111;
const PAYLOAD_BYTES = 78;
const PRIVATE_VERSION = 0x0488ade4;
const PUBLIC_VERSION = 0x0488b21e;

/**
 * An extended private key (BIP-32, "Serialization format") with mainnet's version bytes. Paths asked of it start at that
 * key, whatever its depth. Its own `xpub` is the usual one; the path of an address must be given, since only at depth 0
 * would it be clear. Other versions (test networks, SLIP-132's yprv and zprv) are named and not read: they are the same key
 * under another label, and relabelling would be mending. Faults: those of the text, `base58-character`, `xprv-length`,
 * `base58-checksum`, `xprv-public`, `xprv-version`, `xprv-structure`, `key-range`.
 */
export const xprv: KindReader = {
  kind: 'xprv',
  identifiers: {
    'master-fingerprint': { usual: 'm' },
    xpub: { usual: 'm' },
    'bitcoin-p2pkh': 'given',
    'bitcoin-p2wpkh': 'given',
    'bitcoin-p2tr': 'given',
    ethereum: 'given',
    'public-key': 'given',
  },
  takesBip39Passphrase: false,
  takesPassword: false,
  // Public ones too: an xpub saved in place of the xprv must come out as a key that is not valid.
  resembles: (text) => /^[a-zA-Z](prv|pub)[0-9A-Za-z]{20,}$/.test(text.trim()),
  read: (secret) => {
    const { text, faults } = readSecretWord(secret);
    if (faults.length > 0) return { valid: false, findings: faults };
    return readXprv(text);
  },
};

function readXprv(text: string): Reading {
  const faults = alphabetFaults(text);
  if (text.length !== CHARACTERS) {
    faults.push(finding('xprv-length', `${text.length.toString()} characters, where ${CHARACTERS.toString()} belong`));
  }
  if (faults.length > 0) return { valid: false, findings: faults };
  const payload = decodeBase58Check(text);
  if (payload === null) return { valid: false, findings: [finding('base58-checksum', 'its checksum is wrong')] };
  try {
    const wrong = payloadFaults(payload);
    if (wrong.length > 0) return { valid: false, findings: wrong };
  } finally {
    payload.fill(0);
  }
  return { valid: true, findings: [], open: () => Promise.resolve(openTree(HDKey.fromExtendedKey(text), null)) };
}

/** BIP-32's list of invalid extended keys (its test vector 5) is what this refuses. */
function payloadFaults(payload: Uint8Array): Finding[] {
  const structure = (message: string): Finding[] => [finding('xprv-structure', `its checksum is right, and ${message}`)];
  if (payload.length !== PAYLOAD_BYTES) return structure('its length inside is not that of an extended key');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const version = view.getUint32(0);
  if (version === PUBLIC_VERSION) return [finding('xprv-public', 'it is an extended public key, which holds no secret')];
  if (version !== PRIVATE_VERSION) {
    return [finding('xprv-version', 'its version bytes are not those of an xprv: it is for a test network, or of the form of SLIP-132')];
  }
  if (payload[45] !== 0) return structure('it says private and holds no private key');
  const isMaster = payload[4] === 0;
  if (isMaster && (view.getUint32(5) !== 0 || view.getUint32(9) !== 0)) {
    return structure('it says that it is a master key and that it has a parent');
  }
  return rangeFaults(payload.subarray(46));
}
