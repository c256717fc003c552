import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { openFileKeychain, openOsKeychain, type Keychain } from '../../keychain/index.ts';
import {
  checkpointBytes,
  Ledger,
  LedgerQueries,
  takeLockWaiting,
  type KeychainKind,
  type RememberedCheckpoint,
  type Role,
} from '../../ledger/index.ts';
import type { StationSigner } from '../../transfer/index.ts';
import {
  canonicalJson,
  type ColdroomError,
  fingerprintOf,
  inputError,
  isColdroomError,
  isJsonObject,
  isSha256,
  parseJson,
  quote,
  type Fingerprint,
  type Json,
  type JsonObject,
  type Passphrase,
  checkError,
} from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { ledgerProblem } from '../ledger/problem.ts';
import { readPassphraseFile } from '../sealing/passphrase.ts';
import { factsOf, isRefusal } from '../documents/refusals.ts';
import { homePaths, requireStationFile, type StationFile } from './home.ts';

const KEY_BYTES = 32;
const MARK_LABEL = 'coldroom mark of bytes/1';

/** A station opened for work: ledger, keychain and the key that signs for it. Close it, whatever happens. */
export class Station {
  readonly file: StationFile;
  readonly ledger: Ledger;
  readonly queries: LedgerQueries;
  readonly keychain: Keychain;
  readonly signer: StationSigner;
  readonly #macKey: Buffer;

  constructor(parts: { file: StationFile; ledger: Ledger; keychain: Keychain; signingKey: KeyObject; macKey: Buffer }) {
    this.file = parts.file;
    this.ledger = parts.ledger;
    this.queries = new LedgerQueries(parts.ledger);
    this.keychain = parts.keychain;
    this.signer = signerOf(parts.file, parts.signingKey);
    this.#macKey = parts.macKey;
  }

  get role(): Role {
    return this.file.role;
  }

  get id(): Fingerprint {
    return this.file.id as Fingerprint;
  }

  /**
   * Signs the ledger's head into the ledger and lets the keychain remember it. The keychain is written second: dying in
   * between leaves it behind the ledger, which is no alarm.
   */
  async addCheckpoint(): Promise<void> {
    const head = this.ledger.transaction((transaction) => {
      const { ledgerId, seq, head } = transaction.head();
      const signature = this.signer.sign(checkpointBytes({ ledger_id: ledgerId, seq, head })).toString('base64');
      transaction.append({ type: 'checkpoint', data: { seq, head, signature } });
      return transaction.head();
    });
    const remembered: RememberedCheckpoint = { ledger_id: head.ledgerId, seq: head.seq, head: head.head };
    await this.keychain.set(entryName(this.file, 'checkpoint'), Buffer.from(canonicalJson(remembered), 'utf8'));
  }

  /** One of this station's own entries in its keychain, or null. The caller wipes it. */
  keychainEntry(entry: string): Promise<Buffer | null> {
    return this.keychain.get(entryName(this.file, entry));
  }

  async setKeychainEntry(entry: string, value: Buffer | null): Promise<void> {
    if (value === null) await this.keychain.delete(entryName(this.file, entry));
    else await this.keychain.set(entryName(this.file, entry), value);
  }

