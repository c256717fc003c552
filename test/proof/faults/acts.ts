import type { Base } from './ground.ts';

/** One operation that writes, as it is carried out under faults. */
export type Act = {
  readonly name: string;
  readonly base: Base;
  /** As Ground.run takes it. */
  readonly command: string;
  readonly stdin?: string;
  /** The most POSTs that a run may send, and a second run of the same together with it; none where nothing is said. */
  readonly posts?: number;
  /** What the second run may end with beside 0: it says what the person has to do, and that is right after a run cut short. */
  readonly again: readonly string[];
  /** Files that stand whole or not at all once the run has ended, however it ended. */
  readonly makes?: readonly string[];
  /** The person asked for a secret in the clear; what a kill leaves of it has to be gone after the next start. */
  readonly clear?: boolean;
  /** It is sent again by a person's word, each time that the command is given: a second run may send as many, and CoinCover hold it twice. */
  readonly byWord?: boolean;
  /** It makes a lost ledger again: what was lost is back once a run of it has come to its end. */
  readonly restores?: boolean;
};

const E = '--environment rehearsal';

const DONE_ALREADY = ['output-exists'];
/** What a run was cut short in the middle of asking CoinCover for. */
const ASKED = ['service-409'];

/** On the command line, in the order of a station's life. */
export const COMMANDS: readonly Act[] = [
  { name: 'init', base: 'empty', command: 'init --role single --keychain file --name vault', again: ['station-exists'] },
  { name: 'environment set', base: 'station', command: 'environment set rehearsal --drill-days 31', again: [] },
  { name: 'login', base: 'station', command: `login ${E}`, stdin: 'another-token-of-some-length\n', again: [] },
  { name: 'logout', base: 'station', command: `logout ${E}`, again: [] },
  { name: 'trust add account', base: 'station', command: `trust add ${E} --account-id another-account`, again: [] },
  { name: 'trust add key', base: 'station', command: `trust add ${E} --fetch --fingerprint {signer}`, again: [] },
  { name: 'trust retire', base: 'station', command: 'trust retire {signer}', again: [] },
  { name: 'trust revoke', base: 'station', command: 'trust revoke {signer}', again: [] },
  { name: 'policy set', base: 'station', command: 'policy set @policy.json --administrator Ann', again: [] },
  { name: 'pair --out', base: 'station', command: 'pair --out @card.json', again: DONE_ALREADY, makes: ['card.json'] },
  { name: 'pair --in', base: 'station', command: 'pair --in @other.station.json --fingerprint {other}', again: [] },
  {
    name: 'assign',
    base: 'station',
    command: `assign ${E} --user another --key-environment COLD --out @made.json`,
    posts: 1,
    byWord: true,
    again: [...DONE_ALREADY, ...ASKED],
    makes: ['made.json'],
  },
  {
    name: 'assign, judged again',
    base: 'quarantined',
    command: 'assign --recheck {quarantined} --out @made.json',
    again: DONE_ALREADY,
    makes: ['made.json'],
  },
  {
    name: 'seal',
    base: 'station',
    command: 'seal --key @key.json --in @a.secret --out @made.json',
    again: DONE_ALREADY,
    makes: ['made.json'],
  },
  {
    name: 'seal under a passphrase',
    base: 'station',
    command: 'seal --key @key.json --in @b.secret --out @made.json --passphrase-file @pin',
    again: DONE_ALREADY,
    makes: ['made.json'],
  },
  {
    name: 'seal a folder',
    base: 'station',
    command: 'seal --key @key.json --in @in --out @made',
    again: [],
    makes: ['1', '2', '3'].map((name) => `made/${name}.sealed.json`),
  },
  { name: 'store data', base: 'station', command: 'store @a.sealed.json --out @receipts', posts: 1, again: ['outcome-unknown'] },
  {
    name: 'store two',
    base: 'station',
    command: 'store @a.sealed.json @b.sealed.json --out @receipts',
    posts: 2,
    again: ['outcome-unknown'],
  },
  {
    name: 'store, settled by its backup',
    base: 'unknown',
    command: 'store @u.sealed.json --out @receipts --resolve-unknown backup-id={held}',
    again: [],
  },
  {
    name: 'store, sent again by word',
    base: 'unknown',
    command: 'store @u.sealed.json --out @receipts --resolve-unknown resend',
    posts: 1,
    byWord: true,
    again: [],
  },
  { name: 'verify', base: 'station', command: 'verify --all', again: [] },
  { name: 'carry', base: 'station', command: 'carry @documents', again: ['carry-exists', 'output-exists'] },
  { name: 'import', base: 'station', command: 'import @documents', again: [] },
  { name: 'document', base: 'station', command: 'document {document} --out @made.json', again: DONE_ALREADY, makes: ['made.json'] },
  { name: 'ledger export', base: 'station', command: 'ledger export --out @made.json', again: DONE_ALREADY, makes: ['made.json'] },
  { name: 'ledger copy', base: 'station', command: 'ledger export --format copy --out @made.sqlite', again: DONE_ALREADY },
  { name: 'ledger rebuild', base: 'rebuild', command: 'ledger rebuild --from @documents', again: [], restores: true },
  { name: 'passphrase new', base: 'empty', command: 'passphrase new --out @made', again: DONE_ALREADY, clear: true },
  { name: 'plan new', base: 'empty', command: 'plan new --out @made.json', again: DONE_ALREADY, makes: ['made.json'] },
  { name: 'policy new', base: 'empty', command: 'policy new --out @made.json', again: DONE_ALREADY, makes: ['made.json'] },
  {
    name: 'recover',
    base: 'station',
    command: 'recover --sealed @a.sealed.json --private-key @key.pem --out @made',
    again: DONE_ALREADY,
    clear: true,
  },
  {
    name: 'recover a folder',
    base: 'station',
    command: 'recover folder --in @sealed --private-key @key.pem --out @made',
    again: DONE_ALREADY,
    clear: true,
  },
  {
    name: 'recovery key',
    base: 'empty',
    command: 'recovery key --name Ann --out-public @public.asc --out-private @private.asc --passphrase-file @passphrase',
    again: DONE_ALREADY,
  },
];

