import type { OutputOf } from '../../main/operations/index.ts';
import { usage, type Arguments } from './arguments.ts';
import { given, need, noWords, type Command } from './command.ts';
import { lines, shownPath } from './text.ts';

/** What was found in a package, in words. */
const FOUND = {
  'private-key': 'the private key',
  'encrypted-private-key': 'the private key, under a passphrase of its own',
  ciphertext: 'a ciphertext',
  sealed: 'a sealed item',
  archive: 'an archive (ZIP), as CoinCover’s own program writes one: it was not unpacked',
  unknown: 'nothing that Coldroom knows',
} as const;

type Compared = NonNullable<OutputOf<'recover'>['identifier']>;

const NOT_COMPARED = {
  'no-identifier': 'none is planned',
  'bip39-passphrase-missing': 'it needs the BIP-39 passphrase (--bip39-passphrase-file FILE)',
  'password-missing': 'it needs the key file’s password (--password-file FILE)',
  exception: 'it was sealed as an exception, though it was no valid one',
} as const;

/** Whether it is the right secret, as people say it. */
function comparedInWords({ by, kind, type, found, planned, result, reason }: Compared): string {
  const what = kind === 'bip39' ? 'phrase' : kind === 'opaque' ? 'secret' : 'key';
  const who = by === 'ledger' ? 'the ledger' : 'the plan';
  if (result === 'not-compared') return `NOT compared with an identifier: ${NOT_COMPARED[reason ?? 'no-identifier']}`;
  if (result === 'differs') return `ANOTHER secret than ${who} says: ${type ?? 'it'} ${found ?? 'none'}, not ${planned ?? 'valid'}`;
  const isAddress = /^(bitcoin-|ethereum$|solana$)/.test(type ?? '');
  return isAddress
    ? `this ${what} controls ${found ?? ''}, as ${who} says`
    : `this ${what} has the ${type ?? ''} ${found ?? ''}, as ${who} says`;
}

