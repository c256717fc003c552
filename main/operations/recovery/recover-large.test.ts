import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fileChunks, writeNewFileOf } from '../../files/index.ts';
import { parseAssignedKey, sealBox, sealEnvelope } from '../../sealing/index.ts';
import { isColdroomError, type Passphrase } from '../../values/index.ts';
import { runOperation } from '../index.ts';
import { withoutStation } from '../station/no-station.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'recover-large-'));
const at = (name: string) => join(folder, name);
const context = withoutStation(folder);
const pem = join(import.meta.dirname, '../../../test/vectors/rsa4096-a.key.pem');
const assigned = parseAssignedKey(
  createPublicKey(createPrivateKey(readFileSync(pem)))
    .export({ format: 'der', type: 'spki' })
    .toString('hex'),
);
/** More than documents hold, and no whole number of pieces. */
const SIZE_BYTES = 20 * 1024 * 1024 + 12_345;

beforeAll(async () => {
  const block = createHash('sha512').update('a block of the large file').digest();
  writeFileSync(at('large'), Buffer.alloc(SIZE_BYTES, block));
  await writeNewFileOf(at('large.cms'), sealEnvelope(fileChunks(at('large'), 'the file'), SIZE_BYTES, assigned));
});
afterEach(() => {
  rmSync(at('out'), { force: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function recover(ciphertext: string, more: object = {}): Promise<{ codes: string[]; output: unknown }> {
  try {
    const { output, problems } = await runOperation('recover', context, {
      source: { ciphertext },
      private_key: pem,
      out: at('out'),
      ...more,
    });
    return { output, codes: problems.map((one) => one.code) };
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return { output: null, codes: [error.code] };
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function refused(codes: readonly string[], code: string): void {
  expect(codes).toEqual([code]);
  expect(existsSync(at('out'))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
}

describe('an envelope larger than documents hold', () => {
  it('is opened into a file that only its owner reads, and openssl opens it too', async () => {
    writeFileSync(at('.out.7fffffff89abcdef.tmp'), 'what a recovery that was killed left');
    expect(await recover(at('large.cms'))).toEqual({
      codes: [],
      output: { file: at('out'), size_bytes: SIZE_BYTES, checksum: 'unknown', found: null, identifier: null },
    });
    expect(statSync(at('out')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await digestOf(at('out'))).toBe(await digestOf(at('large')));
    execFileSync('openssl', [
      'cms',
      '-decrypt',
      '-binary',
      '-inform',
      'DER',
      '-in',
      at('large.cms'),
      '-inkey',
      pem,
      '-out',
      at('by-openssl'),
    ]);
    expect(await digestOf(at('by-openssl'))).toBe(await digestOf(at('large')));
  });

  it.each<[string, string, (path: string) => void]>([
    [
      'cut short',
      'envelope-malformed',
      (path) => {
        truncateSync(path, SIZE_BYTES - 1000);
      },
    ],
    [
      'changed at its end',
      'cannot-open',
      (path) => {
        change(path, -1);
      },
    ],
    [
      'changed in its middle',
      'cannot-open',
      (path) => {
        change(path, SIZE_BYTES / 2);
      },
    ],
    [
      'changed in its beginning',
      'envelope-malformed',
      (path) => {
        change(path, 4);
      },
    ],
    [
      'followed by something',
      'envelope-malformed',
      (path) => {
        writeFileSync(path, 'x', { flag: 'a' });
      },
    ],
  ])('%s is refused, and no file is left', async (_, code, damage) => {
    writeFileSync(at('damaged'), readFileSync(at('large.cms')));
    damage(at('damaged'));
    refused((await recover(at('damaged'))).codes, code);
  });

  it('of another key is refused before it is opened', async () => {
    writeFileSync(at('other.pem'), generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
    refused((await recover(at('large.cms'), { private_key: at('other.pem') })).codes, 'envelope-other-key');
  });

  it('takes no passphrase, and one over a box says so', async () => {
    writeFileSync(at('passphrase'), 'a passphrase\n');
    refused((await recover(at('large.cms'), { passphrase_file: at('passphrase') })).codes, 'passphrase-not-needed');
    const box = await sealBox(readFileSync(at('large')), Buffer.from('a passphrase') as Passphrase);
    writeFileSync(at('box'), box);
    await writeNewFileOf(at('box.cms'), sealEnvelope(fileChunks(at('box'), 'the box'), box.length, assigned));
    refused((await recover(at('box.cms'))).codes, 'box-too-large');
  });
});

function change(path: string, at: number): void {
  const bytes = readFileSync(path);
  const index = Math.floor(at < 0 ? bytes.length + at : at);
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  writeFileSync(path, bytes);
}
