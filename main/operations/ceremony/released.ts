import type { KeyObject } from 'node:crypto';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { MOST_WRONG_TRIES, WIPE_POINTS, type FactValue } from '../../ceremony/index.ts';
import { checkNewClearFile, isPlainFileName, readBoundedFile, writeNewFile } from '../../files/index.ts';
import type { ItemRow, LedgerQueries } from '../../ledger/index.ts';
import { isPrivateHalf, recoverSecret } from '../../recovery/index.ts';
import { parseAssignedKey, parsePrivateKey, type Mode } from '../../sealing/index.ts';
import { readDocumentOf } from '../../transfer/index.ts';
import { checkError, inputError, isColdroomError, isoTime, sha256, type ColdroomError, type Passphrase } from '../../values/index.ts';
import { answersInput, noteAnswers } from './answers.ts';
import { ceremonyOutput, requireStep, workOn, type StepWork } from './ceremony.ts';
import { checkNothingReleased, notYet } from './recovery.ts';
import { sealedItems } from './subjects.ts';
import { inputPath, outputPath, uuid } from '../fields.ts';
import { makeFolder } from '../folders.ts';
import { checkNetworkGate } from '../station/network.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';
import { readPassphraseText } from '../sealing/passphrase.ts';
import { openPackages, wipeOpened, type OpenedPackage } from '../recovery/recover-material.ts';
import { compareRecovered, otherSecret, type ComparedSecret } from '../recovery/recovered-secret.ts';
import type { Beside } from '../sealing/seal-plan.ts';
import { MAX_SECRET_BYTES } from '../sealing/secret-size.ts';

const MAX_PACKAGES = 100;
/** A passphrase was given, and it was another one: these are counted. What is damaged looks the same, and counts too. */
const WRONG: readonly string[] = ['openpgp-passphrase-wrong', 'private-key-passphrase-wrong', 'box-cannot-open'];
const typedPassphrase = z.string().max(1024).nullable();

export const ceremonyPackages = defineOperation({
  name: 'ceremony.packages',
  summary: 'open the packages that CoinCover released, and say what each holds',
  roles: SEES_SECRETS,
  input: z.strictObject({
    ceremony: uuid,
    packages: z.array(inputPath).min(1).max(MAX_PACKAGES),
    openpgp_key: inputPath,
    passphrase: typedPassphrase,
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.packages', input.ceremony, async (parts) => {
      await requireStep(parts, 'released');
      const { station, state, note } = parts;
      if (state.facts.recovered !== undefined) checkNothingReleased(state.facts);
      checkTriesLeft(state.facts['released-tries']);
      await checkNetworkGate(context, station);
      const passphrase = typed(input.passphrase);
      const source = { packages: input.packages, key: input.openpgp_key, passphrase };
      let opened: OpenedPackage[] = [];
      try {
        opened = await openPackages(source);
        const items = sealedItems(station, state);
        checkKeyReleased(opened, publicKeyOf(station.queries, items));
        const released = new Set(
          opened
            .map(ciphertextOf)
            .filter((one) => one !== null)
            .map(sha256),
        );
        const held = items.filter((item) => released.has(item.ciphertext_sha256 as never));
        note('released', 'released', {
          packages: opened.map(({ file, released: { what } }) => ({ path: file, name: basename(file), what })),
          key: { path: input.openpgp_key },
          held: held.map((item) => item.item_id),
          others: [...released].filter((digest) => !items.some((item) => item.ciphertext_sha256 === digest)).length,
          at: isoTime(context.clock.now()),
        });
        return [];
      } catch (error) {
        const wrong = (state.facts['released-tries']?.wrong ?? 0) + 1;
        if (isWrong(error)) note('released', 'released-tries', { wrong, at: isoTime(context.clock.now()) });
        throw error;
      } finally {
        wipeOpened(opened);
        passphrase?.fill(0);
      }
    }),
});

/** @throws check `recovery-tries-spent`. */
function checkTriesLeft(tries: { wrong: number } | undefined): void {
  if ((tries?.wrong ?? 0) < MOST_WRONG_TRIES) return;
  throw checkError('recovery-tries-spent', 'the passphrase was wrong three times, and this step has ended', {
    hint: 'stop, and begin another recovery once the passphrase is known',
  });
}

function isWrong(error: unknown): boolean {
  return isColdroomError(error) && WRONG.includes(error.code);
}

function typed(text: string | null): Passphrase | null {
  return text === null ? null : readPassphraseText(text);
}

function publicKeyOf(queries: LedgerQueries, items: readonly ItemRow[]): Buffer {
  const key = queries.assignedKey(items[0]?.key_id ?? '');
  if (key === null) throw notYet();
  return parseAssignedKey(key.public_key).spkiDer;
}

/**
 * The private key must be there, and belong to the backups; of one that has a passphrase of its own that shows later.
 * @throws input `recover-private-key-missing`; check `private-key-differs`; what parsePrivateKey throws.
 */
