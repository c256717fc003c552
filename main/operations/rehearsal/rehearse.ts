import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { readBoundedFile, writeNewFile } from '../../files/index.ts';
import { recoverSecret } from '../../recovery/index.ts';
import { StandIn } from '../../rehearsal/index.ts';
import { readDocumentOf } from '../../transfer/index.ts';
import { checkError, ColdroomError, inputError, quote, sha256, systemCode, type Sha256 } from '../../values/index.ts';
import { assignNew } from '../service/assign-new.ts';
import type { OperationContext } from '../context.ts';
import { inputPath } from '../fields.ts';
import { readStationFile } from '../station/home.ts';
import { KeychainKeeper } from '../station/keychain-keeper.ts';
import { ledgerCheck } from '../ledger/check.ts';
import { defineOperation, NETWORKED, SEES_SECRETS, type Outcome } from '../operation.ts';
import { readPlanFile, type ApprovablePlan } from '../plan/file.ts';
import { demand, makeRehearsalStation } from './rehearsal-station.ts';
import { PlanRehearsal, rehearsedItem, type PlanWish } from './rehearse-plan.ts';
import { openRelease } from '../recovery/release.ts';
import { seal } from '../sealing/seal.ts';
import { MAX_SECRET_BYTES } from '../sealing/secret-size.ts';
import { store } from '../service/store.ts';
import { verify } from '../service/verify.ts';

const step = z.object({ number: z.number(), title: z.string(), done: z.boolean(), result: z.string() });
const output = z.object({
  ok: z.boolean(),
  /** Of the one file; null where a plan has several items, each of which says its own. */
  file_sha256: z.string().nullable(),
  recovered_sha256: z.string().nullable(),
  backup_id: z.string().nullable(),
  kept: z.string().nullable(),
  steps: z.array(step),
  /** The plan that was rehearsed; null without one. */
  plan: z.object({ title: z.string(), digest: z.string(), words: z.array(z.string()) }).nullable(),
  items: z.array(rehearsedItem).nullable(),
});

/**
 * The whole ceremony on a real file, or on a made-up secret, against the built-in stand-in: with a station of its own that
 * is gone afterwards unless it is to be kept. The secret itself is never copied to the disk, and what comes back is compared
 * in memory.
 */
export const rehearse = defineOperation({
  name: 'rehearse',
  summary: 'the whole ceremony against the built-in stand-in',
  roles: NETWORKED,
  input: z
    .strictObject({
      in: inputPath.optional(),
      keep: z.boolean().default(false),
      /** The whole plan, in place of one file; `in` is then the folder with its secrets. */
      plan: inputPath.optional(),
      bip39_passphrase_file: inputPath.optional(),
      /** Of key files that are encrypted. */
      password_file: inputPath.optional(),
    })
    .refine((given) => given.plan !== undefined || (given.bip39_passphrase_file ?? given.password_file) === undefined, {
      error: 'has a BIP-39 passphrase or a password, which go with a plan alone',
    }),
  output,
  run: async (context, input) => {
    if (input.in !== undefined) await checkMaySeeSecrets(context.home);
    if (input.plan !== undefined) return rehearsePlan(context, input, await readPlanFile(input.plan));
    const secret = input.in === undefined ? null : await readBoundedFile(input.in, { maxBytes: MAX_SECRET_BYTES, what: 'the secret' });
    const fileSha256 = secret === null ? null : sha256(secret);
    secret?.fill(0);
    return withStandIn(context, input.keep, async (own, standIn, folder) => {
      const rehearsal = new Rehearsal(own, standIn, folder);
      const source = input.in ?? (await rehearsal.makeSecret());
      const outcome = await rehearsal.run(source, fileSha256);
      return { output: { ...outcome.output, plan: null, items: null, kept: input.keep ? folder : null }, problems: outcome.problems };
    });
  },
});

/** Where no station is, everybody may: a rehearsal has one of its own. @throws input `not-on-this-station`. */
async function checkMaySeeSecrets(home: string): Promise<void> {
  const station = await readStationFile(home);
  if (station === null || SEES_SECRETS.includes(station.role)) return;
  throw inputError('not-on-this-station', 'an online station sees no secrets: it rehearses on what is made up', {
    hint: 'leave --in out',
  });
}

type PlanInput = { keep: boolean } & Partial<Record<'in' | 'bip39_passphrase_file' | 'password_file', string | undefined>>;

