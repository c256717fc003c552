/** What a report and a printed script call each step, and what is done in it. A script of two stations has some of them. */
const STEPS: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  people: {
    title: 'People and room',
    text: 'Everybody is entered with a name, initials and a role. A witness reads the time off a clock that is not this machine’s. The policy is read aloud.',
  },
  'self-test': {
    title: 'Self-test of this station',
    text: 'The station proves its cryptography on known answers, and its ledger from the first row to the last.',
  },
  'sign-in': {
    title: 'Environment and sign-in',
    text: 'The environment’s name is typed. The enclave’s signing key is read aloud, word by word, against CoinCover’s card; two words are entered.',
  },
  wallet: { title: 'The wallet, HOT or COLD', text: 'The wallet is named. HOT or COLD is read from the paper order and typed.' },
  assign: {
    title: 'A key assigned, and the enclave’s signature over it',
    text: 'CoinCover assigns a key. The station verifies the enclave’s signature and what it binds. The key’s words are read aloud; two are entered.',
  },
  secrets: { title: 'The secrets chosen', text: 'The files are chosen. Names and sizes are read aloud and compared with the paper order.' },
  seal: { title: 'Sealed on this machine', text: 'Every file is sealed on this machine, each in the way that its size allows.' },
  store: { title: 'Stored with CoinCover', text: 'The sealed items are sent. Each backup id is noted.' },
  verify: {
    title: 'Key and backup verified',
    text: 'CoinCover is asked whether it holds key and backups. Whatever is not a yes stops the ceremony.',
  },
  recover: {
    title: 'Recovery rehearsed',
    text: 'The stand-in releases key and ciphertexts; they are opened and compared with the files, byte for byte.',
  },
  checklist: { title: 'Production checklist', text: 'Each point is read aloud and answered.' },
  close: { title: 'Closed', text: 'The record is read through, and the ceremony is closed.' },
  network: {
    title: 'Off every network',
    text: 'Cables are out, radios are off. The station shows what it could reach; whoever goes on in spite of something gives initials and a reason.',
  },
  signer: {
    title: 'The enclave’s signing key compared',
    text: 'The environment’s name is typed. The signing key’s words are read aloud against CoinCover’s card; two are entered.',
  },
  wallets: {
    title: 'The wallets, each HOT or COLD',
    text: 'Every wallet is named; HOT or COLD is read from the paper order and typed for each.',
  },
  keys: {
    title: 'A key for every wallet',
    text: 'CoinCover assigns a key for each. Signatures are verified; the words of each key are read aloud and two entered.',
  },
  packs: {
    title: 'Key packs brought and judged',
    text: 'The key packs come from the stick or the screen. Each is judged by this station’s own trust; HOT or COLD is typed from the paper order, words are read aloud.',
  },
  items: {
    title: 'Sealed items brought',
    text: 'The sealed items come from the stick or the screen, and are held against the keys that they name.',
  },
  receipts: {
    title: 'Receipts brought home',
    text: 'What CoinCover answered is compared with what was sealed here: key, ciphertext, checksum and size.',
  },
  backups: {
    title: 'Which backups, and why',
    text: 'The backups that are to be recovered are named, all of one key, with the reason. Their IDs are compared with the written order.',
  },
  request: {
    title: 'The request and its OpenPGP pair',
    text: 'An OpenPGP pair is made here. Its private half leaves once, under a passphrase. The fingerprint is read aloud, and the request is raised in CoinCover Control.',
  },
  released: {
    title: 'What CoinCover released',
    text: 'The packages are opened with the private half of the pair. What each holds is recognised and read aloud. A passphrase that is wrong three times ends the step.',
  },
  result: {
    title: 'The secrets back',
    text: 'The secrets are opened, compared with the ledger’s checksums and written. What differs is not written.',
  },
  wipe: {
    title: 'What is left',
    text: 'People say what became of the recovered files, the pair and the packages, and whether a new key takes the place of the one that was released.',
  },
  carry: {
    title: 'Carried to the other station',
    text: 'The documents are written to the stick and read back. The words of their list are read aloud and noted on its label.',
  },
};

/** A step of a later version goes by its id. */
export function stepTitle(id: string): string {
  return STEPS[id]?.title ?? id;
}

/** What people do and watch in a step, for the printed script. */
export function stepText(id: string): string {
  return STEPS[id]?.text ?? '';
}
