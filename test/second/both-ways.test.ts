import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readCiphertext } from '../../main/recovery/index.ts';
import { openBox, openSealed, parseAssignedKey, readPassphrase, sealBox, sealSecret, type Mode } from '../../main/sealing/index.ts';
import { openEnvelopeBytes, sealEnvelopeBytes } from '../../main/sealing/envelope.ts';
import { fingerprintWords, isColdroomError, sha256, type Sha256 } from '../../main/values/index.ts';
import { coldroom } from '../command-line.ts';
import { SecondImplementation } from './client.ts';
import { commonCode } from './vectors.ts';

// What ours seals the second implementation opens, and the other way round; what one refuses, the other refuses by the same name.

const keyPath = join(import.meta.dirname, '../vectors/rsa4096-a.key.pem');
const pem = readFileSync(keyPath, 'utf8');
const privateKey = createPrivateKey(pem);
const hex = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex');
const key = parseAssignedKey(hex);
const OAEP = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'];
const PHRASE = Buffer.from('Zoe\u0308 \u1112\u1161\u11ab battery staple\n');

const second = new SecondImplementation();
const folder = mkdtempSync(join(tmpdir(), 'coldroom-second-'));
let count = 0;

afterAll(() => {
  second.end();
  rmSync(folder, { recursive: true, force: true });
});

function file(content: Buffer): string {
  count += 1;
  const path = join(folder, count.toString());
  writeFileSync(path, content);
  return path;
}

function opensslOpens(ciphertext: Buffer): Buffer {
  const path = file(ciphertext);
  const how =
    ciphertext.length === 512
      ? ['pkeyutl', '-decrypt', '-inkey', keyPath, '-in', path, ...OAEP.flatMap((one) => ['-pkeyopt', one])]
      : ['cms', '-decrypt', '-binary', '-inform', 'DER', '-inkey', keyPath, '-in', path];
  return execFileSync('openssl', how, { maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] });
}

const ours = async (work: () => unknown): Promise<string> => {
  try {
    const gives = await work();
    return Buffer.isBuffer(gives) ? sha256(gives) : String(gives);
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return commonCode(error.code);
  }
};

/** A digest of what was given, or the name of the refusal. @param member where the bytes stand in what is given. */
async function theirs(what: string, about: Readonly<Record<string, unknown>>, member?: string): Promise<string> {
  const { gives, refused } = await second.ask(what, about);
  if (refused !== undefined) return refused;
  const text = member === undefined ? gives : (gives as Record<string, unknown>)[member];
  return sha256(Buffer.from(text as string, 'base64'));
}

async function bothWays(mode: Mode, secret: Buffer): Promise<void> {
  const boxed = mode.includes('passphrase');
  const passphrase = boxed ? readPassphrase(PHRASE) : null;
  const about = { private_key: pem, passphrase: boxed ? PHRASE.toString('base64') : null };
  const sealed = await sealSecret({ secret, key, mode, passphrase, limitBytes: 12_000_000 });
  const opened = await second.must<{ secret: string; checksum: string | null }>('unseal', {
    ...about,
    ciphertext: sealed.ciphertext.toString('base64'),
    mode,
    lenient: false,
  });
  expect(Buffer.from(opened.secret, 'base64').equals(secret)).toBe(true);
  expect(opened.checksum).toBe(sealed.checksum);

  const made = await second.must<{ ciphertext: string; checksum: string | null }>('seal', {
    ...about,
    secret: secret.toString('base64'),
    mode,
    public_key: hex,
  });
  const ciphertext = Buffer.from(made.ciphertext, 'base64');
  expect(ciphertext.length).toBe(sealed.ciphertext.length);
  const back = await openSealed({ ciphertext, mode, privateKey, passphrase, reader: 'strict' });
  expect(back.content.equals(secret)).toBe(true);
  expect(back.oaepInputSha256).toBe(made.checksum);
  for (const one of [sealed.ciphertext, ciphertext]) {
    const inner = opensslOpens(one);
    if (!boxed) expect(inner.equals(secret)).toBe(true);
    else expect((await openBox(inner, readPassphrase(PHRASE))).equals(secret)).toBe(true);
  }
}

