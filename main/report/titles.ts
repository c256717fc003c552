/** What a report and a printed script call each step. */
const TITLES: Readonly<Record<string, string>> = {
  people: 'People and room',
  'self-test': 'Self-test of this station',
  'sign-in': 'Environment and sign-in',
  wallet: 'The wallet, HOT or COLD',
  assign: 'A key assigned, and the enclave’s signature over it',
  secrets: 'The secrets chosen',
  seal: 'Sealed on this machine',
  store: 'Stored with CoinCover',
  verify: 'Key and backup verified',
  recover: 'Recovery rehearsed',
  checklist: 'Production checklist',
  close: 'Closed',
  network: 'Off every network',
  signer: 'The enclave’s signing key compared',
  wallets: 'The wallets, each HOT or COLD',
  keys: 'A key for every wallet',
  packs: 'Key packs brought and judged',
  items: 'Sealed items brought',
  receipts: 'Receipts brought home',
  carry: 'Carried to the other station',
};

/** A step of a later version goes by its id. */
export function stepTitle(id: string): string {
  return TITLES[id] ?? id;
}
