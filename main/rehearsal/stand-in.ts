import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { inputError, isColdroomError, isUuid, quote, systemCode, type Clock, type Sha256 } from '../values/index.ts';
import { sendInstead, sendJson, sendRedirect, sendRefusal, sendSuccess } from './answers.ts';
import { isWhole } from './assigned-key.ts';
import { JWKS_ELSEWHERE_PATH, JWKS_PATH, parseCall, pathOf, type Call } from './calls.ts';
import { Changes } from './changes.ts';
import { Enclave } from './enclave.ts';
import { FaultSwitch, type FaultName } from './faults.ts';
import { RsaKeyPool, type KeyPool } from './key-pool.ts';
import { invalidField, Refusal } from './refusal.ts';
import { release, type ReleasePackage } from './release.ts';
import { readBody } from './request-body.ts';
import { maxBodyBytes, readAssignment, readDataRequest, readFileRequest, readRelease } from './requests.ts';
import { encodeState, parseState, type StandInState } from './saved-state.ts';
import { Tokens } from './tokens.ts';
import { Vault, type HeldBackup } from './vault.ts';

export type StandInOptions = {
  /** For `coincover:validFrom`. */
  readonly clock: Clock;
  /** On from the start, without end. */
  readonly fault?: FaultName;
  /** Where RSA-4096 keys come from; by default it makes its own, two ahead. */
  readonly keyPool?: KeyPool;
  /** How late every answer comes under the fault `slow`, in milliseconds; by default three seconds. */
  readonly slowMs?: number;
  /**
   * Awaited after every change (a key assigned, a backup stored, a rotation) and before its answer leaves: whoever saves the
   * stand-in here finds it after a kill knowing all that it answered. Where it throws, the change is undone and the call fails
   * with 500. Never called twice at once; it must not wait for `rotate` or `release`, which wait for it.
   */
  readonly onChange?: (standIn: StandIn) => Promise<void>;
};

export type StandInAddress = {
  readonly port: number;
  /** `http://127.0.0.1:<port>`. */
  readonly api: string;
  readonly jwks: string;
  /** The API key of an institution: takes every call but the partner's. */
  readonly token: string;
  /** The API key with partner scope: takes every call. */
  readonly partnerToken: string;
  /** What `pulled_by_id` says. */
  readonly accountId: string;
};

/** A request as it was seen. Never its body, never its token. */
export type SeenRequest = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Of the body. */
  readonly bytes: number;
  /** Whether an Authorization header came with it, right or wrong. */
  readonly withToken: boolean;
};

export type HeldSummary = {
  readonly backupId: string;
  readonly type: 'data' | 'file';
  readonly ciphertextSha256: Sha256;
  /** Of what it opened to; null for files. */
  readonly plaintextSha256: Sha256 | null;
};

type JsonAnswer = Readonly<Record<string, unknown>>;

const SLOW_MS = 3000;
/** The oldest are dropped beyond it: a stand-in may run for days. */
const MAX_SEEN_REQUESTS = 10_000;
/** The words of CoinCover's own console. Contract, "Endpoints". */
const OFFLINE = "Cold backups are held offline and can't be checked.";

/**
 * A stand-in for CoinCover on this machine's loopback. It speaks the contract, really decrypts, keeps what it is sent in memory,
 * and can do wrong by name. What it knows ends with the process unless it is saved.
 */
export class StandIn {
  readonly #tokens: Tokens;
  readonly #vault: Vault;
  readonly #faults = new FaultSwitch();
  readonly #seen: SeenRequest[] = [];
  readonly #closing = new AbortController();
  readonly #changes: Changes;
  readonly #keyPool: KeyPool;
  readonly #enclave: Enclave;
  readonly #server: Server;
  readonly #slowMs: number;
  #lastPort: number | null;

  constructor(clock: Clock, options: Omit<StandInOptions, 'clock'> = {}, saved: StandInState | null = null) {
    this.#tokens = new Tokens(saved?.tokens);
    this.#vault = new Vault(saved?.backups);
    this.#changes = new Changes(async () => options.onChange?.(this));
    this.#keyPool = options.keyPool ?? new RsaKeyPool();
    this.#slowMs = options.slowMs ?? SLOW_MS;
    this.#enclave = new Enclave(clock, this.#keyPool, this.#changes, saved);
    this.#lastPort = saved?.port ?? null;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.setFault(options.fault ?? null);
  }

  /**
   * A stand-in that knows all that another did when it was saved, and answers as it would have. It shows no fault but that of the
   * options, has seen no request, and listens where it is told to. @param bytes what `save` gave; the caller wipes them.
   * @throws input `rehearsal-file-damaged`.
   */
  static restore(bytes: Uint8Array, clock: Clock, options: Omit<StandInOptions, 'clock'> = {}): StandIn {
    return new StandIn(clock, options, parseState(bytes));
  }

