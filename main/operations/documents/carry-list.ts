import { dirname, resolve } from 'node:path';
import {
  kindOf,
  readDocumentOf,
  writeDocument,
  type CarryList,
  type ColdroomDocument,
  type ReadDocument,
  type WrittenDocument,
} from '../../transfer/index.ts';
import { canonicalJson, inputError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { decideImport, keptDocument, subjectOf } from './documents.ts';
import type { Station } from '../station/station.ts';

export type CarryLine = CarryList['body']['documents'][number];

/** What a carry list says against what lies beside it. */
export type CarryComparison = {
  file: string;
  document_id: string;
  listed: number;
  missing: { kind: string; id: string }[];
  extra: string[];
};

/** The line of a carry list for one document; a card and a list are in none. */
export function carryLine(document: ColdroomDocument, file: { sha256: string; sizeBytes: number }): CarryLine | null {
  const kind = kindOf(document);
  const subject = subjectOf(document);
  if (kind === 'station' || kind === 'carry' || subject === null) return null;
  return { kind, id: document.id, subject, sha256: file.sha256, size_bytes: file.sizeBytes };
}

/**
 * Signs the list of what one carrier takes across, for every paired station, and keeps it.
 * @throws input `carry-empty`.
 */
export function writeCarryList(context: OperationContext, station: Station, lines: readonly CarryLine[]): WrittenDocument<CarryList> {
  if (lines.length === 0)
    throw inputError('carry-empty', 'there is no document to carry', {
      hint: 'choose key packs, sealed items or receipts that this station wrote',
    });
  const partners = station.queries.pairings().filter((one) => one.state === 'paired');
  const documents = lines.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return station.ledger.transaction((transaction) => {
    const written = writeDocument<'carry/1'>(
      {
        coldroom: 'carry/1',
        to: [station.id, ...partners.map((one) => one.station_id)],
        ceremony: context.ceremony ?? null,
        answers: null,
        environment_id: null,
        body: { documents },
      },
      station.signer,
      transaction.head(),
      context.clock.now(),
    );
    transaction.append({ type: 'document-written', data: { document: keptDocument(written, 'written') } });
    return written;
  });
}

/** @returns whether the list is new here. @throws check those of the import rules. */
export function takeInCarryList(station: Station, list: ReadDocument<CarryList>, name: string): boolean {
  if (decideImport(station, list, name) === 'already-kept') return false;
  station.ledger.append({ type: 'document-imported', data: { document: keptDocument(list, 'imported') } });
  return true;
}

type Found = { readonly file: string; readonly read: { document: ColdroomDocument; sha256: string; text: string } };

/**
 * Each list against the documents of its writer in the list's own folder: a stick that goes there and back holds what both have written,
 * and several sticks may be brought at once. Which listed ones are not there, just as they are listed, and which are there that no list
 * of that writer in that folder names; those are told with the last of its lists.
 */
export function compareCarries(lists: readonly { file: string; list: CarryList }[], found: readonly Found[]): CarryComparison[] {
  return lists.map(({ file, list }) => {
    const isBeside = (path: string, writer: ColdroomDocument['station']) =>
      folderOf(path) === folderOf(file) && writer.id === list.station.id;
    const here = found.filter((one) => isBeside(one.file, one.read.document.station) && isListable(one.read.document));
    const together = lists.filter((one) => isBeside(one.file, one.list.station));
    const named = new Set(together.flatMap((one) => one.list.body.documents.map((line) => line.id)));
    const isLast = together.at(-1)?.list === list;
    const { documents } = list.body;
    return {
      file,
      document_id: list.id,
      listed: documents.length,
      missing: documents.filter((line) => !here.some(({ read }) => isLineOf(line, read))).map(({ kind, id }) => ({ kind, id })),
      extra: isLast ? here.filter(({ read }) => !named.has(read.document.id)).map((one) => one.file) : [],
    };
  });
}

export function folderOf(path: string): string {
  return dirname(resolve(path));
}

function isListable(document: ColdroomDocument): boolean {
  return ['keypack', 'sealed', 'receipt'].includes(kindOf(document));
}

/** Whether all that a line says of its document is so: a list that gives another kind, subject or length is not about what lies here. */
function isLineOf(line: CarryLine, { document, sha256, text }: { document: ColdroomDocument; sha256: string; text: string }): boolean {
  const own = carryLine(document, { sha256, sizeBytes: Buffer.byteLength(text, 'utf8') });
  return own !== null && canonicalJson(own) === canonicalJson(line);
}

/** The lines of a list that this ledger keeps. */
export function linesOfKept(station: Station, listId: string): readonly CarryLine[] {
  const text = station.queries.documentText(listId);
  if (text === null) return [];
  return readDocumentOf(Buffer.from(text, 'utf8'), 'the carry list in the ledger', 'carry/1').document.body.documents;
}

/** How many of a list's documents this ledger does not hold just as they are listed: what is missing on one stick may come with the next. */
export function countMissing(station: Station, lines: readonly CarryLine[]): number {
  return lines.filter((line) => {
    const kept = station.queries.document(line.id);
    const text = station.queries.documentText(line.id);
    if (kept === null || text === null) return true;
    const { kind, subject, sha256 } = kept;
    return canonicalJson({ kind, id: line.id, subject, sha256, size_bytes: Buffer.byteLength(text, 'utf8') }) !== canonicalJson(line);
  }).length;
}
