import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ColdroomError, type BackupId, type HexPublicKey, type KeyId, type Sha256 } from '../values/index.ts';
import { createCoinCoverClient, type ClientOptions } from './client.ts';
import { answering, closeServers, deadAddress, environmentAt, readBody, serve } from './loopback.fixture.ts';
import { judgeStoreOutcome } from './post-outcome.ts';
import { storeProblem } from './post-problem.ts';

const TOKEN = 'canary-token-e7c1-4f0b-9d2a';
const KEY_ID = '1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f' as KeyId;
const BACKUP_ID = '2c6f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f' as BackupId;
const CHECKSUM = 'ab'.repeat(32) as Sha256;
const NOW_MS = Date.parse('2026-11-24T12:00:00Z');
const ITEM = { publicKey: 'ABcd' as HexPublicKey, ciphertext: Buffer.alloc(90_000, 5), metadata: null, onProgress: () => undefined };

afterEach(closeServers);

function clientAt(api: string, more: Partial<ClientOptions> = {}) {
  const slept: number[] = [];
  const client = createCoinCoverClient({
    environment: environmentAt(api),
    account: 'institution',
    token: () => Promise.resolve(TOKEN),
    clock: { now: () => NOW_MS },
    timeouts: { connectMs: 1000, answerMs: 1000 },
    retry: {
      sleep: (ms) => {
        slept.push(ms);
        return Promise.resolve();
      },
      random: () => 0.5,
    },
    ...more,
  });
  return Object.assign(client, { slept });
}

type Seen = { call: string; type: string | undefined; authorization: string | undefined; body: string };
/** A server that notes what it is asked. */
async function recorder(answer: RequestListener = answering(200, '{}')) {
  const seen: Seen[] = [];
  const api = await serve((request, response) => {
    const { authorization, 'content-type': type } = request.headers;
    void readBody(request).then((body) => {
      seen.push({ call: `${request.method ?? ''} ${request.url ?? ''}`, type, authorization, body: body.toString('latin1') });
    });
    answer(request, response);
  });
  return { api, seen };
}

async function failure(act: () => Promise<unknown>): Promise<ColdroomError | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof ColdroomError) return error;
    throw error;
  }
}

