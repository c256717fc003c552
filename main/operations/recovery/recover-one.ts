import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { writeNewFile } from '../../files/index.ts';
import { recoverSecret, type CiphertextAtHand } from '../../recovery/index.ts';
import { checkError, inputError, type ColdroomError, type Passphrase } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { expectedOf, type ExpectedBy } from './recover-expected.ts';
import { compareRecovered, otherSecret } from './recovered-secret.ts';
import type { Beside } from '../sealing/seal-plan.ts';

/** Whether it is the right secret, by the ledger or a plan; null where neither says anything of it. */
export const comparedSecret = z
  .object({
    by: z.enum(['ledger', 'plan']),
    place: z.string(),
    kind: z.string(),
    type: z.string().nullable(),
    path: z.string().nullable(),
    planned: z.string().nullable(),
    found: z.string().nullable(),
    result: z.enum(['matches', 'differs', 'not-compared']),
    reason: z.enum(['no-identifier', 'bip39-passphrase-missing', 'password-missing', 'exception']).nullable(),
  })
  .nullable();

/** One ciphertext with the key that opens it, and what else that takes. The caller wipes `passphrase` and `beside`. */
type Material = {
  readonly key: KeyObject;
  readonly ciphertext: CiphertextAtHand;
  readonly passphrase: Passphrase | null;
  readonly beside: Beside;
};

/**
 * `accept_mismatch`: somebody knows why the checksum or the secret is another, and wants it all the same. `out`: a file that is not
 * there. `one_of_many`: what was given beside may be meant for others, and is used where this one was sealed with such a thing.
 */
type Wish = ExpectedBy & { readonly accept_mismatch: boolean; readonly out: string; readonly one_of_many?: boolean };

/** What came of it: `file` and `size_bytes` are null where nothing was written, and the problem says why. */
type RecoveredOne = {
  readonly output: {
    file: string | null;
    size_bytes: number | null;
    checksum: 'matches' | 'differs' | 'unknown';
    identifier: z.output<typeof comparedSecret>;
  };
  readonly problem: ColdroomError | null;
};

/**
 * Opens one ciphertext, and writes what came out once it is what was sealed and the right secret, or somebody accepts that it is not.
 * @throws those of `recoverSecret`, `expectedOf`, `compareRecovered` and `writeNewFile`; input `secret-empty`.
 */
export async function recoverOne(context: OperationContext, material: Material, wish: Wish): Promise<RecoveredOne> {
  const { key, ciphertext, passphrase, beside } = material;
  const expected = await expectedOf(context, ciphertext, wish);
  if (wish.one_of_many !== true && expected.length === 0 && (beside.bip39Passphrase ?? beside.password) !== null) {
    context.onNote('neither a ledger nor a plan says what this secret should be: what was given beside it was not used');
  }
  const { content, checksum } = await recoverSecret(ciphertext.ciphertext, key, passphrase, ciphertext.expected);
  try {
    const nothing = { file: null, size_bytes: null, checksum };
    if (checksum === 'differs' && !wish.accept_mismatch) {
      const problem = checkError('checksum-differs', 'what came out is not what was sealed: its checksum differs', {
        hint: 'nothing was written; if you know why, run again with --accept-mismatch',
      });
      return { output: { ...nothing, identifier: null }, problem };
    }
    if (content.length === 0) throw inputError('secret-empty', 'what came out has no bytes');
    const isForOthers = wish.one_of_many === true && !expected.some((one) => one.bip39_passphrase);
    const identifier = await compareRecovered(content, expected, isForOthers ? { ...beside, bip39Passphrase: null } : beside);
    const problem = otherSecret(identifier);
    if (problem !== null && !wish.accept_mismatch) return { output: { ...nothing, identifier }, problem };
    await writeNewFile(wish.out, content);
    return { output: { file: wish.out, size_bytes: content.length, checksum, identifier }, problem: null };
  } finally {
    content.fill(0);
  }
}
