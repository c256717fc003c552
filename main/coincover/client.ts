import { setTimeout as pause } from 'node:timers/promises';
import {
  checkError,
  unreachableError,
  type BackupId,
  type Clock,
  type HexPublicKey,
  type JsonObject,
  type KeyId,
  type Sha256,
} from '../values/index.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './connection.ts';
import { environmentId, isAllowedUrl, type Environment } from './environment.ts';
import { send, type HttpRequest, type RawOutcome } from './http.ts';
import { cachedJwks, keepJwks, type FetchedJwks } from './jwks-cache.ts';
import { encodeMultipart } from './multipart.ts';
import { failureWords } from './network-failure.ts';
import { redactToken } from './redact-token.ts';
import { retrySafely, type RetryMeans } from './retry.ts';
import { checkToken } from './token.ts';

export type ClientOptions = {
  environment: Environment;
  /** Partner accounts have paths of their own for the three POSTs; verify calls have no partner form. */
  account: 'institution' | 'partner';
  /**
   * Asked for at every call, so that it need not be kept. What is no token (see checkToken), or cannot be had, means that
   * nothing is sent: `not-sent` with the code `no-token`.
   */
  token: () => Promise<string>;
  clock: Clock;
  /** Ends every call under way: what had not left is `not-sent`, a POST that had is `lost`. */
  signal?: AbortSignal;
  timeouts?: Timeouts;
  retry?: Partial<Pick<RetryMeans, 'sleep' | 'random'>>;
};

type StoreRequest = {
  /** As delivered: the service knows the key by these very characters. */
  publicKey: HexPublicKey;
  ciphertext: Buffer;
  metadata: JsonObject | null;
  /** Bytes of the request's body handed to the connection, and all of them. It must not throw. */
  onProgress: (sentBytes: number, totalBytes: number) => void;
};

/**
 * The calls of the contract. POSTs are made once and never repeated; GETs are safe and are. Nothing but fetchJwks throws for
 * what the network or the service does: an outcome is to be kept before it is judged. Outcomes never hold the token.
 */
export interface CoinCoverClient {
  /** `POST /v1/keys`. The body goes out as JSON.stringify writes it, so that a caller who kept that text kept what was sent. */
  assign(body: JsonObject): Promise<RawOutcome>;
  /** `POST /v1/secure/data`. `checksum` is the SHA-256 of the bytes given to RSA-OAEP, never of the ciphertext. */
  storeData(request: StoreRequest & { checksum: Sha256 }): Promise<RawOutcome>;
  /** `POST /v1/secure/file`, named `sealed.bin`. */
  storeFile(request: StoreRequest): Promise<RawOutcome>;
  verifyKey(keyId: KeyId): Promise<RawOutcome>;
  verifyBackup(backupId: BackupId): Promise<RawOutcome>;
  /**
   * The enclave's signing keys, from the cache where that is still good and `fresh` is false. Asked for without the token.
   * @throws check `jwks-redirected`; unreachable `jwks-unreachable`.
   */
  fetchJwks(how: { fresh: boolean }): Promise<FetchedJwks>;
}

export function createCoinCoverClient(options: ClientOptions): CoinCoverClient {
  const { environment, signal } = options;
  const timeouts = options.timeouts ?? DEFAULT_TIMEOUTS;
  const base = `${environment.api}/v1`;
  const postBase = options.account === 'partner' ? `${base}/partner` : base;
  const means: RetryMeans = { now: () => options.clock.now(), sleep: pauseUnlessAborted, random: Math.random, signal, ...options.retry };

  const call = async (request: HttpRequest, withToken: boolean): Promise<RawOutcome> => {
    // SECURITY(REQ-TOKEN-HOST): the last gate before a token leaves: https, or in a rehearsal this machine.
    if (!isAllowedUrl(environment, request.url)) return { kind: 'not-sent', code: 'address-not-allowed' };
    const cancellable = signal === undefined ? request : { ...request, signal };
    if (!withToken) return send(environment, cancellable, timeouts);
    const token = await usableToken(options.token);
    if (token === null) return { kind: 'not-sent', code: 'no-token' };
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    return redactToken(await send(environment, { ...cancellable, headers }, timeouts), token);
  };
  const get = (url: string, withToken: boolean) => retrySafely(() => call({ method: 'GET', url, headers: {} }, withToken), means);
  const post = (path: string, contentType: string, body: Buffer, onProgress?: StoreRequest['onProgress']) => {
    const request: HttpRequest = { method: 'POST', url: `${postBase}${path}`, headers: { 'content-type': contentType }, body };
    return call(onProgress === undefined ? request : { ...request, onProgress }, true);
  };
  const postJson = (path: string, body: JsonObject, onProgress?: StoreRequest['onProgress']) =>
    post(path, 'application/json', Buffer.from(JSON.stringify(body), 'utf8'), onProgress);

  return {
    assign: (body) => postJson('/keys', body),
    storeData: ({ publicKey, ciphertext, checksum, metadata, onProgress }) => {
      const body = { public_key: publicKey, data: ciphertext.toString('base64'), checksum, padding_type: 'OAEP' };
      return postJson('/secure/data', metadata === null ? body : { ...body, metadata }, onProgress);
    },
    storeFile: async (request) => {
      const { contentType, body } = await encodeMultipart(request);
      return post('/secure/file', contentType, body, request.onProgress);
    },
    verifyKey: (keyId) => get(`${base}/keys/${encodeURIComponent(keyId)}/verify`, true),
    verifyBackup: (backupId) => get(`${base}/backups/${encodeURIComponent(backupId)}/verify`, true),
    fetchJwks: async ({ fresh }) => {
      const id = environmentId(environment);
      const cached = fresh ? null : cachedJwks(id, options.clock.now());
      if (cached !== null) return cached;
      const { headers, body } = jwksAnswer(await get(environment.jwks, false));
      const fetched = { bytes: body, fetchedAtMs: options.clock.now() };
      keepJwks(id, fetched, headers);
      return fetched;
    },
  };
}

/** The token, or null: a POST's intent is in the ledger by now, and "nothing was sent" is then worth more than the reason. */
async function usableToken(ask: () => Promise<string>): Promise<string | null> {
  try {
    return checkToken(Buffer.from(await ask(), 'utf8'));
  } catch {
    return null; // no token is the answer, and goes out as `no-token`
  }
}

async function pauseUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await pause(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

function jwksAnswer(outcome: RawOutcome): { headers: Readonly<Record<string, string>>; body: Buffer } {
  if (outcome.kind === 'answer' && outcome.status === 200) return outcome;
  if (outcome.kind === 'answer' && outcome.status >= 300 && outcome.status <= 399) {
    throw checkError('jwks-redirected', 'the address of the signing keys answered with a redirect, which is not followed', {
      hint: 'stop: check the JWKS address with CoinCover, and who answers there',
    });
  }
  const why = outcome.kind === 'answer' ? `status ${outcome.status.toString()}` : failureWords(outcome.code);
  throw unreachableError('jwks-unreachable', `the enclave’s signing keys could not be fetched: ${why}`, {
    hint: 'check the network, proxy and certificates, then try again',
  });
}
