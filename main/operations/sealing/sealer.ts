import { basename } from 'node:path';
import { z } from 'zod';
import type { Judgement } from '../../attestation/index.ts';
import { checkNewFile, readBoundedFile } from '../../files/index.ts';
import type { NetworkSeen, PlannedFacts } from '../../ledger/index.ts';
import { checkSecret, chooseMode, hasPassphrase, sealSecret, SEALED_BYTES_WARNING, type Mode } from '../../sealing/index.ts';
import { writeDocument, type KeyPack, type ReadDocument } from '../../transfer/index.ts';
import { inputError, newUuid, quote, sha256, type ColdroomError, type Passphrase, type Uuid } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { itemFacts, keptDocument, writeKept } from '../documents/documents.ts';
import { checkPlanned, checkSealedOnce, plannedFacts, type PlannedLook, type PlannedSecret } from '../plan/planned-secret.ts';
import type { Station } from '../station/station.ts';
import { isThere, sealedEarlier } from './sealed-earlier.ts';
import { MAX_SECRET_BYTES } from './secret-size.ts';

/** What came of one file, as `seal` prints it. */
export const sealedLine = z.object({
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

export type Line = z.output<typeof sealedLine>;

/**
 * `out` null: the sealed item stays in the ledger alone. `itemId` where the caller has noted it before, `sizeBytes` where people
 * have signed for a file of that size. `planned`: the item of a plan that the file is held against when it is sealed.
 */
export type Job = { source: string; out: string | null; itemId?: Uuid; sizeBytes?: number; planned?: PlannedSecret };

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
