import type * as fileSystem from 'node:fs/promises';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { writeFileReplacing, writeNewFile, writeNewFileOf, writeNewFiles } from './write.ts';

/** What came to the medium, in its order, and the start of the temporary names under which it keeps something else than it was given. */
const medium = vi.hoisted(() => ({ log: [] as string[], loses: '' }));

vi.mock('node:fs/promises', async (importActual) => {
  const actual = await importActual<typeof fileSystem>();
  return {
    ...actual,
    open: async (...args: Parameters<typeof actual.open>) => {
      const handle = await actual.open(...args);
      const path = args[0] as string;
      const isFolder = (await handle.stat()).isDirectory();
      const sync = handle.sync.bind(handle);
      handle.sync = async () => {
        await sync();
        medium.log.push(isFolder ? 'folder flushed' : 'flushed');
        if (medium.loses !== '' && path.includes(medium.loses)) await handle.write(Buffer.from([0xff]), 0, 1, 0);
      };
      return handle;
    },
    link: async (from: string, to: string) => {
      await actual.link(from, to);
      medium.log.push('named');
    },
    rename: async (from: string, to: string) => {
      await actual.rename(from, to);
      medium.log.push('named');
    },
  };
});

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durable-'));
  Object.assign(medium, { log: [], loses: '' });
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

const ways: readonly [string, (path: string) => Promise<unknown>][] = [
  ['at once', (path) => writeNewFile(path, Buffer.from('content'))],
  ['in pieces', (path) => writeNewFileOf(path, [Buffer.from('con'), Buffer.from('tent')])],
  ['in the place of another', (path) => writeFileReplacing(path, Buffer.from('content'))],
];

describe.each(ways)('a file that is written %s', (_how, write) => {
  it('is flushed before it has its name, and its folder after that', async () => {
    await write(at('a'));
    expect(medium.log).toEqual(['flushed', 'named', 'folder flushed']);
  });

  it('is not there where the medium keeps something else', async () => {
    medium.loses = '.a.';
    expect(await codeOf(write(at('a')))).toBe('output-unwritable');
    expect([readdirSync(folder), medium.log]).toEqual([[], ['flushed']]);
  });

  it.each([
    ['ASCII', 'x'.repeat(255)],
    ['letters of two bytes', 'ä'.repeat(127)],
    ['letters of three', '秘'.repeat(85)],
    ['letters of four', `x${'🔑'.repeat(63)}`],
  ])('may have the longest name that there is, of %s', async (_what, name) => {
    await write(at(name));
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(at(name), 'utf8')).toBe('content');
  });
});

describe('several files that are of no use without each other', () => {
  it('are none where the last cannot be kept', async () => {
    medium.loses = '.b.';
    const both = ['a', 'b'].map((name) => [at(name), Buffer.from(name)] as const);
    expect(await codeOf(writeNewFiles(both))).toBe('output-unwritable');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a piece', () => {
  it('is wiped once it is written, its memory its own or shared', async () => {
    const own = Buffer.allocUnsafeSlow(6).fill('secret');
    const shared = Buffer.from('secret secret').subarray(7);
    await writeNewFileOf(at('a'), [own, shared]);
    expect(readFileSync(at('a'), 'utf8')).toBe('secretsecret');
    expect([own.length, shared.toString('hex')]).toEqual([0, '000000000000']);
  });
});