const at = (step: string, operation: string, members = ''): string =>
  `!${operation} {"ceremony":"{ceremony_${step}}"${members === '' ? '' : `,${members}`}}`;

/** Steps of a ceremony, as the window's main process carries them out. */
export const STEPS: readonly Act[] = [
  { name: 'ceremony begin', base: 'station', command: '!ceremony.begin {"script":"rehearsal","environment":"rehearsal"}', again: [] },
  {
    name: 'ceremony wallet',
    base: 'ceremony-wallet',
    command: at(
      'wallet',
      'ceremony.wallet',
      '"user_identifier":"w","account":"institution","customer_id":null,"customer_name":null,"package_id":null,"package_name":null,"key_environment":"COLD","typed":"COLD"',
    ),
    again: [],
  },
  {
    name: 'ceremony assign',
    base: 'ceremony-assign',
    command: at('assign', 'ceremony.assign'),
    posts: 1,
    again: ['step-not-ready', 'assignment-unknown-outcome'],
  },
  { name: 'ceremony choose', base: 'ceremony-secrets', command: at('secrets', 'ceremony.choose', '"files":["@seed.txt"]'), again: [] },
  {
    name: 'ceremony seal',
    base: 'ceremony-seal',
    command: at('seal', 'ceremony.seal', '"mode":"auto","passphrase":null,"send_name":false'),
    again: [],
  },
  {
    name: 'ceremony store',
    base: 'ceremony-store',
    command: at('store', 'ceremony.store', '"resolve":null'),
    posts: 1,
    again: ['outcome-unknown'],
  },
  { name: 'ceremony verify', base: 'ceremony-verify', command: at('verify', 'ceremony.verify'), again: [] },
  {
    name: 'ceremony pause',
    base: 'ceremony-seal',
    command: at('seal', 'ceremony.pause', '"reason":"lunch","initials":"AB"'),
    again: ['ceremony-paused'],
  },
  { name: 'ceremony sign-off', base: 'ceremony-sign', command: at('sign', 'sign'), again: ['step-not-ready'] },
  {
    name: 'ceremony abort',
    base: 'ceremony-seal',
    command: at('seal', 'ceremony.abort', '"reason":"not wanted","initials":["AB","CD"]'),
    again: ['ceremony-ended'],
  },
];

export const ACTS: readonly Act[] = [...COMMANDS, ...STEPS];

/** What is written to a stick: folders below `stick` are mounted from it. */
export const STICK_ACTS: readonly Act[] = [
  {
    name: 'seal to a stick',
    base: 'station',
    command: 'seal --key @key.json --in @a.secret --out @stick/made.json',
    again: DONE_ALREADY,
    makes: ['stick/made.json'],
  },
  {
    name: 'pair --out to a stick',
    base: 'station',
    command: 'pair --out @stick/card.json',
    again: DONE_ALREADY,
    makes: ['stick/card.json'],
  },
  {
    name: 'store with receipts on a stick',
    base: 'station',
    command: 'store @a.sealed.json --out @stick',
    posts: 1,
    again: ['outcome-unknown'],
  },
];
