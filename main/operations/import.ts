import { z } from 'zod';
import { readBoundedFile } from '../files/index.ts';
import { kindOf, MAX_DOCUMENT_BYTES, readDocument, type ReadDocument } from '../transfer/index.ts';
import { checkError, inputError, isColdroomError, quote, type ColdroomError } from '../values/index.ts';
import type { OperationContext } from './context.ts';
import { compareCarry, takeInCarryList, type CarryComparison } from './carry-list.ts';
import { documentKind, inputPath } from './fields.ts';
import { documentsIn, isFolder } from './folders.ts';
import { noteForeignFiles } from './foreign-files.ts';
import { defineOperation, EVERY_ROLE } from './operation.ts';
import { withStation, type Station } from './station.ts';
import { checkpointProblem } from './store.ts';
import { takeInKeyPack, takeInReceipt, takeInSealed, type TakenIn } from './take-in.ts';

const importedLine = z.object({
  file: z.string(),
  kind: documentKind.nullable(),
  id: z.string().nullable(),
  /**
   * `new` and `kept` are in the ledger now; what is refused left no trace there but that it was. `passed-over`: what this station wrote
   * itself, and station cards, which lie on a stick that goes there and back.
   */
  state: z.enum(['new', 'kept', 'passed-over', 'refused']),
  code: z.string().nullable(),
});
type Line = z.output<typeof importedLine>;

export const carryComparison = z.object({
  file: z.string(),
  document_id: z.string(),
  listed: z.number(),
  missing: z.array(z.object({ kind: z.string(), id: z.string() })),
  extra: z.array(z.string()),
});

/** What a stick brought: every document among the files, taken into the ledger one by one, key packs before what answers them. */
export const importDocuments = defineOperation({
  name: 'import',
  summary: 'take documents of paired stations into the ledger',
  roles: EVERY_ROLE,
  input: z.strictObject({ files: z.array(inputPath).min(1).max(10_000) }),
  output: z.object({ items: z.array(importedLine), carries: z.array(carryComparison) }),
  run: (context, input) =>
    withStation(context, 'import', async (station) => {
      const { lines, carries, problems } = await importFiles(context, station, await filesOf(context, input.files));
      return { output: { items: lines, carries }, problems };
    }),
});

/** A folder stands for the documents in it; what else lies there is told. @throws input `folder-empty`. */
export async function filesOf(context: OperationContext, paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) {
      files.push(path);
      continue;
    }
    const inside = await documentsIn(path);
    if (inside.length === 0) {
      throw inputError('folder-empty', `the folder ${quote(path)} holds no document`, { hint: 'name the folder that the stick brought' });
    }
    files.push(...inside);
    await noteForeignFiles(context, path);
  }
  return files;
}

type Found = { readonly file: string; readonly read: ReadDocument };

/** Names that a hint tells; the output has them all. */
const MAX_NAMES = 8;

const ORDER = { keypack: 0, sealed: 1, receipt: 2, carry: 3, station: 4 } as const;

/**
 * Takes in documents that lie somewhere. One that is refused does not keep the others out; its refusal is recorded.
 * A carry list among them is held against what lies beside it.
 */