  /**
   * What it knows, for `restore`: private keys, tokens and backups in the clear. The caller wipes it. Within `onChange` it holds
   * the change that is being kept, and no other that is not kept yet.
   */
  save(): Buffer {
    return encodeState({ port: this.#lastPort, tokens: this.#tokens, ...this.#enclave.state, backups: this.#vault.all() });
  }

  /** Where it listened last, before it was saved or since; null where it never did. */
  get lastPort(): number | null {
    return this.#lastPort;
  }

  /**
   * Starts to listen, on 127.0.0.1 alone. @param port 0 for any that is free.
   * @throws input `port-taken` where the port cannot be used.
   */
  async listen(port = 0): Promise<StandInAddress> {
    await new Promise<void>((ready, failed) => {
      const refuse = (cause: unknown): void => {
        failed(
          inputError('port-taken', `the port ${port.toString()} cannot be used (${systemCode(cause) ?? 'unknown error'})`, {
            hint: 'choose another with --port, or 0 for any',
            cause,
          }),
        );
      };
      this.#server.once('error', refuse);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', refuse);
        ready();
      });
    });
    this.#keyPool.prepare();
    const { port: taken } = this.#server.address() as AddressInfo; // a server that listens on TCP has one
    this.#lastPort = taken;
    const api = `http://127.0.0.1:${taken.toString()}`;
    return {
      port: taken,
      api,
      jwks: `${api}${JWKS_PATH}`,
      token: this.#tokens.institution,
      partnerToken: this.#tokens.partner,
      accountId: this.#enclave.accountId,
    };
  }

  /** Cuts every connection and ends, once a change under way is kept or undone. It cannot listen again. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#keyPool.stop();
    const closed = new Promise<void>((done) => {
      this.#server.close(() => {
        done(); // also for one that never listened
      });
    });
    this.#server.closeAllConnections();
    await closed;
    await this.#changes.close();
  }

  /** Does wrong from now on, or for the next `times` calls that the fault touches; null ends it. */
  setFault(fault: FaultName | null, { times }: { readonly times?: number } = {}): void {
    this.#faults.set(fault, times);
  }

  /** A new signing key, as after an enclave's rotation. Rejects with what `onChange` throws; then the key is the one before. */
  rotate(): Promise<void> {
    return this.#enclave.rotate();
  }

  /** Every request that came, the newest last. */
  get requests(): readonly SeenRequest[] {
    return this.#seen;
  }

