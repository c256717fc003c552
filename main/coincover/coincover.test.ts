import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isColdroomError, type BackupId, type HexPublicKey, type KeyId, type Sha256 } from '../values/index.ts';
import { createCoinCoverClient, type ClientOptions } from './client.ts';
import { checkEnvironment, environmentId, type Environment } from './environment.ts';
import { judgeAssignOutcome, judgeStoreOutcome, storeProblem } from './post-outcome.ts';
import { checkToken } from './token.ts';
import { judgeVerify } from './verify-outcome.ts';

const TOKEN = 'canary-token-e7c1';
const KEY_ID = '1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f' as KeyId;
const BACKUP_ID = '2c6f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f' as BackupId;
const servers: { close: () => unknown; closeAllConnections?: () => void }[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function serve(listener: RequestListener, tls?: { key: Buffer; cert: Buffer }): Promise<string> {
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port.toString()}`;
}

const environmentAt = (api: string, more: Partial<Environment> = {}): Environment => ({
  name: 'rehearsal',
  api,
  jwks: `${api}/jwks.json`,
  proxy: null,
  caPem: null,
  ...more,
});
const slept: number[] = [];
function clientAt(api: string, more: Partial<ClientOptions> = {}) {
  slept.length = 0;
  return createCoinCoverClient({
    environment: environmentAt(api),
    account: 'institution',
    token: () => Promise.resolve(TOKEN),
    clock: { now: () => Date.parse('2026-11-24T12:00:00Z') },
    timeouts: { connectMs: 2000, answerMs: 1500 },
    retry: { sleep: (ms) => Promise.resolve(void slept.push(ms)), random: () => 0.5 },
    ...more,
  });
}
const item = { publicKey: 'ABcd' as HexPublicKey, ciphertext: Buffer.alloc(300_000, 5), metadata: null, onProgress: () => undefined };
const checksum = 'ab'.repeat(32) as Sha256;
const readBody = async (request: IncomingMessage) => {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
};
const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const codeOf = async (act: () => unknown): Promise<string | null> => {
  try {
    await act();
    return null;
  } catch (error) {
    if (isColdroomError(error)) return error.code;
    throw error;
  }
};

describe('requests', () => {
  it('are what the contract says', async () => {
    const seen: {
      method: string;
      path: string;
      type: string | undefined;
      authorization: string | undefined;
      length: string | undefined;
      body: Buffer;
    }[] = [];
    const api = await serve((request, response) => {
      void readBody(request).then((body) => {
        const { authorization, 'content-type': type, 'content-length': length } = request.headers;
        seen.push({ method: request.method ?? '', path: request.url ?? '', type, authorization, length, body });
        json(response, 200, { is_key_valid: true });
      });
    });
    for (const account of ['institution', 'partner'] as const) {
      const client = clientAt(api, { account });
      await client.assign({ user_identifier: 'u', key_environment: 'COLD' });
      await client.storeData({ ...item, checksum, metadata: { original_filename: 'é.txt' } });
      await client.storeFile({ ...item, metadata: { original_filename: 'x' } });
      await client.verifyKey(KEY_ID);
      await client.verifyBackup(BACKUP_ID);
    }
    expect(seen.map((one) => `${one.method} ${one.path}`)).toEqual([
      'POST /v1/keys',
      'POST /v1/secure/data',
      'POST /v1/secure/file',
      `GET /v1/keys/${KEY_ID}/verify`,
      `GET /v1/backups/${BACKUP_ID}/verify`,
      'POST /v1/partner/keys',
      'POST /v1/partner/secure/data',
      'POST /v1/partner/secure/file',
      `GET /v1/keys/${KEY_ID}/verify`,
      `GET /v1/backups/${BACKUP_ID}/verify`,
    ]);
    expect(seen.every((one) => one.authorization === `Bearer ${TOKEN}`)).toBe(true);
    expect(seen.filter((one) => one.method === 'POST').every((one) => Number(one.length) === one.body.length)).toBe(true);
    expect(JSON.parse(seen[1]?.body.toString() ?? '')).toEqual({
      public_key: 'ABcd',
      data: item.ciphertext.toString('base64'),
      checksum,
      padding_type: 'OAEP',
      metadata: { original_filename: 'é.txt' },
    });
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- a test reads what Node's own encoder wrote
    const form = await new Response(new Uint8Array(seen[2]?.body ?? []), { headers: { 'content-type': seen[2]?.type ?? '' } }).formData();
    const file = form.get('file') as File;
    expect([...form.keys()]).toEqual(['public_key', 'file', 'metadata']);
    expect([form.get('public_key'), file.name, file.type, form.get('metadata')]).toEqual([
      'ABcd',
      'sealed.bin',
      'application/octet-stream',
      '{"original_filename":"x"}',
    ]);
    expect(Buffer.from(await file.arrayBuffer()).equals(item.ciphertext)).toBe(true);
  });

  it('report their progress in bytes, up to the whole', async () => {
    const api = await serve(
      (request, response) =>
        void readBody(request).then(() => {
          json(response, 200, { backup_id: BACKUP_ID });
        }),
    );
    const progress: [number, number][] = [];
    await clientAt(api).storeFile({ ...item, onProgress: (sent, total) => progress.push([sent, total]) });
    expect(progress.length).toBeGreaterThan(3);
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1]);
    expect(progress.map(([sent]) => sent)).toEqual(progress.map(([sent]) => sent).toSorted((a, b) => a - b));
  });
});

describe('the outcome of a store', () => {
  const outcomeOf = async (listener: RequestListener, more: Partial<ClientOptions> = {}) => {
    const api = await serve(listener);
    return judgeStoreOutcome(await clientAt(api, more).storeData({ ...item, checksum }), 'data');
  };
  const answering =
    (status: number, body: string, headers: Record<string, string> = { 'content-type': 'application/json' }): RequestListener =>
    (request, response) =>
      void readBody(request).then(() => response.writeHead(status, headers).end(body));

  it.each<[string, RequestListener, string]>([
    ['200 with a uuid', answering(200, JSON.stringify({ backup_id: BACKUP_ID, backup_type: 'data', checksum })), 'stored'],
    ['200 without one', answering(200, '{"ok":true}'), 'unknown'],
    ['200 with something that is no uuid', answering(200, '{"backup_id":"../../x"}'), 'unknown'],
    ['200 of another type', answering(200, JSON.stringify({ backup_id: BACKUP_ID, backup_type: 'file' })), 'unknown'],
    ['200 with a member twice', answering(200, `{"backup_id":"${BACKUP_ID}","backup_id":"${KEY_ID}"}`), 'unknown'],
    ['200 in HTML', answering(200, '<html>', { 'content-type': 'text/html' }), 'unknown'],
    ['200 with nothing', answering(200, ''), 'unknown'],
    ['302', answering(302, '{}', { location: '/elsewhere' }), 'unknown'],
    ['400 in the contract’s words', answering(400, '{"message":"verification failed","error":"Bad Request"}'), 'refused'],
    ['400 keyed by field', answering(400, '{"checksum":["invalid"]}'), 'refused'],
    ['400 in other JSON', answering(400, '{"code":{"a":1}}'), 'unknown'],
    ['403 keyed by field, which only validation is', answering(403, '{"checksum":["invalid"]}'), 'unknown'],
    ['401', answering(401, '{"message":"no","error":"Unauthorized"}'), 'refused'],
    ['403 in HTML from a proxy', answering(403, '<html>', { 'content-type': 'text/html' }), 'unknown'],
    ['408', answering(408, '{"message":"slow","error":"Timeout"}'), 'unknown'],
    ['413 empty', answering(413, ''), 'unknown'],
    ['429', answering(429, '{"message":"slow down","error":"Too Many"}'), 'refused'],
    ['500', answering(500, '{"message":"no","error":"no"}'), 'unknown'],
    ['503', answering(503, ''), 'unknown'],
    ['a drop before an answer', (request) => void readBody(request).then(() => request.socket.destroy()), 'unknown'],
    [
      'a drop in the middle of the request',
      (request) => {
        request.once('data', () => request.socket.destroy());
      },
      'unknown',
    ],
    [
      'an answer cut short',
      (request, response) =>
        void readBody(request).then(() => {
          response.writeHead(200, { 'content-length': '500' });
          response.write(`{"backup_id":"${BACKUP_ID}"`);
          setTimeout(() => request.socket.destroy(), 20);
        }),
      'unknown',
    ],
    ['silence until the time is up', (request) => void readBody(request), 'unknown'],
  ])('%s', async (_name, listener, state) => {
    expect((await outcomeOf(listener)).state).toBe(state);
  });

  it('is never more than one request', async () => {
    let requests = 0;
    await outcomeOf(
      (request, response) =>
        void readBody(request).then(() => {
          requests += 1;
          json(response, 503, {});
        }),
    );
    expect([requests, slept.length]).toEqual([1, 0]);
  });

  it('of more than a mebibyte of answer is unknown', async () => {
    expect((await outcomeOf(answering(200, `{"backup_id":"${BACKUP_ID}","x":"${'y'.repeat(1024 * 1024)}"}`))).state).toBe('unknown');
  });

  it('is not-sent when nobody listens', async () => {
    const server = net.createServer();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const raw = await clientAt(`http://127.0.0.1:${port.toString()}`).storeData({ ...item, checksum });
    expect(judgeStoreOutcome(raw, 'data').state).toBe('not-sent');
    const unresolved = await clientAt('http://host.invalid', {
      environment: environmentAt('https://host.invalid', { name: 'custom' }),
    }).storeData({ ...item, checksum });
    expect(unresolved.kind).toBe('not-sent');
  });

  it('is unknown when the connection stood, however early it broke', async () => {
    const server = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const raw = await clientAt(`http://127.0.0.1:${(server.address() as AddressInfo).port.toString()}`).storeData({ ...item, checksum });
    expect(raw.kind).toBe('lost');
  });

  it('never leads to the place that a redirect names', async () => {
    const visited: string[] = [];
    const api = await serve((request, response) => {
      visited.push(request.url ?? '');
      void readBody(request).then(() => response.writeHead(307, { location: '/elsewhere' }).end());
    });
    await clientAt(api).storeData({ ...item, checksum });
    expect(visited).toEqual(['/v1/secure/data']);
  });

  it('names each refusal with what to do, and never the token', () => {
    for (const status of [400, 401, 403, 404, 409, 413, 415, 429, 418]) {
      const problem = storeProblem({ state: 'refused', status, message: `no\u001b[31m ${TOKEN.slice(0, 3)}` });
      expect(problem).toMatchObject({ family: 'service', code: `service-${status.toString()}` });
      expect(problem.hint).toBeTruthy();
      expect(problem.message).not.toContain('\u001b');
      expect(JSON.stringify(problem)).not.toContain(TOKEN);
    }
  });
});