async function rehearsePlan(context: OperationContext, input: PlanInput, plan: ApprovablePlan): Promise<Outcome<z.output<typeof output>>> {
  const wish: PlanWish = {
    plan,
    secrets: input.in ?? null,
    bip39PassphraseFile: input.bip39_passphrase_file ?? null,
    passwordFile: input.password_file ?? null,
  };
  return withStandIn(context, input.keep, async (own, standIn, folder) => {
    const keychains = new KeychainKeeper();
    // A plan has many items, and every keychain that is opened anew costs a scrypt.
    const { output: rehearsed, problems } = await new PlanRehearsal({ ...own, keychains }, standIn, folder, wish).run();
    await keychains.forget();
    const [only, ...others] = rehearsed.items;
    const single = others.length === 0 ? only : undefined;
    return {
      output: {
        ...rehearsed,
        items: [...rehearsed.items],
        file_sha256: single?.file_sha256 ?? null,
        recovered_sha256: single?.recovered_sha256 ?? null,
        backup_id: single?.backup_id ?? null,
        plan: { title: plan.plan.title, digest: plan.digest, words: [...plan.words] },
        kept: input.keep ? folder : null,
      },
      problems,
    };
  });
}

/** @throws input `output-unwritable`: the system's folder for what is temporary is not there, full, or somebody else's. */
function makeOwnFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'coldroom-rehearsal-'));
  } catch (cause) {
    throw inputError('output-unwritable', `no folder can be made in ${quote(tmpdir())} (${systemCode(cause) ?? 'unknown error'})`, {
      hint: 'see to free space and permissions there, or set TMPDIR to another folder',
      cause,
    });
  }
}

/**
 * A stand-in and a folder for the time of `work`. Of either nothing stays, unless it is to be kept and `work` came to an outcome, which
 * tells people where it is: a station that was left half-way holds its passphrase, and nobody knows of it.
 * @param work gets a context whose home is the rehearsal's own.
 */
async function withStandIn<Result>(
  context: OperationContext,
  keep: boolean,
  work: (own: OperationContext, standIn: StandIn, folder: string) => Promise<Result>,
): Promise<Result> {
  const standIn = new StandIn(context.clock);
  const folder = makeOwnFolder(); // in one turn with the next: no signal comes between
  // A shell that ends early (Ctrl-C) still runs this, while a file may just be on its way into the folder.
  const sweep = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  process.once('exit', sweep);
  let told = false;
  try {
    // A station of its own, whatever the caller's home is.
    const own = { ...context, home: join(folder, 'home'), keychainPassphraseFile: join(folder, 'keychain-passphrase') };
    const outcome = await work(own, standIn, folder);
    told = true;
    return outcome;
  } finally {
    try {
      await standIn.close();
    } finally {
      process.removeListener('exit', sweep);
      if (!(keep && told)) sweep();
    }
  }
}

type Steps = z.output<typeof step>[];

class Rehearsal {
  readonly #context: OperationContext;
  readonly #standIn: StandIn;
  readonly #folder: string;
  readonly #steps: Steps = [];

  constructor(context: OperationContext, standIn: StandIn, folder: string) {
    this.#context = context;
    this.#standIn = standIn;
    this.#folder = folder;
  }

