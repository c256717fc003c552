import { z } from 'zod';
import { DEFAULT_POLICY } from '../../ceremony/index.ts';
import { checkNewFile, readBoundedFile, writeNewFile } from '../../files/index.ts';
import { renderPlan } from '../../report/index.ts';
import { canonicalJson, decodeUtf8, inputError, sha256 } from '../../values/index.ts';
import { fingerprint, inputPath, outputPath, paper } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { contradicts, judgePlan, readAndJudgePlan, readShownPlan } from './file.ts';

const MAX_LIST_BYTES = 4 * 1024 * 1024;

export const planFinding = z.object({ code: z.string(), place: z.string(), message: z.string() });

export const planNew = defineOperation({
  name: 'plan.new',
  summary: 'write a plan to fill in, and a guide to its members beside it',
  roles: EVERY_ROLE,
  input: z.strictObject({
    out: outputPath,
    /** A list of wallets in CSV. */
    from: inputPath.optional(),
  }),
  output: z.object({
    file: z.string(),
    guide: z.string(),
    wallets: z.number(),
    items: z.number(),
    /** What is still to be filled in or mended, as `plan.check` names it. */
    findings: z.array(planFinding),
  }),
  run: async (_context, input) => {
    const { blankPlan, encodePlan, guideText, walletsOfCsv } = await import('../../plan/index.ts');
    const guide = `${input.out.replace(/\.json$/, '')}.txt`;
    await checkNewFile(input.out);
    await checkNewFile(guide);
    const wallets = input.from === undefined ? null : walletsOfCsv(await readWalletList(input.from));
    const bytes = encodePlan(blankPlan(DEFAULT_POLICY, wallets));
    await writeNewFile(input.out, bytes);
    await writeNewFile(guide, Buffer.from(guideText(nameOf(input.out)), 'utf8'));
    const { findings } = await judgePlan(bytes, input.out);
    const items = wallets?.reduce((sum, wallet) => sum + wallet.items.length, 0) ?? 1;
    return done({ file: input.out, guide, wallets: wallets?.length ?? 1, items, findings: [...findings] });
  },
});

/** A list of wallets as text. @throws input `wallets-csv-form`; of files what cannot be read. */
export async function readWalletList(path: string): Promise<string> {
  const text = decodeUtf8(await readBoundedFile(path, { maxBytes: MAX_LIST_BYTES, what: 'the list of wallets' }));
  if (text === null)
    throw inputError('wallets-csv-form', 'the list of wallets is not UTF-8 text', { hint: 'save it again as CSV in UTF-8' });
  return text;
}

/** The last part of a path, of either kind of separator. */
function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

export const planCheck = defineOperation({
  name: 'plan.check',
  summary: 'find what is wrong with a plan, or contradicts itself in it',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath }),
  output: z.object({
    ok: z.boolean(),
    /** Null while there are findings: nobody is to read the digest of such a plan aloud. */
    digest: fingerprint.nullable(),
    words: z.array(z.string()).nullable(),
    findings: z.array(planFinding),
    /** What people should know, and may want. */
    remarks: z.array(planFinding),
  }),
  run: async (_context, input) => {
    const checked = await readAndJudgePlan(input.file);
    const { digest, words, findings, remarks } = checked;
    const ok = findings.length === 0;
    return {
      output: { ok, digest, words: words === null ? null : [...words], findings: [...findings], remarks: [...remarks] },
      problems: ok ? [] : [contradicts(checked)],
    };
  },
});

export const planSheet = defineOperation({
  name: 'plan.sheet',
  summary: 'print a plan for approval, with boxes for initials and its digest in words',
  roles: EVERY_ROLE,
  input: z.strictObject({
    file: inputPath,
    out: outputPath,
    paper: paper.default('a4'),
    /** The digest that people were shown; a file that has changed since is not printed. */
    digest: fingerprint.optional(),
  }),
  output: z.object({ file: z.string(), sha256: fingerprint, digest: fingerprint }),
  run: async (context, input) => {
    await checkNewFile(input.out);
    const { plan, digest } = await readShownPlan(input.file, input.digest);
    const printed = await renderPlan({
      ...plan,
      digest,
      policyDigest: plan.policy === null ? null : sha256(canonicalJson(plan.policy)),
      paper: input.paper,
      version: context.software?.().version ?? 'unknown',
    });
    await writeNewFile(input.out, printed);
    return done({ file: input.out, sha256: sha256(printed), digest });
  },
});