/** From a request for a release to the secret. */
export const RECOVERY_COMMANDS: readonly Command[] = [
  {
    words: ['recover'],
    synopsis:
      '(--sealed FILE or --ciphertext FILE) --private-key PEM, or --openpgp-package FILE … --openpgp-key FILE [--openpgp-passphrase-file F] with what the packages lack; [--private-key-passphrase-file F] [--passphrase-file F] [--plan FILE [--item NAME]] [--bip39-passphrase-file F] [--password-file F] [--accept-mismatch] --out FILE',
    summary:
      'Opens what CoinCover released: its packages, or a private key with a sealed item or a ciphertext. Local only; needs no station.',
    options: {
      'openpgp-package': 'paths',
      'openpgp-key': 'path',
      'openpgp-passphrase-file': 'path',
      sealed: 'path',
      ciphertext: 'path',
      'private-key': 'path',
      'private-key-passphrase-file': 'path',
      'passphrase-file': 'path',
      'accept-mismatch': 'flag',
      plan: 'path',
      item: 'text',
      'bip39-passphrase-file': 'path',
      'password-file': 'path',
      out: 'path',
    },
    operation: 'recover',
    input: (parsed) => {
      noWords(parsed);
      return {
        ...sourceOf(parsed),
        ...given(parsed, {
          'openpgp-package': 'packages',
          'openpgp-key': 'openpgp_key',
          'openpgp-passphrase-file': 'openpgp_passphrase_file',
          'private-key': 'private_key',
          'private-key-passphrase-file': 'private_key_passphrase_file',
          'passphrase-file': 'passphrase_file',
          'accept-mismatch': 'accept_mismatch',
          plan: 'plan',
          item: 'item',
          'bip39-passphrase-file': 'bip39_passphrase_file',
          'password-file': 'password_file',
        }),
        out: need(parsed, 'out'),
      };
    },
    text: (output) => {
      const { file, size_bytes: sizeBytes, checksum, found, identifier } = output as OutputOf<'recover'>;
      return lines(
        ...(found ?? []).map((one) => `${shownPath(one.package)}: ${FOUND[one.what]}`),
        file === null ? null : `recovered ${(sizeBytes ?? 0).toString()} bytes to ${shownPath(file)}`,
        file === null && checksum === 'unknown'
          ? null
          : `checksum ${checksum}${checksum === 'unknown' ? ': there was nothing to compare with' : ''}`,
        file === null || identifier === null ? null : comparedInWords(identifier),
      );
    },
  },
  {
    words: ['recover', 'folder'],
    synopsis:
      '--in DIR --private-key PEM [--private-key-passphrase-file F] [--passphrase-file F] [--plan FILE] [--bip39-passphrase-file F] [--password-file F] [--accept-mismatch] --out DIR',
    summary: 'Opens every sealed item of a folder with one private key, each into a file of its own. Local only; needs no station.',
    options: {
      in: 'path',
      'private-key': 'path',
      'private-key-passphrase-file': 'path',
      'passphrase-file': 'path',
      plan: 'path',
      'bip39-passphrase-file': 'path',
      'password-file': 'path',
      'accept-mismatch': 'flag',
      out: 'path',
    },
    operation: 'recover.folder',
    input: (parsed) => {
      noWords(parsed);
      return {
        in: need(parsed, 'in'),
        private_key: need(parsed, 'private-key'),
        ...given(parsed, {
          'private-key-passphrase-file': 'private_key_passphrase_file',
          'passphrase-file': 'passphrase_file',
          plan: 'plan',
          'bip39-passphrase-file': 'bip39_passphrase_file',
          'password-file': 'password_file',
          'accept-mismatch': 'accept_mismatch',
        }),
        out: need(parsed, 'out'),
      };
    },
    text: (output) => {
      const { items } = output as OutputOf<'recover.folder'>;
      const done = items.filter(({ file }) => file !== null).length;
      return lines(
        ...items.map(({ sealed, file, checksum, identifier, problem }) => {
          if (file === null) return `${shownPath(sealed)}: NOT recovered: ${problem?.message ?? ''}`;
          const compared = identifier === null ? '' : `; ${comparedInWords(identifier)}`;
          return `${shownPath(sealed)}: ${shownPath(file)}, checksum ${checksum}${compared}`;
        }),
        `${done.toString()} of ${items.length.toString()} recovered`,
      );
    },
  },
  {
    words: ['recovery', 'key'],
    synopsis: '--name N --out-public F --out-private F --passphrase-file F [--type curve25519|rsa4096]',
    summary: 'Makes the OpenPGP pair for a recovery request, the private half under its passphrase. Needs no station.',
    options: { name: 'text', 'out-public': 'path', 'out-private': 'path', 'passphrase-file': 'path', type: 'text' },
    operation: 'recovery.key',
    input: (parsed) => {
      noWords(parsed);
      return {
        name: need(parsed, 'name'),
        out_public: need(parsed, 'out-public'),
        out_private: need(parsed, 'out-private'),
        passphrase_file: need(parsed, 'passphrase-file'),
        ...given(parsed, { type: 'type' }),
      };
    },
    text: (output) => {
      const { fingerprint, public_file: publicFile, private_file: privateFile } = output as OutputOf<'recovery.key'>;
      return lines(
        `fingerprint ${fingerprint}`,
        `public  ${shownPath(publicFile)}  (goes to CoinCover, with the request)`,
        `private ${shownPath(privateFile)}  (stays here, under its passphrase)`,
      );
    },
  },
];

/** Without packages both halves must be named; what packages lack shows when they are open. */
function sourceOf(parsed: Arguments): object {
  const { sealed, ciphertext } = parsed.options;
  const hasPackages = parsed.options['openpgp-package'] !== undefined;
  if (sealed !== undefined && ciphertext !== undefined) throw usage('one of --sealed FILE and --ciphertext FILE is wanted, not both');
  if (!hasPackages) {
    if (sealed === undefined && ciphertext === undefined) throw usage('one of --sealed FILE and --ciphertext FILE is wanted');
    need(parsed, 'private-key');
  }
  if (sealed !== undefined) return { source: { sealed } };
  return ciphertext === undefined ? {} : { source: { ciphertext } };
}