describe('the calls', () => {
  it.each<['institution' | 'partner', string]>([
    ['institution', '/v1'],
    ['partner', '/v1/partner'],
  ])('of an %s go where the contract says, with the token', async (account, prefix) => {
    const { api, seen } = await recorder();
    const client = clientAt(api, { account });
    await client.assign({ user_identifier: 'u', key_environment: 'COLD' });
    await client.storeData({ ...ITEM, checksum: CHECKSUM });
    await client.storeFile(ITEM);
    await client.verifyKey(KEY_ID);
    await client.verifyBackup(BACKUP_ID);
    expect(seen.map((one) => one.call)).toEqual([
      `POST ${prefix}/keys`,
      `POST ${prefix}/secure/data`,
      `POST ${prefix}/secure/file`,
      `GET /v1/keys/${KEY_ID}/verify`,
      `GET /v1/backups/${BACKUP_ID}/verify`,
    ]);
    expect(seen.map((one) => one.authorization)).toEqual(Array(5).fill(`Bearer ${TOKEN}`));
  });

  it('have the bodies that the contract says', async () => {
    const { api, seen } = await recorder();
    const client = clientAt(api);
    await client.assign({ user_identifier: 'ü', sign_with: ['key_id'] });
    await client.storeData({ ...ITEM, checksum: CHECKSUM });
    await client.storeData({ ...ITEM, checksum: CHECKSUM, metadata: { original_filename: 'a.txt' } });
    await client.storeFile(ITEM);
    const data = { public_key: 'ABcd', data: ITEM.ciphertext.toString('base64'), checksum: CHECKSUM, padding_type: 'OAEP' };
    const bodies = seen.map((one) => Buffer.from(one.body, 'latin1').toString());
    expect(bodies[0]).toBe('{"user_identifier":"ü","sign_with":["key_id"]}');
    expect(JSON.parse(bodies[1] ?? '')).toEqual(data);
    expect(JSON.parse(bodies[2] ?? '')).toEqual({ ...data, metadata: { original_filename: 'a.txt' } });
    expect(seen[3]?.body).toContain('name="file"; filename="sealed.bin"\r\nContent-Type: application/octet-stream\r\n\r\n\u0005\u0005');
    expect(seen.map((one) => one.type?.split(';')[0])).toEqual([...Array<string>(3).fill('application/json'), 'multipart/form-data']);
  });

  it('tell how far a store is, up to its whole body', async () => {
    const { api, seen } = await recorder();
    const told: [number, number][] = [];
    await clientAt(api).storeFile({ ...ITEM, onProgress: (sent, total) => told.push([sent, total]) });
    const size = seen[0]?.body.length;
    expect(told).toEqual([
      [65_536, size],
      [size, size],
    ]);
  });

  it('are not made where a token would travel in the clear, or a rehearsal would leave this machine', async () => {
    const { api, seen } = await recorder();
    const inTheClear = clientAt(api, { environment: environmentAt(api, { name: 'custom' }) });
    const away = clientAt('https://host.invalid');
    for (const client of [inTheClear, away]) {
      expect(await client.storeFile(ITEM)).toEqual({ kind: 'not-sent', code: 'address-not-allowed' });
      expect(await client.verifyKey(KEY_ID)).toEqual({ kind: 'not-sent', code: 'address-not-allowed' });
      expect((await failure(() => client.fetchJwks({ fresh: true })))?.code).toBe('jwks-unreachable');
      expect(client.slept).toEqual([]);
    }
    expect(seen).toEqual([]);
  });

  it.each<[string, () => Promise<string>]>([
    ['an empty token', () => Promise.resolve('')],
    ['a token that would break the header', () => Promise.resolve('canary\r\nx: y')],
    ['a keychain that fails', () => Promise.reject(new Error('canary'))],
  ])('are not made with %s', async (_name, token) => {
    const { api, seen } = await recorder();
    const outcome = await clientAt(api, { token }).storeFile(ITEM);
    expect(outcome).toEqual({ kind: 'not-sent', code: 'no-token' });
    expect(seen).toEqual([]);
  });
});

describe('a POST', () => {
  it.each<[string, RequestListener]>([
    ['503', answering(503, '{}')],
    ['429', answering(429, '{"message":"slow down"}', { 'retry-after': '1' })],
    ['408', answering(408, '{}')],
    ['a drop', (request) => void request.once('data', () => request.socket.destroy())],
  ])('is never repeated, not after %s', async (_name, answer) => {
    let requests = 0;
    const api = await serve((request, response) => {
      requests += 1;
      answer(request, response);
    });
    const client = clientAt(api);
    await client.assign({});
    await client.storeData({ ...ITEM, checksum: CHECKSUM });
    await client.storeFile(ITEM);
    expect([requests, client.slept]).toEqual([3, []]);
  });

  it('whose refusal repeats the token does not hand it on', async () => {
    const api = await serve((request, response) => {
      answering(401, JSON.stringify({ message: `bad ${request.headers.authorization ?? ''}` }))(request, response);
    });
    const raw = await clientAt(api).storeData({ ...ITEM, checksum: CHECKSUM });
    const outcome = judgeStoreOutcome(raw, 'data');
    if (raw.kind !== 'answer' || outcome.state === 'stored') throw new Error('expected a refusal');
    const problem = storeProblem(outcome);
    expect(problem.code).toBe('service-401');
    expect(`${raw.body.toString()} ${problem.message} ${problem.hint ?? ''} ${String(problem.cause)}`).not.toContain(TOKEN);
  });
});

