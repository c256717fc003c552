import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programsFolder, runProgram } from './run-program.ts';
import { listSystemFolder, readSystemLink, readSystemText } from './system-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'machine-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe.skipIf(process.platform === 'win32')('running a program', () => {
  const evaluate = (script: string): ReturnType<typeof runProgram> => runProgram(process.execPath, ['--eval', script]);

  it('gives its output and what it ended with, also where it refuses', async () => {
    expect(await evaluate('process.stdout.write("é")')).toEqual({ exit: 0, stdout: 'é' });
    expect(await evaluate('process.stdout.write("no"); process.exitCode = 10')).toEqual({ exit: 10, stdout: 'no' });
  });

  it('takes no word for a shell’s', async () => {
    expect(await runProgram('/bin/echo', ['$HOME; `id`'])).toEqual({ exit: 0, stdout: '$HOME; `id`\n' });
  });

  it('hands on nothing of our environment, no input and not our folder', async () => {
    const seen = await evaluate(
      'console.log(JSON.stringify([Object.keys(process.env).sort(), process.cwd(), fs.readFileSync(0, "utf8")]))',
    );
    expect(JSON.parse(seen?.stdout ?? '')).toEqual([['LANG', 'LC_ALL', 'PATH'], '/', '']);
  });

  it('is nothing known where it is not there, is killed or says too much', async () => {
    expect(await runProgram(join(folder, 'absent'), [])).toBe(null);
    expect(await evaluate('process.kill(process.pid, "SIGKILL")')).toBe(null);
    expect(await evaluate('process.stdout.write("x".repeat(1024 * 1024 + 1))')).toBe(null);
    expect((await evaluate('process.stdout.write("x".repeat(1024 * 1024))'))?.stdout).toHaveLength(1024 * 1024);
  });

  it('ends after five seconds', async () => {
    const started = performance.now();
    expect(await evaluate('setTimeout(() => {}, 60_000)')).toBe(null);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('Windows’ programs', () => {
  it.each([
    ['C:\\WINDOWS', 'C:\\WINDOWS\\System32'],
    ['D:\\Win', 'D:\\Win\\System32'],
    [undefined, 'C:\\Windows\\System32'],
    ['', 'C:\\Windows\\System32'],
    ['\\\\server\\share', 'C:\\Windows\\System32'],
    ['%TEMP%', 'C:\\Windows\\System32'],
  ])('under %j are in %s', (systemRoot, expected) => {
    expect(programsFolder(systemRoot)).toBe(expected);
  });
});

describe('a virtual file', () => {
  it('is read whole, up to 1 MiB', async () => {
    writeFileSync(join(folder, 'a'), 'x'.repeat(1024 * 1024));
    expect(await readSystemText(join(folder, 'a'))).toHaveLength(1024 * 1024);
    writeFileSync(join(folder, 'a'), 'x'.repeat(1024 * 1024 + 65_537));
    await expect(readSystemText(join(folder, 'a'))).rejects.toThrow('longer');
  });

  it('that is not there is null, and so are such a folder and link', async () => {
    for (const path of [join(folder, 'b'), join(folder, 'b/c')]) {
      expect(await readSystemText(path)).toBe(null);
      expect(await listSystemFolder(path)).toBe(null);
      expect(await readSystemLink(path)).toBe(null);
    }
    await expect(readSystemText(folder)).rejects.toThrow('EISDIR');
    expect(await listSystemFolder(folder)).toEqual([]);
  });
});
