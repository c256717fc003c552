import { parseSignWith } from '../../main/attestation/index.ts';
import type { OutputOf } from '../../main/operations/index.ts';
import { usage, type Arguments } from './arguments.ts';
import { given, need, noWords, type Command } from './command.ts';
import { checkLine, lines, shownPath } from './text.ts';

const ASSIGN_OPTIONS = {
  environment: 'text',
  user: 'text',
  'key-environment': 'text',
  'key-type': 'text',
  account: 'text',
  'customer-id': 'text',
  'customer-name': 'text',
  'package-id': 'text',
  'package-name': 'text',
  'sign-with': 'text',
} as const;

/** What talks to CoinCover. */
export const SERVICE_COMMANDS: readonly Command[] = [
  {
    words: ['login'],
    synopsis: '--environment E   (the token on standard input)',
    summary: 'Keeps the environment’s API key in the keychain.',
    options: { environment: 'text' },
    operation: 'login',
    input: async (parsed, sources) => {
      noWords(parsed);
      return { environment: need(parsed, 'environment'), token: await sources.readToken() };
    },
    text: (output) => lines(`API key set for ${(output as OutputOf<'login'>).environment}`),
  },
  {
    words: ['logout'],
    synopsis: '--environment E',
    summary: 'Removes the environment’s API key from the keychain.',
    options: { environment: 'text' },
    operation: 'logout',
    input: (parsed) => {
      noWords(parsed);
      return { environment: need(parsed, 'environment') };
    },
    text: (output) => lines(`API key removed for ${(output as OutputOf<'logout'>).environment}`),
  },
  {
    words: ['assign'],
    synopsis:
      '--environment E --user ID --key-environment HOT|COLD [--key-type rsa4096] [--account institution|partner] [--customer-id … --customer-name … --package-id … --package-name …] [--sign-with a,b|none] --out FILE   or   --recheck ID --out FILE',
    summary: 'Has a key assigned, verifies the enclave’s signature over it, writes the key pack.',
    options: { ...ASSIGN_OPTIONS, recheck: 'text', out: 'path' },
    operation: 'assign',
    input: (parsed) => {
      noWords(parsed);
      return parsed.options['recheck'] === undefined ? assignInput(parsed) : recheckInput(parsed);
    },
    text: (output) => {
      const assigned = output as OutputOf<'assign'>;
      return lines(
        ...assigned.checks.map(checkLine),
        `assignment ${assigned.assignment_id ?? 'none'}: ${assigned.state}`,
        assigned.key_id === null ? null : `key ${assigned.key_id}`,
        assigned.fingerprint === null ? null : `fingerprint ${assigned.fingerprint}`,
        `${assigned.key_environment}, as asked for (not among the signed fields)`,
        assigned.file === null ? null : `key pack ${shownPath(assigned.file)}`,
      );
    },
  },
  {
    words: ['store'],
    synopsis: 'SEALED… --out DIR [--resolve-unknown resend|backup-id=ID]',
    summary: 'Sends sealed items to CoinCover, verifies key and backup, writes the receipts.',
    options: { out: 'path', 'resolve-unknown': 'text' },
    operation: 'store',
    input: (parsed) => {
      if (parsed.positionals.length === 0) throw usage('no sealed item was named');
      return { files: parsed.paths, out: need(parsed, 'out'), ...resolution(parsed) };
    },
    text: (output) =>
      lines(
        ...(output as OutputOf<'store'>).items.flatMap((one) => [
          `${shownPath(one.file)}: ${one.state ?? 'not read'}`,
          one.backup_id === null ? null : `  backup_id ${one.backup_id}`,
          one.key_check === null ? null : `  key ${one.key_check}, backup ${one.backup_check ?? 'unknown'}`,
          one.receipt === null ? null : `  receipt ${shownPath(one.receipt)}`,
        ]),
      ),
  },
  {
    words: ['verify'],
    synopsis: '(--key ID | --backup ID | --due | --all)',
    summary: 'A drill: asks CoinCover whether it still holds keys and backups.',
    options: { key: 'text', backup: 'text', due: 'flag', all: 'flag' },
    operation: 'verify',
    input: (parsed) => {
      noWords(parsed);
      const chosen = Object.entries(given(parsed, { key: 'key', backup: 'backup', due: 'due', all: 'all' }));
      const only = chosen[0];
      if (only === undefined || chosen.length > 1) throw usage('one of --key ID, --backup ID, --due and --all is wanted');
      const [which, id] = only;
      return { what: id === true ? { which } : { which, id } };
    },
    text: (output) => {
      const { results } = output as OutputOf<'verify'>;
      return lines(...results.map((one) => `${one.kind} ${one.id}: ${one.check}`), results.length === 0 ? 'nothing to verify' : null);
    },
  },
];

function assignInput(parsed: Arguments): unknown {
  const signWith = parsed.options['sign-with'];
  return {
    environment: need(parsed, 'environment'),
    user: need(parsed, 'user'),
    key_environment: need(parsed, 'key-environment'),
    ...given(parsed, {
      'key-type': 'key_type',
      account: 'account',
      'customer-id': 'customer_id',
      'customer-name': 'customer_name',
      'package-id': 'package_id',
      'package-name': 'package_name',
    }),
    ...(typeof signWith === 'string' ? { sign_with: parseSignWith(signWith) } : {}),
    out: need(parsed, 'out'),
  };
}

function recheckInput(parsed: Arguments): unknown {
  if (Object.keys(ASSIGN_OPTIONS).some((name) => parsed.options[name] !== undefined)) {
    throw usage('--recheck judges the kept answer as it was asked for, and takes no other option but --out');
  }
  return { recheck: need(parsed, 'recheck'), out: need(parsed, 'out') };
}

function resolution(parsed: Arguments): { resolve_unknown?: unknown } {
  const text = parsed.options['resolve-unknown'];
  if (text === undefined) return {};
  if (text === 'resend') return { resolve_unknown: { how: 'resend' } };
  const id = typeof text === 'string' && text.startsWith('backup-id=') ? text.slice('backup-id='.length) : null;
  if (id === null) throw usage('--resolve-unknown takes `resend` or `backup-id=ID`');
  return { resolve_unknown: { how: 'backup-id', backup_id: id } };
}
