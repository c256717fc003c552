import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isColdroomError, sha256, type Passphrase } from '../values/index.ts';
import { parseAssignedKey } from './assigned-key.ts';
import { openBox, sealBox } from './box.ts';
import { envelopeSize } from './cms-header.ts';
import { openEnvelope, openEnvelopeBytes, sealEnvelope, sealEnvelopeBytes } from './envelope.ts';
import { checkModeHolds, checkSecret, chooseMode, sealedSize } from './mode.ts';
import { openOaep, sealOaep } from './oaep.ts';
import { openSealed } from './open.ts';
import { readPassphrase } from './passphrase.ts';
import { parsePrivateKey } from './private-key.ts';
import { sealSecret } from './seal.ts';
import { runSelfTest, SELF_TEST_CHECKS } from './self-test.ts';

const vectorFile = (name: string) => readFileSync(join(import.meta.dirname, '../../test/vectors', name));
const vectors = (name: string): unknown => JSON.parse(vectorFile(name).toString('utf8'));
const pem = vectorFile('rsa4096-a.key.pem');
const privateKey = createPrivateKey(pem);
const spkiHex = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex');
const key = parseAssignedKey(spkiHex);
const passphrase = Buffer.from('correct horse battery staple rocket') as Passphrase;

let folder: string;
let keyPath: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealing-'));
  keyPath = join(folder, 'key.pem');
  writeFileSync(keyPath, pem);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const codeOf = async (act: () => unknown): Promise<string | null> => {
  try {
    await act();
    return null;
  } catch (error) {
    if (isColdroomError(error)) return error.code;
    throw error;
  }
};

