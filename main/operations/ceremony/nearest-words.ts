import { z } from 'zod';
import { readCeremony } from '../../ceremony/index.ts';
import { readBoundedFile } from '../../files/index.ts';
import { inputError } from '../../values/index.ts';
import { uuid } from '../fields.ts';
import { defineOperation, done, SEES_SECRETS } from '../operation.ts';
import { MAX_SECRET_BYTES } from '../sealing/secret-size.ts';
import { withLedgerForReading } from '../station/station.ts';

/** Of a phrase with more words at fault none is quoted: it is no slip of the pen, and they would be much of the secret. */
const MOST_QUOTED = 3;

const wordHelp = z.object({ place: z.number(), word: z.string(), nearest: z.array(z.string()) });

/**
 * The words at fault in a chosen file and what they may have been meant as. No ledger is written, and no other answer holds a word.
 * SECURITY(REQ-NO-WORDS): refused where the shell does not say that its screen is kept out of pictures at this moment.
 */
export const ceremonyNearestWords = defineOperation({
  name: 'ceremony.nearest-words',
  summary: 'the words at fault in a chosen phrase, for a screen that is kept out of pictures',
  roles: SEES_SECRETS,
  input: z.strictObject({ ceremony: uuid, item_id: uuid }),
  /** `too_many`: more are at fault than are quoted. */
  output: z.object({ words: z.array(wordHelp), too_many: z.boolean() }),
  run: (context, input) =>
    withLedgerForReading(context, async ({ queries }) => {
      const { row, facts } = readCeremony(queries, input.ceremony);
      if (row.state !== 'open') {
        throw inputError('ceremony-ended', 'this ceremony has ended, and nothing can be added to it', { hint: 'begin a new one' });
      }
      if (facts.paused !== undefined) throw inputError('ceremony-paused', 'this ceremony is paused', { hint: 'resume it first' });
      if (context.isScreenPrivate?.() !== true) {
        throw inputError('screen-not-private', 'words of a secret are shown only where the window is kept out of screen pictures', {
          hint: 'compare the word at this place with the original',
        });
      }
      const file = facts.secrets?.files.find((one) => one.item_id === input.item_id);
      const found = facts.inspected?.items.find((one) => one.item_id === input.item_id);
      if (file === undefined || found === undefined || file.made_up) {
        throw inputError('file-unknown', 'no such file was chosen in this ceremony', { hint: 'choose one of those that are listed' });
      }
      const secret = await readBoundedFile(file.path, { maxBytes: MAX_SECRET_BYTES, what: 'the secret' });
      try {
        if (secret.length !== found.size_bytes) {
          throw inputError('secret-changed', 'the file has another size than when it was chosen', {
            hint: 'find out what changed it, then choose the files again',
          });
        }
        const { helpWithWords, parseKind } = await import('../../content/index.ts');
        const words = helpWithWords(secret, parseKind(found.kind));
        const isTooMany = words.length > MOST_QUOTED;
        return done({ words: isTooMany ? [] : words.map((one) => ({ ...one, nearest: [...one.nearest] })), too_many: isTooMany });
      } finally {
        secret.fill(0);
      }
    }),
});
