import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { checkNameSent } from '../../ceremony/index.ts';
import { checkNewFile } from '../../files/index.ts';
import type { Mode } from '../../sealing/index.ts';
import type { KeyPack, ReadDocument } from '../../transfer/index.ts';
import { ColdroomError, inputError, quote, type Passphrase } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { fingerprint, inputPath, outputPath } from '../fields.ts';
import { checkFolderOrNothing, isFolder, makeFolder } from '../folders.ts';
import { readIncomingOf } from '../documents/incoming.ts';
import { checkNetworkGate } from '../station/network.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';
import { checkSealingPassphrase, readPassphraseFile } from './passphrase.ts';
import { checkApprovedOrGiven } from '../plan/approved.ts';
import { readShownPlan, type ApprovablePlan } from '../plan/file.ts';
import type { PlannedSecret } from '../plan/planned-secret.ts';
import { rulesInForce, stationPolicy } from '../station/policy.ts';
import { problemLine, problemOf } from '../problem-line.ts';
import { refusalsAbout } from '../documents/refusals.ts';
import { checkAllPlanned, plannedName, planSecrets, readBeside, wipeBeside, type Beside } from './seal-plan.ts';
import { SealProgress } from './seal-progress.ts';
import { secretsIn } from './secret-files.ts';
import { sealedLine, Sealer, type Job, type Line } from './sealer.ts';
import { requireSelfTest } from '../station/self-test.ts';
import { withStation, type Station } from '../station/station.ts';
import { takeInKeyPack } from '../documents/take-in.ts';

const output = z.object({ items: z.array(sealedLine.extend({ problem: problemLine })) });

const input = z
  .strictObject({
    key: inputPath,
    in: inputPath,
    out: outputPath,
    mode: z.enum(['auto', 'direct', 'passphrase', 'envelope', 'envelope+passphrase']).default('auto'),
    passphrase_file: inputPath.optional(),
    send_name: z.boolean().default(false),
    /** What was approved before: nothing is sealed that departs from it. */
    plan: inputPath.optional(),
    /** The digest that people read aloud; a file that is another plan by now seals nothing. Needed where keys count and nobody approved the plan here. */
    plan_digest: fingerprint.optional(),
    /** The plan's item that the file is; left out, it is the one of the file's name. */
    item: z.string().min(1).max(256).optional(),
    bip39_passphrase_file: inputPath.optional(),
    /** Of a key file that is encrypted. */
    password_file: inputPath.optional(),
  })
  .refine(
    (given) =>
      given.plan !== undefined || (given.plan_digest ?? given.item ?? given.bip39_passphrase_file ?? given.password_file) === undefined,
    {
      error: 'has a digest, an item, a BIP-39 passphrase or a password, which go with a plan alone',
    },
  );
type Input = z.output<typeof input>;

/**
 * Encrypts a secret, or every file of a folder, for the key of a key pack, and writes a sealed item for each. The key pack
 * is judged again first, from this station's own trust, and the self-test has passed in this very process.
 */
export const seal = defineOperation({
  name: 'seal',
  summary: 'encrypt a file for an assigned key and write the sealed item',
  roles: SEES_SECRETS,
  input,
  output,
  run: async (context, input) => {
    // Before the station is opened: a plan that contradicts itself is nobody's, and no matter for a ledger.
    const plan = input.plan === undefined ? null : await readShownPlan(input.plan, input.plan_digest);
    return withStation(context, 'seal', async (station) => {
      const network = await checkNetworkGate(context, station);
      const rules = rulesInForce(context, station);
      checkNameSent(rules, input.send_name);
      const isOfFolder = await isFolder(input.in);
      const files = await planJobs(input.in, input.out);
      const pack = await readIncomingOf(input.key, 'keypack/1', 'the key pack');
      const { judgement } = refusalsAbout({ documentSha256: pack.sha256 }, () => takeInKeyPack(context, station, pack, input.key));
      const beside = await readBeside(input);
      let passphrase: Passphrase | null = null;
      try {
        const jobs = plan === null ? files : await byPlan(context, station, input, { plan, pack, files, isOfFolder, beside });
        passphrase = await readPassphraseFor(modesOf(input.mode, jobs), input.passphrase_file);
        if (passphrase !== null) await checkSealingPassphrase(rules, passphrase, [station.file.name]);
        await requireSelfTest();
        // One file is looked at when it is sealed; of several none is sealed before all have been looked at.
        const sealer = new Sealer(context, station, pack, judgement, { mode: input.mode, passphrase, sendName: input.send_name, network });
        if (isOfFolder) {
          // A wrong secret is said to be one, whatever was sealed before.
          await checkAllPlanned(jobs.flatMap((job) => lookOf(input.mode, job)));
          for (const job of jobs) await sealer.checkOnce(job);
        }
        if (isOfFolder) await makeFolder(input.out);
        return await sealAll(context, sealer, jobs, isOfFolder);
      } finally {
        passphrase?.fill(0);
        wipeBeside(beside);
      }
    });
  },
});

