import { createHash, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RsaKeyPool } from './key-pool.ts';
import { fixedKeyPool, KEY_A, KEY_A_HEX, NOW_MS, withStandIn } from './running-stand-in.fixture.ts';
import { expectRefusal, fetchSigningEntry, isSigned } from './signed-answer.fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const organisation = { customer_id: 'c-1', customer_name: 'Customer' };
const pack = { package_id: 'p-1', package_name: 'Package' };
const ALL_FIELDS = [
  'external_customer_id',
  'external_package_id',
  'pulled_by_id',
  'pulled_by_type',
  'user_id',
  'key_id',
  'key_fingerprint',
];

describe('every call', () => {
  it('needs a token, whatever it asks for', async () => {
    await withStandIn(async (running) => {
      const calls = [
        ['POST', '/v1/keys'],
        ['POST', '/v1/partner/keys'],
        ['POST', '/v1/secure/data'],
        ['POST', '/v1/secure/file'],
        ['GET', '/v1/keys/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/verify'],
        ['GET', '/v1/backups/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/verify'],
        ['POST', '/rehearsal/release'],
        ['GET', '/nowhere'],
      ] as const;
      for (const [method, path] of calls) {
        expectRefusal(await running.send(method, path, {}, null), 401);
        expectRefusal(await running.send(method, path, {}, `${running.at.token}x`), 401);
        expect((await running.send(method, path)).status).not.toBe(401);
      }
      const basic = await running.send('GET', '/nowhere', { headers: { authorization: `Basic ${running.at.token}` } }, null);
      expectRefusal(basic, 401);
    });
  });

  it('is marked as rehearsal and noted without its body', async () => {
    await withStandIn(async (running) => {
      expect((await running.assign()).headers.get('x-coldroom')).toBe('REHEARSAL');
      await running.send('GET', '/.well-known/jwks.json?x=1', {}, null);
      const [first, second] = running.standIn.requests;
      expect(first).toEqual({ method: 'POST', path: '/v1/keys', bytes: 74, withToken: true });
      expect(second).toEqual({ method: 'GET', path: '/.well-known/jwks.json', bytes: 0, withToken: false });
    });
  });

  it('has one spelling of its path', async () => {
    await withStandIn(async (running) => {
      for (const path of ['/v1/keys/', '/v1/hot/keys', '/V1/keys', '/v1/partner/rehearsal/release', '/v2/keys', '/']) {
        expectRefusal(await running.post(path, {}), 404);
      }
      expectRefusal(await running.get('/v1/keys'), 404);
      const { json } = await running.assign();
      expect((await running.get(`/v1/keys/${String(json['key_id'])}/verify`)).status).toBe(200);
      expectRefusal(await running.get(`/v1/partner/keys/${String(json['key_id'])}/verify`), 404);
    });
  });
});

describe('the JWKS', () => {
  it('publishes one usable P-256 key, the same at every call, without a token', async () => {
    await withStandIn(async (running) => {
      const reply = await running.send('GET', '/.well-known/jwks.json', {}, null);
      expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'max-age=600, must-revalidate']);
      const [entry = {}, ...more] = reply.json['keys'] as Record<string, unknown>[];
      expect(more).toEqual([]);
      expect(entry).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: 'enclave-signing-key-v1' });
      expect(entry['coincover:purposes']).toContain('assignment-sig');
      expect(Date.parse(String(entry['coincover:validFrom']))).toBeLessThan(NOW_MS);
      expect('d' in entry).toBe(false);
      expect((await running.send('GET', '/.well-known/jwks.json', {}, null)).text).toBe(reply.text);
    });
  });

  it('has another key under the same kid after a rotation', async () => {
    await withStandIn(async (running) => {
      const before = await fetchSigningEntry(running);
      const { json } = await running.assign();
      await running.standIn.rotate();
      const after = await fetchSigningEntry(running);
      expect([isSigned(json, before), isSigned(json, after)]).toEqual([true, false]);
      expect(after['kid']).toBe(before['kid']);
    });
  });
});

