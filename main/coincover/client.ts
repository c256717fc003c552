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
import { environmentId, type Environment } from './environment.ts';
import { DEFAULT_TIMEOUTS, isAllowedUrl, send, type HttpRequest, type RawOutcome, type Timeouts } from './http.ts';
import { cachedJwks, keepJwks, type FetchedJwks } from './jwks-cache.ts';
import { retrySafely, type RetryMeans } from './retry.ts';

export type ClientOptions = {
  environment: Environment;
  /** Partner accounts have paths of their own for the three POSTs; verify calls have no partner form. */
  account: 'institution' | 'partner';
  /** Asked for at every call, so that it need not be kept. */
  token: () => Promise<string>;
  clock: Clock;
  signal?: AbortSignal;
  timeouts?: Timeouts;
  retry?: Partial<RetryMeans>;
};

export type StoreRequest = {
  /** As delivered: the service knows the key by these very characters. */
  publicKey: HexPublicKey;
  ciphertext: Buffer;
  metadata: JsonObject | null;
  onProgress: (sentBytes: number, totalBytes: number) => void;
};

/** The calls of the contract. POSTs are made once and never repeated; GETs are safe and are. */
export interface CoinCoverClient {
  assign(body: JsonObject): Promise<RawOutcome>;
  storeData(request: StoreRequest & { checksum: Sha256 }): Promise<RawOutcome>;
  storeFile(request: StoreRequest): Promise<RawOutcome>;
  verifyKey(keyId: KeyId): Promise<RawOutcome>;
  verifyBackup(backupId: BackupId): Promise<RawOutcome>;
  /**
   * The enclave's signing keys, from the cache where that is still good and `fresh` is false.
   * @throws check `jwks-redirected`; unreachable `jwks-unreachable`.
   */
  fetchJwks(how: { fresh: boolean }): Promise<FetchedJwks>;
}

export function createCoinCoverClient(options: ClientOptions): CoinCoverClient {
  const { environment } = options;
  const timeouts = options.timeouts ?? DEFAULT_TIMEOUTS;
  const base = `${environment.api}/v1`;
  const postBase = options.account === 'partner' ? `${base}/partner` : base;
  const means: RetryMeans = { now: () => options.clock.now(), sleep: (ms) => pause(ms), random: Math.random, ...options.retry };

  const call = async (request: HttpRequest, withToken: boolean): Promise<RawOutcome> => {
    if (!isAllowedUrl(environment, request.url)) return { kind: 'not-sent', code: 'NOT-HTTPS' };
    const headers = withToken ? { ...request.headers, authorization: `Bearer ${await options.token()}` } : request.headers;
    return send(environment, { ...request, headers, ...(options.signal === undefined ? {} : { signal: options.signal }) }, timeouts);
  };
  const get = (url: string, withToken: boolean) => retrySafely(() => call({ method: 'GET', url, headers: {} }, withToken), means);
  const post = (path: string, contentType: string, body: Buffer, onProgress?: StoreRequest['onProgress']) =>
    call(
      {
        method: 'POST',
        url: `${postBase}${path}`,
        headers: { 'content-type': contentType },
        body,
        ...(onProgress === undefined ? {} : { onProgress }),
      },
      true,
    );

  return {
    assign: (body) => post('/keys', 'application/json', Buffer.from(JSON.stringify(body), 'utf8')),
    storeData: (request) => {
      const body = {
        public_key: request.publicKey,
        data: request.ciphertext.toString('base64'),
        checksum: request.checksum,
        padding_type: 'OAEP',
        ...(request.metadata === null ? {} : { metadata: request.metadata }),
      };
      return post('/secure/data', 'application/json', Buffer.from(JSON.stringify(body), 'utf8'), request.onProgress);
    },
    storeFile: async (request) => {
      const { contentType, body } = await multipart(request);
      return post('/secure/file', contentType, body, request.onProgress);
    },
    verifyKey: (keyId) => get(`${base}/keys/${keyId}/verify`, true),
    verifyBackup: (backupId) => get(`${base}/backups/${backupId}/verify`, true),
    fetchJwks: async ({ fresh }) => {
      const id = environmentId(environment);
      const cached = fresh ? null : cachedJwks(id, options.clock.now());
      if (cached !== null) return cached;
      const outcome = await get(environment.jwks, false);
      const fetched = { bytes: jwksBytes(outcome), fetchedAtMs: options.clock.now() };
      keepJwks(id, fetched, outcome.kind === 'answer' ? outcome.headers['cache-control'] : undefined);
      return fetched;
    },
  };
}

/** multipart/form-data (RFC 7578) by Node's own encoder, whole, so that its length is known. */
async function multipart(request: StoreRequest): Promise<{ contentType: string; body: Buffer }> {
  const form = new FormData();
  form.set('public_key', request.publicKey);
  form.set('file', new Blob([new Uint8Array(request.ciphertext)], { type: 'application/octet-stream' }), 'sealed.bin');
  if (request.metadata !== null) form.set('metadata', JSON.stringify(request.metadata));
  const encoded = new Response(form);
  return { contentType: encoded.headers.get('content-type') ?? 'multipart/form-data', body: Buffer.from(await encoded.arrayBuffer()) };
}

function jwksBytes(outcome: RawOutcome): Buffer {
  if (outcome.kind === 'answer' && outcome.status === 200) return outcome.body;
  if (outcome.kind === 'answer' && outcome.status >= 300 && outcome.status <= 399) {
    throw checkError('jwks-redirected', 'the address of the signing keys answered with a redirect, which is not followed', {
      hint: 'stop: check the JWKS address with CoinCover, and who answers there',
    });
  }
  const why = outcome.kind === 'answer' ? `status ${outcome.status.toString()}` : outcome.code;
  throw unreachableError('jwks-unreachable', `the enclave’s signing keys could not be fetched (${why}); nothing was sent`, {
    hint: 'check the network, proxy and certificates, then try again',
  });
}