  /**
   * By what this station knows bytes again that it has looked at, in lower-case hex. Its key is made from one in the keychain: to whoever
   * has the ledger alone, where marks of secrets are kept, it tells nothing, not even whether a guess is right.
   */
  markOf(bytes: Uint8Array): string {
    const key = createHmac('sha256', this.#macKey).update(MARK_LABEL).digest();
    const mark = createHmac('sha256', key).update(bytes).digest('hex');
    key.fill(0);
    return mark;
  }

  async token(environmentId: string): Promise<string | null> {
    const bytes = await this.keychain.get(tokenEntry(this.file, environmentId));
    if (bytes === null) return null;
    const token = bytes.toString('utf8');
    bytes.fill(0);
    return token;
  }

  /** Takes an environment's API key out of the keychain. */
  async removeToken(environment: { name: string; environment_id: string }): Promise<void> {
    await this.keychain.delete(tokenEntry(this.file, environment.environment_id));
    this.ledger.append({ type: 'token-removed', data: { environment: environment.name } });
  }

  /** A refusal changes no state; that it happened is kept all the same (design.md, "Ledger"). */
  recordRefusal(operation: string, error: ColdroomError, subject: string | null): void {
    const { subject: about, documentSha256 } = factsOf(error);
    const data = { operation, code: error.code, subject: subject ?? about ?? null };
    this.ledger.append({
      type: 'refusal',
      data: documentSha256 === undefined ? data : { ...data, document_sha256: documentSha256 },
    });
  }

  async close(): Promise<void> {
    this.#macKey.fill(0);
    this.ledger.close();
    await this.keychain.close();
  }
}

/**
 * Opens the station in the context's home folder for writing, runs `work`, closes it. A refusal by a check is recorded in
 * the ledger before it goes on to the caller.
 * @throws input `station-missing`, `keychain-lost`, the keychain's and the ledger's own errors, and what `work` throws.
 */
export async function withStation<Result>(
  context: OperationContext,
  operation: string,
  work: (station: Station) => Promise<Result>,
): Promise<Result> {
  return workWith(context, operation, await openStation(context, operation, homePaths(context.home).ledger), work);
}

/**
 * As {@link withStation}, with a ledger that is being made under another name. The keychain remembers the one that was lost, if any, until
 * `work` adds a checkpoint.
 */
export async function withLedgerInMaking<Result>(
  context: OperationContext,
  operation: string,
  ledger: string,
  work: (station: Station) => Promise<Result>,
): Promise<Result> {
  return workWith(context, operation, await openStation(context, operation, ledger), work);
}

async function workWith<Result>(
  context: OperationContext,
  operation: string,
  station: Station,
  work: (station: Station) => Promise<Result>,
): Promise<Result> {
  try {
    await context.rehearsal?.resume(station);
    return await work(station);
  } catch (error) {
    if (isRefusal(error)) station.recordRefusal(operation, error, null);
    throw error;
  } finally {
    await station.close();
  }
}

async function openStation(context: OperationContext, operation: string, path: string): Promise<Station> {
  const file = await requireStationFile(context.home);
  const keychain = await openKeychain(context, file.keychain);
  try {
    const macKey = await requireKey(keychain, file, 'mac-key');
    const seed = await requireKey(keychain, file, 'station-key');
    const signingKey = signingKeyOf(seed);
    seed.fill(0);
    const ledger = Ledger.open(path, { clock: context.clock, macKey });
    try {
      const station = new Station({ file, ledger, keychain, signingKey, macKey });
      checkSameStation(station, signingKey);
      checkMadeAs(station, operation);
      checkOwnEnd(ledger);
      if (path === homePaths(context.home).ledger)
        checkNotRolledBack(ledger, readCheckpoint(await keychain.get(entryName(file, 'checkpoint'))));
      return station;
    } catch (error) {
      ledger.close();
      throw error;
    }
  } catch (error) {
    await keychain.close();
    throw error;
  }
}

/** A ledger opened for reading alone: no keychain is asked, nothing can change. */
export async function withLedgerForReading<Result>(
  context: OperationContext,
  work: (parts: { file: StationFile; ledger: Ledger; queries: LedgerQueries }) => Promise<Result>,
): Promise<Result> {
  const file = await requireStationFile(context.home);
  const ledger = openLedgerForReading(context);
  try {
    return await work({ file, ledger, queries: new LedgerQueries(ledger) });
  } finally {
    ledger.close();
  }
}

/** The caller closes it. The first command after an update is often one that only looks: nobody should have to find one that writes. */
export function openLedgerForReading({ home, clock }: OperationContext): Ledger {
  const { ledger: path } = homePaths(home);
  try {
    return Ledger.open(path, { clock, macKey: null });
  } catch (error) {
    if (!isColdroomError(error) || error.code !== 'ledger-too-old') throw error;
    Ledger.bringUpToDate(path);
    return Ledger.open(path, { clock, macKey: null });
  }
}

/**
 * Opens the keychain of the kind that was fixed when the station was made; it never falls back to the other.
 * @throws the keychain's own errors; input `keychain-passphrase-missing`.
 */
export function openKeychain(context: OperationContext, kind: KeychainKind): Promise<Keychain> {
  if (context.keychains === undefined) return openNow(context, kind);
  const { signal, ...others } = context;
  return context.keychains.open(() => openNow(others, kind), signal);
}

async function openNow(context: OperationContext, kind: KeychainKind): Promise<Keychain> {
  if (kind === 'os') {
    return openOsKeychain({
      spawn: context.spawnKeychainChild,
      onWaiting: context.onNote,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
  }
  return openFileKeychain({
    path: homePaths(context.home).keychain,
    passphrase: context.keychains?.copyPassphrase() ?? (await readKeychainPassphrase(context)),
    exclusively: (work) => withLock(homePaths(context.home).lock('keychain'), work),
  });
}

async function readKeychainPassphrase(context: OperationContext): Promise<Passphrase> {
  if (context.keychainPassphraseFile === null) {
    throw inputError('keychain-passphrase-missing', 'this station’s keychain is a file, and its passphrase was not given', {
      hint: 'add --keychain-passphrase-file FILE',
    });
  }
  return readPassphraseFile(context.keychainPassphraseFile, 'the keychain passphrase file');
}

const KEYCHAIN_WAIT_MS = 20_000;

async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  // Not to be cancelled: what is being written down has happened already.
  const release = await takeLockWaiting(path, KEYCHAIN_WAIT_MS);
  if (release === null)
    throw inputError('keychain-busy', 'another process is changing the keychain file', { hint: 'wait for it to end, then try again' });
  try {
    return await work();
  } finally {
    release();
  }
}

/** A new station's two keys. The caller wipes `seed` and `macKey`. */
export function makeStationKeys(): { publicKey: string; id: Fingerprint; seed: Buffer; macKey: Buffer } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const raw = rawPublicKey(privateKey);
  return { publicKey: raw.toString('base64'), id: fingerprintOf(raw), seed: seedOf(privateKey), macKey: randomBytes(KEY_BYTES) };
}

/** Puts a new station's keys into its keychain. */
export async function keepStationKeys(keychain: Keychain, file: StationFile, keys: { seed: Buffer; macKey: Buffer }): Promise<void> {
  await keychain.set(entryName(file, 'station-key'), keys.seed);
  await keychain.set(entryName(file, 'mac-key'), keys.macKey);
}

export function tokenEntry(file: StationFile, environmentId: string): string {
  return entryName(file, `token-${environmentId}`);
}

function entryName(file: StationFile, entry: string): string {
  return `${file.keychain_scope}/${entry}`;
}

/** The station's MAC key and remembered checkpoint where the keychain has them; null each where it does not. */
export async function readCheckMaterial(
  keychain: Keychain,
  file: StationFile,
): Promise<{ macKey: Buffer | null; remembered: RememberedCheckpoint | null }> {
  return {
    macKey: await keychain.get(entryName(file, 'mac-key')),
    remembered: readCheckpoint(await keychain.get(entryName(file, 'checkpoint'))),
  };
}

/** The station's keys from its keychain, for `ledger rebuild`, which has no ledger to open. */
export async function readStationKeys(keychain: Keychain, file: StationFile): Promise<{ macKey: Buffer; signingKey: KeyObject }> {
  const macKey = await requireKey(keychain, file, 'mac-key');
  const seed = await requireKey(keychain, file, 'station-key');
  const signingKey = signingKeyOf(seed);
  seed.fill(0);
  return { macKey, signingKey };
}

async function requireKey(keychain: Keychain, file: StationFile, entry: string): Promise<Buffer> {
  const key = await keychain.get(entryName(file, entry));
  if (key?.length === KEY_BYTES) return key;
  throw inputError('keychain-lost', 'the keychain does not hold this station’s keys', {
    hint: 'restore the keychain; without it the station can only be read (`ledger list`, `ledger check`), and a new one must be made',
  });
}

function checkSameStation(station: Station, signingKey: KeyObject): void {
  const row = station.queries.station();
  const id = fingerprintOf(rawPublicKey(signingKey));
  if (row.station_id !== id || station.file.id !== id) {
    throw inputError('station-mixed', 'ledger, keychain and station.json are not of one station', {
      hint: 'the home folder holds parts of different stations; restore it from one copy',
    });
  }
}

/**
 * `station.json` is a plain file beside the ledger: whoever makes an online station of a cold one there would let secrets and the network
 * meet on one machine. The ledger's first event says what the station was made as.
 * @throws check `station-file-changed`, which is recorded.
 */
function checkMadeAs(station: Station, operation: string): void {
  const made = station.ledger.madeAs();
  if (made !== null && made.role === station.role && made.name === station.file.name) return;
  const problem = stationFileChanged(station.file, made);
  station.recordRefusal(operation, problem, null);
  throw problem;
}

/** @param made what the station's own signed word is; null where there is none that could be believed. */
export function stationFileChanged(file: StationFile, made: { role: Role; name: string } | null): ColdroomError {
  const instead =
    made === null ? 'its ledger does not begin with how it was made' : `it was made as the ${made.role} station ${quote(made.name)}`;
  return checkError('station-file-changed', `station.json says ${file.role} station ${quote(file.name)}, and ${instead}`, {
    hint: 'stop; find out who changed it; a station keeps its role and its name: restore station.json from a copy',
  });
}

/**
 * Whatever is appended vouches for the rows before it, up to the first: they are chained. So nothing is appended to a row that this
 * station did not write.
 * @throws check `event-mac`, and the other codes of a chain that does not hold.
 */
function checkOwnEnd(ledger: Ledger): void {
  const { seq } = ledger.head();
  const broken = ledger.firstBroken(Math.max(ledger.firstSeq(), seq - 1), seq);
  if (broken !== null) throw ledgerProblem(broken);
}

/**
 * A ledger that ends before what the keychain remembers was restored from an older copy. Working on with it would send
 * again what CoinCover holds already, and the next checkpoint would hide that.
 * @throws check `ledger-rolled-back`.
 */
function checkNotRolledBack(ledger: Ledger, remembered: RememberedCheckpoint | null): void {
  if (remembered === null) return;
  if (ledger.ledgerId === remembered.ledger_id && ledger.digestAt(remembered.seq) === remembered.head) return;
  throw checkError(
    'ledger-rolled-back',
    'this ledger is not the one that the keychain remembers: it was replaced, or restored from an older copy',
    {
      hint: 'stop; put the latest ledger back, or make it again with `ledger rebuild --from DIR` in its place',
    },
  );
}

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410 §7, before the 32-byte seed

function signingKeyOf(seed: Buffer): KeyObject {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}

function seedOf(key: KeyObject): Buffer {
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const seed = Buffer.from(der.subarray(-KEY_BYTES));
  der.fill(0);
  return seed;
}

function rawPublicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

function signerOf(file: StationFile, key: KeyObject): StationSigner {
  return {
    station: { id: file.id, name: file.name, role: file.role, public_key: file.public_key },
    sign: (bytes) => sign(null, bytes, key),
  };
}

/**
 * What the keychain remembers of the ledger's end; null where it remembers nothing yet. Anything else is no reason to go on
 * without: it is all that shows a ledger which was rolled back.
 * @throws check `keychain-entry-damaged`.
 */
function readCheckpoint(bytes: Buffer | null): RememberedCheckpoint | null {
  if (bytes === null) return null;
  const { ledger_id: ledgerId, seq, head } = checkpointMembers(bytes);
  if (typeof ledgerId !== 'string' || typeof seq !== 'number' || !isSha256(head)) throw checkpointDamaged();
  return { ledger_id: ledgerId, seq, head };
}

function checkpointMembers(bytes: Buffer): JsonObject {
  let json: Json;
  try {
    json = parseJson(bytes, { maxBytes: 4096 });
  } catch (cause) {
    throw checkpointDamaged(cause);
  }
  if (isJsonObject(json)) return json;
  throw checkpointDamaged();
}

function checkpointDamaged(cause?: unknown): ColdroomError {
  return checkError('keychain-entry-damaged', 'what the keychain remembers of the ledger’s end is not as Coldroom wrote it', {
    hint: 'something else changed it: restore the keychain from a copy; until then nobody can tell whether the ledger was rolled back',
    ...(cause === undefined ? {} : { cause }),
  });
}