  /** What it holds, by digest. The server itself never says it. */
  held(): readonly HeldSummary[] {
    return this.#vault.all().map(({ backupId, type, ciphertextSha256, plaintextSha256 }) => ({
      backupId,
      type,
      ciphertextSha256,
      plaintextSha256,
    }));
  }

  /**
   * Plays a granted recovery request: the private key and every ciphertext stored for it, encrypted to an OpenPGP public key.
   * @throws input `key-unknown`, `openpgp-public-key`.
   */
  async release(keyId: string, armoredOpenPgpPublicKey: string): Promise<readonly ReleasePackage[]> {
    const { key, backups } = await this.#changes.look(() => ({
      key: this.#enclave.key(keyId),
      backups: this.#vault.all().filter((backup) => backup.key.keyId === keyId),
    }));
    if (key === null) {
      throw inputError('key-unknown', `the stand-in holds no key ${quote(keyId)}`, { hint: 'name the key_id of a key that it assigned' });
    }
    return release(key, backups, armoredOpenPgpPublicKey);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#serve(request, response);
    } catch (error) {
      // Whatever else was thrown is a bug of the stand-in, and a service with a bug answers 500.
      const refusal = error instanceof Refusal ? error : new Refusal(500);
      // What is left of a body that was not read to its end is not the next request.
      if (!request.complete) response.shouldKeepAlive = false;
      if (response.headersSent) response.destroy();
      else sendRefusal(response, refusal);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const path = pathOf(url);
    if (path === null) throw new Refusal(400);
    const call = parseCall(method, path);
    const { sizeBytes, bytes } = await readBody(request, maxBodyBytes(call.kind));
    this.#note({ method, path, bytes: sizeBytes, withToken: headers.authorization !== undefined });
    const fault = this.#faults.take(call.kind);
    if (fault === 'slow') await pause(this.#slowMs, undefined, { signal: this.#closing.signal });
    if (call.kind === 'jwks' || call.kind === 'jwks-elsewhere') {
      if (fault === 'redirecting-jwks') sendRedirect(response, JWKS_ELSEWHERE_PATH);
      else
        sendJson(response, 200, await this.#changes.look(() => this.#enclave.jwks(fault)), {
          'cache-control': 'max-age=600, must-revalidate',
        });
      return;
    }
    if (sendInstead(response, fault)) return;
    this.#tokens.check(headers.authorization, 'partner' in call && call.partner);
    if (bytes === null) throw new Refusal(413);
    sendSuccess(response, await this.#carryOut(call, bytes, headers['content-type'] ?? '', fault), fault);
  }

  #note(request: SeenRequest): void {
    this.#seen.push(request);
    if (this.#seen.length > MAX_SEEN_REQUESTS) this.#seen.shift();
  }

  async #carryOut(call: Call, body: Buffer, contentType: string, fault: FaultName | null): Promise<JsonAnswer> {
    switch (call.kind) {
      case 'assign':
        return this.#enclave.assign(readAssignment(body, contentType, call.partner), fault);
      case 'store-data':
        return this.#storeData(body, contentType, call.partner, fault);
      case 'store-file':
        return this.#storeFile(body, contentType, fault);
      case 'verify-key':
        return this.#changes.look(() => this.#verifyKey(call.id, fault));
      case 'verify-backup':
        return this.#changes.look(() => this.#verifyBackup(call.id, fault));
      case 'release':
        return this.#releaseFor(body, contentType);
      case 'jwks':
      case 'jwks-elsewhere':
      case 'unknown':
        throw new Refusal(404);
    }
  }

  async #storeData(body: Buffer, contentType: string, partner: boolean, fault: FaultName | null): Promise<JsonAnswer> {
    const asked = readDataRequest(body, contentType, partner);
    const backup = await this.#store(() => {
      const key = this.#enclave.keyByHex(asked.publicKey);
      if (key === null) throw new Refusal(404, 'Key not found');
      return this.#vault.storeData(key, asked.ciphertext, asked.checksum);
    });
    return {
      backup_id: shownId(backup.backupId, fault),
      checksum: fault === 'wrong-checksum' ? '0'.repeat(64) : backup.plaintextSha256,
      data_size: asked.ciphertext.length,
      backup_type: 'data',
      metadata: asked.metadata,
    };
  }

  async #storeFile(body: Buffer, contentType: string, fault: FaultName | null): Promise<JsonAnswer> {
    const asked = await readFileRequest(body, contentType);
    const backup = await this.#store(() => {
      const key = this.#enclave.keyByHex(asked.publicKey);
      // The contract lists no 404 for this call.
      if (key === null) throw invalidField('public_key', 'is not known');
      return this.#vault.storeFile(key, asked.ciphertext);
    });
    return { backup_id: shownId(backup.backupId, fault), backup_type: 'file', metadata: asked.metadata };
  }

  /** @param store finds its key itself: one that it saw before its turn may not have been kept. */
  #store<Backup extends HeldBackup>(store: () => Backup): Promise<Backup> {
    return this.#changes.make(() => {
      const backup = store();
      return {
        answer: backup,
        undo: () => {
          this.#vault.drop(backup);
        },
      };
    });
  }

  #verifyKey(id: string, fault: FaultName | null): JsonAnswer {
    if (!isUuid(id)) throw invalidField('key_id', 'must be a uuid');
    const key = this.#enclave.key(id);
    if (key === null) throw new Refusal(404, 'Key not found');
    if (fault === 'cold-not-checkable' && key.keyEnvironment === 'COLD') return { message: OFFLINE };
    const valid = fault !== 'false-key-verify' && isWhole(key);
    return { is_key_valid: valid, message: valid ? 'Key is valid' : 'Key is not valid' };
  }

  #verifyBackup(id: string, fault: FaultName | null): JsonAnswer {
    if (!isUuid(id)) throw invalidField('backup_id', 'must be a uuid');
    const backup = this.#vault.backup(id);
    if (backup === null) throw new Refusal(404, 'Backup not found');
    if (fault === 'cold-not-checkable' && backup.key.keyEnvironment === 'COLD') return { message: OFFLINE };
    const valid = fault !== 'false-backup-verify' && this.#vault.isValid(backup);
    return { is_backup_valid: valid, message: valid ? 'Backup is valid' : 'Backup is not valid' };
  }

  async #releaseFor(body: Buffer, contentType: string): Promise<JsonAnswer> {
    const asked = readRelease(body, contentType);
    try {
      return { packages: await this.release(asked.keyId, asked.openPgpKey) };
    } catch (error) {
      if (!isColdroomError(error)) throw error;
      throw error.code === 'key-unknown' ? new Refusal(404, 'Key not found') : invalidField('openpgp_public_key', error.message);
    }
  }
}

/** Makes a stand-in; it listens once it is told to. */
export function createStandIn({ clock, ...options }: StandInOptions): StandIn {
  return new StandIn(clock, options);
}

function shownId(backupId: string, fault: FaultName | null): string {
  return fault === 'not-a-uuid' ? '../../not-a-uuid' : backupId;
}
