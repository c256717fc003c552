import { createHmac, type KeyObject } from 'node:crypto';
import type { Keychain } from '../../keychain/index.ts';
import { checkpointBytes, Ledger, LedgerQueries, type RememberedCheckpoint, type Role } from '../../ledger/index.ts';
import type { StationSigner } from '../../transfer/index.ts';
import {
  canonicalJson,
  checkError,
  fingerprintOf,
  inputError,
  isColdroomError,
  quote,
  type ColdroomError,
  type Fingerprint,
} from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { factsOf, isRefusal } from '../documents/refusals.ts';
import { ledgerProblem } from '../ledger/problem.ts';
import { homePaths, requireStationFile, type StationFile } from './home.ts';
import { openKeychain } from './open-keychain.ts';
import { checkNotRolledBack, readCheckpoint } from './remembered-end.ts';
import { entryName, publicKeyOf, requireKey, signerOf, signingKeyOf, tokenEntry } from './station-keys.ts';

const MARK_LABEL = 'coldroom mark of bytes/1';
const PIN_LABEL = 'coldroom proof of a pin/1';

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
    return this.#keyed(MARK_LABEL, bytes);
  }

  /** By what this station knows a person's PIN again, as {@link markOf}. @param derived what was derived from it: never the PIN itself. */
  pinProofOf(derived: Uint8Array): string {
    return this.#keyed(PIN_LABEL, derived);
  }

  #keyed(label: string, bytes: Uint8Array): string {
    const key = createHmac('sha256', this.#macKey).update(label).digest();
    const digest = createHmac('sha256', key).update(bytes).digest('hex');
    key.fill(0);
    return digest;
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

function checkSameStation(station: Station, signingKey: KeyObject): void {
  const row = station.queries.station();
  const id = fingerprintOf(publicKeyOf(signingKey));
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
