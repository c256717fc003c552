import { networkReasons, TWO } from './two-stations.ts';

/** Sentences of the checks, by id. What a check rests on is data and comes from main. */
const CHECKS: Readonly<Record<string, string>> = {
  people: 'An administrator and a witness, two different people',
  pins: 'Everybody has chosen a PIN, which initials take from here on',
  policy: 'Policy of this ceremony',
  plan: 'The plan that this ceremony runs by, its words read aloud',
  'plan-approved': 'The plan was approved beforehand',
  'plan-others': 'The plan’s other wallets have ceremonies of their own',
  'as-planned': 'Everything is as the plan says',
  inspected: 'Every file was looked at by the process that seals',
  unchecked: 'What could not be checked',
  clock: 'This computer’s clock against the witness’s',
  'ledger-holds': 'The ledger holds, from its first event to its last',
  'keychain-there': 'The keychain gives this station’s keys',
  'self-test': 'This program’s cryptography gives the known answers',
  station: 'The station is what it was made as',
  database: 'The ledger holds, from its first event to its last',
  keychain: 'The keychain gives this station’s keys',
  software: 'Which program this is',
  'home-private': 'The station’s folder and its files are the owner’s alone',
  'free-space': 'There is room for the ledger and what a ceremony writes',
  'clock-plausible': 'This computer’s clock is later than what it has made',
  'network-state': 'The network is as the station’s role asks',
  'core-dumps': 'A crash would leave no memory of this program behind',
  swap: 'Memory is not written to a disk as it is',
  'crash-reports': 'No crash report and no picture of memory is written',
  debugger: 'No debugger is attached to this program',
  'environment-typed': 'The environment’s name was typed',
  'api-key': 'An API key for this host is in the keychain',
  'signer-compared': 'The enclave’s signing key was compared word by word',
  'account-confirmed': 'Your account with CoinCover',
  'kept-typed': 'HOT or COLD was chosen and typed',
  assigned: 'A key was assigned',
  signature: 'Signed by the enclave',
  words: 'Fingerprint read aloud and matched',
  files: 'Every file can be read, and a mode holds it',
  sealed: 'Every file is sealed for the assigned key',
  'mode-direct': 'Sealed directly',
  'mode-passphrase': 'Sealed under a passphrase',
  'mode-envelope': 'Sealed in an envelope',
  'mode-envelope+passphrase': 'Sealed under a passphrase, in an envelope',
  stored: 'CoinCover gave a backup ID for every item',
  checksum: 'CoinCover decrypted exactly what was sealed',
  'key-valid': 'CoinCover holds the key',
  'backup-valid': 'CoinCover holds every backup',
  recovered: 'What was released opens to the very files that went in',
  'backups-known': 'Every backup stands in this station’s ledger',
  'backups-unsure': 'A receipt for every backup',
  'pair-made': 'The pair was made here, and its private half written once',
  'request-raised': 'The request was raised with CoinCover',
  'packages-opened': 'Every package opened with the private half of the pair',
  'private-key-released': 'The private key is among what was released',
  'backups-released': 'The released backups are those that were asked for',
  'other-backups': 'Nothing else was released',
  'secrets-back': 'Every secret is the one that was sealed',
  'right-secret': 'Every secret is the one that the plan named',
  'wipe-points': 'People saw to what is left',
  tries: 'The passphrase was right within three tries',
  'hex-to-pem': 'The key’s form is right to the byte',
  'oaep-hashes': 'Both hashes of the encryption are SHA-256',
  'checksum-of-plaintext': 'The checksum is over what CoinCover decrypts',
  'base-url': 'This environment’s own host was used',
  'kept-sent': 'HOT or COLD was sent, not left to a default',
  rehearsed: 'A rehearsal was closed on this station before',
  'all-stored': 'Every item is stored and has its receipt',
  exceptions: 'Exceptions in the record',
  'network-gate': 'This computer is off every network',
  'network-policy': 'What a live network means on this station',
  'network-override': 'Two people go on all the same',
  brought: 'From a paired station, unchanged and new',
  'carry-list': 'Nothing missing, nothing added on the way',
  'kept-order': 'HOT or COLD is what the paper order says',
  'keys-still-trusted': 'The keys they were sealed for are trusted now',
  'receipt-checksum': 'The checksums are those of what was sealed here',
  'receipt-size': 'The sizes are those of what was sealed here',
  'key-pack-age': 'The list of signing keys is recent',
  'receipt-key': 'Key and ciphertext are those that were sealed here',
  'keys-used': 'Every key that was brought has a file',
  carried: 'The documents for the other station were handed over',
};

/** What a line of the self-check is about, in few words. */
const TITLES: Readonly<Record<string, string>> = {
  'self-test': 'Cryptography',
  station: 'Station',
  database: 'Ledger',
  keychain: 'Keychain',
  software: 'Program',
  'home-private': 'The station’s folder',
  'free-space': 'Room on the disk',
  'clock-plausible': 'Clock',
  'network-state': 'Network',
  'core-dumps': 'Crashes',
  swap: 'Memory on disk',
  'crash-reports': 'Crash reports',
  debugger: 'Debugger',
};

export function checkTitle(id: string): string {
  return TITLES[id] ?? id;
}

/** Amber, these were not made at all: nothing was there to compare. */
const SAID_BY_MAIN: ReadonlySet<string> = new Set(['recovered', 'checksum', 'carry-list', 'carried', 'keys-used']);

/** Of several keys at once: main's own sentence names what holds for the first of them only. */
const OF_SEVERAL: Readonly<Record<string, string>> = { 'key-environment': 'HOT or COLD was asked for, as listed' };

/** How many of several keys a result is of, as main adds it. */
const OF_KEYS = / \((\d+) of (\d+) keys\)$/;

type Check = { readonly id: string; readonly what: string; readonly result: string; readonly rests_on: string };

/** The sentence for a check; where the catalogue has none, main's own. */
export function checkWords(check: Check): string {
  // Where a sentence above would say what does not hold, main's own words stand.
  const own = (check.result === 'failed' && check.id === 'signature') || (check.result === 'amber' && SAID_BY_MAIN.has(check.id));
  const several = OF_KEYS.test(check.rests_on) ? OF_SEVERAL[check.id] : undefined;
  const words = own ? undefined : (several ?? CHECKS[check.id]);
  return words ?? check.what.charAt(0).toUpperCase() + check.what.slice(1);
}

/**
 * What a check rests on, in one line. A whole digest has its place among the evidence: here its start is enough to find it.
 * What holds for every key need not be counted, what does not is.
 */
export function restsOnWords(check: Check): string {
  const [, number, all] = OF_KEYS.exec(check.rests_on) ?? [];
  const bare = check.rests_on.replace(OF_KEYS, '');
  const short = /^[0-9a-f]{64}$/.test(bare) ? `${bare.slice(0, 4)} ${bare.slice(4, 8)} ${bare.slice(8, 12)} …` : bare;
  if (check.id === 'network-gate' || (check.id === 'network-state' && bare !== 'off every network')) {
    const reasons = networkReasons(bare);
    // The step that asks about the network has a list of its own.
    return check.id === 'network-gate' && reasons.length > 1 ? TWO.network.several(reasons.length) : reasons.join('. ');
  }
  return number === undefined || all === undefined || number === all ? short : `${short}, ${number} of ${all} keys`;
}
