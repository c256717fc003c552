import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { checkNameSent } from '../../ceremony/index.ts';
import { checkNewFile, readBoundedFile } from '../../files/index.ts';
import { checkSecret, chooseMode, hasPassphrase, sealSecret, SEALED_BYTES_WARNING, type Mode } from '../../sealing/index.ts';
import { writeDocument, type KeyPack, type ReadDocument } from '../../transfer/index.ts';
import { ColdroomError, inputError, newUuid, quote, sha256, type Passphrase, type Uuid } from '../../values/index.ts';
import type { Judgement } from '../../attestation/index.ts';
import type { NetworkSeen, PlannedFacts } from '../../ledger/index.ts';
import type { OperationContext } from '../context.ts';
import { fingerprint, inputPath, outputPath } from '../fields.ts';
import { checkFolderOrNothing, isFolder, makeFolder } from '../folders.ts';
import { itemFacts, keptDocument, writeKept } from '../documents/documents.ts';
import { readIncomingOf } from '../documents/incoming.ts';
import { checkNetworkGate } from '../station/network.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';
import { checkSealingPassphrase, readPassphraseFile } from './passphrase.ts';
import { checkApprovedOrGiven } from '../plan/approved.ts';
import { readShownPlan, type ApprovablePlan } from '../plan/file.ts';
import { checkPlanned, checkSealedOnce, plannedFacts, type PlannedLook, type PlannedSecret } from '../plan/planned-secret.ts';
import { rulesInForce, stationPolicy } from '../station/policy.ts';
import { problemLine, problemOf } from '../problem-line.ts';
import { refusalsAbout } from '../documents/refusals.ts';
import { checkAllPlanned, plannedName, planSecrets, readBeside, wipeBeside, type Beside } from './seal-plan.ts';
import { SealProgress } from './seal-progress.ts';
import { isThere, sealedEarlier } from './sealed-earlier.ts';
import { secretsIn } from './secret-files.ts';
import { MAX_SECRET_BYTES } from './secret-size.ts';
import { requireSelfTest } from '../station/self-test.ts';
import { withStation, type Station } from '../station/station.ts';
import { takeInKeyPack } from '../documents/take-in.ts';

const sealedLine = z.object({
  item_id: z.string().nullable(),
  file: z.string().nullable(),
  mode: z.string().nullable(),
  size_bytes: z.number().nullable(),
  key_id: z.string(),
  name: z.string(),
  /** What a plan says of it and the sealed bytes are; null where no plan was given, or nothing was sealed. */
  planned: z
    .object({
      plan: z.string(),
      place: z.string(),
      kind: z.string(),
      identifier: z.object({ type: z.string(), path: z.string().nullable(), value: z.string() }).nullable(),
    })
    .nullable(),
});

const output = z.object({ items: z.array(sealedLine.extend({ problem: problemLine })) });
type Line = z.output<typeof sealedLine>;

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

/**
 * `out` null: the sealed item stays in the ledger alone. `itemId` where the caller has noted it before, `sizeBytes` where people
 * have signed for a file of that size. `planned`: the item of a plan that the file is held against when it is sealed.
 */
type Job = { source: string; out: string | null; itemId?: Uuid; sizeBytes?: number; planned?: PlannedSecret };

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

/** Findings that people have to know: a key file whose inside nobody has looked at, and which share it is, that no plan says. */
const TOLD: ReadonlySet<string> = new Set(['keystore-locked', 'pem-encrypted', 'share-place']);

/** `network`: what was seen right before, for the ledger; null where a ceremony has recorded it or there is nothing to see. */
type How = { mode: Mode | 'auto'; passphrase: Passphrase | null; sendName: boolean; network: NetworkSeen | null };

/** Seals one secret after the other for one key. */
export class Sealer {
  readonly #context: OperationContext;
  readonly #station: Station;
  readonly #pack: ReadDocument<KeyPack>;
  readonly #judgement: Judgement;
  readonly #how: How;

  constructor(context: OperationContext, station: Station, pack: ReadDocument<KeyPack>, judgement: Judgement, how: How) {
    this.#context = context;
    this.#station = station;
    this.#pack = pack;
    this.#judgement = judgement;
    this.#how = how;
  }