function checkKeyReleased(opened: readonly OpenedPackage[], publicKey: Buffer): void {
  const plain = opened.flatMap(({ released }) => (released.what === 'private-key' ? [parsePrivateKey(released.bytes, null)] : []));
  if (plain.some((key) => isPrivateHalf(key, publicKey))) return;
  if (opened.some(({ released }) => released.what === 'encrypted-private-key')) return;
  if (plain.length > 0) throw keyDiffers();
  throw inputError('recover-private-key-missing', 'there is no private key in what was released', {
    hint: 'choose its package too, or ask CoinCover for it',
  });
}

function keyDiffers(): ColdroomError {
  return checkError('private-key-differs', 'the private key does not belong to the key that these backups were sealed for', {
    hint: 'ask for the release of the key ID in the request',
  });
}

function ciphertextOf({ released }: OpenedPackage): Buffer | null {
  if (released.what === 'ciphertext') return released.bytes;
  return released.what === 'sealed' ? Buffer.from(released.document.body.ciphertext, 'base64') : null;
}

export const ceremonyGetBack = defineOperation({
  name: 'ceremony.get-back',
  summary: 'open the secrets with what was released, compare them with the ledger, and write them',
  roles: SEES_SECRETS,
  input: z.strictObject({
    ceremony: uuid,
    openpgp_passphrase: typedPassphrase,
    /** Of a private key that was released under one. */
    key_passphrase: typedPassphrase,
    /** Under which the secrets were sealed. */
    passphrase: typedPassphrase,
    /** What goes with a secret that was sealed by a plan, so that its identifier can be compared. */
    bip39_passphrase: typedPassphrase.default(null),
    password: typedPassphrase.default(null),
    folder: outputPath,
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.get-back', input.ceremony, async (parts) => {
      await requireStep(parts, 'result');
      const { station, state, note } = parts;
      checkTriesLeft(state.facts['result-tries']);
      await checkNetworkGate(context, station);
      await makeFolder(input.folder);
      const secrets = [input.openpgp_passphrase, input.key_passphrase, input.passphrase].map(typed);
      const [openPgp = null, ofKey = null, own = null] = secrets;
      const before = state.facts.recovered?.items ?? [];
      // Of another secret than the one that was sealed nothing was written: with another passphrase it may be the right one.
      const standing = before.filter((one) => one.controls?.result !== 'differs');
      const beside = { bip39Passphrase: textBytes(input.bip39_passphrase), password: textBytes(input.password) };
      const attempt = new Attempt(parts, { folder: input.folder, before: standing, beside });
      try {
        await attempt.run(openPgp, ofKey, own);
      } catch (error) {
        attempt.failed(error);
      } finally {
        for (const secret of [...secrets, beside.bip39Passphrase, beside.password]) secret?.fill(0);
      }
      if (attempt.items.length > standing.length)
        note('result', 'recovered', { items: [...attempt.items], at: isoTime(context.clock.now()) });
      const { problem } = attempt;
      if (problem === null) return [];
      if (isWrong(problem) && attempt.items.length === standing.length) {
        note('result', 'result-tries', { wrong: (state.facts['result-tries']?.wrong ?? 0) + 1, at: isoTime(context.clock.now()) });
      }
      if (problem.family === 'check') station.recordRefusal('ceremony.get-back', problem, null);
      return [problem];
    }),
});

type RecoveredItem = FactValue<'recovered'>['items'][number];

/** One go at the secrets that are not back yet. What is back stays noted, whatever becomes of the rest. */
class Attempt {
  readonly items: RecoveredItem[];
  problem: ColdroomError | null = null;
  readonly #parts: StepWork;
  readonly #folder: string;
  readonly #beside: Beside;

  constructor(parts: StepWork, { folder, before, beside }: { folder: string; before: readonly RecoveredItem[]; beside: Beside }) {
    this.#parts = parts;
    this.#folder = folder;
    this.#beside = beside;
    this.items = [...before];
  }

  /** What is no error of Coldroom's own goes on: it is a bug. */
  failed(error: unknown): void {
    if (!isColdroomError(error)) throw error;
    this.problem ??= error;
  }

  async run(openPgp: Passphrase | null, ofKey: Passphrase | null, own: Passphrase | null): Promise<void> {
    const { station, state } = this.#parts;
    const { released } = state.facts;
    if (released === undefined) throw notYet();
    const packages = released.packages.map(({ path }) => path);
    const opened = await openPackages({ packages, key: released.key.path, passphrase: openPgp });
    try {
      const left = sealedItems(station, state).filter((item) => !this.items.some((one) => one.item_id === item.item_id));
      const key = fittingKey(opened, ofKey, publicKeyOf(station.queries, sealedItems(station, state)));
      for (const item of left) await this.#open(item, { key, opened, own });
    } finally {
      wipeOpened(opened);
    }
  }