type ByPlan = { plan: ApprovablePlan; pack: ReadDocument<KeyPack>; files: readonly Job[]; isOfFolder: boolean; beside: Beside };

/** The same jobs, each with its item of the plan. @throws as planSecrets; input `plan-item-and-folder`, `plan-not-approved`. */
async function byPlan(context: OperationContext, station: Station, input: Input, wish: ByPlan): Promise<Job[]> {
  const { plan, pack, files, isOfFolder, beside } = wish;
  if (isOfFolder && input.item !== undefined) {
    throw inputError('plan-item-and-folder', 'one item was named, and a folder with several files', {
      hint: 'name the item’s own file, or leave the item out to seal every planned item of the wallet',
    });
  }
  checkApprovedOrGiven(station.ledger, pack.document.body.environment, plan.digest, input.plan_digest);
  const item = input.item ?? null;
  const sources = files.map(({ source }) => source);
  const { policy_sha256: policySha256 } = stationPolicy(station.queries);
  // Of one file by itself the others of its wallet are not left out: they are sealed by commands of their own.
  const named = isOfFolder ? null : (item ?? plannedName(input.in));
  const found = await planSecrets({ ...plan, keyPack: pack.document, policySha256, sources, item: named, beside });
  if (item !== null && item !== plannedName(input.in)) {
    context.onNote(`the file is called ${quote(basename(input.in).toWellFormed())}, and the plan’s item ${quote(item)}`);
  }
  return files.map((job, at) => ({ ...job, ...(found[at] === undefined ? {} : { planned: found[at] }) }));
}

/** Every mode that the jobs are sealed in: the one that was asked for, else each item's planned one. */
function modesOf(mode: Mode | 'auto', jobs: readonly Job[]): readonly string[] {
  const planned = jobs.flatMap((job) => (job.planned === undefined ? [] : [job.planned.item.mode]));
  return mode !== 'auto' || planned.length === 0 ? [mode] : planned;
}

function lookOf(mode: Mode | 'auto', { source, planned }: Job): { source: string; planned: PlannedSecret; mode: string }[] {
  return planned === undefined ? [] : [{ source, planned, mode: mode === 'auto' ? planned.item.mode : mode }];
}

/** One file to one file; or every file of a folder, in the order of their names, into a folder. */
async function planJobs(source: string, out: string): Promise<Job[]> {
  if (!(await isFolder(source))) {
    if (await isFolder(out)) return [{ source, out: join(out, `${basename(source)}.sealed.json`) }];
    await checkNewFile(out);
    return [{ source, out }];
  }
  const secrets = await secretsIn(source);
  await checkFolderOrNothing(out);
  return secrets.map((secret) => ({ source: secret, out: join(out, `${basename(secret)}.sealed.json`) }));
}

/** @param modes that files are sealed in; of several one with a passphrase is enough. */
async function readPassphraseFor(modes: readonly string[], path: string | undefined): Promise<Passphrase | null> {
  const under = modes.find((mode) => mode.includes('passphrase'));
  if (path === undefined) {
    if (under !== undefined) {
      throw inputError('passphrase-needed', `the mode ${quote(under)} needs a passphrase`, { hint: 'add --passphrase-file FILE' });
    }
    return null;
  }
  if (under === undefined && !modes.includes('auto')) {
    throw inputError('passphrase-not-needed', `the mode ${quote(modes[0] ?? '')} takes no passphrase`, {
      hint: 'leave --passphrase-file out, or choose a mode with a passphrase',
    });
  }
  return readPassphraseFile(path, 'the passphrase file');
}

/** What one secret cannot have done to it the others have all the same; a folder goes on where an earlier run over it stopped. */
async function sealAll(context: OperationContext, sealer: Sealer, jobs: readonly Job[], isOfFolder: boolean) {
  const items: z.output<typeof output>['items'] = [];
  const problems: ColdroomError[] = [];
  const add = (line: Line, problem: ColdroomError | null): void => {
    items.push({ ...line, problem: problemOf(problem) });
    if (problem !== null) problems.push(problem);
  };
  const sizes = await Promise.all(jobs.map((job) => sizeOf(job.source)));
  const progress = new SealProgress(
    context,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  let earlier = 0;
  for (const [index, job] of jobs.entries()) {
    const name = basename(job.source).toWellFormed();
    progress.begin(name);
    try {
      const before = isOfFolder ? await sealer.earlier(job, sizes[index] ?? 0) : null;
      if (before !== null) earlier += 1;
      const { line, problem } = before ?? (await sealer.seal(job));
      add(line, problem);
    } catch (error) {
      if (!(error instanceof ColdroomError) || !isOfFolder) throw error;
      add(sealer.nothing(job), error);
    }
    progress.end(name, sizes[index] ?? 0);
  }
  if (earlier > 0) {
    context.onNote(`${earlier.toString()} of ${jobs.length.toString()} files had been sealed by an earlier run, and stand as they were`);
  }
  return { output: { items }, problems };
}

/** In bytes. A file that cannot be looked at counts nothing: sealing it says what is wrong. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