describe('sealing and opening', () => {
  it.each<[Mode, number[]]>([
    ['direct', [1, 2, 410, 411, 445, 446]],
    ['passphrase', [1, 409, 410]],
    ['envelope', [1, 410, 411, 446, 447, 4096, 65_535, 65_536]],
    ['envelope+passphrase', [1, 411, 65_500, 65_536]],
  ])('%s, both ways, at its edges', async (mode, sizes) => {
    for (const size of sizes) await bothWays(mode, randomBytes(size));
  });

  it('both ways, of any size and content', async () => {
    const content = fc.uint8Array({ minLength: 1, maxLength: 3000 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(content, async (secret) => {
        if (secret.length <= 446) await bothWays('direct', secret);
        await bothWays('envelope', secret);
      }),
      { numRuns: 12 },
    );
  });

  it('an envelope of 16 MiB, both ways', async () => {
    const content = randomBytes(16 * 1024 * 1024 + 1);
    const envelope = await sealEnvelopeBytes(content, key);
    expect(await theirs('envelope-open', { envelope: envelope.toString('base64'), private_key: pem, lenient: false })).toBe(
      sha256(content),
    );
    const about = { secret: content.toString('base64'), mode: 'envelope', public_key: hex };
    const { ciphertext } = await second.must<{ ciphertext: string }>('seal', about);
    expect((await openEnvelopeBytes(Buffer.from(ciphertext, 'base64'), privateKey, 'strict')).equals(content)).toBe(true);
    expect(opensslOpens(Buffer.from(ciphertext, 'base64')).equals(content)).toBe(true);
  });

  it('boxes, both ways, an empty one too', async () => {
    for (const size of [0, 1, 5000]) {
      const content = randomBytes(size);
      const box = await sealBox(content, readPassphrase(PHRASE));
      expect(await theirs('box-open', { box: box.toString('base64'), passphrase: PHRASE.toString('base64') })).toBe(sha256(content));
      const salt = randomBytes(16).toString('base64');
      const about = { content: content.toString('base64'), passphrase: PHRASE.toString('base64'), salt };
      const made = Buffer.from(await second.must<string>('box-make', about), 'base64');
      expect((await openBox(made, readPassphrase(PHRASE))).equals(content)).toBe(true);
    }
  });

  it('passphrases give the same bytes, or the same refusal', async () => {
    // Only what every Unicode of the last ten years knows: of a later character the older of the two says that it is unassigned.
    const ranges = [0x20, 0x7e, 0, 0x20, 0x80, 0x24f, 0x300, 0x36f, 0x391, 0x3a1, 0x1100, 0x1112, 0x1161, 0x1175, 0xac00, 0xd7a3];
    const more = [0xfb00, 0xfb06, 0xfeff, 0xfeff, 0xfffe, 0xffff, 0x1d15e, 0x1d164, 0x1f300, 0x1f5ff, 0x2126, 0x212b, 0xe000, 0xe001];
    const all = [...ranges, ...more];
    const pairs = Array.from({ length: all.length / 2 }, (_, at) => fc.integer({ min: all[2 * at] ?? 0, max: all[2 * at + 1] ?? 0 }));
    const character = fc.oneof(...pairs).map((point) => String.fromCodePoint(point));
    const text = fc.array(
      fc.oneof({ weight: 6, arbitrary: fc.constantFrom('a', ' ', 'e', '\u0301', '\u0323') }, { weight: 2, arbitrary: character }),
    );
    const bytes = fc.tuple(text, fc.constantFrom('', '\n', '\r\n', '\n\n')).map(([one, end]) => Buffer.from(one.join('') + end));
    await fc.assert(
      fc.asyncProperty(bytes, async (one) => {
        const mine = await ours(() => Buffer.from(readPassphrase(one)));
        expect(await theirs('passphrase', { file: one.toString('base64') })).toBe(mine);
      }),
      { numRuns: 1000 },
    );
  });

  it('words are the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (bytes) => {
        const digest = Buffer.from(bytes).toString('hex');
        expect(await second.must('words', { digest })).toEqual(fingerprintWords(digest as Sha256));
      }),
    );
  });
});

