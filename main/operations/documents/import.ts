import { resolve } from 'node:path';
import { z } from 'zod';
import { kindOf, type CarryList, type ReadDocument } from '../../transfer/index.ts';
import { checkError, inputError, isColdroomError, quote, type ColdroomError, firstNames } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { compareCarries, folderOf, takeInCarryList, type CarryComparison } from './carry-list.ts';
import { documentKind, inputPath } from '../fields.ts';
import { documentsIn, isFolder } from '../folders.ts';
import { noteForeignFiles } from './foreign-files.ts';
import { readIncoming } from './incoming.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';
import { isRefusal, refusalsAbout } from './refusals.ts';
import { withStation, type Station } from '../station/station.ts';
import { checkpointProblem } from '../station/checkpoint.ts';
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

/** What was brought: files, and the folders that were named to find some of them. */
export type Brought = { readonly files: readonly string[]; readonly folders: readonly string[] };

/** A folder stands for the documents in it; what else lies there is told. @throws input `folder-empty`, `folder-unreadable`. */
export async function filesOf(context: OperationContext, paths: readonly string[]): Promise<Brought> {
  const files: string[] = [];
  const folders: string[] = [];
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
    folders.push(path);
    await noteForeignFiles(context, path);
  }
  return { files, folders };
}

type Found = { readonly file: string; readonly read: ReadDocument };

/** Names that a hint tells; the output has them all. */
const MAX_NAMES = 8;

const ORDER = { keypack: 0, sealed: 1, receipt: 2, carry: 3, station: 4 } as const;

/**
 * Takes in documents that lie somewhere. One that is refused does not keep the others out; its refusal is recorded.
 * A carry list among them is held against what lies beside it; what it shows is recorded too.
 */
export async function importFiles(
  context: OperationContext,
  station: Station,
  { files, folders }: Brought,
): Promise<{ lines: Line[]; carries: z.output<typeof carryComparison>[]; problems: ColdroomError[] }> {
  const lines: Line[] = [];
  const problems: ColdroomError[] = [];
  const found: Found[] = [];
  for (const file of files) {
    try {
      found.push({ file, read: await readIncoming(file) });
    } catch (error) {
      refuse(station, { file, kind: null, id: null }, error, lines, problems);
    }
  }
  let receipts = 0;
  const lists: { file: string; list: CarryList; line: Line }[] = [];
  const taken: Found[] = [];
  for (const one of found.toSorted(inOrder)) {
    const { document } = one.read;
    const about = { file: one.file, kind: kindOf(document), id: document.id };
    if (document.station.id === station.id || about.kind === 'station') {
      if (document.station.id === station.id) problems.push(...ownHistoryProblem(station, document));
      lines.push({ ...about, state: 'passed-over', code: null });
      continue;
    }
    try {
      const came = refusalsAbout({ documentSha256: one.read.sha256 }, () => takeIn(context, station, one));
      const line: Line = { ...about, state: came.isNew ? 'new' : 'kept', code: came.problems[0]?.code ?? null };
      lines.push(line);
      problems.push(...came.problems);
      if (came.isNew && about.kind === 'receipt') receipts += 1;
      if (document.coldroom !== 'carry/1') taken.push(one);
      else if (!lists.some(({ file, list }) => list.id === document.id && folderOf(file) === folderOf(one.file)))
        lists.push({ file: one.file, list: document, line });
    } catch (error) {
      refuse(station, about, error, lines, problems);
    }
  }
  const carries = compareCarries(lists, found);
  carries.forEach((comparison, index) => {
    const shown = carryProblems(comparison);
    for (const problem of shown) station.recordRefusal('import', problem, comparison.document_id);
    const line = lists[index]?.line;
    if (line !== undefined) line.code = shown[0]?.code ?? null;
    problems.push(...shown);
  });
  noteUnlisted(context, folders, taken, lists);
  if (receipts > 0) problems.push(...(await checkpointProblem(station)));
  return { lines, carries, problems };
}

/** What is answered before what answers it; of two of a kind the older first, which would be a replay after the newer. */
function inOrder({ read: { document: a } }: Found, { read: { document: b } }: Found): number {
  return ORDER[kindOf(a)] - ORDER[kindOf(b)] || a.ledger_seq - b.ledger_seq;
}

function takeIn(context: OperationContext, station: Station, { file, read }: Found): TakenIn {
  const { document } = read;
  switch (document.coldroom) {
    case 'keypack/1':
      return takeInKeyPack(context, station, { ...read, document }, file);
    case 'sealed/1':
      return takeInSealed(station, { ...read, document }, file);
    case 'receipt/1':
      return takeInReceipt(context, station, { ...read, document }, file);
    case 'carry/1':
      return { isNew: takeInCarryList(station, { ...read, document }, file), problems: [] };
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

/** Where a folder has documents of a station and no list of it, nobody can tell whether some were taken out on the way. */
function noteUnlisted(
  context: OperationContext,
  folders: readonly string[],
  taken: readonly Found[],
  lists: readonly { file: string; list: CarryList }[],
): void {
  for (const folder of new Set(folders.map((one) => resolve(one)))) {
    const listed = lists.filter((one) => folderOf(one.file) === folder).map((one) => one.list.station.id);
    const writers = taken.filter((one) => folderOf(one.file) === folder).map((one) => one.read.document.station);
    const names = new Set(writers.filter((one) => !listed.includes(one.id)).map((one) => quote(one.name)));
    for (const name of names) {
      context.onNote(
        `no carry list of the station ${name} lies in ${quote(folder)}: nothing says whether all of its documents are here (\`coldroom carry DIR\` there writes one)`,
      );
    }
  }
}

/** What is missing or was added since the list was signed. */
function carryProblems(comparison: CarryComparison): ColdroomError[] {
  const { file, missing, extra } = comparison;
  return [
    missing.length === 0
      ? null
      : checkError(
          'carry-missing',
          `${missing.length.toString()} of ${comparison.listed.toString()} documents listed in ${quote(file)} ${missing.length === 1 ? 'is' : 'are'} not here, or not as listed`,
          {
            hint: `missing: ${firstNames(
              missing.map((one) => `${one.kind} ${one.id}`),
              MAX_NAMES,
            )}; fetch them from the other station`,
          },
        ),
    extra.length === 0
      ? null
      : checkError('carry-extra', `${documents(extra.length)} here that no carry list beside ${extra.length === 1 ? 'it' : 'them'} names`, {
          hint: `extra: ${firstNames(extra.map(quote), MAX_NAMES)}; find out who put them there`,
        }),
  ].filter((problem) => problem !== null);
}

function documents(count: number): string {
  return count === 1 ? '1 document lies' : `${count.toString()} documents lie`;
}

function refuse(
  station: Station,
  about: Pick<Line, 'file' | 'kind' | 'id'>,
  error: unknown,
  lines: Line[],
  problems: ColdroomError[],
): void {
  if (!isColdroomError(error)) throw error;
  if (isRefusal(error)) station.recordRefusal('import', error, about.id);
  lines.push({ ...about, state: 'refused', code: error.code });
  problems.push(error);
}
