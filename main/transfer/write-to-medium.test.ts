import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { isColdroomError, type ColdroomError } from '../values/index.ts';
import { writeToMedium, type CarriedFile, type MediumProgress } from './write-to-medium.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medium-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const file = (name: string, content: string | Uint8Array = name): CarriedFile => ({ name, bytes: Buffer.from(content) });
const listed = (): string[] => readdirSync(folder).sort();

async function failureOf(write: Promise<unknown>): Promise<Pick<ColdroomError, 'family' | 'code' | 'message' | 'hint'>> {
  try {
    await write;
  } catch (error) {
    if (isColdroomError(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('writing to a medium', () => {
  it('writes each file, for everybody to read, and says how far it is', async () => {
    const seen: MediumProgress[] = [];
    const files = [file('a.keypack.json'), file('b.sealed.json', Buffer.alloc(300_000, 7)), file('empty', '')];
    expect(await writeToMedium(folder, files, { onProgress: (progress) => seen.push(progress) })).toEqual({ written: 3, already_there: 0 });
    for (const { name, bytes } of files) expect(readFileSync(join(folder, name)).equals(bytes)).toBe(true);
    expect(statSync(join(folder, 'empty')).mode & 0o777).toBe(0o644);
    expect(seen).toEqual(files.map(({ name }, index) => ({ name, done: index + 1, total: 3 })));
    expect(listed()).toEqual(['a.keypack.json', 'b.sealed.json', 'empty']);
  });

  it('leaves the very same bytes as they are', async () => {
    writeFileSync(join(folder, 'a'), 'a');
    writeFileSync(join(folder, 'none'), '');
    const before = statSync(join(folder, 'a'), { bigint: true });
    expect(await writeToMedium(folder, [file('a'), file('b'), file('none', '')])).toEqual({ written: 1, already_there: 2 });
    const after = statSync(join(folder, 'a'), { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
    expect(await writeToMedium(folder, [])).toEqual({ written: 0, already_there: 0 });
  });

  it.each(['bb', 'c', ''])('writes nothing at all where a name has other bytes: %j', async (other) => {
    writeFileSync(join(folder, 'b'), other);
    expect(await failureOf(writeToMedium(folder, [file('a'), file('b')]))).toMatchObject({ family: 'input', code: 'output-exists' });
    expect(listed()).toEqual(['b']);
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe(other);
  });

  it('takes a folder or a link of that name for other bytes', async () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'target'), 'b');
    symlinkSync('target', join(folder, 'b'));
    for (const name of ['a', 'b']) expect((await failureOf(writeToMedium(folder, [file(name)]))).code).toBe('output-exists');
  });

  it.each([[Buffer.from('x')], [Buffer.from('bb')], [Buffer.alloc(0)]])('removes what reads back as other bytes', async (back) => {
    const readBack = (path: string): Promise<Buffer> => Promise.resolve(path.endsWith('b') ? back : readFileSync(path));
    const failure = await failureOf(writeToMedium(folder, [file('a'), file('b'), file('c')], { readBack }));
    expect(failure).toMatchObject({ family: 'check', code: 'read-back-differs' });
    expect(failure.hint).toContain('another');
    expect(listed()).toEqual(['a']);
  });

  it('removes what cannot be read back', async () => {
    const readBack = (): Promise<Buffer> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
    expect(await failureOf(writeToMedium(folder, [file('a')], { readBack }))).toMatchObject({ family: 'input', code: 'medium-lost' });
    expect(listed()).toEqual([]);
  });

  it('needs its folder', async () => {
    expect((await failureOf(writeToMedium(join(folder, 'absent'), [file('a')]))).code).toBe('output-folder-missing');
    writeFileSync(join(folder, 'a'), '');
    expect((await failureOf(writeToMedium(join(folder, 'a'), [file('a')]))).code).toBe('output-folder-missing');
  });

  it.each(['', '.', '..', 'a/b', '../a', '/a', 'a\\b', 'C:a', 'a\0', 'a\n', 'a.', 'a ', 'nul', 'COM1.json', '\ud800', 'x'.repeat(201)])(
    'refuses %j as a name',
    async (name) => {
      await expect(writeToMedium(folder, [file('first'), { name, bytes: Buffer.alloc(1) }])).rejects.toThrow(TypeError);
      expect(listed()).toEqual([]);
    },
  );

  it('takes names that are long or in any script, and none twice', async () => {
    expect(await writeToMedium(folder, [file('x'.repeat(200), 'x'), file('Schlüssel 鍵.keypack.json')])).toMatchObject({ written: 2 });
    await expect(writeToMedium(folder, [file('a'), file('A')])).rejects.toThrow(TypeError);
  });
});

/** Mounts a small file system at `folder` for one test; skips it where that is not permitted. */
async function onSmallMedium(context: TestContext, work: () => Promise<void>): Promise<void> {
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'coldroom-test', folder]).status !== 0) {
    context.skip('mounting is not permitted here');
  }
  try {
    await work();
  } finally {
    spawnSync('umount', ['--lazy', folder]);
  }
}

describe.runIf(process.platform === 'linux')('a medium that fails in the middle', () => {
  it('for being full says what is saved, and leaves no part of a file', async (context) => {
    await onSmallMedium(context, async () => {
      const big = file('b.sealed.json', Buffer.alloc(100_000, 1));
      const failure = await failureOf(writeToMedium(folder, [file('a.keypack.json'), big, file('c')]));
      expect(failure).toMatchObject({ family: 'input', code: 'medium-full' });
      expect(failure.message).toContain('"b.sealed.json"');
      expect(failure.message).toContain('saved on the medium: "a.keypack.json"');
      expect(listed()).toEqual(['a.keypack.json']);
    });
  });

  it('for being locked says so', async (context) => {
    await onSmallMedium(context, async () => {
      spawnSync('mount', ['-o', 'remount,ro', folder]);
      const failure = await failureOf(writeToMedium(folder, [file('a')]));
      expect(failure).toMatchObject({ family: 'input', code: 'medium-read-only' });
      expect(failure.message).toContain('nothing is saved');
    });
  });

  it('for being taken out does not go on in the folder that it was mounted at', async (context) => {
    await onSmallMedium(context, async () => {
      const onProgress = (): void => void spawnSync('umount', ['--lazy', folder]);
      const failure = await failureOf(writeToMedium(folder, [file('a'), file('b')], { onProgress }));
      expect(failure).toMatchObject({ family: 'input', code: 'medium-lost' });
      expect(failure.message).toContain('saved on the medium: "a"');
      expect(listed()).toEqual([]);
    });
  });

  it('for being taken out with its folder says what is saved', async () => {
    const place = join(folder, 'stick');
    mkdirSync(place);
    const onProgress = (): void => {
      rmSync(place, { recursive: true });
    };
    const failure = await failureOf(writeToMedium(place, [file('a'), file('b')], { onProgress }));
    expect(failure).toMatchObject({ family: 'input', code: 'medium-lost' });
    expect(failure.message).toContain('saved on the medium: "a"');
  });
});
