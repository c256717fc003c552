import { usage } from './arguments.ts';
import { given, noWords, words, type Command } from './command.ts';
import { lines, shownPath, wordsInRows } from './text.ts';
import type { OutputOf } from '../../main/operations/index.ts';

/** What crosses between two stations. */
export const CARRY_COMMANDS: readonly Command[] = [
  {
    words: ['pair'],
    synopsis: '--out FILE   or   --in FILE [--fingerprint HEX] [--succeeds OLD_ID]',
    summary: 'Writes this station’s card, or shows another’s to compare and pairs with the one named.',
    options: { out: 'path', in: 'path', fingerprint: 'text', succeeds: 'text' },
    operation: 'pair',
    input: (parsed) => {
      noWords(parsed);
      const { out, in: card } = parsed.options;
      if ((out === undefined) === (card === undefined)) throw usage('one of --out FILE and --in FILE is wanted');
      if (out !== undefined && (parsed.options['fingerprint'] ?? parsed.options['succeeds']) !== undefined) {
        throw usage('--fingerprint and --succeeds go with --in');
      }
      if (parsed.options['succeeds'] !== undefined && parsed.options['fingerprint'] === undefined) {
        throw usage('--succeeds goes with --fingerprint');
      }
      return given(parsed, { out: 'out', in: 'in', fingerprint: 'fingerprint', succeeds: 'succeeds' });
    },
    text: (output) => {
      const { confirm, paired, file } = output as OutputOf<'pair'>;
      return lines(
        ...(confirm ?? []).flatMap((one) => [
          `${one.role} station ${JSON.stringify(one.name)}`,
          `fingerprint ${one.fingerprint}`,
          ...wordsInRows(one.words),
        ]),
        paired === null ? null : `paired with the ${paired.role} station ${JSON.stringify(paired.name)}, ${paired.station_id}`,
        file === null ? null : `station card ${shownPath(file)}`,
      );
    },
  },
  {
    words: ['pair', 'list'],
    synopsis: '',
    summary: 'The stations that this one knows.',
    options: {},
    operation: 'pair.list',
    input: (parsed) => {
      noWords(parsed);
      return {};
    },
    text: (output) => {
      const { stations } = output as OutputOf<'pair.list'>;
      return lines(
        ...stations.flatMap((one) => [
          `${one.state}\t${one.role}\t${JSON.stringify(one.name)}\t${one.station_id}`,
          one.last_seen === null ? null : `  its ledger was last seen at ${one.last_seen.seq.toString()}:${one.last_seen.head}`,
        ]),
        stations.length === 0 ? 'none' : null,
      );
    },
  },
  {
    words: ['pair', 'remove'],
    synopsis: 'HEX',
    summary: 'Unpairs a station: nothing new of it is read any more.',
    options: {},
    operation: 'pair.remove',
    input: (parsed) => ({ station_id: words(parsed, ['the fingerprint'])[0] }),
    text: (output) => {
      const { station } = output as OutputOf<'pair.remove'>;
      return lines(`${JSON.stringify(station.name)} is ${station.state}`);
    },
  },
  {
    words: ['network'],
    synopsis: '',
    summary: 'What this machine could reach: interfaces, routes, Wi-Fi, Bluetooth.',
    options: {},
    operation: 'network.show',
    input: (parsed) => {
      noWords(parsed);
      return {};
    },
    text: (output) => {
      const { gate, reasons, policy } = output as OutputOf<'network.show'>;
      return lines(`${gate}, by the policy ${policy}`, ...reasons.map((one) => `  ${one}`));
    },
  },
  {
    words: ['network', 'policy'],
    synopsis: 'warn|stop',
    summary: 'What a live network means on this station: it is shown, or nothing is sealed.',
    options: {},
    operation: 'network.policy',
    input: (parsed) => ({ policy: words(parsed, ['warn or stop'])[0] }),
    text: (output) => {
      const { policy } = output as OutputOf<'network.policy'>;
      return lines(`a live network now means: ${policy}`);
    },
  },
  {
    words: ['carry'],
    synopsis: 'DIR',
    summary: 'Signs a list of the documents in a folder, so that the other station sees what is missing or was added.',
    options: {},
    operation: 'carry',
    input: (parsed) => {
      words(parsed, ['the folder']);
      return { folder: parsed.paths[0] };
    },
    text: (output) => {
      const { file, documents, list_sha256: digest } = output as OutputOf<'carry'>;
      return lines(`${documents.toString()} document(s) listed in ${shownPath(file)}`, `digest ${digest}`);
    },
  },
  {
    words: ['import'],
    synopsis: 'FILE… | DIR',
    summary: 'Takes documents of paired stations into the ledger, and holds them against the carry list among them.',
    options: {},
    operation: 'import',
    input: (parsed) => {
      if (parsed.positionals.length === 0) throw usage('a document or a folder is missing');
      return { files: parsed.paths };
    },
    text: (output) => {
      const { items, carries } = output as OutputOf<'import'>;
      return lines(
        ...items.map(
          (one) =>
            `${one.state}\t${one.kind ?? 'unreadable'}\t${one.id ?? ''}\t${shownPath(one.file)}${one.code === null ? '' : `\t[${one.code}]`}`,
        ),
        ...carries.map(
          (one) =>
            `${one.listed.toString()} listed, ${one.missing.length.toString()} missing, ${one.extra.length.toString()} extra: ${shownPath(one.file)}`,
        ),
      );
    },
  },
  {
    words: ['ledger', 'compare'],
    synopsis: 'A B',
    summary: 'Compares the exports of two stations, item by item.',
    options: {},
    operation: 'ledger.compare',
    input: (parsed) => {
      words(parsed, ['the first export', 'the second export']);
      return { a: parsed.paths[0], b: parsed.paths[1] };
    },
    text: (output) => {
      const { agree, items, differences } = output as OutputOf<'ledger.compare'>;
      return lines(
        `${items.toString()} item(s), ${agree ? 'the two ledgers agree' : 'the two ledgers DIFFER'}`,
        ...differences.map((one) => `  ${one.item_id}\t${one.what}\t${one.a ?? 'not there'}\t${one.b ?? 'not there'}`),
      );
    },
  },
];