describe('an assignment’s outcome', () => {
  const answer = (status: number, body: string) =>
    judgeAssignOutcome({ kind: 'answer', status, headers: {}, body: Buffer.from(body) }).state;
  it('is answered only with a JSON object and a 2xx', () => {
    expect([
      answer(200, '{}'),
      answer(200, '[]'),
      answer(200, '<html>'),
      answer(409, '{"message":"Key already assigned"}'),
      answer(302, '{}'),
      answer(500, '{}'),
    ]).toEqual(['answered', 'unknown', 'unknown', 'refused', 'unknown', 'unknown']);
  });
});

describe('verify', () => {
  const judge = (status: number, body: unknown, keyEnvironment: 'HOT' | 'COLD' = 'COLD') =>
    judgeVerify(
      { kind: 'answer', status, headers: {}, body: Buffer.from(JSON.stringify(body)) },
      { field: 'is_backup_valid', keyEnvironment },
    ).check;
  const offline = 'Cold backups are held offline and can’t be checked.';
  it.each([
    ['true', judge(200, { is_backup_valid: true }), 'valid'],
    ['true with another status', judge(202, { is_backup_valid: true }), 'unknown'],
    ['false', judge(200, { is_backup_valid: false }), 'invalid'],
    ['false that speaks of offline', judge(200, { is_backup_valid: false, message: offline }), 'invalid'],
    ['false in a 400', judge(400, { is_backup_valid: false, message: offline }), 'invalid'],
    ['no boolean, COLD, offline', judge(400, { message: offline }), 'not-checkable'],
    ['no boolean, HOT, offline', judge(400, { message: offline }, 'HOT'), 'unknown'],
    ['no boolean, COLD, other words', judge(404, { message: 'Backup not found' }), 'unknown'],
    ['the word in a word', judge(400, { message: 'see offlinehelp' }), 'unknown'],
    ['"true" as text', judge(200, { is_backup_valid: 'true', message: offline }), 'unknown'],
    ['the other field', judge(200, { is_key_valid: true }), 'unknown'],
    ['HTML', judge(200, '<html>'), 'unknown'],
  ])('%s', (_name, check, expected) => {
    expect(check).toBe(expected);
  });

  it('is tried three times with growing pauses, then given up', async () => {
    let requests = 0;
    const api = await serve((_request, response) => {
      requests += 1;
      json(response, 503, {});
    });
    const raw = await clientAt(api).verifyKey(KEY_ID);
    expect([requests, slept]).toEqual([3, [500, 1000]]);
    expect(judgeVerify(raw, { field: 'is_key_valid', keyEnvironment: 'COLD' }).check).toBe('unknown');
  });
  it('honours Retry-After, up to half a minute', async () => {
    const waits = ['7', '3600', 'Tue, 24 Nov 2026 12:00:09 GMT', 'soon'];
    for (const wait of waits) {
      let requests = 0;
      const api = await serve((_request, response) => {
        requests += 1;
        if (requests === 1) json(response, 429, {}, { 'retry-after': wait });
        else json(response, 200, { is_key_valid: true });
      });
      await clientAt(api).verifyKey(KEY_ID);
      expect(slept).toEqual([{ '7': 7000, '3600': 30_000, 'Tue, 24 Nov 2026 12:00:09 GMT': 9000, soon: 500 }[wait]]);
    }
  });
  it('is not repeated for an answer that will not change', async () => {
    let requests = 0;
    const api = await serve((_request, response) => {
      requests += 1;
      json(response, 404, { message: 'no' });
    });
    await clientAt(api).verifyBackup(BACKUP_ID);
    expect(requests).toBe(1);
  });
});

