import { z } from 'zod';
import { checkNewFile, writeNewFiles } from '../../files/index.ts';
import { makeRecoveryKey, RECOVERY_KEY_TYPES } from '../../recovery/index.ts';
import { inputError, isColdroomError, type Passphrase } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { inputPath, outputPath, plainText } from '../fields.ts';
import { defineOperation, done, SEES_SECRETS } from '../operation.ts';
import { readPassphraseFile } from '../sealing/passphrase.ts';
import { checkOwnRules, isWordPassphrase } from '../../sealing/index.ts';

/** Stands in the key as its user ID, where OpenPGP sets an address between these. */
const userName = plainText(100).refine((name) => !/[<>()]/.test(name), 'holds one of < > ( )');

/**
 * Makes the OpenPGP pair that a recovery request names. Needs no station. The private half leaves here once, under its passphrase, and
 * nothing of it is kept.
 */
export const recoveryKey = defineOperation({
  name: 'recovery.key',
  summary: 'make the OpenPGP pair for a recovery request',
  roles: SEES_SECRETS,
  input: z.strictObject({
    name: userName,
    type: z.enum(RECOVERY_KEY_TYPES).default('curve25519'),
    passphrase_file: inputPath,
    out_public: outputPath,
    out_private: outputPath,
  }),
  output: z.object({ fingerprint: z.string(), public_file: z.string(), private_file: z.string() }),
  run: async (context, input) => {
    if (input.out_public === input.out_private) {
      throw inputError('recovery-key-one-file', 'both halves of the pair would go into one file', { hint: 'name two files' });
    }
    await checkNewFile(input.out_public);
    await checkNewFile(input.out_private);
    const passphrase = await readPassphraseFile(input.passphrase_file, 'the passphrase file');
    try {
      await noteWeakness(context, passphrase, input.name);
      const made = await makeRecoveryKey(input.name, input.type, passphrase);
      await writeNewFiles([
        [input.out_private, Buffer.from(made.privateArmored, 'latin1')],
        [input.out_public, Buffer.from(made.publicArmored, 'latin1')],
      ]);
      return done({ fingerprint: made.fingerprint, public_file: input.out_public, private_file: input.out_private });
    } finally {
      passphrase.fill(0);
    }
  },
});

/** What a request's key is protected by is the people's own to choose; that it is easily guessed is said. */
async function noteWeakness(context: OperationContext, passphrase: Passphrase, name: string): Promise<void> {
  if (await isWordPassphrase(passphrase)) return;
  try {
    await checkOwnRules(passphrase, [name]);
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    context.onNote(`whoever finds the private file may guess its passphrase: ${error.message}`);
  }
}
