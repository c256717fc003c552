import { basename, join } from 'node:path';
import { z } from 'zod';
import { hasPassphrase } from '../../sealing/index.ts';
import { checkNewClearFile } from '../../files/index.ts';
import type { Plan } from '../../plan/index.ts';
import { choosePair, type KeyAtHand } from '../../recovery/index.ts';
import { inputError, isColdroomError, quote, type ColdroomError, type Passphrase } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { inputPath, outputPath } from '../fields.ts';
import { checkNotOwnFile } from '../output-paths.ts';
import { checkFolderOrNothing, documentsIn, isFolder, makeFolder, passedOverIn } from '../folders.ts';
import { withOwnLedger } from '../ledger/own-ledger.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';
import { readNamedPassphrase } from '../sealing/passphrase.ts';
import { problemLine, problemOf } from '../problem-line.ts';
import { namedPlan } from './recover-expected.ts';
import { comparedSecret, recoverOne } from './recover-one.ts';
import { ciphertextsAtHand, keysNamed } from './recover-material.ts';
import { readBeside, wipeBeside, type Beside } from '../sealing/seal-plan.ts';

const recoveredLine = z.object({
  sealed: z.string(),
  file: z.string().nullable(),
  size_bytes: z.number().nullable(),
  checksum: z.enum(['matches', 'differs', 'unknown']),
  identifier: comparedSecret,
  problem: problemLine,
});
type Line = z.output<typeof recoveredLine>;

const input = z.strictObject({
  in: inputPath,
  private_key: inputPath,
  private_key_passphrase_file: inputPath.optional(),
  passphrase_file: inputPath.optional(),
  plan: inputPath.optional(),
  bip39_passphrase_file: inputPath.optional(),
  password_file: inputPath.optional(),
  accept_mismatch: z.boolean().default(false),
  out: outputPath,
});
type Input = z.output<typeof input>;

/** What every item of the folder is opened with. */
type AtHand = {
  readonly keys: readonly KeyAtHand[];
  readonly passphrase: Passphrase | null;
  readonly beside: Beside;
  readonly plan: Plan | null;
};

/**
 * Opens every sealed item of a folder with one private key, each into a file of its own. What one of them cannot have done to it the
 * others have all the same. Needs no station, ledger or keychain.
 */
export const recoverFolder = defineOperation({
  name: 'recover.folder',
  summary: 'open every sealed item of a folder with one private key',
  roles: SEES_SECRETS,
  input,
  output: z.object({ items: z.array(recoveredLine) }),
  run: async (context, given) => {
    if (!(await isFolder(given.in))) {
      throw inputError('recover-not-folder', `${quote(given.in)} is no folder`, {
        hint: 'for one sealed item use `recover --sealed FILE`',
      });
    }
    const files = await documentsIn(given.in);
    if (files.length === 0) {
      throw inputError('recover-nothing-sealed', `the folder ${quote(given.in)} holds no sealed item (*.json)`, {
        hint: 'name the folder that `seal` wrote',
      });
    }
    await checkFolderOrNothing(given.out);
    tellPassedOver(context, await passedOverIn(given.in));
    const plan = await namedPlan(given.plan);
    const passphrase = await readNamedPassphrase(given.passphrase_file, 'the passphrase file');
    try {
      const beside = await readBeside(given);
      try {
        const keys = await keysNamed([], given);
        await makeFolder(given.out);
        return await withOwnLedger(context, (own) => openAll(own, files, { keys, passphrase, beside, plan }, given));
      } finally {
        wipeBeside(beside);
      }
    } finally {
      passphrase?.fill(0);
    }
  },
});

const NAMED = 5;

/** A secret may lie in there, too: who counts what came back must know of it. */
function tellPassedOver(context: OperationContext, names: readonly string[]): void {
  if (names.length === 0) return;
  const more = names.length > NAMED ? ` and ${(names.length - NAMED).toString()} more` : '';
  const told = names.slice(0, NAMED).map((name) => quote(name.toWellFormed()));
  context.onNote(`only files called *.json in the folder itself are opened; passed over: ${told.join(', ')}${more}`);
}

async function openAll(context: OperationContext, files: readonly string[], atHand: AtHand, given: Input) {
  const items: Line[] = [];
  const problems: ColdroomError[] = [];
  for (const [done, file] of files.entries()) {
    const { line, problem } = await openItem(context, file, atHand, given);
    items.push({ ...line, problem: problemOf(problem) });
    if (problem !== null) problems.push(problem);
    context.onProgress({ step: 'recover', subject: basename(file), done: done + 1, total: files.length });
  }
  return { output: { items }, problems };
}

async function openItem(
  context: OperationContext,
  file: string,
  { keys, passphrase, beside, plan }: AtHand,
  given: Input,
): Promise<{ line: Omit<Line, 'problem'>; problem: ColdroomError | null }> {
  const out = join(given.out, nameOf(file));
  try {
    await checkNotOwnFile(context.home, out); // the name is whoever sealed it's
    await checkNewClearFile(out);
    const { key, ciphertext } = await choosePair(keys, await ciphertextsAtHand(context, [], { sealed: file }));
    // The items of one folder may be sealed in several modes, some of them without a passphrase.
    const isUnder = ciphertext.expected === null || hasPassphrase(ciphertext.expected.mode);
    const own = { key, ciphertext, passphrase: isUnder ? passphrase : null, beside };
    const { output, problem } = await recoverOne(context, own, {
      plan,
      accept_mismatch: given.accept_mismatch,
      out,
      one_of_many: true,
    });
    return { line: { sealed: file, ...output }, problem };
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return { line: { sealed: file, file: null, size_bytes: null, checksum: 'unknown', identifier: null }, problem: error };
  }
}

/** The name that the secret had when it was sealed, as `seal` wrote it into the item's file name; the item's own says it, too, and is somebody else's word. */
function nameOf(file: string): string {
  const name = basename(file);
  return name.endsWith('.sealed.json') ? name.slice(0, -'.sealed.json'.length) : `${name}.secret`;
}