describe('the signing keys', () => {
  const jwksServer = async (answers: (count: number, response: ServerResponse) => void) => {
    let requests = 0;
    const api = await serve((request, response) => {
      requests += 1;
      expect(request.headers.authorization).toBeUndefined();
      answers(requests, response);
    });
    return { api, count: () => requests };
  };
  it('are cached for as long as max-age says, and not when asked afresh', async () => {
    let now = Date.parse('2026-11-24T12:00:00Z');
    const { api, count } = await jwksServer((_n, response) => {
      json(response, 200, { keys: [] }, { 'cache-control': 'max-age=600, must-revalidate' });
    });
    const client = clientAt(api, { clock: { now: () => now } });
    await client.fetchJwks({ fresh: false });
    now += 599_999;
    await client.fetchJwks({ fresh: false });
    expect(count()).toBe(1);
    now += 1;
    await client.fetchJwks({ fresh: false });
    expect(count()).toBe(2);
    await client.fetchJwks({ fresh: true });
    expect(count()).toBe(3);
    now -= 3_600_000;
    await client.fetchJwks({ fresh: false });
    expect(count()).toBe(4);
  });
  it('of one environment are never another’s', async () => {
    const one = await jwksServer((_n, response) => {
      json(response, 200, { keys: [1] }, { 'cache-control': 'max-age=600' });
    });
    const two = await jwksServer((_n, response) => {
      json(response, 200, { keys: [2] }, { 'cache-control': 'max-age=600' });
    });
    expect((await clientAt(one.api).fetchJwks({ fresh: false })).bytes.toString()).toBe('{"keys":[1]}');
    expect((await clientAt(two.api).fetchJwks({ fresh: false })).bytes.toString()).toBe('{"keys":[2]}');
  });
  it('behind a redirect are refused, and where it leads is not visited', async () => {
    const { api, count } = await jwksServer((_n, response) => {
      response.writeHead(302, { location: '/elsewhere.json' }).end();
    });
    expect(await codeOf(() => clientAt(api).fetchJwks({ fresh: true }))).toBe('jwks-redirected');
    expect(count()).toBe(1);
  });
  it.each([404, 500])('with status %d are unreachable', async (status) => {
    const { api } = await jwksServer((_n, response) => {
      json(response, status, {});
    });
    expect(await codeOf(() => clientAt(api).fetchJwks({ fresh: true }))).toBe('jwks-unreachable');
  });
});

