import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browse } from './file-browser.ts';
import { PathHandles } from './path-handles.ts';

let folder: string;
let handles: PathHandles;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'browser-')));
  handles = new PathHandles();
  vi.stubEnv('HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('browsing', () => {
  it('starts at the user’s own folder and shows folders first, by names, with sizes of files alone', async () => {
    writeFileSync(join(folder, 'b.txt'), 'four');
    writeFileSync(join(folder, 'a.txt'), '');
    mkdirSync(join(folder, 'z'));
    const shown = await browse(handles, null);
    expect(shown.entries.map(({ name, kind, size_bytes: size }) => [name, kind, size])).toEqual([
      ['z', 'folder', null],
      ['a.txt', 'file', 0],
      ['b.txt', 'file', 4],
    ]);
    expect([shown.cut, shown.places[0]?.what]).toEqual([false, 'own']);
  });

  it('tells names and handles, never a path', async () => {
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner', 'seed.txt'), 'x');
    const top = await browse(handles, null);
    const inner = await browse(handles, top.entries[0]?.handle ?? '');
    for (const shown of [top, inner]) expect(JSON.stringify(shown)).not.toContain('/');
    expect(inner.folder.name).toBe('inner');
    expect(handles.pathOf(inner.entries[0]?.handle ?? '')).toBe(join(folder, 'inner', 'seed.txt'));
    expect(handles.pathOf(inner.up ?? '')).toBe(folder);
    expect(inner.up).toBe(top.folder.handle);
    expect(handles.pathOf(top.up ?? '')).toBe(dirname(folder));
  });

  it('hides what begins with a dot, and what is neither file nor folder', async () => {
    writeFileSync(join(folder, '.hidden'), 'x');
    mkdirSync(join(folder, '.config'));
    symlinkSync('/etc/passwd', join(folder, 'link'));
    writeFileSync(join(folder, 'seen'), 'x');
    expect((await browse(handles, null)).entries.map((one) => one.name)).toEqual(['seen']);
  });

  it.each([499, 500, 501])('shows at most 500 of %i entries, and says so', async (count) => {
    for (let at = 0; at < count; at += 1) writeFileSync(join(folder, `f${at.toString().padStart(3, '0')}`), '');
    const shown = await browse(handles, null);
    expect([shown.entries.length, shown.cut]).toEqual([Math.min(count, 500), count > 500]);
  });

  it('has nothing above the root, which has a name of its own', async () => {
    const shown = await browse(handles, handles.handleOf('/'));
    expect([shown.up, shown.folder.name]).toEqual([null, '']);
  });

  it.each([
    ['that is gone', 'missing'],
    ['that is a file', 'file'],
  ])('a folder %s is refused, without its path', async (_name, name) => {
    writeFileSync(join(folder, 'file'), '');
    await expect(browse(handles, handles.handleOf(join(folder, name)))).rejects.toThrow(
      expect.objectContaining({ code: 'folder-unreadable', message: expect.not.stringContaining(folder) as string }),
    );
  });

  it('needs a handle: a path is none', async () => {
    await expect(browse(handles, folder)).rejects.toThrow(expect.objectContaining({ code: 'handle-unknown' }));
  });
});