describe('refusals have the same names', () => {
  const READERS = [
    ['strict', false],
    ['lenient', true],
  ] as const;

  async function compareEnvelope(envelope: Buffer, what: string): Promise<string[]> {
    const codes: string[] = [];
    for (const [reader, lenient] of READERS) {
      const mine = await ours(() => openEnvelopeBytes(envelope, privateKey, reader));
      const answer = await theirs('envelope-open', { envelope: envelope.toString('base64'), private_key: pem, lenient });
      expect(answer, `${what}, ${reader}`).toBe(mine);
      codes.push(mine);
    }
    return codes;
  }

  const flip = (bytes: Buffer, at: number, mask: number) => Buffer.from(bytes).fill((bytes[at] ?? 0) ^ mask, at, at + 1);

  it('of an envelope cut at every length', async () => {
    const envelope = await sealEnvelopeBytes(randomBytes(30), key);
    for (let length = 0; length < envelope.length; length += 1) {
      const codes = await compareEnvelope(envelope.subarray(0, length), `cut at ${length.toString()}`);
      expect(codes).toEqual(['envelope-malformed', 'envelope-malformed']);
    }
    expect(await compareEnvelope(Buffer.concat([envelope, Buffer.alloc(1)]), 'longer by one')).toEqual(codesOf('envelope-malformed'));
  });

  const codesOf = (code: string) => [code, code];

  it('of an envelope with any byte changed', async () => {
    const envelope = await sealEnvelopeBytes(randomBytes(60), key);
    const seen = new Set<string>();
    for (let at = 0; at < envelope.length; at += 1) {
      const mask = [1, 0x80, 0x20, 0xff][at % 4] ?? 1;
      for (const code of await compareEnvelope(flip(envelope, at, mask), `byte ${at.toString()}`)) seen.add(code);
    }
    expect(seen).toEqual(new Set(['envelope-malformed', 'envelope-other-key', 'cannot-open']));
  });

  it('of what openssl writes, whole, changed and cut; and recover opens it', async () => {
    const certificate = join(folder, 'certificate.pem');
    execFileSync('openssl', ['req', '-x509', '-new', '-key', keyPath, '-subj', '/CN=a certificate/O=of some name', '-out', certificate]);
    for (const options of [[], ['-stream'], ['-keyid'], ['-stream', '-keyid']]) {
      for (const size of [1, 446, 20_000]) {
        const content = randomBytes(size);
        const form = ['-outform', 'DER', '-aes-256-gcm', ...options, '-in', file(content), '-recip', certificate];
        const envelope = execFileSync('openssl', ['cms', '-encrypt', '-binary', ...form, ...OAEP.flatMap((one) => ['-keyopt', one])]);
        const strict = options.join() === '-keyid' ? sha256(content) : 'envelope-malformed';
        expect(await compareEnvelope(envelope, options.join(' '))).toEqual([strict, sha256(content)]);
        if (size !== 446) continue;
        const out = join(folder, `recovered${options.join('')}`);
        const run = await coldroom([
          'recover',
          '--ciphertext',
          file(envelope),
          '--private-key',
          keyPath,
          '--out',
          out,
          '--json',
          '--home',
          join(folder, 'none'),
        ]);
        expect(run.code, run.stderr).toBe(0);
        expect(readFileSync(out).equals(content)).toBe(true);
        const cut = join(folder, `cut${options.join('')}`);
        const other = await coldroom(['recover', '--ciphertext', file(envelope.subarray(0, -3)), '--private-key', keyPath, '--out', cut]);
        expect([other.code, existsSync(cut)]).toEqual([3, false]);
        for (let at = 0; at < envelope.length; at += at < 130 ? 1 : at < 620 ? 41 : at < 700 ? 1 : 23) {
          await compareEnvelope(flip(envelope, at, [1, 0x80, 4][at % 3] ?? 1), `${options.join(' ')}, byte ${at.toString()}`);
        }
        for (let length = envelope.length - 30; length < envelope.length; length += 1) {
          await compareEnvelope(envelope.subarray(0, length), `${options.join(' ')}, cut at ${length.toString()}`);
        }
      }
    }
  });

  it('of an end of pieces in a longer spelling', async () => {
    const certificate = join(folder, 'certificate.pem');
    const form = ['-outform', 'DER', '-aes-256-gcm', '-stream', '-in', file(Buffer.from('a')), '-recip', certificate];
    const envelope = execFileSync('openssl', ['cms', '-encrypt', '-binary', ...form, ...OAEP.flatMap((one) => ['-keyopt', one])]);
    const at = envelope.lastIndexOf(Buffer.from('00000000' + '0410', 'hex'));
    expect(at).toBeGreaterThan(0);
    const longer = Buffer.concat([envelope.subarray(0, at), Buffer.from('008100', 'hex'), envelope.subarray(at + 2)]);
    expect(await compareEnvelope(longer, 'longer')).toEqual(codesOf('envelope-malformed'));
    // A piece may say its length in a longer form: openssl takes it, too.
    const piece = envelope.lastIndexOf(Buffer.from('0401', 'hex'), at);
    const spelled = Buffer.concat([envelope.subarray(0, piece), Buffer.from('048101', 'hex'), envelope.subarray(piece + 2)]);
    expect(await compareEnvelope(spelled, 'spelled')).toEqual(['envelope-malformed', sha256('a')]);
  });

  it('of an RSA block and of a box', async () => {
    const { ciphertext } = await sealSecret({ secret: Buffer.from('secret'), key, mode: 'passphrase', passphrase: readPassphrase(PHRASE) });
    const compare = async (bytes: Buffer, mode: Mode | undefined, passphrase: Buffer | null) => {
      const phrase = passphrase === null ? null : readPassphrase(passphrase);
      const open = () => openSealed({ ciphertext: bytes, mode: mode ?? 'detect', privateKey, passphrase: phrase, reader: 'lenient' });
      const mine = await ours(async () => (await open()).content);
      const about = {
        ciphertext: bytes.toString('base64'),
        mode: mode ?? null,
        private_key: pem,
        passphrase: passphrase?.toString('base64'),
      };
      expect(await theirs('unseal', about, 'secret')).toBe(mine);
      return mine;
    };
    expect(await compare(ciphertext, undefined, PHRASE)).toBe(sha256('secret'));
    expect(await compare(ciphertext, 'passphrase', Buffer.from('wrong'))).toBe('box-cannot-open');
    expect(await compare(ciphertext, 'passphrase', null)).toBe('passphrase-needed');
    expect(await compare(ciphertext, 'direct', PHRASE)).toBe('mode-differs');
    expect(await compare(ciphertext, 'envelope', PHRASE)).toBe('envelope-malformed');
    expect(await compare(ciphertext.subarray(1), 'direct', PHRASE)).toBe('cannot-open');
    expect(await compare(ciphertext.subarray(1), undefined, PHRASE)).toBe('ciphertext-not-recognised');
    expect(await compare(Buffer.alloc(600, 0x31), undefined, null)).toBe('ciphertext-not-recognised');
    for (let at = 0; at < 512; at += 37) expect(await compare(flip(ciphertext, at, 1), undefined, PHRASE)).toBe('cannot-open');
    const plain = await sealSecret({ secret: Buffer.from('secret'), key, mode: 'direct', passphrase: null });
    expect(await compare(plain.ciphertext, 'direct', PHRASE)).toBe('passphrase-not-needed');
    expect(await compare(plain.ciphertext, 'passphrase', null)).toBe('mode-differs');

    const box = await sealBox(Buffer.from('content'), readPassphrase(PHRASE));
    const phrase = PHRASE.toString('base64');
    const bad = [...[0, 3, 4, 19, 20, 26, 27, 42].map((at) => flip(box, at, 0x40)), ...[35, -1, 4].map((end) => box.subarray(0, end))];
    for (const changed of bad) {
      expect(await ours(() => openBox(changed, readPassphrase(PHRASE)))).toBe('box-cannot-open');
      expect(await theirs('box-open', { box: changed.toString('base64'), passphrase: phrase })).toBe('box-cannot-open');
    }
  });

  it('of public keys, and the same key in both forms', async () => {
    const spki = Buffer.from(hex, 'hex');
    const forms = [
      hex,
      hex.toUpperCase(),
      hex.slice(48),
      hex.slice(0, -1),
      `${hex}00`,
      hex.slice(2),
      `${hex.slice(0, -1)}g`,
      '',
      '0'.repeat(4096),
      '0'.repeat(4097),
    ];
    for (let at = 0; at < spki.length; at += at < 34 || at > 540 ? 1 : 61) forms.push(flip(spki, at, 1).toString('hex'));
    for (const one of forms) {
      const read = () => {
        const { form, fingerprint, subjectKeyId } = parseAssignedKey(one);
        return JSON.stringify({ form, fingerprint, ski: subjectKeyId.toString('hex') });
      };
      const { gives, refused } = await second.ask('key', { hex: one });
      expect(refused ?? JSON.stringify(gives), one.slice(0, 60)).toBe(await ours(read));
    }
  });

  it('of bare ciphertexts in base64, however they are laid out', async () => {
    const block = createHash('shake256', { outputLength: 512 }).update('block').digest();
    const envelope = await sealEnvelopeBytes(Buffer.from('a'), key);
    const layouts = [block, envelope].flatMap((bytes) => {
      const text = bytes.toString('base64');
      return [
        bytes,
        ...[
          text,
          `${text}\n`,
          text.replace(/(.{64})/g, '$1\r\n'),
          ` ${text}`,
          `\ufeff${text}`,
          text.slice(0, -1),
          `${text}=`,
          text.replace(/.$/, '*'),
        ].map((one) => Buffer.from(one)),
      ];
    });
    for (const one of layouts)
      expect(await theirs('bare', { file: one.toString('base64') })).toBe(await ours(() => readCiphertext(one, 'a file')));
  });
});