describe('TLS and proxies', () => {
  let folder: string;
  let tls: { key: Buffer; cert: Buffer };
  let otherHost: { key: Buffer; cert: Buffer };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    const make = (name: string, altName: string) => {
      const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-keyout',
          key,
          '-out',
          cert,
          '-days',
          '2',
          '-subj',
          `/CN=${name}`,
          '-addext',
          `subjectAltName=${altName}`,
        ],
        { stdio: 'ignore' },
      );
      return { key: readFileSync(key), cert: readFileSync(cert) };
    };
    tls = make('good', 'IP:127.0.0.1');
    otherHost = make('other', 'DNS:elsewhere.example');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request.url ?? '');
    void readBody(request).then(() => {
      json(response, 200, { backup_id: BACKUP_ID });
    });
  };
  const storeAt = (environment: Environment) => clientAt(environment.api, { environment }).storeData({ ...item, checksum });

  it('refuse a certificate that nobody vouches for, even when the process environment says to take any', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      const api = await serve(listener, tls);
      asked.length = 0;
      expect((await storeAt(environmentAt(api, { name: 'custom' }))).kind).toBe('not-sent');
      expect(asked).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });
  it('take an extra authority’s', async () => {
    const api = await serve(listener, tls);
    expect((await storeAt(environmentAt(api, { name: 'custom', caPem: tls.cert.toString() }))).kind).toBe('answer');
  });
  it('refuse a certificate for another host', async () => {
    const api = await serve(listener, otherHost);
    asked.length = 0;
    expect((await storeAt(environmentAt(api, { name: 'custom', caPem: otherHost.cert.toString() }))).kind).toBe('not-sent');
    expect(asked).toEqual([]);
  });
  it('never send in the clear outside a rehearsal', async () => {
    const api = await serve(listener);
    asked.length = 0;
    expect(await storeAt(environmentAt(api, { name: 'custom' }))).toMatchObject({ kind: 'not-sent', code: 'NOT-HTTPS' });
    expect(asked).toEqual([]);
  });

  /** A CONNECT proxy that tunnels, or refuses. */
  const proxyServer = async (how: 'tunnel' | 'refuse') => {
    const tunnels: string[] = [];
    const server = http.createServer();
    server.on('connect', (request, socket: net.Socket) => {
      tunnels.push(request.url ?? '');
      if (how === 'refuse') {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const onward = net.connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    });
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port.toString()}`, tunnels };
  };
  it('go through the proxy that is set, encrypted end to end', async () => {
    const api = await serve(listener, tls);
    const proxy = await proxyServer('tunnel');
    const raw = await storeAt(environmentAt(api, { name: 'custom', caPem: tls.cert.toString(), proxy: proxy.url }));
    expect(raw.kind).toBe('answer');
    expect(proxy.tunnels).toEqual([api.replace('https://', '')]);
  });
  it('know that nothing left when the proxy refuses', async () => {
    const proxy = await proxyServer('refuse');
    expect((await storeAt(environmentAt('https://127.0.0.1:9', { name: 'custom', proxy: proxy.url }))).kind).toBe('not-sent');
  });
  it('do not take a proxy from the process environment', async () => {
    const proxy = await proxyServer('tunnel');
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    try {
      const api = await serve(listener, tls);
      expect((await storeAt(environmentAt(api, { name: 'custom', caPem: tls.cert.toString() }))).kind).toBe('answer');
      expect(proxy.tunnels).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('environments', () => {
  const check = (name: Environment['name'], api: string) => codeOf(() => checkEnvironment(name, api, api));
  it.each<[Environment['name'], string, string | null]>([
    ['production', 'https://service.keys.coincover.com', null],
    ['production', 'http://service.keys.coincover.com', 'environment-not-https'],
    ['custom', 'http://127.0.0.1:80', 'environment-not-https'],
    ['custom', 'https://user:pass@host', 'environment-url'],
    ['custom', 'https://host/?a=1', 'environment-url'],
    ['custom', 'https://host/#a', 'environment-url'],
    ['custom', 'ftp://host', 'environment-url'],
    ['custom', '', 'environment-url'],
    ['rehearsal', 'http://127.0.0.1:8080', null],
    ['rehearsal', 'http://127.9.9.9:8080', null],
    ['rehearsal', 'http://[::1]:8080', null],
    ['rehearsal', 'https://localhost:8080', null],
    ['rehearsal', 'http://10.0.0.1', 'environment-not-loopback'],
    ['rehearsal', 'http://127.0.0.1.example.com', 'environment-not-loopback'],
    ['rehearsal', 'https://service.keys.coincover.com', 'environment-not-loopback'],
  ])('%s at %s: %s', async (name, api, code) => {
    expect(await check(name, api)).toBe(code);
  });
  it('are told apart by name and both hosts, and not by a slash', () => {
    const id = (name: Environment['name'], api: string, jwks: string) => environmentId(checkEnvironment(name, api, jwks));
    const base = id('custom', 'https://a.example', 'https://b.example/j');
    expect(id('custom', 'https://a.example/', 'https://b.example/j')).toBe(base);
    expect(
      new Set([
        base,
        id('sandbox', 'https://a.example', 'https://b.example/j'),
        id('custom', 'https://c.example', 'https://b.example/j'),
        id('custom', 'https://a.example', 'https://b.example/k'),
      ]).size,
    ).toBe(4);
  });
});

describe('tokens', () => {
  it.each([
    ['abc', 'abc'],
    ['abc\n', 'abc'],
    ['abc\r\n', 'abc'],
    ['x'.repeat(16 * 1024), 'x'.repeat(16 * 1024)],
  ])('%#', (raw, token) => {
    expect(checkToken(Buffer.from(raw))).toBe(token);
  });
  it.each([
    ['', 'token-empty'],
    ['\n', 'token-empty'],
    ['a b', 'token-malformed'],
    ['a\n\n', 'token-malformed'],
    ['é', 'token-malformed'],
    ['a\u0000', 'token-malformed'],
    ['x'.repeat(16 * 1024 + 3), 'token-too-long'],
  ])('%#: refused', async (raw, code) => {
    expect(await codeOf(() => checkToken(Buffer.from(raw)))).toBe(code);
  });
});
