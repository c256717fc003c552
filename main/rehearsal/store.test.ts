import { constants, createHash, createPublicKey, publicEncrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KEY_A, KEY_A_HEX, OAEP_CASES, oaepCase, withStandIn, type Running } from './running-stand-in.fixture.ts';
import { expectRefusal } from './signed-answer.fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const known = oaepCase('93 bytes');
const checksum = sha256(known.plaintext);
const data = { public_key: KEY_A_HEX, data: known.ciphertext, checksum };

function withKey(use: (running: Running) => Promise<void>): Promise<void> {
  return withStandIn(async (running) => {
    expect((await running.assign()).status).toBe(200);
    await use(running);
  });
}

describe('POST /v1/secure/data', () => {
  it('opens what it is sent, and keeps it', async () => {
    await withKey(async (running) => {
      const metadata = { description: 'é', content_type: 'text/plain', original_filename: 'a.txt' };
      const reply = await running.post('/v1/secure/data', { ...data, padding_type: 'OAEP', metadata });
      expect(reply.status).toBe(200);
      const { backup_id: backupId, ...rest } = reply.json;
      expect(backupId).toMatch(UUID);
      expect(rest).toEqual({ checksum, data_size: 512, backup_type: 'data', metadata });
      const ciphertextSha256 = sha256(Buffer.from(known.ciphertext, 'base64'));
      expect(running.standIn.held()).toEqual([{ backupId, type: 'data', ciphertextSha256, plaintextSha256: checksum }]);
      expect((await running.get(`/v1/backups/${String(backupId)}/verify`)).json['is_backup_valid']).toBe(true);
    });
  });

  it.each(OAEP_CASES.map((one) => [one.name, one] as const))('judges by opening: %s', async (_name, one) => {
    await withKey(async (running) => {
      const reply = await running.post('/v1/secure/data', { public_key: KEY_A_HEX, data: one.ciphertext });
      if (one.opens) {
        expect([reply.status, reply.json['checksum']]).toEqual([200, sha256(Buffer.from(one.plaintext_hex ?? '', 'hex'))]);
      } else {
        expectRefusal(reply, 400);
        expect(reply.json['message']).toMatch(/^verification failed/);
        expect(running.standIn.held()).toEqual([]);
      }
    });
  });

  it('takes no other padding than OAEP with SHA-256', async () => {
    await withKey(async (running) => {
      const key = createPublicKey(KEY_A);
      const encrypted = {
        'PKCS#1 v1.5': publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, known.plaintext),
        'OAEP with SHA-1': publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, known.plaintext),
        none: publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.alloc(512, 1)),
      };
      for (const ciphertext of Object.values(encrypted)) {
        const reply = await running.post('/v1/secure/data', { ...data, data: ciphertext.toString('base64') });
        expectRefusal(reply, 400);
        expect(reply.json['message']).toMatch(/^verification failed/);
      }
      const right = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, known.plaintext);
      expect((await running.post('/v1/secure/data', { ...data, data: right.toString('base64') })).status).toBe(200);
    });
  });

  it('compares the checksum with what came out, never with the ciphertext', async () => {
    await withKey(async (running) => {
      const ofCiphertext = sha256(Buffer.from(known.ciphertext, 'base64'));
      for (const wrong of [ofCiphertext, '0'.repeat(64)]) {
        const reply = await running.post('/v1/secure/data', { ...data, checksum: wrong });
        expectRefusal(reply, 400);
        expect(reply.json['message']).toMatch(/^verification failed/);
      }
      expect(running.standIn.held()).toEqual([]);
      const upper = await running.post('/v1/secure/data', { ...data, checksum: checksum.toUpperCase() });
      expect([upper.status, upper.json['checksum']]).toEqual([200, checksum]);
    });
  });

  it.each([
    ['public_key left out', { public_key: undefined }, ['public_key']],
    ['public_key of 30 characters', { public_key: 'a'.repeat(30) }, ['public_key']],
    ['public_key of 31 characters', { public_key: 'a'.repeat(31) }, ['public_key']],
    ['public_key of 33 characters', { public_key: 'a'.repeat(33) }, ['public_key']],
    ['public_key of 4098 characters', { public_key: 'a'.repeat(4098) }, ['public_key']],
    ['public_key no hex', { public_key: 'z'.repeat(32) }, ['public_key']],
    ['data left out', { data: undefined }, ['data']],
    ['data empty', { data: '' }, ['data']],
    ['data in base64url', { data: '-_-_' }, ['data']],
    ['data without its padding', { data: 'AA' }, ['data']],
    ['checksum of 62 digits', { checksum: 'a'.repeat(62) }, ['checksum']],
    ['checksum of 66 digits', { checksum: 'a'.repeat(66) }, ['checksum']],
    ['checksum in base64', { checksum: `${'A'.repeat(43)}=` }, ['checksum']],
    ['padding_type PKCS1', { padding_type: 'PKCS1' }, ['padding_type']],
    ['padding_type in lower case', { padding_type: 'oaep' }, ['padding_type']],
    ['metadata a string', { metadata: '{}' }, ['metadata']],
    ['metadata with a number', { metadata: { description: 1 } }, ['metadata.description']],
  ])('answers 400 keyed by field: %s', async (_what, more, fields) => {
    await withKey(async (running) => {
      expectRefusal(await running.post('/v1/secure/data', { ...data, ...more }), 400, fields);
      expect(running.standIn.held()).toEqual([]);
    });
  });

  it('answers 404 to a key that it did not assign, or not in this form', async () => {
    await withKey(async (running) => {
      const pkcs1 = createPublicKey(KEY_A).export({ format: 'der', type: 'pkcs1' }).toString('hex');
      for (const hex of ['ab'.repeat(16), 'ab'.repeat(2048), pkcs1, KEY_A_HEX.toUpperCase()]) {
        expectRefusal(await running.post('/v1/secure/data', { ...data, public_key: hex }), 404);
      }
    });
  });

  it('opens nothing with a key that is not RSA', async () => {
    await withStandIn(async (running) => {
      const { json } = await running.assign({ key_type: 'ed25519' });
      expectRefusal(await running.post('/v1/secure/data', { ...data, public_key: json['public_key'] }), 400);
    });
  });

  it('requires the checksum of partners alone', async () => {
    await withKey(async (running) => {
      const bare = { public_key: KEY_A_HEX, data: known.ciphertext };
      expect((await running.post('/v1/secure/data', bare)).status).toBe(200);
      expectRefusal(await running.post('/v1/partner/secure/data', data), 403);
      expectRefusal(await running.post('/v1/partner/secure/data', bare, running.at.partnerToken), 400, ['checksum']);
      expect((await running.post('/v1/partner/secure/data', data, running.at.partnerToken)).status).toBe(200);
    });
  });
});

