/** What each step of a script says. `who` names the roles; two or three plain sentences; the one thing people must do. */
export const STEPS = {
  people: {
    title: 'People and room',
    who: 'The administrator reads each step aloud, the witness watches and compares.',
    say: 'Nothing is done alone: every step is signed by two different people. Enter who is here and where, and let the witness read a clock that is not this computer’s.',
    action: 'Record people and clock',
  },
  'self-test': {
    title: 'Station self-test',
    who: 'The administrator starts the test, the witness reads the result.',
    say: 'Coldroom tests the cryptography of this computer in the very process that will seal, with two independent implementations. It recomputes the ledger from its first event, and asks the keychain for this station’s keys. Then it looks at the program, the station’s folder and the computer: room, clock, network, and where memory could be written to.',
    action: 'Run the self-test',
  },
  'sign-in': {
    title: 'Environment and sign-in',
    who: 'The administrator types, the witness compares with the paper order.',
    say: 'First make sure where you are. Then give Coldroom the API key for it, which goes into the keychain and is never shown again. Last, compare the key with which CoinCover’s enclave signs.',
    action: 'Confirm the environment',
  },
  wallet: {
    title: 'HOT or COLD',
    who: 'The witness reads the paper order aloud, the administrator types.',
    say: 'CoinCover keeps the key for this wallet either HOT, ready online, or COLD, offline and fetched by people. Coldroom has no default for it. Nothing later in the ceremony can prove which one CoinCover chose, so it is held against the paper order here.',
    action: 'Record the wallet',
  },
  assign: {
    title: 'Assign a key and check it',
    who: 'The administrator reads the words aloud, the witness writes them down.',
    say: 'CoinCover’s enclave makes a key for this wallet and signs it. Coldroom checks that signature and what it is bound to before it is used for anything. Then people confirm the key itself.',
    action: 'Have a key assigned',
  },
  secrets: {
    title: 'Choose the secrets',
    who: 'The administrator chooses, the witness compares the names with the paper order.',
    say: 'Choose the file that holds the secret, or several. Only names and sizes are looked at now; the files are read once, when they are sealed, and are never copied.',
    action: 'Choose files',
  },
  seal: {
    title: 'Seal',
    who: 'The administrator chooses how, the witness confirms.',
    say: 'Each file is encrypted on this computer for the key that was just checked. From here on, only CoinCover’s enclave can open what leaves. The files themselves stay where they are, unchanged.',
    action: 'Seal',
  },
  store: {
    title: 'Store with CoinCover',
    who: 'The administrator sends, the witness reads the backup IDs.',
    say: 'Only the sealed items are sent. Before each one leaves, the ledger notes that it is being sent, so that whatever happens now can be told afterwards. CoinCover answers with a backup ID for each.',
    action: 'Send to CoinCover',
  },
  verify: {
    title: 'Verify key and backup',
    who: 'The witness reads the results aloud.',
    say: 'Coldroom has asked CoinCover whether it holds the key and every backup, and says what came back. Only a plain yes counts. A no stops the ceremony.',
    action: 'Ask CoinCover again',
  },
  recover: {
    title: 'Get it back',
    who: 'The administrator starts, the witness reads the result.',
    say: 'A backup is worth what its recovery is worth. The stand-in now plays a granted recovery request: it releases the private key and what it stores. Coldroom opens both and compares, byte by byte, with the files that went in.',
    action: 'Play the recovery',
  },
  checklist: {
    title: 'Production checklist',
    who: 'The witness reads each point aloud, the administrator answers.',
    say: 'Coldroom has checked what a computer can check. The rest only people know. A no does not stop a rehearsal: it is kept as an open point.',
    action: 'Record the answers',
  },
  close: {
    title: 'Close',
    who: 'Both sign for the last time.',
    say: 'Look at the record once more. After this, nothing can be added to this ceremony. The backups stay in the ledger, and Coldroom says when a drill is due.',
    action: 'Close the ceremony',
  },
  network: {
    title: 'Off every network',
    who: 'The administrator shows cable and switches, the witness compares with the screen.',
    say: 'A cold station sees secrets, so it must reach nothing. Coldroom itself has no way to connect here; this step shows what the computer around it could do. Pull the cable, switch Wi-Fi and Bluetooth off, then look.',
    action: 'Look at the network',
  },
  signer: {
    title: 'Compare the signing key',
    who: 'The administrator reads the words aloud, the witness follows on CoinCover’s card.',
    say: 'Every key pack is signed by CoinCover’s enclave. This station believes that signature only if people have compared the enclave’s signing key with CoinCover’s card, here, on this station.',
    action: 'Compare the signing key',
  },
  wallets: {
    title: 'Wallets, each HOT or COLD',
    who: 'The witness reads the paper order aloud, the administrator types.',
    say: 'Each wallet gets one key. CoinCover keeps it either HOT, ready online, or COLD, offline and fetched by people. There is no default, and each choice is typed. The cold station compares it with the paper order once more.',
    action: 'Add this wallet',
  },
  keys: {
    title: 'Assign the keys and check them',
    who: 'The administrator reads the words aloud, the witness writes them down.',
    say: 'CoinCover’s enclave makes a key for each wallet and signs it. Coldroom checks each signature and what it is bound to. Then people read the words of each key: the same words are read again at the cold station.',
    action: 'Have the keys assigned',
  },
  packs: {
    title: 'Bring the key packs',
    who: 'The witness reads the words from the paper, the administrator follows here.',
    say: 'Bring the stick from the online station, or hold its codes before the camera. This station checks every key again by itself. Then compare the words of each key, and type HOT or COLD as the paper order says it.',
    action: 'Bring key packs',
  },
  items: {
    title: 'Bring the sealed items',
    who: 'The administrator brings the stick, the witness compares the count with the label.',
    say: 'What the cold station sealed comes here, and nothing else: each item is held against the key it names, and the list that came with them shows what is missing or was added on the way.',
    action: 'Bring sealed items',
  },
  receipts: {
    title: 'Bring the receipts home',
    who: 'The administrator brings the stick, the witness reads the results.',
    say: 'Each receipt says what CoinCover holds. This station compares it with what it sealed itself: the key, the ciphertext, the checksum and the size.',
    action: 'Bring receipts',
  },
  carry: {
    title: 'Carry it over',
    who: 'The administrator writes the stick, the witness writes its label.',
    say: 'Everything for the other station goes onto a stick, with a signed list of it, or over the screen as codes. What is written is read back from the stick before it counts.',
    action: 'Write to a stick or a folder',
  },
  backups: {
    title: 'Which backups, and why',
    who: 'The witness reads the written order aloud, the administrator chooses.',
    say: 'A recovery brings a secret back into the open, so it begins with an order and a reason. Choose backups of one key: CoinCover releases key by key.',
    action: 'Record the backups',
  },
  request: {
    title: 'The request and its pair',
    who: 'The administrator makes the pair, the witness reads its fingerprint aloud.',
    say: 'CoinCover encrypts what it releases to an OpenPGP pair, which is made here. The private half leaves Coldroom once, into a file under a passphrase. The public half goes to CoinCover with the request.',
    action: 'Make the pair',
  },
  released: {
    title: 'Open what was released',
    who: 'The administrator opens, the witness reads what was found.',
    say: 'CoinCover may take days: pause the ceremony meanwhile. Then Coldroom opens the packages in memory and says what each holds, whatever it is called. Nothing of it is written or kept.',
    action: 'Open the packages',
  },
  result: {
    title: 'Get the secret back',
    who: 'The administrator types, the witness reads the result.',
    say: 'The packages are opened once more, and with them the backups. What comes out is compared with the ledger, and written only if it is what was sealed. A passphrase that is wrong three times ends this step.',
    action: 'Open, compare and write',
  },
  wipe: {
    title: 'What is left lying about',
    who: 'The witness reads each point aloud, the administrator answers.',
    say: 'The secret is readable again, and so is everything that opens it. See to that now, while everybody is here.',
    action: 'Record the answers',
  },
} as const;

