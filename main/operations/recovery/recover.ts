import { z } from 'zod';
import { checkNewClearFile } from '../../files/index.ts';
import { choosePair, RELEASED_KINDS } from '../../recovery/index.ts';
import { ColdroomError, inputError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { inputPath, outputPath } from '../fields.ts';
import { defineOperation, SEES_SECRETS, type Outcome } from '../operation.ts';
import { readNamedPassphrase } from '../sealing/passphrase.ts';
import { beginningOf, isLarge, openLarge } from './recover-large.ts';
import { ciphertextsAtHand, foundIn, keysNamed, openPackages, wipeOpened, type OpenedPackage } from './recover-material.ts';
import { namedPlan } from './recover-expected.ts';
import { comparedSecret, recoverOne } from './recover-one.ts';
import { readBeside, wipeBeside } from '../sealing/seal-plan.ts';

const output = z.object({
  file: z.string().nullable(),
  size_bytes: z.number().nullable(),
  checksum: z.enum(['matches', 'differs', 'unknown']),
  /** What each package holds, in the order in which they were named; null where none was. */
  found: z.array(z.object({ package: z.string(), what: z.enum(RELEASED_KINDS) })).nullable(),
  identifier: comparedSecret,
});
type Output = z.output<typeof output>;

const input = z
  .strictObject({
    /** What CoinCover released, each an OpenPGP message. */
    packages: z.array(inputPath).max(100).default([]),
    openpgp_key: inputPath.optional(),
    openpgp_passphrase_file: inputPath.optional(),
    source: z.union([z.strictObject({ sealed: inputPath }), z.strictObject({ ciphertext: inputPath })]).optional(),
    private_key: inputPath.optional(),
    private_key_passphrase_file: inputPath.optional(),
    passphrase_file: inputPath.optional(),
    accept_mismatch: z.boolean().default(false),
    /** What to compare with, where no ledger at hand says it. */
    plan: inputPath.optional(),
    item: z.string().min(1).max(256).optional(),
    bip39_passphrase_file: inputPath.optional(),
    /** Of a key file that is encrypted. */
    password_file: inputPath.optional(),
    out: outputPath,
  })
  .refine((given) => given.plan !== undefined || given.item === undefined, { error: 'has an item, which goes with a plan alone' });
type Input = z.output<typeof input>;

/**
 * From what CoinCover released back to the secret: from its packages, or from a private key and a sealed item or a bare ciphertext, or
 * from both together. Needs no station, ledger or keychain; where a ledger is at hand, the ciphertext is looked up in it.
 */
export const recover = defineOperation({
  name: 'recover',
  summary: 'open what CoinCover released, a sealed item or a ciphertext',
  roles: SEES_SECRETS,
  input,
  output,
  run: async (context, given) => {
    await checkNewClearFile(given.out);
    checkHalves(given);
    if (given.openpgp_key === undefined) return fromMaterial(context, given, [], null);
    const opened = await openGiven(given.packages, given.openpgp_key, given.openpgp_passphrase_file);
    const found = foundIn(opened);
    try {
      return await fromMaterial(context, given, opened, found);
    } catch (error) {
      // What was found is told even where it does not lead to the secret.
      if (!(error instanceof ColdroomError)) throw error;
      const nothing: Output = { file: null, size_bytes: null, checksum: 'unknown', found, identifier: null };
      return { output: nothing, problems: [error] };
    } finally {
      wipeOpened(opened);
    }
  },
});

async function openGiven(packages: readonly string[], key: string, passphraseFile: string | undefined): Promise<OpenedPackage[]> {
  const passphrase = await readNamedPassphrase(passphraseFile, 'the OpenPGP key’s passphrase file');
  try {
    return await openPackages({ packages, key, passphrase });
  } finally {
    passphrase?.fill(0);
  }
}

/** @throws input `recover-openpgp-halves`. */
function checkHalves({ packages, openpgp_key: key, openpgp_passphrase_file: passphraseFile }: Input): void {
  if (packages.length > 0 ? key !== undefined : key === undefined && passphraseFile === undefined) return;
  throw inputError('recover-openpgp-halves', 'packages and the OpenPGP key that opens them belong together, and one of them is missing', {
    hint: 'name --openpgp-package FILE and --openpgp-key FILE, or neither',
  });
}

async function fromMaterial(
  context: OperationContext,
  given: Input,
  opened: readonly OpenedPackage[],
  found: Output['found'],
): Promise<Outcome<Output>> {
  const { source } = given;
  if (source !== undefined && 'ciphertext' in source && (await isLarge(source.ciphertext))) {
    return fromLarge(given, source.ciphertext, opened, found);
  }
  const ciphertexts = await ciphertextsAtHand(context, opened, given.source ?? null);
  const keys = await keysNamed(opened, given);
  const passphrase = await readNamedPassphrase(given.passphrase_file, 'the passphrase file');
  try {
    const { key, ciphertext } = await choosePair(keys, ciphertexts);
    const beside = await readBeside(given);
    try {
      const { output, problem } = await recoverOne(
        context,
        { key, ciphertext, passphrase, beside },
        { ...given, plan: await namedPlan(given.plan) },
      );
      return { output: { ...output, found }, problems: problem === null ? [] : [problem] };
    } finally {
      wipeBeside(beside);
    }
  } finally {
    passphrase?.fill(0);
  }
}

/** No ledger knows a ciphertext of this size, so there is nothing to compare it with but the envelope's own tag. */
async function fromLarge(
  given: Input,
  ciphertext: string,
  opened: readonly OpenedPackage[],
  found: Output['found'],
): Promise<Outcome<Output>> {
  if (given.passphrase_file !== undefined) {
    throw inputError('passphrase-not-needed', 'a passphrase was given, and a ciphertext of this size is opened without', {
      hint: 'run it again without the passphrase',
    });
  }
  const keys = await keysNamed(opened, given);
  // Its beginning names the key, and opening it says what is wrong with the rest.
  const beginning = { from: ciphertext, ciphertext: await beginningOf(ciphertext), expected: null, sealedFor: null };
  const { key } = await choosePair(keys, [beginning]);
  const sizeBytes = await openLarge(ciphertext, key, given.out);
  return { output: { file: given.out, size_bytes: sizeBytes, checksum: 'unknown', found, identifier: null }, problems: [] };
}
