import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBox, sealBox } from '../sealing/index.ts';
import type { Passphrase } from '../values/index.ts';
import { openFileKeychain } from './file-keychain.ts';
import { Serial } from './serial.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldroom-keychain-'));
  path = join(folder, 'keychain.box');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const phrase = (text = 'correct horse'): Passphrase => Buffer.from(text, 'utf8') as Passphrase;
/** A lock as two processes share it. */
function newLock(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const serial = new Serial();
  return (work) => serial.run(work);
}
const open = (exclusively = newLock(), passphrase = phrase()): ReturnType<typeof openFileKeychain> =>
  openFileKeychain({ path, passphrase, exclusively });
const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error as { code?: unknown }).code,
  );

describe('a file keychain', () => {
  it('is made at the first set, 0600, and holds nothing in the clear', async () => {
    const keychain = open();
    expect(keychain.kind).toBe('file');
    expect(await keychain.get('s/token')).toBeNull();
    expect(existsSync(path)).toBe(false);
    const value = Buffer.from('api-key-canary');
    await keychain.set('s/token', value);
    expect(value.toString()).toBe('api-key-canary');
    await keychain.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['keychain.box']);
    expect(readFileSync(path).includes('api-key-canary')).toBe(false);
  });

  it('gives what another process wrote, and deletes from the file', async () => {
    writeFileSync(path, await sealBox(Buffer.from('{"v":1,"entries":{"s/gone":"YQ==","s/token":"dG9r","s/empty":""}}'), phrase()));
    const keychain = open();
    const got = await keychain.get('s/token');
    expect(got?.toString()).toBe('tok');
    got?.fill(0); // the caller's own copy
    expect((await keychain.get('s/token'))?.toString()).toBe('tok');
    expect(await keychain.get('s/empty')).toEqual(Buffer.alloc(0));
    await keychain.delete('s/gone');
    expect(await keychain.get('s/gone')).toBeNull();
    await keychain.close();
    const content = await openBox(readFileSync(path), phrase());
    expect(content.toString('utf8')).toBe('{"v":1,"entries":{"s/token":"dG9r","s/empty":""}}');
  });

  it('does not write to delete what is not there', async () => {
    const keychain = open();
    await keychain.delete('s/none');
    expect(existsSync(path)).toBe(false);
    await keychain.close();
  });

  it('wipes its passphrase when closed, and does nothing after that', async () => {
    const passphrase = phrase();
    const keychain = open(newLock(), passphrase);
    await keychain.close();
    await keychain.close();
    expect(passphrase.every((byte) => byte === 0)).toBe(true);
    await expect(keychain.set('s/a', Buffer.from('x'))).rejects.toThrow('closed');
    expect(existsSync(path)).toBe(false);
  });

  it.each(['', 'a', '/a', 'a/', 'a/b/c', 'a/b.c', 'ä/b', 'a/b\n', `${'a'.repeat(101)}/b`])('takes no name like %j', async (name) => {
    await expect(open().get(name)).rejects.toThrow(RangeError);
  });

  it('takes a value of the largest size, and none that is a byte larger', async () => {
    const keychain = open();
    const largest = Buffer.alloc(65_536, 7);
    await keychain.set('s/a', largest);
    expect((await keychain.get('s/a'))?.equals(largest)).toBe(true);
    expect(await codeOf(keychain.set('s/a', Buffer.alloc(65_537)))).toBe('keychain-value-too-large');
    expect((await keychain.get('s/a'))?.equals(largest)).toBe(true);
    await keychain.close();
  });
});

describe('two processes with one file', () => {
  it('lose no entry of each other’s, and see what the other wrote', async () => {
    const lock = newLock();
    const [a, b] = [open(lock), open(lock)];
    await Promise.all([a.set('s/1', Buffer.from('1')), b.set('s/2', Buffer.from('2'))]);
    for (const keychain of [a, b]) {
      for (const n of ['1', '2']) expect((await keychain.get(`s/${n}`))?.toString()).toBe(n);
      await keychain.close();
    }
  });
});

describe('a file keychain refuses', () => {
  it('a wrong passphrase and a changed file alike, and leaves the file as it is', async () => {
    const box = await sealBox(Buffer.from('{"v":1,"entries":{"s/a":"YQ=="}}'), phrase());
    writeFileSync(path, box);
    const wrong = open(newLock(), phrase('Correct horse'));
    expect(await codeOf(wrong.set('s/a', Buffer.from('b')))).toBe('keychain-passphrase-wrong');
    expect(readFileSync(path).equals(box)).toBe(true);
    const changed = Buffer.from(box);
    changed.writeUInt8(changed.readUInt8(30) ^ 1, 30);
    writeFileSync(path, changed);
    expect(await codeOf(open().get('s/a'))).toBe('keychain-passphrase-wrong');
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a box without content', Buffer.concat([Buffer.from('CRB1'), Buffer.alloc(32)])],
    ['what is no box', Buffer.alloc(100, 'x')],
  ])('%s as damaged', async (_what, bytes) => {
    writeFileSync(path, bytes);
    expect(await codeOf(open().get('s/a'))).toBe('keychain-file-damaged');
    expect(await codeOf(open().set('s/a', Buffer.from('b')))).toBe('keychain-file-damaged');
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('a box that holds something else, without quoting it', async () => {
    writeFileSync(path, await sealBox(Buffer.from('hunter2'), phrase()));
    const error: unknown = await open()
      .get('s/a')
      .catch((caught: unknown) => caught);
    expect((error as { code?: unknown }).code).toBe('keychain-file-damaged');
    expect(String(error)).not.toContain('hunter2');
  });

  it('a file larger than any it writes, and a folder', async () => {
    writeFileSync(path, Buffer.alloc(4 * 1024 * 1024 + 37));
    expect(await codeOf(open().get('s/a'))).toBe('file-too-large');
    path = folder;
    expect(await codeOf(open().get('s/a'))).toBe('file-is-folder');
  });

  it('to start anew where its file was and is gone', async () => {
    const keychain = open();
    await keychain.set('s/mac-key', Buffer.from('k'));
    rmSync(path);
    expect(await codeOf(keychain.set('s/checkpoint', Buffer.from('c')))).toBe('keychain-file-missing');
    expect(await codeOf(keychain.get('s/mac-key'))).toBe('keychain-file-missing');
    expect(existsSync(path)).toBe(false);
  });

  it('to remember what could not be written', async () => {
    const large = Buffer.alloc(65_536).toString('base64');
    const entries = Object.fromEntries(Array.from({ length: 47 }, (_, n) => [`s/${n.toString()}`, large]));
    const box = await sealBox(Buffer.from(JSON.stringify({ v: 1, entries })), phrase());
    writeFileSync(path, box);
    const keychain = open();
    expect(await codeOf(keychain.set('s/new', Buffer.alloc(65_536)))).toBe('keychain-full');
    expect(await keychain.get('s/new')).toBeNull();
    expect((await keychain.get('s/46'))?.equals(Buffer.alloc(65_536))).toBe(true);
    expect(readFileSync(path).equals(box)).toBe(true);
  });
});
