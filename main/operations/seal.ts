import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { checkNameSent } from '../ceremony/index.ts';
import { checkNewFile, readBoundedFile } from '../files/index.ts';
import { checkSecret, chooseMode, sealSecret, SEALED_BYTES_WARNING, type Mode } from '../sealing/index.ts';
import { writeDocument, type KeyPack, type ReadDocument } from '../transfer/index.ts';
import { ColdroomError, inputError, newUuid, quote, sha256, type Passphrase, type Uuid } from '../values/index.ts';
import type { Judgement } from '../attestation/index.ts';
import type { NetworkSeen } from '../ledger/index.ts';
import type { OperationContext } from './context.ts';
import { inputPath, outputPath } from './fields.ts';
import { checkFolderOrNothing, isFolder, makeFolder } from './folders.ts';
import { itemFacts, keptDocument, writeKept } from './documents.ts';
import { readIncomingOf } from './incoming.ts';
import { checkNetworkGate } from './network.ts';
import { defineOperation, SEES_SECRETS } from './operation.ts';
import { checkSealingPassphrase, readPassphraseFile } from './passphrase.ts';
import { rulesInForce } from './policy.ts';
import { refusalsAbout } from './refusals.ts';
import { SealProgress } from './seal-progress.ts';
import { sealedEarlier } from './sealed-earlier.ts';
import { secretsIn } from './secret-files.ts';
import { MAX_SECRET_BYTES } from './secret-size.ts';
import { requireSelfTest } from './self-test.ts';
import { withStation, type Station } from './station.ts';
import { takeInKeyPack } from './take-in.ts';

const sealedLine = z.object({
  item_id: z.string().nullable(),
  file: z.string().nullable(),
  mode: z.string().nullable(),
  size_bytes: z.number().nullable(),
  key_id: z.string(),
  name: z.string(),
});

const output = z.object({ items: z.array(sealedLine) });
type Line = z.output<typeof sealedLine>;

/**
 * Encrypts a secret, or every file of a folder, for the key of a key pack, and writes a sealed item for each. The key pack
 * is judged again first, from this station's own trust, and the self-test has passed in this very process.
 */
export const seal = defineOperation({
  name: 'seal',
  summary: 'encrypt a file for an assigned key and write the sealed item',
  roles: SEES_SECRETS,
  input: z.strictObject({
    key: inputPath,
    in: inputPath,
    out: outputPath,
    mode: z.enum(['auto', 'direct', 'passphrase', 'envelope', 'envelope+passphrase']).default('auto'),
    passphrase_file: inputPath.optional(),
    send_name: z.boolean().default(false),
  }),
  output,
  run: (context, input) =>
    withStation(context, 'seal', async (station) => {
      const network = await checkNetworkGate(context, station);
      const rules = rulesInForce(context, station);
      checkNameSent(rules, input.send_name);
      const jobs = await planJobs(input.in, input.out);
      const pack = await readIncomingOf(input.key, 'keypack/1', 'the key pack');
      const { judgement } = refusalsAbout({ documentSha256: pack.sha256 }, () => takeInKeyPack(context, station, pack, input.key));
      const passphrase = await readPassphraseFor(input.mode, input.passphrase_file);
      try {
        if (passphrase !== null) await checkSealingPassphrase(rules, passphrase, [station.file.name]);
        await requireSelfTest();
        const sealer = new Sealer(context, station, pack, judgement, { mode: input.mode, passphrase, sendName: input.send_name, network });
        const isOfFolder = await isFolder(input.in);
        if (isOfFolder) await makeFolder(input.out);
        return await sealAll(context, sealer, jobs, isOfFolder);
      } finally {
        passphrase?.fill(0);
      }
    }),
});

/**
 * `out` null: the sealed item stays in the ledger alone. `itemId` where the caller has noted it before, `sizeBytes` where people
 * have signed for a file of that size.
 */
type Job = { source: string; out: string | null; itemId?: Uuid; sizeBytes?: number };

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

async function readPassphraseFor(mode: string, path: string | undefined): Promise<Passphrase | null> {
  if (path === undefined) {
    if (mode.includes('passphrase')) {
      throw inputError('passphrase-needed', `the mode ${quote(mode)} needs a passphrase`, { hint: 'add --passphrase-file FILE' });
    }
    return null;
  }
  if (mode !== 'auto' && !mode.includes('passphrase')) {
    throw inputError('passphrase-not-needed', `the mode ${quote(mode)} takes no passphrase`, {
      hint: 'leave --passphrase-file out, or choose a mode with a passphrase',
    });
  }
  return readPassphraseFile(path, 'the passphrase file');
}

/** What one secret cannot have done to it the others have all the same; a folder goes on where an earlier run over it stopped. */
async function sealAll(context: OperationContext, sealer: Sealer, jobs: readonly Job[], isOfFolder: boolean) {
  const items: Line[] = [];
  const problems: ColdroomError[] = [];
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
      items.push(line);
      if (problem !== null) problems.push(problem);
    } catch (error) {
      if (!(error instanceof ColdroomError) || !isOfFolder) throw error;
      problems.push(error);
      items.push(sealer.nothing(job));
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
    return { item_id: null, file: null, mode: null, size_bytes: null, key_id: this.#judgement.keyId, name: basename(job.source) };
  }

  /** What an earlier run left for this job. @throws as {@link sealedEarlier}. */
  async earlier({ source, out }: Job, sizeBytes: number): Promise<{ line: Line; problem: null } | null> {
    if (out === null) return null;
    const wanted = { keyId: this.#judgement.keyId, mode: this.#modeFor(sizeBytes), sendName: this.#how.sendName };
    const item = await sealedEarlier(this.#station, source, out, wanted);
    if (item === null) return null;
    const { item_id, mode, size_bytes, key_id, name } = item;
    return { line: { item_id, file: out, mode, size_bytes, key_id, name }, problem: null };
  }

  #modeFor(sizeBytes: number): Mode {
    return this.#how.mode === 'auto' ? chooseMode(sizeBytes, this.#how.passphrase !== null) : this.#how.mode;
  }

  /** An item that is sealed and kept, but whose file could not be written, comes with its problem. */
  async seal(job: Job): Promise<{ line: Line; problem: ColdroomError | null }> {
    if (job.out !== null) await checkNewFile(job.out);
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
      return await this.#sealSecret(secret, job);
    } finally {
      secret.fill(0);
    }
  }

  async #sealSecret(secret: Buffer, job: Job): Promise<{ line: Line; problem: ColdroomError | null }> {
    const environment = this.#pack.document.body.environment;
    const limitBytes = this.#station.queries.environment(environment)?.limit_bytes;
    const mode = this.#modeFor(secret.length);
    const sealed = await sealSecret({
      secret,
      key: this.#judgement.key,
      mode,
      passphrase: this.#how.passphrase,
      ...(limitBytes === undefined ? {} : { limitBytes }),
    });
    if (sealed.ciphertext.length > SEALED_BYTES_WARNING) {
      this.#context.onNote('the sealed item is larger than 10,000,000 bytes: CoinCover may read its limit of 10 MB so, and refuse it');
    }
    const name = basename(job.source).toWellFormed();
    const itemId = job.itemId ?? newUuid();
    const written = this.#station.ledger.transaction((transaction) => {
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
        },
      });
      return document;
    });
    const problem = job.out === null ? null : await writeKept(job.out, written, 'the item is sealed and kept');
    const file = problem === null ? job.out : null;
    return {
      line: { item_id: itemId, file, mode: sealed.mode, size_bytes: sealed.sizeBytes, key_id: this.#judgement.keyId, name },
      problem,
    };
  }
}
