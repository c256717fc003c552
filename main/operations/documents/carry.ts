import { join } from 'node:path';
import { z } from 'zod';
import { readBoundedFile, writeNewFile } from '../../files/index.ts';
import { MAX_DOCUMENT_BYTES, readDocument } from '../../transfer/index.ts';
import { checkError, inputError, quote } from '../../values/index.ts';
import { carryLine, writeCarryList, type CarryLine } from './carry-list.ts';
import { outputPath } from '../fields.ts';
import { documentsIn, isFolder } from '../folders.ts';
import { noteForeignFiles } from './foreign-files.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withStation, type Station } from '../station/station.ts';

/** Lists and signs what lies in a folder, so that the other station sees what is missing and what was added on the way. */
export const carry = defineOperation({
  name: 'carry',
  summary: 'sign a list of the documents in a folder, for the station they are carried to',
  roles: EVERY_ROLE,
  input: z.strictObject({ folder: outputPath }),
  output: z.object({ file: z.string(), documents: z.number(), list_sha256: z.string() }),
  run: (context, input) =>
    withStation(context, 'carry', async (station) => {
      if (!(await isFolder(input.folder)))
        throw inputError('folder-missing', `${quote(input.folder)} is no folder`, { hint: 'name the folder with the documents' });
      const { lines, ofOthers, copies } = await linesOf(station, await documentsIn(input.folder));
      if (ofOthers > 0) {
        context.onNote(
          `${ofOthers.toString()} of the documents there ${ofOthers === 1 ? 'is' : 'are'} of other stations and not on this list: each station lists what it wrote itself`,
        );
      }
      if (copies > 0)
        context.onNote(`${copies.toString()} of the files there ${copies === 1 ? 'is a copy' : 'are copies'} of another and listed once`);
      await noteForeignFiles(context, input.folder);
      const list = writeCarryList(context, station, lines);
      const file = join(input.folder, `${list.document.id}.carry.json`);
      await writeNewFile(file, Buffer.from(list.text, 'utf8'));
      return done({ file, documents: lines.length, list_sha256: list.sha256 });
    }),
});

/**
 * A line for each document that this station wrote; a list speaks for its writer alone, and whoever reads it compares it with no others.
 * @throws check `document-other-bytes`: one of two that bear one id is not what this station wrote.
 */
async function linesOf(station: Station, paths: readonly string[]): Promise<{ lines: CarryLine[]; ofOthers: number; copies: number }> {
  const byId = new Map<string, { line: CarryLine; path: string }>();
  let ofOthers = 0;
  let copies = 0;
  for (const path of paths) {
    const bytes = await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the document' });
    const { document, sha256 } = readDocument(bytes, path);
    const line = carryLine(document, { sha256, sizeBytes: bytes.length });
    if (line === null) continue;
    if (document.station.id !== station.id) {
      ofOthers += 1;
      continue;
    }
    const same = byId.get(line.id);
    if (same === undefined) byId.set(line.id, { line, path });
    else if (same.line.sha256 === sha256) copies += 1;
    else throw twoOfOneId(same.path, path);
  }
  return { lines: [...byId.values()].map((one) => one.line), ofOthers, copies };
}

function twoOfOneId(one: string, other: string): Error {
  return checkError('document-other-bytes', `${quote(one)} and ${quote(other)} bear the same id and are not the same bytes`, {
    hint: 'stop; keep the one that this station wrote: `coldroom document ID --out FILE` writes it again',
  });
}
