import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { inputError, isUuid, systemCode, type Clock } from '../values/index.ts';
import { Enclave } from './enclave.ts';
import type { FaultName } from './faults.ts';
import { Refusal } from './refusal.ts';
import { release, type ReleasePackage } from './release.ts';
import { readAssignment, readBody, readDataRequest, readFileRequest, readRelease } from './requests.ts';
import { Vault } from './vault.ts';

export type StandInAddress = {
  port: number;
  api: string;
  jwks: string;
  /** Of an institution: takes every call but the partner's. */
  token: string;
  /** With partner scope: takes every call. */
  partnerToken: string;
  accountId: string;
};

const SLOW_MS = 3000;
const OFFLINE = "Cold backups are held offline and can't be checked.";

/** A request as it was seen: for tests and the rehearsal's own display. Never a body, never a token. */
export type SeenRequest = { method: string; path: string; bytes: number; authorized: boolean };

/**
 * A stand-in for CoinCover on this machine's loopback. It speaks the contract, really decrypts, really keeps what it is
 * sent, and can do wrong by name. Written from the contract, apart from the client.
 */
export class StandIn {
  readonly requests: SeenRequest[] = [];
  readonly #token = `rehearsal-${randomBytes(24).toString('hex')}`;
  readonly #partnerToken = `rehearsal-partner-${randomBytes(24).toString('hex')}`;
  readonly #enclave: Enclave;
  readonly #vault = new Vault();
  readonly #assigned = new Set<string>();
  readonly #server: Server;
  #fault: FaultName | null = null;
  #faultTimes = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#enclave = new Enclave(clock);
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  /** @throws input `port-taken`. */
  async listen(port = 0): Promise<StandInAddress> {
    this.#enclave.prepare();
    await new Promise<void>((ready, failed) => {
      this.#server.once('error', (cause) => {
        failed(
          inputError('port-taken', `the port ${port.toString()} cannot be used (${systemCode(cause) ?? 'unknown error'})`, {
            hint: 'choose another with --port, or 0 for any',
            cause,
          }),
        );
      });
      this.#server.listen(port, '127.0.0.1', ready);
    });
    const { port: taken } = this.#server.address() as AddressInfo;
    const api = `http://127.0.0.1:${taken.toString()}`;
    const { accountId } = this.#enclave;
    return { port: taken, api, jwks: `${api}/.well-known/jwks.json`, token: this.#token, partnerToken: this.#partnerToken, accountId };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** Does wrong from now on, or the next `times` times; null ends it. */
  setFault(fault: FaultName | null, times = Number.POSITIVE_INFINITY): void {
    this.#fault = fault;
    this.#faultTimes = times;
  }

  /** A new signing key, as after an enclave's rotation. */
  rotate(): void {
    this.#enclave.rotate();
  }

  /** What it holds, by digest: for tests and for comparing a rehearsal's end with its start. */
  held(): { backupId: string; type: 'data' | 'file'; ciphertextSha256: string; plaintextSha256: string | null }[] {
    return this.#vault
      .all()
      .map(({ backupId, type, ciphertextSha256, plaintextSha256 }) => ({ backupId, type, ciphertextSha256, plaintextSha256 }));
  }

  /** Plays a granted recovery request. @throws Error where the key is not known. */
  async release(keyId: string, armoredOpenPgpKey: string): Promise<ReleasePackage[]> {
    const key = this.#enclave.key(keyId);
    if (key === null) throw new Refusal(404, 'Key not found');
    return release(
      key,
      this.#vault.all().filter((backup) => backup.key === key),
      armoredOpenPgpKey,
    );
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
    try {
      const body = request.method === 'POST' ? await readBody(request) : Buffer.alloc(0);
      this.requests.push({
        method: request.method ?? '',
        path,
        bytes: body.length,
        authorized: request.headers.authorization !== undefined,
      });
      const fault = this.#take(request.method ?? '', path);
      if (fault === 'slow') await pause(SLOW_MS);
      if (path === '/.well-known/jwks.json') {
        this.#answerJwks(response, fault);
        return;
      }
      if (this.#answerWrong(request, response, fault)) return;
      const answer = await this.#route(request, path, body, fault);
      finish(request, response, answer, fault);
    } catch (error) {
      if (response.headersSent || request.socket.destroyed) return;
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'Internal Server Error');
      send(response, refusal.status, refusal.body);
    }
  }

  /** The fault that this request meets. Those that change an answer are spent only by the calls they concern. */
  #take(method: string, path: string): FaultName | null {
    const fault = this.#fault;
    if (fault === null || this.#faultTimes <= 0 || !concerns(fault, method, path)) return null;
    this.#faultTimes -= 1;
    return fault;
  }

  #answerJwks(response: ServerResponse, fault: FaultName | null): void {
    if (fault === 'redirecting-jwks') {
      response.writeHead(302, { location: '/elsewhere.json' }).end();
      return;
    }
    send(response, 200, this.#enclave.jwks(fault), { 'cache-control': 'max-age=600, must-revalidate' });
  }

  /** Faults that answer instead of the service. */
  #answerWrong(request: IncomingMessage, response: ServerResponse, fault: FaultName | null): boolean {
    if (fault === 'drop-before-store') {
      request.socket.destroy();
      return true;
    }
    if (fault === 'html-502') {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body>Bad Gateway</body></html>');
      return true;
    }
    const status = Number(/^status-(\d{3})$/.exec(fault ?? '')?.[1] ?? 0);
    if (status === 0) return false;
    send(response, status, new Refusal(status, `rehearsed fault ${status.toString()}`).body, status === 429 ? { 'retry-after': '1' } : {});
    return true;
  }

  async #route(request: IncomingMessage, path: string, body: Buffer, fault: FaultName | null): Promise<Record<string, unknown>> {
    const partner = path.startsWith('/v1/partner/');
    this.#authorize(request, partner);
    const call = `${request.method ?? ''} ${partner ? path.replace('/v1/partner/', '/v1/') : path}`;
    switch (call) {
      case 'POST /v1/keys':
        return this.#assign(request, body, partner, fault);
      case 'POST /v1/secure/data':
        return this.#storeData(request, body, partner, fault);
      case 'POST /v1/secure/file':
        return this.#storeFile(request, body, fault);
      case 'POST /rehearsal/release': {
        const asked = readRelease(request, body);
        return { packages: await this.release(asked.keyId, asked.openPgpKey) };
      }
    }
    const verify = partner ? null : /^GET \/v1\/(keys|backups)\/([^/]+)\/verify$/.exec(call);
    if (verify === null) throw new Refusal(404, 'Not Found');
    return this.#verify(verify[1] === 'keys' ? 'key' : 'backup', verify[2] ?? '', fault);
  }

  #authorize(request: IncomingMessage, partner: boolean): void {
    const { authorization } = request.headers;
    if (authorization !== `Bearer ${this.#token}` && authorization !== `Bearer ${this.#partnerToken}`)
      throw new Refusal(401, 'Unauthorized');
    if (partner && authorization !== `Bearer ${this.#partnerToken}`) throw new Refusal(403, 'Forbidden: partner scope is missing');
  }

  async #assign(request: IncomingMessage, body: Buffer, partner: boolean, fault: FaultName | null): Promise<Record<string, unknown>> {
    const assignment = readAssignment(request, body, partner);
    const who = JSON.stringify([assignment.userIdentifier, assignment.customer?.id ?? null]);
    if (this.#assigned.has(who)) throw new Refusal(409, 'Key already assigned for this user and organisation');
    const answer = await this.#enclave.assign(assignment, fault);
    this.#assigned.add(who);
    this.#enclave.prepare();
    return answer;
  }

  #storeData(request: IncomingMessage, body: Buffer, partner: boolean, fault: FaultName | null): Record<string, unknown> {
    const asked = readDataRequest(request, body, partner);
    const key = this.#enclave.keyByHex(asked.publicKey);
    if (key === null) throw new Refusal(404, 'Key not found');
    const backup = this.#vault.storeData(key, asked.ciphertext, asked.checksum);
    return {
      backup_id: fault === 'not-a-uuid' ? '../../not-a-uuid' : backup.backupId,
      checksum: fault === 'wrong-checksum' ? '0'.repeat(64) : backup.plaintextSha256,
      data_size: asked.ciphertext.length,
      backup_type: 'data',
      metadata: asked.metadata,
    };
  }

  async #storeFile(request: IncomingMessage, body: Buffer, fault: FaultName | null): Promise<Record<string, unknown>> {
    const asked = await readFileRequest(request, body);
    const key = this.#enclave.keyByHex(asked.publicKey);
    if (key === null) throw new Refusal(400, 'Validation failed', { public_key: ['is not known'] });
    const backup = this.#vault.storeFile(key, asked.ciphertext);
    return { backup_id: fault === 'not-a-uuid' ? '../../not-a-uuid' : backup.backupId, backup_type: 'file', metadata: asked.metadata };
  }

  #verify(kind: 'key' | 'backup', id: string, fault: FaultName | null): Record<string, unknown> {
    if (!isUuid(id)) throw new Refusal(400, 'Validation failed', { [`${kind}_id`]: ['is no uuid'] });
    const backup = kind === 'backup' ? this.#vault.backup(id) : null;
    const key = kind === 'key' ? this.#enclave.key(id) : (backup?.key ?? null);
    if (key === null) throw new Refusal(404, kind === 'key' ? 'Key not found' : 'Backup not found');
    if (fault === 'cold-not-checkable' && key.keyEnvironment === 'COLD') throw new Refusal(400, OFFLINE);
    if (kind === 'key')
      return { is_key_valid: fault !== 'false-key-verify', message: fault === 'false-key-verify' ? 'Key is not valid' : 'Key is valid' };
    const valid = fault !== 'false-backup-verify' && backup !== null && this.#vault.isValid(backup);
    return { is_backup_valid: valid, message: valid ? 'Backup is valid' : 'Backup is not valid' };
  }
}