describe('POST /v1/secure/file', () => {
  const file = new Uint8Array([0, 13, 10, 45, 45, 255]);

  it('keeps the bytes of the part, and gives no checksum back', async () => {
    await withKey(async (running) => {
      const reply = await running.postFile(file, { public_key: KEY_A_HEX, metadata: '{"original_filename":"a.txt"}' });
      expect(reply.status).toBe(200);
      const { backup_id: backupId, ...rest } = reply.json;
      expect(backupId).toMatch(UUID);
      expect(rest).toEqual({ backup_type: 'file', metadata: { original_filename: 'a.txt' } });
      expect(running.standIn.held()).toEqual([{ backupId, type: 'file', ciphertextSha256: sha256(file), plaintextSha256: null }]);
      expect((await running.get(`/v1/backups/${String(backupId)}/verify`)).json['is_backup_valid']).toBe(true);
    });
  });

  it.each(['', 'text/plain', 'application/octet-stream; charset=utf-8', 'application/octet-streams'])(
    'answers 415 to a part of the type "%s"',
    async (partType) => {
      await withKey(async (running) => {
        // FormData writes application/octet-stream for a part without a type, so this one is written by hand.
        const head = partType === '' ? '' : `Content-Type: ${partType}\r\n`;
        const body = [
          `--B\r\nContent-Disposition: form-data; name="public_key"\r\n\r\n${KEY_A_HEX}\r\n`,
          `--B\r\nContent-Disposition: form-data; name="file"; filename="sealed.bin"\r\n${head}\r\nabc\r\n--B--\r\n`,
        ].join('');
        const headers = { 'content-type': 'multipart/form-data; boundary=B' };
        expectRefusal(await running.send('POST', '/v1/secure/file', { body, headers }), 415);
        const right = body.replace(`${head}\r\nabc`, 'Content-Type: application/octet-stream\r\n\r\nabc');
        expect((await running.send('POST', '/v1/secure/file', { body: right, headers })).status).toBe(200);
      });
    },
  );

  it('takes 10,485,760 bytes and answers 413 to one more, however far above', async () => {
    await withKey(async (running) => {
      const limit = 10_485_760;
      for (const sizeBytes of [1, limit - 1, limit]) {
        expect((await running.postFile(new Uint8Array(sizeBytes), { public_key: KEY_A_HEX })).status).toBe(200);
      }
      for (const sizeBytes of [limit + 1, 17 * 1024 * 1024]) {
        expectRefusal(await running.postFile(new Uint8Array(sizeBytes), { public_key: KEY_A_HEX }), 413);
      }
      expect(running.standIn.held()).toHaveLength(3);
    });
  });

  it('reads no body without end', async () => {
    await withKey(async (running) => {
      let sentBytes = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          sentBytes += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
      const headers = { 'content-type': 'multipart/form-data; boundary=B' };
      const sent = running.send('POST', '/v1/secure/file', { body, headers, duplex: 'half' });
      // Which of the two a client sees depends on whether it reads the answer before its sending fails.
      const status = await sent.then(
        (reply) => reply.status,
        () => 'cut',
      );
      expect([413, 'cut']).toContain(status);
      expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
      expect(running.standIn.held()).toEqual([]);
    });
  });

  it.each([
    ['public_key left out', file, {}, ['public_key']],
    ['public_key unknown', file, { public_key: 'ab'.repeat(16) }, ['public_key']],
    ['file left out', null, { public_key: KEY_A_HEX }, ['file']],
    ['file as text', null, { public_key: KEY_A_HEX, file: 'abc' }, ['file']],
    ['file empty', new Uint8Array(0), { public_key: KEY_A_HEX }, ['file']],
    ['metadata no JSON', file, { public_key: KEY_A_HEX, metadata: '{' }, ['metadata']],
    ['metadata no object', file, { public_key: KEY_A_HEX, metadata: '[]' }, ['metadata']],
  ])('answers 400 keyed by field: %s', async (_what, content, fields, wrong) => {
    await withKey(async (running) => {
      expectRefusal(await running.postFile(content, fields), 400, wrong);
    });
  });

  it('answers 400 to a form that cannot be read or has a part twice, and 415 to no form', async () => {
    await withKey(async (running) => {
      const headers = { 'content-type': 'multipart/form-data; boundary=B' };
      expectRefusal(await running.send('POST', '/v1/secure/file', { body: '--A', headers }), 400);
      const twice = new FormData();
      twice.append('public_key', KEY_A_HEX);
      for (const name of ['a', 'b']) twice.append('file', new Blob([file], { type: 'application/octet-stream' }), name);
      expectRefusal(await running.send('POST', '/v1/secure/file', { body: twice }), 400, ['file']);
      expectRefusal(await running.post('/v1/secure/file', data), 415);
    });
  });

  it('has a partner form', async () => {
    await withKey(async (running) => {
      const form = () => {
        const made = new FormData();
        made.set('public_key', KEY_A_HEX);
        made.set('file', new Blob([file], { type: 'application/octet-stream' }), 'sealed.bin');
        return made;
      };
      expectRefusal(await running.send('POST', '/v1/partner/secure/file', { body: form() }), 403);
      const reply = await running.send('POST', '/v1/partner/secure/file', { body: form() }, running.at.partnerToken);
      expect(reply.status).toBe(200);
    });
  });
});
