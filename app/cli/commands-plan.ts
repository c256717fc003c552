import type { OutputOf } from '../../main/operations/index.ts';
import { given, need, noWords, words, type Command } from './command.ts';
import { counted, lines, shownPath, wordsInRows } from './text.ts';

/** What is to happen, said before anybody is in the room. None of these needs a station. */
export const PLAN_COMMANDS: readonly Command[] = [
  {
    words: ['plan', 'new'],
    synopsis: '--out FILE [--from WALLETS.csv]',
    summary: 'Writes a plan to fill in, and beside it a guide that says what each member means.',
    options: { out: 'path', from: 'path' },
    operation: 'plan.new',
    input: (parsed) => {
      noWords(parsed);
      return { out: need(parsed, 'out'), ...given(parsed, { from: 'from' }) };
    },
    text: (output) => {
      const { file, guide, wallets, items, findings } = output as OutputOf<'plan.new'>;
      return lines(
        `plan  ${shownPath(file)}`,
        `guide ${shownPath(guide)}`,
        `${counted(wallets, 'wallet')}, ${counted(items, 'item')}, ${counted(findings.length, 'member')} to fill in or mend`,
      );
    },
  },
  {
    words: ['plan', 'check'],
    synopsis: 'FILE',
    summary: 'Finds what is wrong with a plan or contradicts itself in it, each with its place; where nothing is, its digest as words.',
    options: {},
    operation: 'plan.check',
    input: (parsed) => {
      words(parsed, ['the plan']);
      return { file: parsed.paths[0] };
    },
    text: (output) => {
      const { ok, digest, words: digestWords, findings, remarks } = output as OutputOf<'plan.check'>;
      const line = (mark: string) => (one: { place: string; message: string }) =>
        `${mark} ${one.place === '' ? '' : `${one.place}: `}${one.message}`;
      return lines(
        ok ? 'nothing in this plan contradicts itself' : counted(findings.length, 'finding'),
        ...findings.map(line('FAIL ')),
        ...remarks.map(line('amber')),
        digest === null ? null : `digest ${digest}`,
        ...wordsInRows(digestWords ?? []),
      );
    },
  },
  {
    words: ['plan', 'sheet'],
    synopsis: 'FILE --out FILE.pdf [--paper a4|letter]',
    summary: 'Prints a plan for approval, with boxes for initials and its digest in words.',
    options: { out: 'path', paper: 'text' },
    operation: 'plan.sheet',
    input: (parsed) => {
      words(parsed, ['the plan']);
      return { file: parsed.paths[0], out: need(parsed, 'out'), ...given(parsed, { paper: 'paper' }) };
    },
    text: (output) => {
      const { file, sha256, digest } = output as OutputOf<'plan.sheet'>;
      return lines(`printed ${shownPath(file)}`, `digest  ${digest}`, `SHA-256 of the print ${sha256}`);
    },
  },
];
