import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { readBoundedFile } from './read.ts';
import { fileChunks } from './stream.ts';
import { discardTemporary, newTemporary, removeAbandoned, temporariesOf } from './temporary.ts';
import { checkNewClearFile, checkNewFile, removeFile, writeFileReplacing, writeNewFile } from './write.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);
const codeOf = async (act: () => Promise<unknown>): Promise<string | null> => {
  try {
    await act();
    return null;
  } catch (error) {
    if (isColdroomError(error)) return error.code;
    throw error;
  }
};

describe('a new file', () => {
  it('is private, whole, and alone', async () => {
    await writeNewFile(at('a'), Buffer.from('content'));
    expect(readFileSync(at('a'), 'utf8')).toBe('content');
    expect(statSync(at('a')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });
  it('never takes the place of another, nor of a dangling link', async () => {
    writeFileSync(at('a'), 'before');
    symlinkSync(at('nowhere'), at('link'));
    for (const name of ['a', 'link']) expect(await codeOf(() => writeNewFile(at(name), Buffer.from('x')))).toBe('output-exists');
    expect(readFileSync(at('a'), 'utf8')).toBe('before');
    expect(existsSync(at('nowhere'))).toBe(false);
  });
  it('loses a race for its name without a trace', async () => {
    const codes = await Promise.all(Array.from({ length: 8 }, (_, n) => codeOf(() => writeNewFile(at('a'), Buffer.from(n.toString())))));
    expect(codes.filter((code) => code === null)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['a']);
  });
  it('needs its folder', async () => {
    expect(await codeOf(() => checkNewFile(at('no/a')))).toBe('output-folder-missing');
    writeFileSync(at('file'), '');
    expect(await codeOf(() => checkNewFile(at('file/a')))).toBe('output-folder-missing');
  });
  it('on a medium that is full leaves nothing behind', async () => {
    expect(await codeOf(() => writeNewFile('/dev/full/a', Buffer.from('x')))).toBe('output-folder-missing');
    mkdirSync(at('dir'));
    expect(await codeOf(() => writeFileReplacing(at('dir'), Buffer.from('x')))).toBe('output-unwritable');
    expect(readdirSync(folder)).toEqual(['dir']);
  });
});

describe('removing', () => {
  it('takes the file and what a killed write left of it, and nothing else', async () => {
    await writeFileReplacing(at('a'), Buffer.from('x'));
    const left = ['.a.7fffffff89abcdef.tmp', '.a.7fffffffffffffff.tmp'];
    const others = ['.a.7fffffff89abcdef.tmp~', '.a.tmp', '.b.7fffffff89abcdef.tmp', 'a.7fffffff89abcdef.tmp'];
    for (const name of [...left, ...others]) writeFileSync(at(name), '');
    await removeFile(at('a'));
    expect(readdirSync(folder).sort()).toEqual(others.sort());
  });
  it('takes a link, not what it leads to', async () => {
    writeFileSync(at('a'), 'x');
    symlinkSync(at('a'), at('link'));
    await removeFile(at('link'));
    expect(readdirSync(folder)).toEqual(['a']);
  });
  it('is done where there is no file or no folder, and takes no folder', async () => {
    await removeFile(at('a'));
    await removeFile(at('no/a'));
    mkdirSync(at('dir'));
    expect(await codeOf(() => removeFile(at('dir')))).toBe('file-not-removed');
  });
});

describe('what is unfinished', () => {
  const stream = join(import.meta.dirname, 'write.ts');
  /** A process that writes `a` for ever, its first piece on the disk. */
  const writing = async () => {
    const program = `const { writeNewFileOf } = await import(${JSON.stringify(stream)});
      process.once('SIGTERM', () => process.exit(143));
      async function* pieces() { for (;;) { yield Buffer.from('part of a secret'); process.stdout.write('.'); await new Promise((done) => setTimeout(done, 5)); } }
      await writeNewFileOf(${JSON.stringify(at('a'))}, pieces());`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const end = async (signal: NodeJS.Signals) => {
      child.kill(signal);
      await once(child, 'exit');
    };
    return end;
  };

  it.skipIf(process.platform === 'win32')('goes when a signal ends the program', async () => {
    const end = await writing();
    expect(readdirSync(folder)).toHaveLength(1);
    await end('SIGTERM');
    expect(readdirSync(folder)).toEqual([]);
  });
  it('stays while its process runs, and goes before the next try once that was killed', async () => {
    const end = await writing();
    await removeAbandoned(at('a'));
    expect(readdirSync(folder)).toHaveLength(1);
    await end('SIGKILL');
    const [left = ''] = readdirSync(folder);
    expect(left).toMatch(/^\.a\.[0-9a-f]{16}\.tmp$/);
    await removeAbandoned(at('b'));
    expect(readdirSync(folder)).toEqual([left]);
    await removeAbandoned(at('a'));
    expect(readdirSync(folder)).toEqual([]);
    await removeAbandoned(at('no/a'));
  });
});

describe('a file that will hold a secret in the clear', () => {
  it('is found by its unfinished beginning where a long name is cut within a character', async () => {
    const path = at(`${'x'.repeat(99)}🔑.txt`);
    const temporary = newTemporary(path);
    writeFileSync(temporary, 'sec');
    expect(await temporariesOf(path)).toEqual([basename(temporary)]);
    await discardTemporary(temporary);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stands alone after a killed write that had come as far as its name, and is not overwritten', async () => {
    writeFileSync(at('a'), 'secret');
    linkSync(at('a'), at('.a.7fffffff89abcdef.tmp'));
    expect(await codeOf(() => checkNewClearFile(at('a')))).toBe('output-exists');
    expect(readdirSync(folder)).toEqual(['a']);
    expect(await codeOf(() => checkNewClearFile(at('b')))).toBe(null);
    expect(await codeOf(() => checkNewClearFile(at('no/b')))).toBe('output-folder-missing');
  });
});

describe('reading', () => {
  const limits = { maxBytes: 4, what: 'the file' };
  it.each([0, 3, 4, 5])('of %d bytes, of which 4 are taken', async (length) => {
    writeFileSync(at('a'), Buffer.alloc(length, 1));
    const expected = { 0: 'file-empty', 5: 'file-too-large' }[length] ?? null;
    expect(await codeOf(() => readBoundedFile(at('a'), limits))).toBe(expected);
    if (length === 0) expect(await readBoundedFile(at('a'), { ...limits, allowEmpty: true })).toHaveLength(0);
  });
  // A process's memory opens like a file, and reading its first byte fails as a broken stick does: with EIO.
  it.runIf(process.platform === 'linux')('that the medium fails at is the file’s fault, and no bug', async () => {
    const broken = '/proc/self/mem';
    expect(await codeOf(() => readBoundedFile(broken, { maxBytes: 10, what: 'it', allowEmpty: true }))).toBe('file-unreadable');
    expect(await codeOf(() => fileChunks(broken, 'it').next())).toBe('file-unreadable');
  });

  it.each<[string, () => void, string | null]>([
    [
      'grows',
      () => {
        appendFileSync(at('a'), 'x');
      },
      'file-changed',
    ],
    [
      'shrinks',
      () => {
        truncateSync(at('a'), 1);
      },
      'file-changed',
    ],
    [
      'is written over, with as many bytes',
      () => {
        writeFileSync(at('a'), 'new');
      },
      'file-changed',
    ],
    [
      'gives its name to another',
      () => {
        writeFileSync(at('b'), 'new');
        renameSync(at('b'), at('a'));
      },
      null,
    ],
  ])('of a file that %s meanwhile', async (_what, change, code) => {
    writeFileSync(at('a'), 'old');
    utimesSync(at('a'), 1000, 1000);
    const handle = await open(at('a'));
    const reading = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'read').mockImplementationOnce(async (...args: unknown[]) => {
      reading.mockRestore();
      change();
      return handle.read(...(args as [Buffer, number, number, number]));
    });
    expect(await codeOf(() => readBoundedFile(at('a'), limits))).toBe(code);
    await handle.close();
  });
  it('follows a link to a file, and takes no folder or device', async () => {
    writeFileSync(at('a'), 'x');
    symlinkSync(at('a'), at('link'));
    expect((await readBoundedFile(at('link'), limits)).toString()).toBe('x');
    expect(await codeOf(() => readBoundedFile(folder, limits))).toBe('file-is-folder');
    expect(await codeOf(() => readBoundedFile('/dev/zero', limits))).toBe('file-not-regular');
    expect(await codeOf(() => readBoundedFile(at('absent'), limits))).toBe('file-missing');
    expect(await codeOf(() => readBoundedFile(join(at('a'), 'b'), limits))).toBe('file-missing');
  });
});
