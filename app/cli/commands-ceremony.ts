import type { OutputOf } from '../../main/operations/index.ts';
import { given, need, noWords, words, type Command } from './command.ts';
import { lines } from './text.ts';

/** Ceremonies, which are held in the window, as an auditor sees them. */
export const CEREMONY_COMMANDS: readonly Command[] = [
  {
    words: ['ceremony', 'list'],
    synopsis: '',
    summary: 'The ceremonies of this station, newest first.',
    options: {},
    operation: 'ceremony.list',
    input: (parsed) => {
      noWords(parsed);
      return {};
    },
    text: (output) => {
      const { ceremonies } = output as OutputOf<'ceremony.list'>;
      return lines(
        ...ceremonies.map(
          (one) => `${one.number.toString()}\t${one.state}\t${one.environment}\t${one.script}\t${one.begun_at}\t${one.ceremony_id}`,
        ),
        ceremonies.length === 0 ? 'none yet' : null,
      );
    },
  },
  {
    words: ['ceremony', 'script'],
    synopsis: '--script NAME --environment E --out FILE.pdf [--plan FILE] [--paper a4|letter]',
    summary: 'Prints a script beforehand, with boxes for initials, to run beside the screen. Needs no station.',
    options: { script: 'text', environment: 'text', out: 'path', plan: 'path', paper: 'text' },
    operation: 'ceremony.script',
    input: (parsed) => {
      noWords(parsed);
      return {
        script: need(parsed, 'script'),
        environment: need(parsed, 'environment'),
        out: need(parsed, 'out'),
        ...given(parsed, { plan: 'plan', paper: 'paper' }),
      };
    },
    text: (output) => {
      const printed = output as OutputOf<'ceremony.script'>;
      return lines(`printed ${printed.file}`, `${printed.steps.toString()} steps; SHA-256 ${printed.sha256}`);
    },
  },
  {
    words: ['ceremony', 'report'],
    synopsis: 'NUMBER|ID --out FILE.json [--pdf FILE.pdf] [--paper a4|letter]',
    summary: 'Writes the signed report of a ceremony that has ended, and its printed form.',
    options: { out: 'path', pdf: 'path', paper: 'text' },
    operation: 'ceremony.report',
    input: (parsed) => ({
      ceremony: words(parsed, ['the ceremony’s number or id'])[0],
      out: need(parsed, 'out'),
      ...given(parsed, { pdf: 'pdf', paper: 'paper' }),
    }),
    text: (output) => {
      const report = output as OutputOf<'ceremony.report'>;
      return lines(
        `report ${report.file}`,
        report.pdf === null ? null : `printed ${report.pdf}`,
        `digest ${report.sha256}`,
        report.words.join(' '),
      );
    },
  },
  {
    words: ['ceremony', 'escalation-report'],
    synopsis: 'NUMBER|ID [--out FILE.json]',
    summary: 'What CoinCover’s support needs of a ceremony: every ID, code and time, and no secret.',
    options: { out: 'path' },
    operation: 'ceremony.escalation-report',
    input: (parsed) => ({ ceremony: words(parsed, ['the ceremony’s number or id'])[0], ...given(parsed, { out: 'out' }) }),
    text: (output) => {
      const escalation = output as OutputOf<'ceremony.escalation-report'>;
      return lines(escalation.file === null ? null : `wrote ${escalation.file}`, escalation.text.trimEnd());
    },
  },
  {
    words: ['ceremony', 'check'],
    synopsis: 'REPORT.json [--pdf FILE.pdf] [--station HEX]',
    summary: 'Proves that a report, its printed form and, where it is here, the ledger agree. Needs no station.',
    options: { pdf: 'path', station: 'text' },
    operation: 'ceremony.check',
    input: (parsed) => ({ file: words(parsed, ['the report'])[0], ...given(parsed, { pdf: 'pdf', station: 'station' }) }),
    text: (output) => {
      const checked = output as OutputOf<'ceremony.check'>;
      return lines(
        `ceremony ${checked.number.toString()}, ${checked.state}: ${checked.ok ? 'everything holds' : 'DOES NOT HOLD'}`,
        `digest ${checked.sha256}`,
        checked.words.join(' '),
        checked.plan === null
          ? 'no plan'
          : `plan ${checked.plan.sha256}: ${checked.plan.lines.toString()} lines, ${checked.plan.departures.toString()} departures`,
        checked.plan === null ? null : checked.plan.words.join(' '),
        checked.pins === null
          ? 'initials without PINs, as its policy says'
          : `initials with PIN: ${checked.pins.with_pin.toString()}, without: ${checked.pins.without.toString()}`,
        `signed by station ${checked.signer}, ${checked.signer_known ? 'known' : 'NOT known here'}`,
        `${checked.rows.toString()} rows of its ledger, ${checked.rows_shown.toString()} in full; head at event ${checked.head.seq.toString()} ${checked.head.head}`,
        `ledger ${checked.ledger}; MACs ${checked.macs}; PDF ${checked.pdf ?? 'not given'}`,
        ...checked.findings.map((one) => `  ${one.seq === null ? '' : `event ${one.seq.toString()}: `}${one.message} [${one.code}]`),
      );
    },
  },
];