describe('the assigned key', () => {
  const forms = [spkiHex, createPublicKey(privateKey).export({ format: 'der', type: 'pkcs1' }).toString('hex')];

  it.each([
    ['', 'key-der'],
    ['0', 'key-odd-length'],
    ['zz', 'key-not-hex'],
    [' ', 'key-not-hex'],
    ['0'.repeat(4097), 'key-too-long'],
    ['0'.repeat(4096), 'key-der'],
    [`${spkiHex}00`, 'key-trailing-bytes'],
    [spkiHex.slice(0, -2), 'key-der'],
  ])('%#: %s', async (hex, code) => {
    expect(await codeOf(() => parseAssignedKey(hex))).toBe(code);
  });

  it('takes exactly its two forms: of 10,000 mutations none is taken that is not one of them', () => {
    const bytes = forms.map((hex) => Buffer.from(hex, 'hex'));
    let taken = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...bytes),
        // Half of the mutations hit the structure, which is where a loose parser would give way.
        fc.oneof(fc.nat(40), fc.nat(549)),
        fc.nat(255),
        fc.constantFrom('set', 'insert', 'delete', 'cut', 'append'),
        (original, at, byte, how) => {
          const place = at % original.length;
          const mutated = {
            set: Buffer.concat([original.subarray(0, place), Buffer.from([byte]), original.subarray(place + 1)]),
            insert: Buffer.concat([original.subarray(0, place), Buffer.from([byte]), original.subarray(place)]),
            delete: Buffer.concat([original.subarray(0, place), original.subarray(place + 1)]),
            cut: original.subarray(0, place),
            append: Buffer.concat([original, Buffer.from([byte])]),
          }[how];
          let read;
          try {
            read = parseAssignedKey(mutated.toString('hex'));
          } catch (error) {
            expect(isColdroomError(error)).toBe(true);
            return;
          }
          taken += 1;
          const { modulusLength, publicExponent } = read.publicKey.asymmetricKeyDetails ?? {};
          expect([modulusLength, publicExponent]).toEqual([4096, 65537n]);
          // What was taken is the one encoding of its modulus: only modulus bytes can have changed.
          const again = read.publicKey.export({ format: 'der', type: read.form });
          expect(again.equals(mutated)).toBe(true);
        },
      ),
      { numRuns: 10_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

describe('oaep.json', () => {
  const { cases } = vectors('oaep.json') as { cases: { name: string; plaintext_hex?: string; ciphertext: string; opens: boolean }[] };
  it('has cases of both verdicts', () => {
    expect([cases.filter((one) => one.opens).length, cases.filter((one) => !one.opens).length]).toEqual([5, 8]);
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const open = () => openOaep(Buffer.from(one.ciphertext, 'base64'), privateKey);
    if (one.opens) expect(open().toString('hex')).toBe(one.plaintext_hex);
    else expect(await codeOf(open)).toBe('cannot-open');
  });
});

describe('RSA-OAEP', () => {
  it.each([0, 1, 445, 446])('seals %d bytes, and opens them again', (length) => {
    const message = randomBytes(length);
    expect(openOaep(sealOaep(message, key), privateKey).equals(message)).toBe(true);
  });
  it('refuses 447', async () => {
    expect(await codeOf(() => sealOaep(Buffer.alloc(447), key))).toBe('mode-too-small');
  });
  it('is what `openssl pkeyutl` opens', () => {
    const message = randomBytes(446);
    writeFileSync(join(folder, 'direct.bin'), sealOaep(message, key));
    const args = ['pkeyutl', '-decrypt', '-inkey', keyPath, '-in', join(folder, 'direct.bin')];
    const options = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'].flatMap((option) => ['-pkeyopt', option]);
    expect(execFileSync('openssl', [...args, ...options]).equals(message)).toBe(true);
  });
});

describe('box.json', () => {
  const { cases } = vectors('box.json') as {
    cases: { name: string; passphrase: string; plaintext_hex: string; box_hex: string; oaep_ciphertext: string }[];
  };
  it('has cases', () => {
    expect(cases.length).toBe(5);
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const secret = readPassphrase(Buffer.from(one.passphrase, 'utf8'));
    const box = Buffer.from(one.box_hex, 'hex');
    expect((await openBox(box, secret)).toString('hex')).toBe(one.plaintext_hex);
    const opened = await openSealed({
      ciphertext: Buffer.from(one.oaep_ciphertext, 'base64'),
      mode: 'detect',
      privateKey,
      passphrase: secret,
      reader: 'lenient',
    });
    expect([opened.mode, opened.content.toString('hex'), opened.oaepInputSha256]).toEqual(['passphrase', one.plaintext_hex, sha256(box)]);
  });
});

describe('the passphrase box', () => {
  it('is 36 bytes longer than its content, and new every time', async () => {
    const one = await sealBox(Buffer.from('secret'), passphrase);
    const two = await sealBox(Buffer.from('secret'), passphrase);
    expect([one.length, one.equals(two)]).toEqual([42, false]);
  });
  it('refuses another passphrase, and a change of any part of it', async () => {
    const box = await sealBox(Buffer.from('secret'), passphrase);
    expect(await codeOf(() => openBox(box, Buffer.from('Correct horse battery staple rocket') as Passphrase))).toBe('box-cannot-open');
    for (const at of [0, 4, 20, 41]) {
      const changed = Buffer.from(box);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await codeOf(() => openBox(changed, passphrase))).toBe('box-cannot-open');
    }
    expect(await codeOf(() => openBox(box.subarray(0, 35), passphrase))).toBe('box-cannot-open');
  });
  it('is what fifteen lines of stock Python open', async () => {
    writeFileSync(join(folder, 'box.bin'), await sealBox(Buffer.from('written by Node'), passphrase));
    const program = `
import hashlib, sys
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
box = open(sys.argv[1], 'rb').read()
d = hashlib.scrypt(sys.argv[2].encode(), salt=box[4:20], n=2**17, r=8, p=1, maxmem=256*1024*1024, dklen=44)
sys.stdout.buffer.write(AESGCM(d[:32]).decrypt(d[32:], box[20:], box[:4]))`;
    expect(execFileSync('/usr/bin/python3', ['-c', program, join(folder, 'box.bin'), passphrase.toString()]).toString()).toBe(
      'written by Node',
    );
  });
});

describe('a passphrase file', () => {
  it.each([
    ['abc', 'abc'],
    ['abc\n', 'abc'],
    ['abc\r\n', 'abc'],
    [' abc ', ' abc '],
    ['tre\u0301sor', 'trésor'],
  ])('%j', (text, expected) => {
    expect(readPassphrase(Buffer.from(text)).toString()).toBe(expected);
  });
  it.each<[string | Buffer, string]>([
    ['', 'passphrase-empty'],
    ['\n', 'passphrase-empty'],
    ['a\n\n', 'passphrase-characters'],
    ['a\tb', 'passphrase-characters'],
    ['a\u0378', 'passphrase-characters'],
    ['\uFEFFabc', 'passphrase-characters'],
    [Buffer.from([0xff]), 'passphrase-not-utf8'],
  ])('%j is refused', async (content, code) => {
    expect(await codeOf(() => readPassphrase(Buffer.from(content)))).toBe(code);
  });
});

describe('cms.json', () => {
  const { cases } = vectors('cms.json') as {
    cases: { name: string; cms: string; opens: boolean; sha256?: string; passphrase?: string; inner_hex?: string }[];
  };
  it('has cases of both verdicts', () => {
    expect([cases.filter((one) => one.opens).length, cases.filter((one) => !one.opens).length]).toEqual([9, 4]);
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const open = () =>
      openSealed({
        ciphertext: Buffer.from(one.cms, 'base64'),
        mode: 'detect',
        privateKey,
        passphrase: one.passphrase === undefined ? null : readPassphrase(Buffer.from(one.passphrase)),
        reader: 'lenient',
      });
    if (!one.opens) {
      expect(await codeOf(open)).toMatch(/^(cannot-open|envelope-malformed)$/);
      return;
    }
    const { content } = await open();
    expect(one.inner_hex === undefined ? sha256(content) : content.toString('hex')).toBe(one.inner_hex ?? one.sha256);
  });
});

describe('an envelope', () => {
  it.each([0, 1, 127, 128, 255, 256, 470, 65_535, 65_536, 1_000_000])(
    'of %d bytes opens again, also with the openssl command',
    async (length) => {
      const content = randomBytes(length);
      const envelope = await sealEnvelopeBytes(content, key);
      expect(envelope.length).toBe(envelopeSize(length));
      expect((await openEnvelopeBytes(envelope, privateKey, 'strict')).equals(content)).toBe(true);
      writeFileSync(join(folder, 'envelope.der'), envelope);
      const opened = execFileSync(
        'openssl',
        ['cms', '-decrypt', '-inform', 'DER', '-inkey', keyPath, '-in', join(folder, 'envelope.der')],
        {
          maxBuffer: 16_000_000,
        },
      );
      expect(opened.equals(content)).toBe(true);
    },
  );

  it('cut anywhere, or with any one byte changed, is refused by both readers', async () => {
    const envelope = await sealEnvelopeBytes(Buffer.from('secret of the vault'), key);
    for (const reader of ['strict', 'lenient'] as const) {
      for (let length = 0; length < envelope.length; length += reader === 'strict' ? 1 : 7) {
        expect(await codeOf(() => openEnvelopeBytes(envelope.subarray(0, length), privateKey, reader))).not.toBe(null);
      }
      for (let at = 0; at < envelope.length; at += 1) {
        const inKey = at > 130 && at < 620; // the encrypted key: each try costs an RSA operation, so every tenth byte
        if (inKey && at % 10 !== 0) continue;
        const changed = Buffer.from(envelope);
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        expect(await codeOf(() => openEnvelopeBytes(changed, privateKey, reader)), `byte ${at.toString()}`).not.toBe(null);
      }
      expect(await codeOf(() => openEnvelopeBytes(Buffer.concat([envelope, Buffer.from([0])]), privateKey, reader))).toBe(
        'envelope-malformed',
      );
    }
  });

  it('for another key is named as such', async () => {
    const { cases } = vectors('public-keys.json') as { cases: { name: string; public_key: string }[] };
    const weak = parseAssignedKey(cases.find((one) => one.name === 'two primes next to each other')?.public_key ?? '');
    expect(await codeOf(async () => openEnvelopeBytes(await sealEnvelopeBytes(Buffer.from('x'), weak), privateKey, 'strict'))).toBe(
      'envelope-other-key',
    );
  });

  it('streams in whatever pieces it comes', async () => {
    const content = randomBytes(3000);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 }), async (sizes) => {
        const pieces: Buffer[] = [];
        for await (const piece of sealEnvelope(chunks(content, sizes), content.length, key)) pieces.push(piece);
        const opened: Buffer[] = [];
        for await (const piece of openEnvelope(chunks(Buffer.concat(pieces), sizes), privateKey, 'strict')) opened.push(piece);
        expect(Buffer.concat(opened).equals(content)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it.each([2999, 3001])('of a source that has another size than said (%d) is not finished', async (said) => {
    const drain = async () => {
      for await (const piece of sealEnvelope(chunks(Buffer.alloc(3000), [1000]), said, key)) expect(piece.length).toBeGreaterThan(-1);
    };
    expect(await codeOf(drain)).toBe('source-size');
  });

  describe('made by the openssl command', () => {
    const content = randomBytes(5000);
    const make = (...options: string[]): Buffer => {
      const [plain, certificate] = [join(folder, 'plain'), join(folder, 'certificate.pem')];
      writeFileSync(plain, content);
      if (!existsSync(certificate)) {
        execFileSync('openssl', [
          'req',
          '-x509',
          '-key',
          keyPath,
          '-subj',
          '/CN=vector',
          '-days',
          '2',
          '-addext',
          'subjectKeyIdentifier=hash',
          '-out',
          certificate,
        ]);
      }
      const oaep = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'].flatMap((option) => ['-keyopt', option]);
      return execFileSync('openssl', [
        'cms',
        '-encrypt',
        '-binary',
        '-aes-256-gcm',
        '-outform',
        'DER',
        '-in',
        plain,
        '-recip',
        certificate,
        ...oaep,
        ...options,
      ]);
    };
    it('by issuer and serial opens at recovery alone', async () => {
      const envelope = make();
      expect((await openEnvelopeBytes(envelope, privateKey, 'lenient')).equals(content)).toBe(true);
      expect(await codeOf(() => openEnvelopeBytes(envelope, privateKey, 'strict'))).toBe('envelope-malformed');
    });
    it('as a stream opens at recovery alone', async () => {
      const envelope = make('-stream', '-keyid');
      expect((await openEnvelopeBytes(envelope, privateKey, 'lenient')).equals(content)).toBe(true);
      expect(await codeOf(() => openEnvelopeBytes(envelope, privateKey, 'strict'))).toBe('envelope-malformed');
    });
    it('with another padding or cipher does not open', async () => {
      const otherHash = execFileSync('openssl', [
        'cms',
        '-encrypt',
        '-binary',
        '-aes-256-gcm',
        '-outform',
        'DER',
        '-in',
        join(folder, 'plain'),
        '-recip',
        join(folder, 'certificate.pem'),
      ]);
      expect(await codeOf(() => openEnvelopeBytes(otherHash, privateKey, 'lenient'))).toBe('envelope-malformed');
    });
  });
});

describe('modes', () => {
  it.each([
    [1, false, 'direct'],
    [446, false, 'direct'],
    [447, false, 'envelope'],
    [410, true, 'passphrase'],
    [411, true, 'envelope+passphrase'],
  ] as const)('%d bytes, with a passphrase %s: %s', (size, withPassphrase, mode) => {
    expect(chooseMode(size, withPassphrase)).toBe(mode);
    expect(() => {
      checkModeHolds(mode, size, 10_485_760);
    }).not.toThrow();
  });
  it.each([
    ['direct', 447, 'mode-too-small'],
    ['passphrase', 411, 'mode-too-small'],
    ['envelope', 10_485_760, 'sealed-too-large'],
  ] as const)('%s refuses %d bytes', async (mode, size, code) => {
    expect(
      await codeOf(() => {
        checkModeHolds(mode, size, 10_485_760);
      }),
    ).toBe(code);
  });
  it('hold the sealed size to the limit, to the byte', async () => {
    const room = 10_485_760 - (sealedSize('envelope', 10_000_000) - 10_000_000);
    expect(
      await codeOf(() => {
        checkModeHolds('envelope', room, 10_485_760);
      }),
    ).toBe(null);
    expect(
      await codeOf(() => {
        checkModeHolds('envelope', room + 1, 10_485_760);
      }),
    ).toBe('sealed-too-large');
  });
  it('refuse an empty secret and one that looks sealed', async () => {
    expect(
      await codeOf(() => {
        checkSecret(Buffer.alloc(0));
      }),
    ).toBe('secret-empty');
    expect(
      await codeOf(() => {
        checkSecret(Buffer.from('CRB1'));
      }),
    ).toBe('secret-looks-sealed');
    expect(
      await codeOf(() => {
        checkSecret(Buffer.from('CRB'));
      }),
    ).toBe(null);
  });

  it.each(['direct', 'passphrase', 'envelope', 'envelope+passphrase'] as const)('%s goes there and back', async (mode) => {
    const secret = randomBytes(300);
    const given = mode.includes('passphrase') ? passphrase : null;
    const sealed = await sealSecret({ secret, key, mode, passphrase: given });
    expect(sealed.ciphertext.length).toBe(sealedSize(mode, 300));
    const opened = await openSealed({ ciphertext: sealed.ciphertext, mode, privateKey, passphrase: given, reader: 'strict' });
    expect([opened.content.equals(secret), opened.mode, opened.oaepInputSha256]).toEqual([true, mode, sealed.checksum]);
    const other = mode.includes('passphrase') ? null : passphrase;
    const code = await codeOf(() =>
      openSealed({ ciphertext: sealed.ciphertext, mode: 'detect', privateKey, passphrase: other, reader: 'strict' }),
    );
    expect(code).toBe(mode.includes('passphrase') ? 'passphrase-needed' : 'passphrase-not-needed');
  });
  it('that lie about what is inside are refused', async () => {
    const sealed = await sealSecret({ secret: Buffer.from('x'), key, mode: 'direct', passphrase: null });
    expect(
      await codeOf(() => openSealed({ ciphertext: sealed.ciphertext, mode: 'passphrase', privateKey, passphrase, reader: 'strict' })),
    ).toBe('mode-differs');
  });
});

describe('a private key file', () => {
  const make = (...args: string[]): Buffer => {
    const result = spawnSync('openssl', args, { input: pem });
    expect(result.status).toBe(0);
    return result.stdout;
  };
  it('opens plain and encrypted', () => {
    expect(parsePrivateKey(pem, null).equals(privateKey)).toBe(true);
    const encrypted = make('pkcs8', '-topk8', '-passout', 'pass:vault', '-v2', 'aes-256-cbc');
    expect(parsePrivateKey(encrypted, Buffer.from('vault')).equals(privateKey)).toBe(true);
  });
  it.each<[string, () => Buffer, string | null, string]>([
    ['nothing', () => Buffer.from('hello'), null, 'private-key-not-pem'],
    ['two keys', () => Buffer.concat([pem, pem]), null, 'private-key-not-pem'],
    ['an encrypted key without its passphrase', () => make('pkcs8', '-topk8', '-passout', 'pass:vault'), null, 'private-key-encrypted'],
    [
      'an encrypted key with another passphrase',
      () => make('pkcs8', '-topk8', '-passout', 'pass:vault'),
      'other',
      'private-key-passphrase-wrong',
    ],
    ['a plain key with a passphrase', () => pem, 'vault', 'private-key-not-encrypted'],
    ['PKCS#1', () => make('rsa', '-traditional'), null, 'private-key-not-pkcs8'],
    ['a public key', () => make('pkey', '-pubout'), null, 'private-key-not-pkcs8'],
    [
      '2048 bits',
      () =>
        execFileSync('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], {
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      null,
      'private-key-not-rsa4096',
    ],
    ['another kind', () => execFileSync('openssl', ['genpkey', '-algorithm', 'ED25519']), null, 'private-key-not-rsa4096'],
    ['a damaged block', () => Buffer.from(pem.toString().replace('MII', 'MIJ')), null, 'private-key-damaged'],
  ])('with %s is refused', async (_name, content, given, code) => {
    expect(await codeOf(() => parsePrivateKey(content(), given === null ? null : Buffer.from(given)))).toBe(code);
  });
});

describe('the self-test', () => {
  it('passes here, with every check', () => {
    const report = runSelfTest();
    expect(report.checks.filter((one) => one.result !== 'passed')).toEqual([]);
    expect([report.ok, report.count]).toEqual([true, SELF_TEST_CHECKS.length]);
  });
  it('runs every check, also after one that fails and one that cannot run', () => {
    const broken = SELF_TEST_CHECKS.map((one, index) => {
      if (index === 0) return { ...one, run: () => false };
      if (index === 1)
        return {
          ...one,
          run: () => {
            throw new Error('no such cipher');
          },
        };
      return { ...one, run: () => true };
    });
    const report = runSelfTest(broken);
    expect(report.ok).toBe(false);
    expect(report.checks.slice(0, 3).map((one) => one.result)).toEqual(['failed', 'did-not-run', 'passed']);
  });
  it('fails when a check is left out, or stands twice', () => {
    const passing = SELF_TEST_CHECKS.map((one) => ({ ...one, run: () => true }));
    expect(runSelfTest(passing).ok).toBe(true);
    expect(runSelfTest(passing.slice(1)).ok).toBe(false);
    expect(runSelfTest([...passing.slice(1), ...passing.slice(1, 2)]).ok).toBe(false);
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- an async source in memory has nothing to wait for
async function* chunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