describe('POST /v1/keys', () => {
  it('signs the hex string of the key where no binding is asked for', async () => {
    await withStandIn(async (running) => {
      const reply = await running.assign({ organisation, package: pack });
      expect(reply.status).toBe(200);
      expect(Object.keys(reply.json).sort()).toEqual(['customer_id', 'key_id', 'metadata', 'package_id', 'public_key', 'signature']);
      expect(reply.json).toMatchObject({
        public_key: KEY_A_HEX,
        customer_id: 'c-1',
        package_id: 'p-1',
        metadata: { customer_name: 'Customer', package_name: 'Package' },
      });
      expect(reply.json['key_id']).toMatch(UUID);
      expect(isSigned(reply.json, await fetchSigningEntry(running))).toBe(true);
    });
  });

  it('binds every field asked for, in the order asked for', async () => {
    await withStandIn(async (running) => {
      const { json } = await running.assign({ organisation, package: pack, sign_with: ALL_FIELDS });
      expect(json['signed_fields']).toEqual(ALL_FIELDS);
      expect(isSigned(json, await fetchSigningEntry(running))).toBe(true);
      const payload = JSON.parse(String(json['signed_payload'])) as Record<string, unknown>;
      expect(Object.keys(payload)).toEqual([...ALL_FIELDS, 'public_key'].sort());
      expect(payload).toMatchObject({
        public_key: KEY_A_HEX,
        external_customer_id: 'c-1',
        external_package_id: 'p-1',
        pulled_by_id: running.at.accountId,
        pulled_by_type: 'api_key',
        key_id: json['key_id'],
        key_fingerprint: createHash('sha256').update(Buffer.from(KEY_A_HEX, 'hex')).digest('hex'),
      });
      expect(payload['user_id']).not.toBe('user-1');
    });
  });

  it.each([
    ['user_identifier left out', { user_identifier: undefined }, ['user_identifier']],
    ['user_identifier empty', { user_identifier: '' }, ['user_identifier']],
    ['user_identifier a number', { user_identifier: 7 }, ['user_identifier']],
    ['key_type left out', { key_type: undefined }, ['key_type']],
    ['key_type unknown', { key_type: 'RSA4096' }, ['key_type']],
    ['key_environment in lower case', { key_environment: 'cold' }, ['key_environment']],
    ['key_environment null', { key_environment: null }, ['key_environment']],
    ['organisation a string', { organisation: 'c-1' }, ['organisation']],
    ['organisation without its id', { organisation: {} }, ['organisation.customer_id']],
    ['package without its id', { package: { package_name: 'P' } }, ['package.package_id']],
    ['sign_with a string', { sign_with: 'key_id' }, ['sign_with']],
    ['sign_with empty', { sign_with: [] }, ['sign_with']],
    ['sign_with naming a field twice', { sign_with: ['key_id', 'key_id'] }, ['sign_with']],
    ['sign_with naming an unknown field', { sign_with: ['key_id', 'constructor'] }, ['sign_with']],
    ['sign_with naming public_key', { sign_with: ['public_key'] }, ['sign_with']],
    ['sign_with naming a customer that was not sent', { sign_with: ['external_customer_id'] }, ['sign_with']],
    ['sign_with naming a package that was not sent', { sign_with: ['external_package_id'] }, ['sign_with']],
    ['two at once', { user_identifier: '', key_type: 'x' }, ['user_identifier', 'key_type']],
  ])('answers 400 keyed by field: %s', async (_what, more, fields) => {
    await withStandIn(async (running) => {
      expectRefusal(await running.assign(more), 400, fields);
      // Nothing was assigned: the same user is still free.
      expect((await running.assign()).status).toBe(200);
    });
  });

  it('answers 400 to what is no JSON object, and 413 over 1 MiB', async () => {
    await withStandIn(async (running) => {
      for (const body of ['', '{', '[]', 'null', '{"user_identifier":"a","user_identifier":"b"}']) {
        expectRefusal(await running.post('/v1/keys', body), 400, ['body']);
      }
      expectRefusal(await running.send('POST', '/v1/keys', { body: '{}', headers: { 'content-type': 'text/plain' } }), 400);
      const padded = (sizeBytes: number) => '{"user_identifier":"u","key_type":"ed25519"}'.padEnd(sizeBytes);
      expectRefusal(await running.post('/v1/keys', padded(1_048_577)), 413);
      expect((await running.post('/v1/keys', padded(1_048_576))).status).toBe(200);
    });
  });

  it('answers 409 to the same user and organisation, also at the same time, and to no other', async () => {
    await withStandIn(async (running) => {
      const both = await Promise.all([running.assign(), running.assign()]);
      expect(both.map((reply) => reply.status).sort()).toEqual([200, 409]);
      const again = await running.assign({ key_type: 'ed25519' });
      expectRefusal(again, 409);
      expect(again.json['message']).toBe('Key already assigned for this user and organisation');
      expect((await running.assign({ organisation })).status).toBe(200);
      expectRefusal(await running.assign({ organisation: { customer_id: 'c-1' } }), 409);
      expect((await running.assign({ user_identifier: 'user-2' })).status).toBe(200);
    });
  });

  it('takes HOT for granted where the key environment is left out', async () => {
    await withStandIn(
      async (running) => {
        const hot = await running.assign({ key_environment: undefined });
        const cold = await running.assign({ user_identifier: 'user-2' });
        const verified = await Promise.all([hot, cold].map((one) => running.get(`/v1/keys/${String(one.json['key_id'])}/verify`)));
        expect(verified.map((reply) => 'is_key_valid' in reply.json)).toEqual([true, false]);
      },
      { fault: 'cold-not-checkable' },
    );
  });

  it('gives curve keys as raw points', async () => {
    await withStandIn(async (running) => {
      const ed25519 = await running.assign({ key_type: 'ed25519' });
      expect(ed25519.json['public_key']).toMatch(/^[0-9a-f]{64}$/);
      const secp256k1 = await running.assign({ key_type: 'secp256k1', user_identifier: 'user-2' });
      expect(secp256k1.json['public_key']).toMatch(/^0[23][0-9a-f]{64}$/);
      for (const { json } of [ed25519, secp256k1]) {
        expect((await running.get(`/v1/keys/${String(json['key_id'])}/verify`)).json['is_key_valid']).toBe(true);
      }
    });
  });

  it('leaves the user free where no key could be made', async () => {
    let fails = true;
    const take = () => (fails ? Promise.reject(new Error('no entropy')) : Promise.resolve(KEY_A));
    await withStandIn(
      async (running) => {
        expectRefusal(await running.assign(), 500);
        fails = false;
        expect((await running.assign()).status).toBe(200);
      },
      { keyPool: { ...fixedKeyPool(KEY_A), take } },
    );
  });

  it('makes real RSA-4096 keys by itself', async () => {
    await withStandIn(
      async (running) => {
        const { json } = await running.assign();
        const der = Buffer.from(String(json['public_key']), 'hex');
        expect([der.length, der.subarray(0, 4).toString('hex')]).toEqual([550, '30820222']);
        expect(createPublicKey({ format: 'der', type: 'spki', key: der }).asymmetricKeyDetails).toMatchObject({
          modulusLength: 4096,
          publicExponent: 65537n,
        });
      },
      { keyPool: new RsaKeyPool(1) },
    );
  });
});

describe('POST /v1/partner/keys', () => {
  const body = { user_identifier: 'user-1', key_type: 'rsa4096', key_environment: 'HOT', organisation, package: pack };

  it('needs the partner scope', async () => {
    await withStandIn(async (running) => {
      expectRefusal(await running.post('/v1/partner/keys', body), 403);
      expect((await running.post('/v1/partner/keys', body, running.at.partnerToken)).status).toBe(200);
    });
  });

  it('requires organisation, package and key environment', async () => {
    await withStandIn(async (running) => {
      const bare = await running.post('/v1/partner/keys', { user_identifier: 'user-1', key_type: 'rsa4096' }, running.at.partnerToken);
      expectRefusal(bare, 400, ['organisation', 'package', 'key_environment']);
    });
  });
});
