import { z } from 'zod';
import { writeNewFile } from '../../files/index.ts';
import { inputError } from '../../values/index.ts';
import { outputPath, uuid } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading } from '../station/station.ts';

/** Writes a kept document again, byte for byte: a lost stick or a full disk costs nothing. */
export const document = defineOperation({
  name: 'document',
  summary: 'write a document from the ledger again, byte for byte',
  roles: EVERY_ROLE,
  input: z.strictObject({ id: uuid, out: outputPath }),
  output: z.object({ file: z.string() }),
  run: (context, input) =>
    withLedgerForReading(context, async ({ queries }) => {
      const text = queries.documentText(input.id);
      if (text === null)
        throw inputError('document-unknown', 'this ledger holds no document with that id', {
          hint: 'see `coldroom ledger list` and `ledger show`',
        });
      await writeNewFile(input.out, Buffer.from(text, 'utf8'));
      return done({ file: input.out });
    }),
});
