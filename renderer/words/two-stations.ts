/** What screens say where two stations work together: pairing, carrying, the network of a cold station. */
export const TWO = {
  network: {
    look: 'Look again',
    seen: 'What this computer shows of its network',
    clear: 'Nothing is up and nothing leads out.',
    warn: 'This station only warns. Go on, or switch it off and look again.',
    override: 'Go on all the same…',
    overrideTitle: 'Go on with a live network',
    overrideSay: 'Two people take this upon themselves. It is written down as an exception and stands in the report.',
    reason: 'Why it cannot be switched off',
    administrator: 'Administrator’s initials',
    witness: 'Witness’s initials',
    overrideButton: 'Go on, and record it',
    cancel: 'Cancel',
    several: (count: number) => `${count.toString()} findings, listed below`,
    reasons: {
      'interface-up': (what: string) => `The interface ${what} is up`,
      'default-route': (what: string) => `A route leads out through ${what}`,
      'wifi-on': () => 'Wi-Fi is switched on',
      'wifi-unknown': () => 'Whether Wi-Fi is off cannot be seen',
      'bluetooth-on': () => 'Bluetooth is switched on',
      'bluetooth-unknown': () => 'Whether Bluetooth is off cannot be seen',
      'network-unknown': () => 'Interfaces or routes cannot be read',
    } as Readonly<Record<string, (what: string) => string>>,
    policy: 'If this computer has a live network',
    policyWarn: 'Warn',
    policyWarnWhy: 'It is shown, and the ceremony goes on.',
    policyStop: 'Stop',
    policyStopWhy: 'Nothing is sealed until it is off, or two people sign an exception.',
  },
  signer: {
    choose: 'Choose the list or a key pack',
    help: 'A cold station fetches nothing. Choose CoinCover’s list of signing keys as a file, or a key pack, which brings a copy of it. Neither is believed for itself: what counts are the words on CoinCover’s card.',
    dialog: 'Choose a list of signing keys, or a key pack',
    other: 'Read another list',
    account: 'Add an account in Stations and trust',
  },
  wallets: {
    add: 'Add this wallet',
    list: 'Wallets of this ceremony',
    find: 'Find by wallet, HOT or COLD, or state',
    wallet: 'Wallet',
    kept: 'Kept',
    state: 'State',
    remove: 'Remove',
    removeOf: (wallet: string) => `Remove ${wallet}`,
    another: 'Add another wallet',
    done: 'These are all wallets',
    states: {
      listed: 'no key yet',
      assigned: 'key assigned',
      refused: 'refused',
      'not-sent': 'not sent',
      unknown: 'outcome unknown',
      quarantined: 'answered, not trusted',
    } as Readonly<Record<string, string>>,
  },
  keys: {
    assign: (count: number) => (count === 1 ? 'Have 1 key assigned' : `Have ${count.toString()} keys assigned`),
    again: 'Try again',
    of: (wallet: string) => `Key of ${wallet}`,
    wallet: 'Wallet',
    asked: 'Asked for',
    read: 'Words',
    yes: 'read and matched',
    no: 'to be read',
    failed: 'a check has failed',
    typedKept: 'HOT or COLD, as the paper order says it',
    typedKeptHelp: (wallet: string) => `For ${wallet}. Type it from the paper, not from this screen.`,
    unkept: 'Type HOT or COLD from the paper order first.',
  },
  bring: {
    more: 'Bring more',
    stick: 'From a stick or a folder',
    code: 'Read a code with the camera',
    dialog: 'Choose the folder that the other station wrote',
    otherWays: 'Without a stick',
    files: 'Choose files instead',
    documents: (count: number) =>
      count === 0 ? 'No document on it' : count === 1 ? '1 document on it' : `${count.toString()} documents on it`,
    others: (count: number) =>
      count === 1
        ? '1 other thing lies on it: find out who put it there.'
        : `${count.toString()} other things lie on it: find out who put them there.`,
    use: 'Bring from this stick',
    brought: (count: number) => (count === 1 ? '1 document is here.' : `${count.toString()} documents are here.`),
  },
  secrets: {
    forWallet: (wallet: string) => `Secrets of ${wallet}`,
    wallet: (name: string) => `For ${name}`,
    choose: (wallet: string) => `Choose files for ${wallet}`,
    none: 'No file is chosen yet.',
  },
  carry: {
    say: (count: number) =>
      count === 1 ? '1 document goes to the other station.' : `${count.toString()} documents go to the other station.`,
    stick: 'Write to a stick or a folder',
    byCode: 'Without a stick: show each document as a code, and let the other station read it.',
    code: 'Code',
    shownWhole: 'every picture shown',
    notShown: 'to be shown',
    codesDone: 'The other station has read them all',
    left: (count: number) =>
      count === 1
        ? '1 document was not yet shown with every picture.'
        : `${count.toString()} documents were not yet shown with every picture.`,
    dialog: 'Choose the stick or folder to write to',
    safe: 'Written and read back. Eject the stick, then pull it out.',
    writeAgain: 'Write another copy',
    kinds: { keypack: 'Key pack', sealed: 'Sealed item', receipt: 'Receipt' } as Readonly<Record<string, string>>,
    document: 'Document',
    name: 'For',
    find: 'Find by wallet, file or kind of document',
    show: 'Show as a code',
    showOf: (name: string) => `Show as a code: ${name}`,
    stickOnly: 'by stick only',
    label: 'For the label of the stick',
    digest: 'Read these words aloud and write them on the label, with the number of documents.',
    media: 'Sticks in this computer',
    others: (count: number) =>
      count === 1
        ? '1 other thing lies on it: better use an empty stick.'
        : `${count.toString()} other things lie on it: better use an empty stick.`,
    empty: 'Nothing lies on it.',
    nothingElse: 'Nothing else.',
    before: (count: number) => (count === 1 ? '1 document lies on it already.' : `${count.toString()} documents lie on it already.`),
    readOnly: 'It cannot be written to.',
    use: 'Use this stick',
    noMedia: 'No stick was found. Plug one in, then look again.',
    lookForMedia: 'Look for sticks again',
  },
  stations: {
    title: 'Paired stations',
    none: 'None yet. A document of a station that is not paired is refused.',
    ownSay: 'Its fingerprint in words, and in hex below. The people at the other station read these words and enter some of them there.',
    saveCard: 'Save this station’s card',
    showCard: 'Show it as a code',
    cardDialog: 'Where to write the card',
    pair: 'Pair a station',
    pairTitle: 'Pair with another station',
    pairSay: 'Bring the other station’s card, then compare its words with what that station shows.',
    choose: 'Choose the card',
    chooseDialog: 'Choose the other station’s card',
    wordsTitle: (name: string) => `Words of ${name}`,
    of: (name: string, role: string) => `${name}, ${role} station`,
    compare: (name: string) => `The card says that it is of ${name}. Compare its words with those which that station shows as its own.`,
    known: 'This station is paired already.',
    succeeds: 'Does it take the place of a station that is gone for good?',
    succeedsNo: 'No, it is another station',
    succeedsNoWhy: 'Both stay paired.',
    succeedsYes: (name: string) => `It replaces ${name}`,
    succeedsYesWhy: 'Nothing new of the old one is read any more.',
    unpair: 'Unpair',
    unpairTitle: (name: string) => `Unpair ${name}`,
    unpairSay: 'From now on nothing that it writes is read here. What it brought before stays in the ledger.',
    states: { paired: 'paired', unpaired: 'unpaired', succeeded: 'replaced', followed: 'this station took its place' } as Readonly<
      Record<string, string>
    >,
    saved: 'The card was written.',
    cancel: 'Cancel',
    noCard: 'That is no card of a station.',
  },
  begin: {
    script: 'What is to be done?',
    scripts: {
      'single-station backup': { label: 'Back up on this station', why: 'Seal here, and send from here.' },
      rehearsal: { label: 'Rehearse', why: 'The whole ceremony against the built-in stand-in.' },
      'online: assign and carry': {
        label: 'Assign keys and carry them',
        why: 'Have keys assigned, and write key packs for the cold station.',
      },
      'online: store and verify': {
        label: 'Store what the cold station sealed',
        why: 'Bring sealed items, send them, and write receipts.',
      },
      'cold: seal': { label: 'Seal secrets', why: 'Bring key packs, seal, and write sealed items for the online station.' },
      recovery: { label: 'Recover a backup', why: 'From a request to CoinCover to the secret, compared with the ledger.' },
      'cold: receipts home': { label: 'Bring receipts home', why: 'Compare what CoinCover holds with what was sealed here.' },
    } as Readonly<Record<string, { readonly label: string; readonly why: string }>>,
    unpaired: 'Pair the other station first, in Stations and trust: without it, nothing can be carried.',
  },
} as const;

/** The sentence for one reason of the network gate, such as `interface-up:eth0`. */
export function networkReason(reason: string): string {
  const [code = '', ...rest] = reason.split(':');
  return TWO.network.reasons[code]?.(rest.join(':')) ?? reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** The same for several that main names in one line. */
export function networkReasons(line: string): readonly string[] {
  return line.split(', ').map(networkReason);
}
