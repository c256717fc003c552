import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import forge from 'node-forge';
import { afterAll, describe, expect, it } from 'vitest';
import { isColdroomError, sha256 } from '../values/index.ts';
import { parseAssignedKey } from './assigned-key.ts';
import { envelopeSize, MAX_CONTENT_BYTES } from './cms-header.ts';
import type { EnvelopeReader } from './cms-reader.ts';
import { openEnvelope, openEnvelopeBytes, sealEnvelope, sealEnvelopeBytes } from './envelope.ts';

const vectors = join(import.meta.dirname, '../../test/vectors');
const keyPath = join(vectors, 'rsa4096-a.key.pem');
const privateKey = createPrivateKey(readFileSync(keyPath));
const key = parseAssignedKey(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex'));
const otherKey = generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey;
type Case = { name: string; opens: boolean; sha256?: string; cms: string };
const { cases } = JSON.parse(readFileSync(join(vectors, 'cms.json'), 'utf8')) as { cases: Case[] };
const folder = mkdtempSync(join(tmpdir(), 'sealing-cms-'));
const READERS: EnvelopeReader[] = ['strict', 'lenient'];

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function openssl(...args: string[]): Buffer {
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
}

/** Lengths on both sides of every change in the number of length octets, of the content and of what encloses it. */
const LENGTHS = [0, 1, 127, 128, 255, 256, 446, 447, 65_535, 65_536];

async function* chunked(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    await Promise.resolve();
    yield bytes.subarray(at, at + chunkBytes);
  }
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function codeOf(envelope: Buffer, reader: EnvelopeReader, withKey = privateKey): Promise<string> {
  try {
    await openEnvelopeBytes(envelope, withKey, reader);
  } catch (error) {
    if (isColdroomError(error) && error.family === 'check') return error.code;
    throw error;
  }
  return 'opened';
}

describe('the vectors', () => {
  it('are all there', () => {
    expect(cases.filter((one) => one.opens).length).toBe(9);
    expect(cases.filter((one) => !one.opens).length).toBe(4);
  });

  it.each(cases)('$name: opens $opens', async ({ name, opens, sha256: digest, cms }) => {
    const envelope = Buffer.from(cms, 'base64');
    const isOurs = !name.includes('issuer');
    for (const reader of READERS) {
      if (opens && (isOurs || reader === 'lenient')) {
        expect(sha256(await openEnvelopeBytes(envelope, privateKey, reader))).toBe(digest);
      } else {
        expect(await codeOf(envelope, reader)).toMatch(/^(envelope-malformed|cannot-open)$/);
      }
    }
  });
});

describe('what we seal', () => {
  it.each(LENGTHS)('%i bytes: openssl opens it, so do both readers, and its size was known', async (length) => {
    const content = randomBytes(length);
    const envelope = await sealEnvelopeBytes(content, key);
    expect(envelope.length).toBe(envelopeSize(length));
    const path = file('ours.der', envelope);
    expect(openssl('cms', '-decrypt', '-inform', 'DER', '-inkey', keyPath, '-in', path).equals(content)).toBe(true);
    for (const reader of READERS) expect((await openEnvelopeBytes(envelope, privateKey, reader)).equals(content)).toBe(true);
  });

  it('is minimal DER to its end for node-forge, which writes the same bytes again', async () => {
    const envelope = await sealEnvelopeBytes(randomBytes(300), key);
    const tree = forge.asn1.fromDer(envelope.toString('latin1'));
    expect(Buffer.from(forge.asn1.toDer(tree).getBytes(), 'latin1').equals(envelope)).toBe(true);
  });

  it('takes a fresh content key and nonce each time', async () => {
    const [one, other] = [await sealEnvelopeBytes(Buffer.alloc(64), key), await sealEnvelopeBytes(Buffer.alloc(64), key)];
    expect(one.subarray(-80).equals(other.subarray(-80))).toBe(false);
  });

  it('opens with no other key', async () => {
    const envelope = await sealEnvelopeBytes(Buffer.from('secret'), key);
    for (const reader of READERS) expect(await codeOf(envelope, reader, otherKey)).toBe('envelope-other-key');
  });
});

describe('what openssl seals', () => {
  const OAEP = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'].flatMap((one) => ['-keyopt', one]);

  function certificate(name: string, ...extra: string[]): string {
    const path = join(folder, `${name}.pem`);
    openssl('req', '-x509', '-new', '-key', keyPath, '-subj', `/CN=${name}`, '-out', path, ...extra);
    return path;
  }

  function sealWith(content: Buffer, recipient: string, ...options: string[]): Buffer {
    const path = file('content', content);
    return openssl('cms', '-encrypt', '-binary', '-outform', 'DER', '-aes-256-gcm', ...options, '-in', path, '-recip', recipient, ...OAEP);
  }

  it('by key id is our own profile: strict opens it', async () => {
    const content = randomBytes(5000);
    const envelope = sealWith(content, certificate('key-id'), '-keyid');
    for (const reader of READERS) expect((await openEnvelopeBytes(envelope, privateKey, reader)).equals(content)).toBe(true);
  });

  it.each([
    ['issuer and serial number', []],
    ['-stream, issuer and serial number', ['-stream']],
    ['-stream, key id', ['-stream', '-keyid']],
  ])('with %s opens for lenient alone', async (_form, options) => {
    const recipient = certificate('lenient');
    for (const length of [1, 4095, 4096, 4097, 20_000]) {
      const content = randomBytes(length);
      const envelope = sealWith(content, recipient, ...options);
      expect((await openEnvelopeBytes(envelope, privateKey, 'lenient')).equals(content)).toBe(true);
      expect(await codeOf(envelope, 'strict')).toBe('envelope-malformed');
      expect((await collect(openEnvelope(chunked(envelope, 7), privateKey, 'lenient'))).equals(content)).toBe(true);
    }
  });

  it.each(['01020304', 'ab'.repeat(20)])('by a key id that is not the key’s own, %s, opens for nobody', async (identifier) => {
    const recipient = certificate('odd', '-addext', `subjectKeyIdentifier=${identifier}`);
    const envelope = sealWith(Buffer.from('a'), recipient, '-keyid');
    for (const reader of READERS) expect(await codeOf(envelope, reader)).toBe('envelope-other-key');
  });

  it.each([
    ['two recipients', ['-recip', 'SECOND']],
    ['AES-128', ['-aes-128-gcm']],
    ['AES-CBC, without a tag', ['-aes-256-cbc']],
  ])('with %s opens for nobody', async (_form, options) => {
    const recipient = certificate('refused');
    const envelope = sealWith(Buffer.from('a'), recipient, ...options.map((one) => (one === 'SECOND' ? certificate('second') : one)));
    for (const reader of READERS) expect(await codeOf(envelope, reader)).toBe('envelope-malformed');
  });

  it.each([
    ['SHA-1 for both hashes', ['-keyopt', 'rsa_padding_mode:oaep']],
    ['SHA-1 for MGF1', ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256', '-keyopt', 'rsa_mgf1_md:sha1']],
    ['PKCS#1 v1.5', []],
  ])('with %s opens for nobody', async (_form, keyOptions) => {
    const path = file('content', Buffer.from('a'));
    const envelope = openssl(
      'cms',
      '-encrypt',
      '-binary',
      '-outform',
      'DER',
      '-aes-256-gcm',
      '-keyid',
      '-in',
      path,
      '-recip',
      certificate('padding'),
      ...keyOptions,
    );
    for (const reader of READERS) expect(await codeOf(envelope, reader)).toBe('envelope-malformed');
  });
});

describe('any change', () => {
  it('is refused by both readers: every byte of the header flipped, every length cut, bytes added', { timeout: 120_000 }, async () => {
    const envelope = await sealEnvelopeBytes(randomBytes(40), key);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...READERS),
        fc.nat({ max: envelope.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (reader, at, mask) => {
          const changed = Buffer.from(envelope);
          changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
          expect(await codeOf(changed, reader)).toMatch(/^(envelope-malformed|envelope-other-key|cannot-open)$/);
          expect(await codeOf(envelope.subarray(0, at), reader)).toBe('envelope-malformed');
        },
      ),
      { numRuns: 300 },
    );
    expect(await codeOf(Buffer.concat([envelope, Buffer.from([0])]), 'strict')).toBe('envelope-malformed');
    expect(await codeOf(Buffer.concat([envelope, envelope]), 'lenient')).toBe('envelope-malformed');
  });

  it('in what streams is refused too, and what was mixed of both forms', async () => {
    const streamed = join(folder, 'streamed.der');
    const recipient = join(folder, 'streamed.pem');
    openssl('req', '-x509', '-new', '-key', keyPath, '-subj', '/CN=x', '-out', recipient);
    const options = ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'];
    openssl(
      'cms',
      '-encrypt',
      '-binary',
      '-stream',
      '-keyid',
      '-outform',
      'DER',
      '-aes-256-gcm',
      '-in',
      file('c', randomBytes(30)),
      '-out',
      streamed,
      '-recip',
      recipient,
      ...options,
    );
    const envelope = readFileSync(streamed);
    expect(await codeOf(envelope, 'lenient')).toBe('opened');
    for (let at = 0; at < envelope.length; at++) {
      expect(await codeOf(envelope.subarray(0, at), 'lenient')).toBe('envelope-malformed');
      if (at > 90 && at < 590) continue; // inside the wrapped key
      const changed = Buffer.from(envelope);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(await codeOf(changed, 'lenient')).not.toBe('opened');
    }
    const ours = await sealEnvelopeBytes(randomBytes(30), key);
    const mixed = Buffer.concat([Buffer.from([0x30, 0x80]), ours.subarray(4), Buffer.from([0, 0])]);
    expect(await codeOf(mixed, 'lenient')).toBe('envelope-malformed');
  });
});

describe('sealEnvelope and openEnvelope', () => {
  it('give the same whatever the chunks, both ways', async () => {
    const content = randomBytes(3000);
    for (const chunkBytes of [1, 17, 1024, 3000]) {
      const envelope = await collect(sealEnvelope(chunked(content, chunkBytes), content.length, key));
      expect((await collect(openEnvelope(chunked(envelope, chunkBytes), privateKey, 'strict'))).equals(content)).toBe(true);
    }
  });

  it('hold no more than a chunk: each piece is out before the next chunk is asked for', async () => {
    const chunk = randomBytes(16_384);
    let asked = 0;
    async function* counting(): AsyncGenerator<Buffer> {
      for (let count = 0; count < 8; count++) {
        await Promise.resolve();
        asked++;
        yield chunk;
      }
    }
    const pieces: Buffer[] = [];
    let content = 0;
    for await (const piece of sealEnvelope(counting(), 8 * chunk.length, key)) {
      pieces.push(piece);
      if (pieces.length > 1 && pieces.length <= 9) expect(asked).toBe(pieces.length - 1);
    }
    asked = 0;
    async function* envelopePieces(): AsyncGenerator<Buffer> {
      for (const piece of pieces) {
        await Promise.resolve();
        asked++;
        yield piece;
      }
    }
    for await (const piece of openEnvelope(envelopePieces(), privateKey, 'strict')) {
      content += piece.length;
      expect(content).toBe((asked - 1) * chunk.length);
    }
    expect(content).toBe(8 * chunk.length);
  });

  it.each([-1, 1])('refuse a source of %i byte against what was said', async (difference) => {
    const sealing = collect(sealEnvelope(chunked(Buffer.alloc(100), 10), 100 - difference, key));
    await expect(sealing).rejects.toMatchObject({ family: 'input', code: 'source-size' });
  });

  it('refuse more than one nonce may encrypt, and sizes that are none', async () => {
    const seal = (sizeBytes: number) => collect(sealEnvelope(chunked(Buffer.alloc(1), 1), sizeBytes, key));
    await expect(seal(MAX_CONTENT_BYTES + 1)).rejects.toMatchObject({ family: 'input', code: 'envelope-too-large' });
    await expect(seal(MAX_CONTENT_BYTES)).rejects.toMatchObject({ code: 'source-size' });
    await expect(seal(-1)).rejects.toThrow(RangeError);
    await expect(seal(0.5)).rejects.toThrow(RangeError);
  });

  it('close the source when they stop early', async () => {
    const envelope = await sealEnvelopeBytes(randomBytes(1000), key);
    let closed = 0;
    async function* open(bytes: Buffer): AsyncGenerator<Buffer> {
      try {
        yield* chunked(bytes, 50);
      } finally {
        closed++;
      }
    }
    await expect(collect(openEnvelope(open(envelope), otherKey, 'strict'))).rejects.toMatchObject({ code: 'envelope-other-key' });
    expect(closed).toBe(1);
    for await (const piece of openEnvelope(open(envelope), privateKey, 'strict')) if (piece.length > 0) break;
    expect(closed).toBe(2);
    await expect(collect(sealEnvelope(open(envelope), 60, key))).rejects.toMatchObject({ code: 'source-size' });
    expect(closed).toBe(3);
  });
});
