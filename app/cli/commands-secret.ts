import type { OutputOf } from '../../main/operations/index.ts';
import { given, need, noWords, words, type Command } from './command.ts';
import { RECOVERY_COMMANDS } from './commands-recovery.ts';
import { checkLine, lines, shownPath } from './text.ts';

/** How far an item of a plan came in a rehearsal. */
const REHEARSED = {
  matches: 'came back, and its identifier is the planned one',
  'not-compared': 'came back, and was NOT compared with a planned identifier',
  'not-reached': 'NOT reached',
} as const;

/** What was found to be as a plan says. */
function plannedInWords({ kind, identifier }: NonNullable<OutputOf<'seal'>['items'][number]['planned']>): string {
  if (kind === 'opaque') return 'opaque, which nobody checked';
  return identifier === null ? `${kind}, and no identifier is planned` : `${kind}, ${identifier.type} ${identifier.value}`;
}

/** Documents, sealing, and with them recovery; rehearsal. */
export const SECRET_COMMANDS: readonly Command[] = [
  {
    words: ['check'],
    synopsis: 'FILE',
    summary: 'Verifies any Coldroom document, offline.',
    options: {},
    operation: 'check',
    input: (parsed) => {
      words(parsed, ['the document']);
      return { file: parsed.paths[0] };
    },
    text: (output) => {
      const checked = output as OutputOf<'check'>;
      return lines(
        `${checked.kind} ${checked.id}`,
        `signed by ${checked.signer}, ${checked.signer_known ? 'which this station knows' : 'which is not known here'}`,
        ...checked.checks.map(checkLine),
      );
    },
  },
  {
    words: ['document'],
    synopsis: 'ID --out FILE',
    summary: 'Writes a document from the ledger again, byte for byte.',
    options: { out: 'path' },
    operation: 'document',
    input: (parsed) => ({ id: words(parsed, ['the document’s id'])[0], out: need(parsed, 'out') }),
    text: (output) => lines(`wrote ${shownPath((output as OutputOf<'document'>).file)}`),
  },
  {
    words: ['seal'],
    synopsis:
      '--key KEYPACK --in FILE --out FILE [--mode auto|direct|passphrase|envelope|envelope+passphrase] [--passphrase-file F] [--send-name] [--plan FILE [--plan-digest HEX] [--item NAME] [--bip39-passphrase-file F] [--password-file F]]',
    summary: 'Encrypts a file, or every file of a folder, for the key of a key pack; by a plan, nothing that departs from it.',
    options: {
      key: 'path',
      in: 'path',
      out: 'path',
      mode: 'text',
      'passphrase-file': 'path',
      'send-name': 'flag',
      plan: 'path',
      'plan-digest': 'text',
      item: 'text',
      'bip39-passphrase-file': 'path',
      'password-file': 'path',
    },
    operation: 'seal',
    input: (parsed) => {
      noWords(parsed);
      return {
        key: need(parsed, 'key'),
        in: need(parsed, 'in'),
        out: need(parsed, 'out'),
        ...given(parsed, {
          mode: 'mode',
          'passphrase-file': 'passphrase_file',
          'send-name': 'send_name',
          plan: 'plan',
          'plan-digest': 'plan_digest',
          item: 'item',
          'bip39-passphrase-file': 'bip39_passphrase_file',
          'password-file': 'password_file',
        }),
      };
    },
    text: (output) =>
      lines(
        ...(output as OutputOf<'seal'>).items.flatMap((one) =>
          one.file === null
            ? [`${JSON.stringify(one.name)}: not sealed`]
            : [
                `${JSON.stringify(one.name)}: ${(one.size_bytes ?? 0).toString()} bytes, ${one.mode ?? ''}, item ${one.item_id ?? ''}`,
                one.planned === null ? null : `  as planned at ${one.planned.place}: ${plannedInWords(one.planned)}`,
                one.planned === null ? null : `  plan ${one.planned.plan}`,
                `  ${shownPath(one.file)}`,
              ],
        ),
      ),
  },
  ...RECOVERY_COMMANDS,
  {
    words: ['inspect'],
    synopsis: '--in FILE [--kind K] [--identifier TYPE[@PATH] …] [--bip39-passphrase-file F] [--password-file F]',
    summary: 'Says what a file holds, and its public identifiers, never a secret.',
    options: { in: 'path', kind: 'text', identifier: 'list', 'bip39-passphrase-file': 'path', 'password-file': 'path' },
    operation: 'inspect',
    input: (parsed) => {
      noWords(parsed);
      const asked = parsed.options['identifier'];
      return {
        in: need(parsed, 'in'),
        ...given(parsed, { kind: 'kind', 'bip39-passphrase-file': 'bip39_passphrase_file', 'password-file': 'password_file' }),
        identifiers: (Array.isArray(asked) ? asked.map(String) : []).map((text) => {
          const [type, ...path] = text.split('@');
          return { type, path: path.length === 0 ? null : path.join('@') };
        }),
      };
    },
    text: (output) => {
      const found = output as OutputOf<'inspect'>;
      return lines(
        `${found.kind}: ${found.kind === 'opaque' ? 'not checked' : found.valid ? 'passes its own checks' : 'NOT valid'}`,
        ...found.findings.map((one) => `  ${one.message}`),
        ...found.identifiers.map((one) => `${one.type}${one.path === null ? '' : ` ${one.path}`}: ${one.value}`),
      );
    },
  },
  {
    words: ['passphrase', 'new'],
    synopsis: '[--words N] --out FILE',
    summary: 'Draws a passphrase of 6 to 24 words and writes it to a new file, for its owner alone. It is never printed.',
    options: { words: 'number', out: 'path' },
    operation: 'passphrase.new',
    input: (parsed) => {
      noWords(parsed);
      return { out: need(parsed, 'out'), ...given(parsed, { words: 'words' }) };
    },
    text: (output) =>
      lines(
        `wrote a passphrase to ${shownPath((output as OutputOf<'passphrase.new'>).file)}`,
        'copy it onto a card, then remove the file; a disk may keep it longer than the file is there',
      ),
  },
  {
    words: ['passphrase', 'card'],
    synopsis: '--out FILE [--words N] [--paper a4|letter]',
    summary: 'Prints an empty card for 6 to 24 words, to fill in by hand for a tamper-evident bag.',
    options: { words: 'number', out: 'path', paper: 'text' },
    operation: 'passphrase.card',
    input: (parsed) => {
      noWords(parsed);
      return { out: need(parsed, 'out'), ...given(parsed, { words: 'words', paper: 'paper' }) };
    },
    text: (output) => lines(`wrote ${shownPath((output as OutputOf<'passphrase.card'>).file)}`),
  },
  {
    words: ['rehearse'],
    synopsis: '[--in FILE] [--keep]   or   --plan FILE [--in DIR] [--bip39-passphrase-file F] [--password-file F] [--keep]',
    summary:
      'The whole ceremony, or a whole plan, against the built-in stand-in: on real files, or on secrets made up for it. Needs no station.',
    options: { in: 'path', keep: 'flag', plan: 'path', 'bip39-passphrase-file': 'path', 'password-file': 'path' },
    operation: 'rehearse',
    input: (parsed) => {
      noWords(parsed);
      return given(parsed, {
        in: 'in',
        keep: 'keep',
        plan: 'plan',
        'bip39-passphrase-file': 'bip39_passphrase_file',
        'password-file': 'password_file',
      });
    },
    text: (output) => {
      const done = output as OutputOf<'rehearse'>;
      return lines(
        'REHEARSAL. Nothing here is held by CoinCover.',
        ...done.steps.map((step) => `${step.done ? 'done' : 'FAILED'}  ${step.number.toString()}. ${step.title}: ${step.result}`),
        ...(done.items ?? []).map(
          (one) =>
            `${one.place} ${JSON.stringify(one.name)}: ${REHEARSED[one.identifier ?? 'not-reached']}${one.made_up ? ', on a made-up secret' : ''}`,
        ),
        done.plan === null ? null : `plan      ${done.plan.digest}`,
        done.file_sha256 === null ? null : `file      ${done.file_sha256}`,
        done.items === null || done.recovered_sha256 !== null ? `recovered ${done.recovered_sha256 ?? 'nothing'}` : null,
        done.ok ? 'the same bytes came back' : 'the rehearsal did not reach its end',
        done.kept === null ? 'everything it made was removed again (--keep leaves it)' : `everything it made is in ${done.kept}`,
      );
    },
  },
  {
    words: ['rehearsal', 'serve'],
    synopsis: '[--port N] [--fault NAME]',
    summary: 'The built-in stand-in for CoinCover alone, on this machine, until it is stopped.',
    options: { port: 'number', fault: 'text' },
    operation: 'rehearsal.serve',
    input: (parsed) => {
      noWords(parsed);
      return given(parsed, { port: 'port', fault: 'fault' });
    },
    text: (output) => {
      const at = output as OutputOf<'rehearsal.serve'>;
      return lines(
        'REHEARSAL: a stand-in for CoinCover, on this machine alone',
        `api    ${at.api}`,
        `jwks   ${at.jwks}`,
        `token  ${at.token}`,
        `partner token ${at.partner_token}`,
        `account ${at.account_id}`,
        at.fault === null ? null : `fault  ${at.fault}`,
      );
    },
    staysOpen: true,
  },
];
