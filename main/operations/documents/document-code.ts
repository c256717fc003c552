import { z } from 'zod';
import { encodeAnimatedCode, kindOf, readDocument } from '../../transfer/index.ts';
import { inputError } from '../../values/index.ts';
import { documentKind, uuid } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading } from '../station/station.ts';

/** A kept document as the strings of an animated code, for a station whose camera looks at this screen. */
export const documentCode = defineOperation({
  name: 'document.code',
  summary: 'a document from the ledger as an animated code, for another station’s camera',
  roles: EVERY_ROLE,
  input: z.strictObject({ id: uuid, density: z.enum(['coarse', 'fine']).default('fine') }),
  output: z.object({
    kind: documentKind,
    /** How many frames a reader needs at the least. */
    fragments: z.number().int(),
    /** To be shown in a loop, each as one QR code. */
    frames: z.array(z.string()),
  }),
  run: (context, input) =>
    withLedgerForReading(context, ({ queries }) => {
      const text = queries.documentText(input.id);
      if (text === null) {
        throw inputError('document-unknown', 'this ledger holds no document with that id', { hint: 'see `coldroom ledger list`' });
      }
      const bytes = Buffer.from(text, 'utf8');
      const { document } = readDocument(bytes, input.id);
      if (document.coldroom === 'sealed/1' && document.body.mode.startsWith('envelope')) {
        throw inputError('code-envelope', 'an item sealed as an envelope does not cross as a code', { hint: 'carry it on a stick' });
      }
      const { fragments, frames } = encodeAnimatedCode(bytes, input.density);
      return Promise.resolve(done({ kind: kindOf(document), fragments, frames: [...frames] }));
    }),
});