/** Which requests a fault touches: see `faults.ts`. */
function concerns(fault: FaultName, method: string, path: string): boolean {
  const isJwks = path === '/.well-known/jwks.json';
  const isStore = path.includes('/secure/');
  switch (fault) {
    case 'redirecting-jwks':
    case 'wrong-purpose':
    case 'not-yet-valid-key':
      return isJwks;
    case 'slow':
      return true;
    case 'status-429':
    case 'status-500':
    case 'status-502':
    case 'status-503':
      return !isJwks;
    case 'drop-before-store':
    case 'drop-after-store':
    case 'wrong-checksum':
    case 'not-a-uuid':
      return isStore;
    case 'false-key-verify':
      return method === 'GET' && path.includes('/keys/');
    case 'false-backup-verify':
      return method === 'GET' && path.includes('/backups/');
    case 'cold-not-checkable':
      return method === 'GET' && !isJwks;
    default:
      return method === 'POST' && path !== '/rehearsal/release';
  }
}

/** Sends a success, or what a fault makes of it after it was carried out. */
function finish(request: IncomingMessage, response: ServerResponse, answer: Record<string, unknown>, fault: FaultName | null): void {
  switch (fault) {
    case 'drop-after-store':
      request.socket.destroy();
      return;
    case 'html-200':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>OK</body></html>');
      return;
    case 'empty-answer':
      response.writeHead(200).end();
      return;
    case 'cut-answer': {
      const text = JSON.stringify(answer);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
      return;
    }
    default:
      send(response, 200, answer);
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: Record<string, unknown>,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
