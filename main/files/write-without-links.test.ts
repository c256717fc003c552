import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type * as fileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { writeNewFile, writeNewFileBy } from './write.ts';

/** What the file system does wrong; nothing where nothing is said. */
const broken = vi.hoisted(() => ({ link: '', rename: '', folderSync: '' }));
const failing = (code: string): Error => Object.assign(new Error(code), { code });

vi.mock('node:fs/promises', async (importActual) => {
  const actual = await importActual<typeof fileSystem>();
  return {
    ...actual,
    link: async (from: string, to: string) => {
      if (broken.link !== '') throw failing(broken.link);
      await actual.link(from, to);
    },
    rename: async (from: string, to: string) => {
      if (broken.rename !== '') throw failing(broken.rename);
      await actual.rename(from, to);
    },
    open: async (...args: Parameters<typeof actual.open>) => {
      const handle = await actual.open(...args);
      if (broken.folderSync !== '' && args[1] === 'r' && (await handle.stat()).isDirectory())
        handle.sync = () => Promise.reject(failing(broken.folderSync));
      return handle;
    },
  };
});

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'without-links-'));
  Object.assign(broken, { link: '', rename: '', folderSync: '' });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (isColdroomError(error)) return error.code;
    throw error;
  }
}

describe('a new file where there are no links', () => {
  it('takes its name all the same, alone', async () => {
    broken.link = 'EPERM';
    expect(await codeOf(writeNewFile(at('a'), Buffer.from('content')))).toBe(null);
    expect([readFileSync(at('a'), 'utf8'), readdirSync(folder)]).toEqual(['content', ['a']]);
  });
  it('does not replace what another process put there after it had looked', async () => {
    broken.link = 'EPERM';
    const write = writeNewFileBy(at('a'), (temporary) => {
      writeFileSync(temporary, 'ours');
      writeFileSync(at('a'), 'theirs');
    });
    expect(await codeOf(write)).toBe('output-exists');
    expect([readFileSync(at('a'), 'utf8'), readdirSync(folder)]).toEqual(['theirs', ['a']]);
  });
  it('of which eight are written at once is one of them, whole', async () => {
    broken.link = 'EPERM';
    const codes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => codeOf(writeNewFile(at('a'), Buffer.from(`content ${n.toString()}`)))),
    );
    expect(codes.filter((code) => code === null)).toHaveLength(1);
    expect(readFileSync(at('a'), 'utf8')).toBe(`content ${codes.indexOf(null).toString()}`);
  });
  it('leaves nothing where it cannot take the name', async () => {
    Object.assign(broken, { link: 'EPERM', rename: 'EIO' });
    expect(await codeOf(writeNewFile(at('a'), Buffer.from('content')))).toBe('output-unwritable');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a new file whose folder cannot be flushed', () => {
  it('is not there, and not said to be', async () => {
    broken.folderSync = 'EIO';
    expect(await codeOf(writeNewFile(at('a'), Buffer.from('content')))).toBe('output-unwritable');
    expect(readdirSync(folder)).toEqual([]);
  });
  it('is there where the file system knows no such flush', async () => {
    broken.folderSync = 'EINVAL';
    expect(await codeOf(writeNewFile(at('a'), Buffer.from('content')))).toBe(null);
    expect(readdirSync(folder)).toEqual(['a']);
  });
});