export async function importFiles(
  context: OperationContext,
  station: Station,
  files: readonly string[],
): Promise<{ lines: Line[]; carries: z.output<typeof carryComparison>[]; problems: ColdroomError[] }> {
  const lines: Line[] = [];
  const problems: ColdroomError[] = [];
  const found: Found[] = [];
  for (const file of files) {
    try {
      found.push({ file, read: readDocument(await readBoundedFile(file, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the document' }), file) });
    } catch (error) {
      refuse(station, { file, kind: null, id: null }, error, lines, problems);
    }
  }
  let receipts = 0;
  const carries: CarryComparison[] = [];
  for (const one of found.toSorted(inOrder)) {
    const { document } = one.read;
    const about = { file: one.file, kind: kindOf(document), id: document.id };
    if (document.station.id === station.id || about.kind === 'station') {
      if (document.station.id === station.id) problems.push(...ownHistoryProblem(station, document));
      lines.push({ ...about, state: 'passed-over', code: null });
      continue;
    }
    try {
      const taken = takeIn(context, station, one, found, carries);
      lines.push({ ...about, state: taken.isNew ? 'new' : 'kept', code: taken.problems[0]?.code ?? null });
      problems.push(...taken.problems);
      if (taken.isNew && about.kind === 'receipt') receipts += 1;
    } catch (error) {
      refuse(station, about, error, lines, problems);
    }
  }
  if (receipts > 0) problems.push(...(await checkpointProblem(station)));
  return { lines, carries, problems };
}

/** What is answered before what answers it; of two of a kind the older first, which would be a replay after the newer. */
function inOrder({ read: { document: a } }: Found, { read: { document: b } }: Found): number {
  return ORDER[kindOf(a)] - ORDER[kindOf(b)] || a.ledger_seq - b.ledger_seq;
}

function takeIn(
  context: OperationContext,
  station: Station,
  { file, read }: Found,
  all: readonly Found[],
  carries: CarryComparison[],
): TakenIn {
  const { document } = read;
  switch (document.coldroom) {
    case 'keypack/1':
      return takeInKeyPack(context, station, { ...read, document }, file);
    case 'sealed/1':
      return takeInSealed(station, { ...read, document }, file);
    case 'receipt/1':
      return takeInReceipt(context, station, { ...read, document }, file);
    case 'carry/1': {
      const isNew = takeInCarryList(station, { ...read, document }, file);
      const comparison = compareCarry(document, file, all);
      carries.push(comparison);
      return { isNew, problems: carryProblems(comparison) };
    }
    case 'station/1':
      throw new TypeError('a card was passed over');
  }
}

/**
 * What this station wrote before comes back with the head that its ledger had then: the same head must stand there still. A
 * ledger that was rebuilt begins after all that was written before it.
 */
function ownHistoryProblem(station: Station, document: ReadDocument['document']): ColdroomError[] {
  const { ledger_seq: seq, ledger_head: head } = document;
  const here = station.ledger.digestAt(seq);
  if (here === head || (here === null && seq < station.ledger.firstSeq())) return [];
  const problem = checkError(
    'ledger-rolled-back',
    `this station wrote a document at event ${seq.toString()} of its ledger, which ${here === null ? 'the ledger does not reach any more' : 'holds another history now'}`,
    { hint: 'stop; this ledger was set back: find out who put an older copy in its place' },
  );
  station.recordRefusal('import', problem, document.id);
  return [problem];
}

/** What is missing or was added since the list was signed. */
function carryProblems(comparison: CarryComparison): ColdroomError[] {
  const { file, missing, extra } = comparison;
  return [
    missing.length === 0
      ? null
      : checkError(
          'carry-missing',
          `${missing.length.toString()} of ${comparison.listed.toString()} documents listed in ${quote(file)} are not here, or not as they were`,
          {
            hint: `missing: ${named(missing.map((one) => `${one.kind} ${one.id}`))}; fetch them from the other station`,
          },
        ),
    extra.length === 0
      ? null
      : checkError('carry-extra', `${extra.length.toString()} documents lie here that ${quote(file)} does not list`, {
          hint: `extra: ${named(extra.map(quote))}; find out who put them there`,
        }),
  ].filter((problem) => problem !== null);
}

/** The first few, and how many more there are. */
function named(names: readonly string[]): string {
  const told = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${told} and ${(names.length - MAX_NAMES).toString()} more` : told;
}

function refuse(
  station: Station,
  about: Pick<Line, 'file' | 'kind' | 'id'>,
  error: unknown,
  lines: Line[],
  problems: ColdroomError[],
): void {
  if (!isColdroomError(error)) throw error;
  if (error.family === 'check') station.recordRefusal('import', error, about.id);
  lines.push({ ...about, state: 'refused', code: error.code });
  problems.push(error);
}