describe('a verify call', () => {
  it('is tried three times, with growing pauses, then given up', async () => {
    const { api, seen } = await recorder(answering(503, '{}'));
    const client = clientAt(api);
    expect(await client.verifyKey(KEY_ID)).toMatchObject({ kind: 'answer', status: 503 });
    expect([seen.length, client.slept]).toEqual([3, [500, 1000]]);
  });
  it('is repeated where nobody listens, and honours Retry-After by the clock it was given', async () => {
    const refused = clientAt(await deadAddress());
    expect((await refused.verifyBackup(BACKUP_ID)).kind).toBe('lost');
    expect(refused.slept.length).toBe(2);
    const { api } = await recorder(answering(429, '{}', { 'retry-after': 'Tue, 24 Nov 2026 12:00:09 GMT' }));
    const limited = clientAt(api);
    await limited.verifyBackup(BACKUP_ID);
    expect(limited.slept).toEqual([9000, 9000]);
  });
  it('is not repeated for an answer that will not change', async () => {
    const { api, seen } = await recorder(answering(404, '{"message":"no"}'));
    await clientAt(api).verifyBackup(BACKUP_ID);
    expect(seen.length).toBe(1);
  });
  it('ends while it pauses, when it is cancelled', async () => {
    const cancel = new AbortController();
    const api = await serve((request, response) => {
      answering(503, '{}', { 'retry-after': '30' })(request, response);
      setTimeout(() => {
        cancel.abort();
      }, 100);
    });
    const startedMs = performance.now();
    const outcome = await clientAt(api, { signal: cancel.signal, retry: {} }).verifyKey(KEY_ID);
    expect(outcome).toMatchObject({ kind: 'answer', status: 503 });
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});

describe('the signing keys', () => {
  const CACHED = { 'cache-control': 'max-age=600, must-revalidate' };

  it('come as the very bytes, with the time, and are asked for without the token', async () => {
    const { api, seen } = await recorder(answering(200, '{ "keys": [] }\n'));
    const { bytes, fetchedAtMs } = await clientAt(api).fetchJwks({ fresh: false });
    expect([bytes.toString(), fetchedAtMs]).toEqual(['{ "keys": [] }\n', NOW_MS]);
    expect(seen).toMatchObject([{ call: 'GET /jwks.json', authorization: undefined }]);
  });
  it('come from the cache while it is good, and never when asked for afresh', async () => {
    const { api, seen } = await recorder(answering(200, '{}', CACHED));
    let nowMs = NOW_MS;
    const client = clientAt(api, { clock: { now: () => nowMs } });
    const after = async (ms: number, fresh = false) => {
      nowMs += ms;
      await client.fetchJwks({ fresh });
      return seen.length;
    };
    expect([await after(0), await after(599_999), await after(1), await after(0, true), await after(0)]).toEqual([1, 1, 2, 3, 3]);
    // Another client of the same environment shares them; one of another environment does not.
    await clientAt(api, { clock: { now: () => nowMs } }).fetchJwks({ fresh: false });
    expect(seen.length).toBe(3);
    await clientAt(api, { environment: environmentAt(api, { jwks: `${api}/other.json` }) }).fetchJwks({ fresh: false });
    expect(seen.length).toBe(4);
  });
  it('behind a redirect are refused, and where it leads is not visited', async () => {
    const elsewhere = await recorder();
    const { api, seen } = await recorder(answering(302, '', { location: `${elsewhere.api}/jwks.json` }));
    expect(await failure(() => clientAt(api).fetchJwks({ fresh: true }))).toMatchObject({ family: 'check', code: 'jwks-redirected' });
    expect([seen.length, elsewhere.seen.length]).toEqual([1, 0]);
  });
  it.each([201, 404, 500])('with status %d are unreachable, and not kept', async (status) => {
    const { api } = await recorder(answering(status, '{}', CACHED));
    for (const fresh of [true, false]) {
      expect(await failure(() => clientAt(api).fetchJwks({ fresh }))).toMatchObject({ family: 'unreachable', code: 'jwks-unreachable' });
    }
  });
  it('are unreachable where nobody listens, and the message says why', async () => {
    const api = await deadAddress();
    const error = await failure(() => clientAt(api).fetchJwks({ fresh: false }));
    expect(error).toMatchObject({ family: 'unreachable', code: 'jwks-unreachable' });
    expect(error?.message).toContain('nobody listens there (ECONNREFUSED)');
  });
});
