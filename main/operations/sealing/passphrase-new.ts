import { z } from 'zod';
import { checkNewClearFile, checkNewFile, writeNewFile } from '../../files/index.ts';
import { renderCard } from '../../report/index.ts';
import { generatePassphrase, LEAST_WORDS, MOST_WORDS } from '../../sealing/index.ts';
import { sha256 } from '../../values/index.ts';
import { outputPath, paper } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE, SEES_SECRETS } from '../operation.ts';

const words = z.number().int().min(LEAST_WORDS).max(MOST_WORDS).default(LEAST_WORDS);

/** A passphrase on paper is safer than in a file; this is for scripts, and for who copies it onto the card and wipes the file. */
export const passphraseNew = defineOperation({
  name: 'passphrase.new',
  summary: 'draw a passphrase and write it to a file',
  roles: SEES_SECRETS,
  input: z.strictObject({ words, out: outputPath }),
  output: z.object({ file: z.string() }),
  run: async (_context, input) => {
    await checkNewClearFile(input.out);
    const passphrase = await generatePassphrase(input.words);
    // The line end is what readPassphrase loses.
    const line = Buffer.concat([passphrase, Buffer.from('\n')]);
    try {
      await writeNewFile(input.out, line, 0o600);
    } finally {
      passphrase.fill(0);
      line.fill(0);
    }
    return done({ file: input.out });
  },
});

/** An empty card to fill in by hand. The app prints no passphrase: a printer's memory and queue keep what passes. */
export const passphraseCard = defineOperation({
  name: 'passphrase.card',
  summary: 'print an empty card for a passphrase, to fill in by hand',
  roles: EVERY_ROLE,
  input: z.strictObject({ out: outputPath, words, paper: paper.default('a4') }),
  output: z.object({ file: z.string(), sha256: z.string() }),
  run: async (context, input) => {
    await checkNewFile(input.out);
    const printed = await renderCard({ words: input.words, paper: input.paper, version: context.software?.().version ?? 'unknown' });
    await writeNewFile(input.out, printed);
    return done({ file: input.out, sha256: sha256(printed) });
  },
});