  /** Against what the ledger kept of it when it was sealed by a plan: the same file may still be another wallet's. */
  async #compare({ item_id: id }: ItemRow, content: Buffer): Promise<ComparedSecret | null> {
    const planned = this.#parts.station.queries.plannedOfItem(id);
    if (planned === null) return null;
    const bip39Passphrase = planned.bip39_passphrase ? this.#beside.bip39Passphrase : null;
    return compareRecovered(content, [{ ...planned, by: 'ledger' }], { ...this.#beside, bip39Passphrase });
  }

  /** Files that were sealed under different passphrases come back one passphrase after the other. */
  async #open(
    item: ItemRow,
    { key, opened, own }: { key: KeyObject; opened: readonly OpenedPackage[]; own: Passphrase | null },
  ): Promise<void> {
    const path = join(this.#folder, fileNameFor(item));
    await checkNewClearFile(path);
    const { queries } = this.#parts.station;
    const needed = item.mode.includes('passphrase') ? own : null;
    try {
      const expected = { mode: item.mode as Mode, checksum: item.checksum, ciphertextSha256: item.ciphertext_sha256 };
      const recovered = await recoverSecret(ciphertextFor(queries, opened, item), key, needed, expected);
      try {
        const { checksum, content } = recovered;
        const same = this.#parts.state.row.environment === 'rehearsal' ? await isSameAsSealed(queries, item, content) : null;
        const isSealed = checksum === 'matches' && same !== false;
        if (!isSealed) this.problem ??= checkError('checksum-differs', 'what came out is not what was sealed: its checksum differs');
        const compared = isSealed ? await this.#compare(item, content) : null;
        this.problem ??= otherSecret(compared);
        const isRight = isSealed && compared?.result !== 'differs';
        if (isRight) await writeNewFile(path, content);
        const name = isRight ? basename(path) : null;
        this.items.push({ item_id: item.item_id, checksum, name, size_bytes: content.length, same, controls: controlsOf(compared) });
      } finally {
        recovered.content.fill(0);
      }
    } catch (error) {
      if (!isColdroomError(error) || error.code !== 'box-cannot-open') throw error;
      this.problem ??= error;
    }
  }
}

function controlsOf(compared: ComparedSecret | null): RecoveredItem['controls'] {
  if (compared === null) return null;
  const { kind, type, path, planned, found, result, reason } = compared;
  return { kind, type, path, planned, found, result, reason };
}

function textBytes(text: string | null): Buffer | null {
  return text === null || text === '' ? null : Buffer.from(text, 'utf8');
}

function fittingKey(opened: readonly OpenedPackage[], passphrase: Passphrase | null, publicKey: Buffer): KeyObject {
  for (const { released } of opened) {
    if (released.what !== 'private-key' && released.what !== 'encrypted-private-key') continue;
    const key = parsePrivateKey(released.bytes, released.what === 'encrypted-private-key' ? passphrase : null);
    if (isPrivateHalf(key, publicKey)) return key;
  }
  throw keyDiffers();
}

/** What was released, where it is this backup; else this station's own copy. */
function ciphertextFor(queries: LedgerQueries, opened: readonly OpenedPackage[], item: ItemRow): Buffer {
  const released = opened.map(ciphertextOf).find((one) => one !== null && sha256(one) === item.ciphertext_sha256);
  if (released !== undefined && released !== null) return released;
  const text = queries.documentText(item.document_id) ?? '';
  const { body } = readDocumentOf(Buffer.from(text, 'utf8'), 'the sealed item in the ledger', 'sealed/1').document;
  return Buffer.from(body.ciphertext, 'base64');
}

/** Under its own name, where that is a plain one; names of items come from other stations too. */
function fileNameFor(item: ItemRow): string {
  const isPlain = /^[\p{L}\p{N}_][\p{L}\p{N} ._()+-]{0,120}$/u.test(item.name);
  return isPlain && isPlainFileName(item.name) ? item.name : `recovered-${item.item_id}`;
}

/** Against the file that was sealed, where a ceremony of this station has noted it and it is still there. */
async function isSameAsSealed(queries: LedgerQueries, item: ItemRow, content: Buffer): Promise<boolean | null> {
  const path = queries
    .ceremonies()
    .flatMap(({ ceremony_id: id }) => queries.ceremonyFacts(id))
    .filter(({ name }) => name === 'secrets')
    .flatMap(({ value }) => (JSON.parse(value) as { files?: { item_id: string; path: string }[] } | null)?.files ?? [])
    .find((file) => file.item_id === item.item_id)?.path;
  if (path === undefined) return null;
  try {
    const original = await readBoundedFile(path, { maxBytes: MAX_SECRET_BYTES, what: 'the file that was sealed' });
    const same = original.equals(content);
    original.fill(0);
    return same;
  } catch (error) {
    if (isColdroomError(error)) return null; // it has been moved or wiped since, as it should be
    throw error;
  }
}

export const ceremonyWiped = defineOperation({
  name: 'ceremony.wiped',
  summary: 'say what became of the recovered secret and of everything that opens it',
  roles: SEES_SECRETS,
  input: answersInput,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.wiped', input.ceremony, async (parts) => {
      await requireStep(parts, 'wipe');
      noteAnswers(parts, { step: 'wipe', fact: 'wiped', points: WIPE_POINTS }, input.answers);
      return [];
    }),
});
