import type { RequestListener } from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_TIMEOUTS } from './connection.ts';
import type { Environment } from './environment.ts';
import { send } from './http.ts';
import {
  answering,
  closeServers,
  deadAddress,
  environmentAt,
  listen,
  makeIdentity,
  proxy,
  serve,
  type Identity,
} from './loopback.fixture.ts';

let good: Identity;
let otherHost: Identity;
beforeAll(() => {
  good = makeIdentity('IP:127.0.0.1');
  otherHost = makeIdentity('DNS:elsewhere.example');
});
afterEach(closeServers);
afterEach(() => {
  vi.unstubAllEnvs();
});

const asked: string[] = [];
beforeEach(() => {
  asked.length = 0;
});
const listener: RequestListener = (request, response) => {
  asked.push(`HTTP/${request.httpVersion} ${request.url ?? ''}`);
  answering(200, '{}')(request, response);
};

/** One POST in a custom environment: what came of it. */
async function outcomeAt(api: string, more: Partial<Environment> = {}, timeouts = { connectMs: 1000, answerMs: 1500 }): Promise<string> {
  const environment = environmentAt(api, { name: 'custom', ...more });
  const outcome = await send(environment, { method: 'POST', url: `${api}/p`, headers: {}, body: Buffer.alloc(100_000) }, timeouts);
  return outcome.kind === 'answer' ? `answer ${outcome.status.toString()}` : `${outcome.kind} ${outcome.code}`;
}
const pem = (...identities: Identity[]) => identities.map((one) => one.cert.toString()).join('\n');

describe('TLS', () => {
  it('refuses a certificate that nobody vouches for', async () => {
    expect(await outcomeAt(await serve(listener, good))).toBe('not-sent DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(asked).toEqual([]);
  });
  it('refuses it even when the process environment says to take any, directly, through a proxy, and as the proxy', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const api = await serve(listener, good);
    expect(await outcomeAt(api)).toBe('not-sent DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await outcomeAt(api, { proxy: (await proxy('tunnel')).url })).toBe('not-sent DEPTH_ZERO_SELF_SIGNED_CERT');
    const secure = await proxy('tunnel', good);
    expect(await outcomeAt(api, { proxy: secure.url })).toBe('not-sent DEPTH_ZERO_SELF_SIGNED_CERT');
    expect([asked, secure.tunnels]).toEqual([[], []]);
  });
  it('takes an extra authority, also as one of several', async () => {
    const api = await serve(listener, good);
    expect(await outcomeAt(api, { caPem: pem(good) })).toBe('answer 200');
    expect(await outcomeAt(api, { caPem: pem(otherHost, good) })).toBe('answer 200');
    expect(await outcomeAt(api, { caPem: pem(otherHost) })).toBe('not-sent DEPTH_ZERO_SELF_SIGNED_CERT');
  });
  it('refuses a certificate for another host, directly and through a proxy', async () => {
    const api = await serve(listener, otherHost);
    const through = await proxy('tunnel');
    expect(await outcomeAt(api, { caPem: pem(otherHost) })).toBe('not-sent ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await outcomeAt(api, { caPem: pem(otherHost), proxy: through.url })).toBe('not-sent ERR_TLS_CERT_ALTNAME_INVALID');
    expect(asked).toEqual([]);
    expect(through.tunnels.length).toBe(1);
  });
  it('fails closed with an extra authority that is no certificate', async () => {
    expect(await outcomeAt(await serve(listener, good), { caPem: 'no certificate' })).toMatch(/^not-sent /);
    expect(asked).toEqual([]);
  });
  it('is a connection that did not come about when the other side says nothing', async () => {
    const port = await listen(net.createServer(() => undefined));
    expect(await outcomeAt(`https://127.0.0.1:${port.toString()}`, {}, { connectMs: 200, answerMs: 5000 })).toBe(
      'not-sent UND_ERR_CONNECT_TIMEOUT',
    );
  });
  it('is a connection that did not come about when the other side speaks no TLS', async () => {
    const api = await serve(listener);
    expect(await outcomeAt(api.replace('http:', 'https:'))).toMatch(/^not-sent /);
    expect(asked).toEqual([]);
  });
});

describe('HTTP/2, over which not-sent could not be proved', () => {
  it('is not spoken, whatever the server prefers', async () => {
    const port = await listen(
      http2.createSecureServer({ ...good, allowHTTP1: true }, (request, response) => {
        asked.push(`HTTP/${request.httpVersion} ${request.url}`);
        request.resume().on('end', () => response.end('{}'));
      }),
    );
    const api = `https://127.0.0.1:${port.toString()}`;
    expect(await outcomeAt(api, { caPem: pem(good) })).toBe('answer 200');
    expect(await outcomeAt(api, { caPem: pem(good), proxy: (await proxy('tunnel')).url })).toBe('answer 200');
    expect(asked).toEqual(['HTTP/1.1 /p', 'HTTP/1.1 /p']);
  });
});

describe('a proxy', () => {
  it.each(['http', 'https'])('over %s is gone through, encrypted end to end', async (kind) => {
    const api = await serve(listener, good);
    const through = await proxy('tunnel', kind === 'https' ? good : undefined);
    expect(await outcomeAt(api, { caPem: pem(good), proxy: through.url })).toBe('answer 200');
    expect(through.tunnels).toEqual([api.replace('https://', '')]);
  });
  it('that refuses, is silent or is not there means that nothing left', async () => {
    const api = await serve(listener, good);
    const at = (url: string) => outcomeAt(api, { caPem: pem(good), proxy: url }, { connectMs: 300, answerMs: 10_000 });
    expect(await at((await proxy('refuse')).url)).toBe('not-sent UND_ERR_ABORTED');
    expect(await at((await proxy('silent')).url)).toBe('not-sent UND_ERR_HEADERS_TIMEOUT');
    expect(await at(await deadAddress())).toBe('not-sent ECONNREFUSED');
    expect(asked).toEqual([]);
  });
  it.each(['socks5://127.0.0.1:1080', 'nonsense', ''])('at %j is not tried', async (url) => {
    expect(await outcomeAt(await serve(listener, good), { caPem: pem(good), proxy: url })).toBe('not-sent proxy-not-allowed');
    expect(asked).toEqual([]);
  });
  it('is not taken from the process environment', async () => {
    const through = await proxy('tunnel');
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY']) vi.stubEnv(name, through.url);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect(await outcomeAt(await serve(listener, good), { caPem: pem(good) })).toBe('answer 200');
    expect(through.tunnels).toEqual([]);
  });
  it('is not asked in a rehearsal, which stays on this machine', async () => {
    const through = await proxy('tunnel');
    expect(await outcomeAt(await serve(listener), { name: 'rehearsal', proxy: through.url })).toBe('answer 200');
    expect(through.tunnels).toEqual([]);
  });
});

it('waits ten seconds for a connection and a minute for an answer', () => {
  expect(DEFAULT_TIMEOUTS).toEqual({ connectMs: 10_000, answerMs: 60_000 });
});
