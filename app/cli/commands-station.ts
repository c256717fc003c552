import { usage } from './arguments.ts';
import { given, need, noWords, words, type Command } from './command.ts';
import { lines, selfCheckLines, wordsInRows } from './text.ts';
import type { OutputOf } from '../../main/operations/index.ts';

/** The station, its environments, its trust. */
export const STATION_COMMANDS: readonly Command[] = [
  {
    words: ['init'],
    synopsis: '--role single|cold|online [--name N] [--keychain os|file] [--keychain-passphrase-file F]',
    summary: 'Makes the station: home folder, ledger, station key.',
    options: { role: 'text', name: 'text', keychain: 'text' },
    operation: 'init',
    input: (parsed) => {
      noWords(parsed);
      return { role: need(parsed, 'role'), ...given(parsed, { name: 'name', keychain: 'keychain' }) };
    },
    text: (output) => {
      const { station, keychain, home, note } = output as OutputOf<'init'>;
      return lines(
        `made the ${station.role} station ${JSON.stringify(station.name)} in ${home}`,
        `fingerprint ${station.id}`,
        `keychain ${keychain}`,
        note,
      );
    },
  },
  {
    words: ['status'],
    synopsis: '',
    summary: 'What this station is; which environments have an API key and trust anchors.',
    options: {},
    operation: 'status',
    input: (parsed) => {
      noWords(parsed);
      return {};
    },
    text: (output) => {
      const { station, keychain, environments } = output as OutputOf<'status'>;
      return lines(
        `${station.role} station ${JSON.stringify(station.name)}`,
        `fingerprint ${station.id}`,
        `keychain ${keychain}`,
        ...environments.map((one) => `${one.name}: API key ${one.token}, ${one.anchors.toString()} confirmed signing key(s)`),
        environments.length === 0 ? 'no environment is set up yet' : null,
      );
    },
  },
  {
    words: ['self-check'],
    synopsis: '',
    summary:
      'Looks at program, machine and station: cryptography, ledger, keychain, folder, clock, network, memory. Exit 3 where a line failed.',
    options: {},
    operation: 'self-check',
    input: (parsed) => {
      noWords(parsed);
      return {};
    },
    text: (output) => {
      const { software, station, checks } = output as OutputOf<'self-check'>;
      return lines(
        `Coldroom ${software.version}, build ${software.sha256 ?? 'none: it runs from its sources'}`,
        station === null ? 'no station' : `${station.role} station ${JSON.stringify(station.name)}`,
        ...checks.flatMap(selfCheckLines),
      );
    },
  },
  {
    words: ['environment', 'set'],
    synopsis: 'NAME [--api URL --jwks URL] [--drill-days N] [--limit-bytes N] [--proxy URL] [--ca FILE]',
    summary: 'Sets up an environment: production, sandbox, rehearsal or custom. New hosts unpin its anchors and accounts.',
    options: { api: 'text', jwks: 'text', 'drill-days': 'number', 'limit-bytes': 'number', proxy: 'text', ca: 'path' },
    operation: 'environment.set',
    input: (parsed) => ({
      name: words(parsed, ['the environment’s name'])[0],
      ...given(parsed, { api: 'api', jwks: 'jwks', 'drill-days': 'drill_days', 'limit-bytes': 'limit_bytes', proxy: 'proxy', ca: 'ca' }),
    }),
    text: (output) => {
      const set = output as OutputOf<'environment.set'>;
      return lines(
        `${set.name}: ${set.api}`,
        `signing keys from ${set.jwks}`,
        set.proxy === null ? null : `proxy ${set.proxy}`,
        `drill every ${set.drill_days.toString()} days`,
        set.unpinned ? 'the hosts changed: its signing keys and accounts have to be confirmed again' : null,
      );
    },
  },
  {
    words: ['environment', 'list'],
    synopsis: '',
    summary: 'The environments that are set up.',
    options: {},
    operation: 'environment.list',
    input: (parsed) => {
      noWords(parsed);
      return {};
    },
    text: (output) => {
      const { environments } = output as OutputOf<'environment.list'>;
      return lines(...environments.map((one) => `${one.name}\t${one.api}\t${one.jwks}`), environments.length === 0 ? 'none' : null);
    },
  },
  {
    words: ['trust', 'add'],
    synopsis: '--environment E (--fetch | --jwks FILE) [--fingerprint HEX]   or   --environment E --account-id ID',
    summary: 'Shows the signing keys to confirm, or pins the one named; or pins an account.',
    options: { environment: 'text', fetch: 'flag', jwks: 'path', fingerprint: 'text', 'account-id': 'text' },
    operation: 'trust.add',
    input: (parsed) => {
      noWords(parsed);
      const { fetch, jwks, 'account-id': accountId } = parsed.options;
      if ([fetch, jwks, accountId].filter((one) => one !== undefined).length !== 1) {
        throw usage('one of --fetch, --jwks FILE and --account-id ID is wanted');
      }
      const environment = need(parsed, 'environment');
      if (accountId !== undefined) {
        if (parsed.options['fingerprint'] !== undefined) throw usage('--fingerprint does not go with --account-id');
        return { environment, account_id: accountId };
      }
      return { environment, source: jwks === undefined ? 'fetch' : { jwks }, ...given(parsed, { fingerprint: 'fingerprint' }) };
    },
    text: (output) => {
      const { confirm, pinned, account } = output as OutputOf<'trust.add'>;
      return lines(
        ...(confirm ?? []).flatMap((one) => [`signing key ${one.fingerprint}`, ...wordsInRows(one.words)]),
        pinned === null ? null : `${pinned.environment}: confirmed ${pinned.fingerprint}`,
        account === null ? null : `${account.environment}: confirmed account ${JSON.stringify(account.account_id)}`,
      );
    },
  },
  ...(['retire', 'revoke'] as const).map((verb): Command => ({
    words: ['trust', verb],
    synopsis: 'HEX [--environment E]',
    summary:
      verb === 'retire'
        ? 'Retires a signing key: only key packs that this station already holds may rest on it.'
        : 'Revokes a signing key, for good: nothing may rest on it any more.',
    options: { environment: 'text' },
    operation: `trust.${verb}`,
    input: (parsed) => ({ fingerprint: words(parsed, ['the fingerprint'])[0], ...given(parsed, { environment: 'environment' }) }),
    text: (output) => {
      const { anchors } = output as OutputOf<'trust.retire'>;
      return lines(...anchors.map((one) => `${one.environment}: ${one.fingerprint} is ${one.state}`));
    },
  })),
  {
    words: ['trust', 'list'],
    synopsis: '',
    summary: 'The pinned signing keys and accounts.',
    options: {},
    operation: 'trust.list',
    input: (parsed) => {
      noWords(parsed);
      return {};
    },
    text: (output) => {
      const { anchors, accounts } = output as OutputOf<'trust.list'>;
      return lines(
        ...anchors.map((one) => `${one.environment}\tsigning key\t${one.fingerprint}\t${one.state}`),
        ...accounts.map((one) => `${one.environment}\taccount\t${JSON.stringify(one.account_id)}`),
        anchors.length + accounts.length === 0 ? 'nothing is pinned' : null,
      );
    },
  },
];
