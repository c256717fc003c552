import '../../test/cheap-scrypt.mjs';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { madeStation } from './made-station.fixture.ts';
import { codeOf, must } from './session.fixture.ts';
import type { Chooser } from './session.ts';

const { folder, open } = madeStation();

describe('choosing files', () => {
  const chooser = (paths: readonly string[]): Chooser => ({
    openFiles: ({ many }) => Promise.resolve(many ? paths : paths.slice(0, 1)),
    openFolder: () => Promise.resolve(paths[0] ?? null),
    saveFile: ({ suggestedName }) => Promise.resolve(paths[0] === undefined ? null : join(paths[0], suggestedName)),
  });
  const choose = (what: string, name = '') => ({ what, title: 'Choose', name });

  it('in the system’s dialogs tells names and sizes, and the handles lead to what was chosen', async () => {
    const files = ['a.txt', 'b.txt'].map((name) => join(folder, name));
    for (const file of files) writeFileSync(file, 'four');
    const session = open({ chooser: chooser(files) });
    const answer = await must(session, 'window.choose', choose('files'));
    expect(answer['chosen']).toMatchObject([
      { name: 'a.txt', size_bytes: 4 },
      { name: 'b.txt', size_bytes: 4 },
    ]);
    expect(JSON.stringify(answer)).not.toContain(folder);
    expect((await must(session, 'window.choose', choose('file')))['chosen']).toHaveLength(1);
    const export_ = open({ chooser: chooser([folder]) });
    const [saved] = (await must(export_, 'window.choose', choose('save', 'ledger.json')))['chosen'] as {
      handle: string;
      name: string;
      size_bytes: null;
    }[];
    expect([saved?.name, saved?.size_bytes]).toEqual(['ledger.json', null]);
    const exported = await must(export_, 'ledger.export', { out: saved?.handle });
    expect([exported['file'], existsSync(join(folder, 'ledger.json'))]).toEqual(['ledger.json', true]);
    // A handle of one window is nothing in another.
    expect(await codeOf(session, 'ledger.export', { out: saved?.handle })).toBe('handle-unknown');
  });

  it('may be given up', async () => {
    const session = open({ chooser: chooser([]) });
    for (const what of ['files', 'file', 'folder', 'save'])
      expect(await must(session, 'window.choose', choose(what))).toEqual({ chosen: [] });
  });

  it('is done in one way: no browser beside the system’s dialogs, and no dialogs where there are none', async () => {
    const native = open({ chooser: chooser([folder]) });
    const [one] = (await must(native, 'window.choose', choose('folder')))['chosen'] as { handle: string }[];
    expect(await codeOf(native, 'window.browse', { folder: null })).toBe('no-browser');
    expect(await codeOf(native, 'window.browse', { folder: one?.handle })).toBe('no-browser');
    expect(await codeOf(native, 'window.new-file', { folder: one?.handle, name: 'x' })).toBe('no-browser');
    expect(await codeOf(open(), 'window.choose', choose('files'))).toBe('no-native-dialogs');
  });

  it('in the window makes a new file’s name of a plain name alone', async () => {
    vi.stubEnv('HOME', folder);
    mkdirSync(join(folder, 'out'), { recursive: true });
    const session = open();
    const top = await must(session, 'window.browse', { folder: null });
    const out = (top['entries'] as { handle: string; name: string }[]).find((entry) => entry.name === 'out');
    for (const name of [
      '../x',
      'a/b',
      'a\\b',
      '..',
      '.',
      'a\nb',
      'a\0b',
      'nul',
      'COM1.csv',
      'ledger.csv.',
      'ledger.csv ',
      'a:b',
      'a\u202evsc.b',
    ]) {
      expect([name, await codeOf(session, 'window.new-file', { folder: out?.handle, name })]).toEqual([name, 'file-name']);
    }
    expect(await codeOf(session, 'window.new-file', { folder: out?.handle, name: '' })).toBe('input-invalid');
    const { handle } = await must(session, 'window.new-file', { folder: out?.handle, name: 'ledger.csv' });
    expect(await must(session, 'ledger.export', { format: 'csv', out: handle })).toEqual({ file: 'ledger.csv', format: 'csv' });
    expect(readdirSync(join(folder, 'out'))).toEqual(['ledger.csv']);
    vi.unstubAllEnvs();
  });
});
