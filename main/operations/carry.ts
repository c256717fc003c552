import { join } from 'node:path';
import { z } from 'zod';
import { readBoundedFile, writeNewFile } from '../files/index.ts';
import { MAX_DOCUMENT_BYTES, readDocument } from '../transfer/index.ts';
import { inputError, quote } from '../values/index.ts';
import { carryLine, writeCarryList } from './carry-list.ts';
import { outputPath } from './fields.ts';
import { documentsIn, isFolder } from './folders.ts';
import { noteForeignFiles } from './foreign-files.ts';
import { defineOperation, done, EVERY_ROLE } from './operation.ts';
import { withStation } from './station.ts';

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
      const lines = [];
      for (const path of await documentsIn(input.folder)) {
        const bytes = await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the document' });
        const { document, sha256 } = readDocument(bytes, path);
        const line = carryLine(document, { sha256, sizeBytes: bytes.length });
        if (line !== null) lines.push(line);
      }
      await noteForeignFiles(context, input.folder);
      const list = writeCarryList(context, station, lines);
      const file = join(input.folder, `${list.document.id}.carry.json`);
      await writeNewFile(file, Buffer.from(list.text, 'utf8'));
      return done({ file, documents: lines.length, list_sha256: list.sha256 });
    }),
});