  nothing(job: Job): Line {
    const name = basename(job.source);
    return { item_id: null, file: null, mode: null, size_bytes: null, key_id: this.#judgement.keyId, name, planned: null };
  }

  /** What an earlier run left for this job. @throws as {@link sealedEarlier}. */
  async earlier({ source, out, planned }: Job, sizeBytes: number): Promise<{ line: Line; problem: null } | null> {
    if (out === null) return null;
    const mode = this.#modeFor(sizeBytes, planned);
    const item = await sealedEarlier(this.#station, source, out, {
      keyId: this.#judgement.keyId,
      mode,
      sendName: this.#how.sendName,
      plan: planned?.planDigest ?? null,
    });
    if (item === null) return null;
    const { item_id, size_bytes, key_id, name } = item;
    const line = { item_id, file: out, mode, size_bytes, key_id, name, planned: plannedLine(this.#station.queries.plannedOfItem(item_id)) };
    return { line, problem: null };
  }

  /** Of a folder, before its first file is sealed; what an earlier run over it left is judged by {@link earlier}. @throws as `checkSealedOnce`. */
  async checkOnce({ out, planned }: Job): Promise<void> {
    if (planned === undefined || (out !== null && (await isThere(out)))) return;
    checkSealedOnce(this.#station, this.#judgement.keyId, planned);
  }

  #modeFor(sizeBytes: number, planned: PlannedSecret | undefined): Mode {
    if (this.#how.mode !== 'auto') return this.#how.mode;
    return planned?.item.mode ?? chooseMode(sizeBytes, this.#how.passphrase !== null);
  }

  /** A plan's items may be sealed in several modes, some of them without a passphrase; without a plan the two must agree. */
  #passphraseFor(mode: Mode, planned: PlannedSecret | undefined): Passphrase | null {
    return planned !== undefined && !hasPassphrase(mode) ? null : this.#how.passphrase;
  }

  /** An item that is sealed and kept, but whose file could not be written, comes with its problem. */
  async seal(job: Job): Promise<{ line: Line; problem: ColdroomError | null }> {
    if (job.out !== null) await checkNewFile(job.out);
    // SECURITY(REQ-SECRETS-STAY): the one place where it is read to be sealed: once, into one buffer, which is wiped below.
    const secret = await readBoundedFile(job.source, { maxBytes: MAX_SECRET_BYTES, what: 'the secret', allowEmpty: true });
    try {
      checkSecret(secret, `the secret ${quote(basename(job.source))}`);
      if (job.sizeBytes !== undefined && secret.length !== job.sizeBytes) {
        throw inputError(
          'secret-changed',
          `${quote(basename(job.source))} has ${secret.length.toString()} bytes now, and had ${job.sizeBytes.toString()} when it was chosen`,
          { hint: 'find out what changed it, then choose the files again' },
        );
      }
      const mode = this.#modeFor(secret.length, job.planned);
      const look = job.planned === undefined ? null : await checkPlanned(secret, mode, job.planned);
      if (job.planned !== undefined) checkSealedOnce(this.#station, this.#judgement.keyId, job.planned);
      for (const { code, message } of look?.findings ?? []) {
        if (TOLD.has(code)) this.#context.onNote(`${quote(basename(job.source))}: ${message}`);
      }
      return await this.#sealSecret(secret, mode, job, look);
    } finally {
      secret.fill(0);
    }
  }

  /** @throws as `checkSealedOnce`. */
  #plannedFacts({ planned }: Job, look: PlannedLook | null): PlannedFacts | null {
    if (planned === undefined || look === null) return null;
    return plannedFacts(planned, look, checkSealedOnce(this.#station, this.#judgement.keyId, planned));
  }

  async #sealSecret(
    secret: Buffer,
    mode: Mode,
    job: Job,
    look: PlannedLook | null,
  ): Promise<{ line: Line; problem: ColdroomError | null }> {
    const environment = this.#pack.document.body.environment;
    const limitBytes = this.#station.queries.environment(environment)?.limit_bytes;
    const sealed = await sealSecret({
      secret,
      key: this.#judgement.key,
      mode,
      passphrase: this.#passphraseFor(mode, job.planned),
      ...(limitBytes === undefined ? {} : { limitBytes }),
    });
    if (sealed.ciphertext.length > SEALED_BYTES_WARNING) {
      this.#context.onNote('the sealed item is larger than 10,000,000 bytes: CoinCover may read its limit of 10 MB so, and refuse it');
    }
    const name = job.planned?.item.name ?? basename(job.source).toWellFormed();
    const itemId = job.itemId ?? newUuid();
    const { written, planned } = this.#station.ledger.transaction((transaction) => {
      // Once more, in the transaction that keeps it: another process may have sealed the same item in the meantime.
      const planned = this.#plannedFacts(job, look);
      const document = writeDocument<'sealed/1'>(
        {
          coldroom: 'sealed/1',
          to: [...new Set([this.#station.id, this.#pack.document.station.id])],
          ceremony: this.#pack.document.ceremony,
          answers: this.#pack.signedSha256,
          environment_id: this.#pack.document.environment_id,
          body: {
            item_id: itemId,
            environment,
            key_id: this.#judgement.keyId,
            public_key: this.#judgement.key.hex,
            mode: sealed.mode,
            size_bytes: sealed.sizeBytes,
            ciphertext: sealed.ciphertext.toString('base64'),
            ciphertext_sha256: sha256(sealed.ciphertext),
            checksum: sealed.checksum,
            name,
            send_name: this.#how.sendName,
            asset: null,
            supersedes: null,
          },
        },
        this.#station.signer,
        transaction.head(),
        this.#context.clock.now(),
      );
      transaction.append({
        type: 'item-sealed',
        data: {
          state: 'sealed',
          item: itemFacts(document.document),
          document: keptDocument(document, 'written'),
          ...(this.#how.network === null ? {} : { network: this.#how.network }),
          ...(planned === null ? {} : { planned }),
        },
      });
      return { written: document, planned };
    });
    const problem = job.out === null ? null : await writeKept(job.out, written, 'the item is sealed and kept');
    const file = problem === null ? job.out : null;
    return {
      line: {
        item_id: itemId,
        file,
        mode: sealed.mode,
        size_bytes: sealed.sizeBytes,
        key_id: this.#judgement.keyId,
        name,
        planned: plannedLine(planned),
      },
      problem,
    };
  }
}

function plannedLine(planned: PlannedFacts | null): Line['planned'] {
  return planned === null ? null : { plan: planned.plan, place: planned.place, kind: planned.kind, identifier: planned.identifier };
}