export type StepName = keyof typeof STEPS;

/** The points of the checklist that only people can answer. */
export const POINTS: Readonly<Record<string, { readonly label: string; readonly why: string }>> = {
  'host-confirmed': {
    label: 'Our account manager confirmed the host name shown above.',
    why: 'CoinCover asks for this. A host left over from testing stores nothing of worth.',
  },
  'kept-as-ordered': {
    label: 'HOT or COLD is what the signed order says.',
    why: 'The enclave’s signature does not cover it.',
  },
  'other-copies': {
    label: 'Every other copy of these secrets is kept until a first drill has passed.',
    why: 'A backup that nobody has checked twice is not yet a backup.',
  },
  'recovery-people': {
    label: 'It is settled in writing who may ask CoinCover for a recovery.',
    why: 'Recovery is asked for and granted by people, in CoinCover Control.',
  },
  'failures-rehearsed': {
    label: 'We have rehearsed what to do when a call fails.',
    why: 'An expired key, a refused request, a connection lost while storing: the rehearsal shows them all.',
  },
};

/** The modes of sealing: what each is for, and its limit. */
export const MODES: Readonly<Record<string, { readonly label: string; readonly why: string }>> = {
  auto: { label: 'As recommended for each file', why: 'The simplest form that holds it: direct up to 446 bytes, envelope above.' },
  direct: {
    label: 'Direct',
    why: 'Up to 446 bytes. CoinCover decrypts it once and compares its checksum. Opens with one openssl command.',
  },
  passphrase: {
    label: 'Passphrase, then direct',
    why: 'Up to 410 bytes. Whoever recovers it needs your passphrase, too. Better for anything that a person made up.',
  },
  envelope: {
    label: 'Envelope',
    why: 'Any size up to the limit. A fresh key for the file, wrapped for CoinCover. No checksum comes back.',
  },
  'envelope+passphrase': { label: 'Passphrase, then envelope', why: 'Any size up to the limit, and your passphrase is needed to open it.' },
};