  /** A secret that is worth nothing, and says so. */
  async makeSecret(): Promise<string> {
    const path = join(this.#folder, 'rehearsal-secret.txt');
    await writeNewFile(path, Buffer.from(`REHEARSAL ONLY, worth nothing: ${randomBytes(16).toString('hex')}\n`, 'utf8'));
    return path;
  }

  async run(source: string, knownSha256: Sha256 | null): Promise<Outcome<Omit<z.output<typeof output>, 'kept' | 'plan' | 'items'>>> {
    const fileSha256 = knownSha256 ?? (await digestOf(source));
    let backupId: string | null = null;
    let recovered: Sha256 | null = null;
    try {
      await this.#signIn();
      const keyPack = await this.#assign();
      const sealed = await this.#seal(keyPack.file, source);
      backupId = await this.#store(sealed);
      await this.#verifyAgain();
      recovered = await this.#recover(keyPack.keyId, backupId, sealed);
      await this.#close(fileSha256, recovered);
      return {
        output: { ok: true, file_sha256: fileSha256, recovered_sha256: recovered, backup_id: backupId, steps: this.#steps },
        problems: [],
      };
    } catch (error) {
      if (!(error instanceof ColdroomError)) throw error;
      this.#steps.push({ number: this.#steps.length + 1, title: 'stopped', done: false, result: error.message });
      return {
        output: { ok: false, file_sha256: fileSha256, recovered_sha256: recovered, backup_id: backupId, steps: this.#steps },
        problems: [error],
      };
    }
  }

  #done(title: string, result: string): void {
    this.#steps.push({ number: this.#steps.length + 1, title, done: true, result });
  }

  async #signIn(): Promise<void> {
    const at = await this.#standIn.listen();
    await makeRehearsalStation(this.#context, at, at.token);
    this.#done('Authenticate', `signed in to the stand-in at ${at.api}`);
    this.#done('Choose HOT or COLD', 'COLD, as a rehearsal always does');
  }

  async #assign(): Promise<{ file: string; keyId: string }> {
    const out = join(this.#folder, 'rehearsal.keypack.json');
    const { output: assigned } = demand(
      await assignNew(this.#context, {
        environment: 'rehearsal',
        user: 'rehearsal-wallet',
        key_environment: 'COLD',
        key_type: 'rsa4096',
        account: 'institution',
        out,
      }),
    );
    this.#done(
      'Assign a key and verify the enclave’s signature',
      `key ${assigned.key_id ?? ''}, ${assigned.checks.length.toString()} checks`,
    );
    return { file: out, keyId: assigned.key_id ?? '' };
  }

  async #seal(keyPack: string, source: string): Promise<string> {
    const out = join(this.#folder, 'rehearsal.sealed.json');
    const { output: sealed } = demand(await seal.run(this.#context, { key: keyPack, in: source, out, mode: 'auto', send_name: false }));
    const [item] = sealed.items;
    this.#done('Encrypt', `${(item?.size_bytes ?? 0).toString()} bytes of ${quote(basename(source))}, ${item?.mode ?? ''}`);
    return out;
  }

  async #store(sealed: string): Promise<string> {
    const receipts = join(this.#folder, 'receipts');
    await mkdir(receipts, { mode: 0o700 });
    const { output: stored } = demand(await store.run(this.#context, { files: [sealed], out: receipts }));
    const [item] = stored.items;
    this.#done('Store', `backup_id ${item?.backup_id ?? ''}, key ${item?.key_check ?? ''}, backup ${item?.backup_check ?? ''}`);
    return item?.backup_id ?? '';
  }

  async #verifyAgain(): Promise<void> {
    const { output: drill } = demand(await verify.run(this.#context, { what: { which: 'all' } }));
    this.#done('Verify key and backup as a drill', drill.results.map((one) => `${one.kind} ${one.check}`).join(', '));
  }

  /** From a release, as CoinCover's people would grant it, to the secret's digest. */
  async #recover(keyId: string, backupId: string, sealedPath: string): Promise<Sha256> {
    const release = await openRelease((armored) => this.#standIn.release(keyId, armored));
    const bytes = await readBoundedFile(sealedPath, { maxBytes: 16 * 1024 * 1024, what: 'the sealed item' });
    const { body } = readDocumentOf(bytes, sealedPath, 'sealed/1').document;
    const ciphertext = await release.ciphertext(backupId);
    const recovered = await recoverSecret(ciphertext, release.privateKey, null, {
      mode: body.mode,
      checksum: body.checksum,
      ciphertextSha256: body.ciphertext_sha256,
    });
    const digest = sha256(recovered.content);
    recovered.content.fill(0);
    if (recovered.checksum !== 'matches') throw checkError('checksum-differs', 'what the stand-in released is not what was sealed');
    this.#done('Recover from a release', `the released ciphertext opens, and its checksum ${recovered.checksum}`);
    return digest;
  }

  async #close(fileSha256: Sha256, recovered: Sha256): Promise<void> {
    if (fileSha256 !== recovered)
      throw checkError('rehearsal-differs', 'what came back is not the file that went in', {
        hint: 'stop: do not run a ceremony with this version',
      });
    const { output: report } = demand(await ledgerCheck.run(this.#context, {}));
    this.#done('Close', `the ledger’s ${report.events.toString()} events are in order`);
  }
}

async function digestOf(path: string): Promise<Sha256> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_SECRET_BYTES, what: 'the secret' });
  const digest = sha256(bytes);
  bytes.fill(0);
  return digest;
}
