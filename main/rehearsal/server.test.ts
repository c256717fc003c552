import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { parseCall, pathOf } from './calls.ts';
import { RsaKeyPool } from './key-pool.ts';
import { fixedKeyPool, KEY_A, withStandIn } from './running-stand-in.fixture.ts';
import { createStandIn } from './index.ts';

const create = () => createStandIn({ clock: { now: () => 0 }, keyPool: fixedKeyPool(KEY_A) });

describe('listening', () => {
  it('is on 127.0.0.1 alone, at the port asked for', async () => {
    await withStandIn(async ({ at }) => {
      expect([at.api, at.jwks]).toEqual([`http://127.0.0.1:${at.port.toString()}`, `${at.api}/.well-known/jwks.json`]);
      // 127.0.0.2 is this machine too, where the whole of 127/8 is up; elsewhere nothing answers there either.
      await expect(fetch(`http://127.0.0.2:${at.port.toString()}/.well-known/jwks.json`)).rejects.toThrow();
    });
  });

  it('is refused at a port that is taken', async () => {
    await withStandIn(async ({ at }) => {
      const second = create();
      const error: unknown = await second.listen(at.port).catch((caught: unknown) => caught);
      expect(isColdroomError(error) && [error.family, error.code]).toEqual(['input', 'port-taken']);
      await second.close();
    });
  });

  it('ends with close, also while an answer is late, and where it never began', async () => {
    await create().close();
    const standIn = createStandIn({ clock: { now: () => 0 }, keyPool: fixedKeyPool(KEY_A), fault: 'slow' });
    const { jwks } = await standIn.listen();
    const late = expect(fetch(jwks)).rejects.toThrow();
    while (standIn.requests.length === 0) await new Promise((resume) => setTimeout(resume, 5));
    await standIn.close();
    await late;
    await expect(fetch(jwks)).rejects.toThrow();
  });

  it('has tokens and an account of its own at every start', async () => {
    const seen = new Set<string>();
    for (let run = 0; run < 2; run += 1) {
      await withStandIn(({ at }) => {
        for (const one of [at.token, at.partnerToken, at.accountId]) seen.add(one);
        return Promise.resolve();
      });
    }
    expect(seen.size).toBe(6);
  });

  it.each(['//', 'http://[', '*', '/%', '\\\\'])('outlives the request target %s', async (target) => {
    await withStandIn(async (running) => {
      const head = await new Promise<string>((done, failed) => {
        const socket = connect(running.at.port, '127.0.0.1', () =>
          socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
        );
        let text = '';
        socket.on('data', (piece) => (text += piece.toString('latin1')));
        socket.on('end', () => {
          done(text);
        });
        socket.on('error', failed);
      });
      expect(head).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect((await running.assign()).status).toBe(200);
    });
  });
});

describe('parseCall', () => {
  it('knows the contract’s paths, and only these', () => {
    expect(parseCall('POST', '/v1/keys')).toEqual({ kind: 'assign', partner: false });
    expect(parseCall('POST', '/v1/partner/keys')).toEqual({ kind: 'assign', partner: true });
    expect(parseCall('POST', '/v1/secure/data')).toEqual({ kind: 'store-data', partner: false });
    expect(parseCall('POST', '/v1/partner/secure/file')).toEqual({ kind: 'store-file', partner: true });
    expect(parseCall('GET', '/v1/keys/a/verify')).toEqual({ kind: 'verify-key', id: 'a' });
    expect(parseCall('GET', '/v1/backups/a/verify')).toEqual({ kind: 'verify-backup', id: 'a' });
    expect(parseCall('GET', '/.well-known/jwks.json')).toEqual({ kind: 'jwks' });
    expect(parseCall('POST', '/rehearsal/release')).toEqual({ kind: 'release' });
    for (const path of ['/v1/keys//verify', '/v1/keys/a/b/verify', '/v1/partner/keys/a/verify', '/v1/secure', '']) {
      expect(parseCall('GET', path)).toEqual({ kind: 'unknown' });
    }
  });

  it('takes any target without failing', () => {
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'HEAD', ''), fc.string(), (method, target) => {
        const path = pathOf(target);
        if (path === null) return;
        const call = parseCall(method, path);
        expect(call.kind === 'unknown' || path.startsWith('/')).toBe(true);
      }),
    );
  });
});

describe('RsaKeyPool', () => {
  it('makes no key once it was stopped', async () => {
    const pool = new RsaKeyPool(1);
    pool.stop();
    await expect(pool.take()).rejects.toThrow('the key pool was stopped');
  });
});
