import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { lookAtMedium } from './look-at-medium.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'look-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const put = (...names: string[]): void => {
  for (const name of names) writeFileSync(join(folder, name), '');
};
const codeOf = (look: Promise<unknown>): Promise<string | null> =>
  look.then(
    () => null,
    (error: unknown) => (isColdroomError(error) ? error.code : String(error)),
  );

describe('looking at a medium', () => {
  it('tells documents by their names, sorted', async () => {
    put('b.sealed.json', 'a.keypack.json', 'c.receipt.json', 'D.Station.JSON', 'e.carry.json', 'notes.txt', 'x.json', '.keypack.json');
    mkdirSync(join(folder, 'folder.keypack.json'));
    expect(await lookAtMedium(folder)).toEqual({
      documents: [
        { name: 'D.Station.JSON', kind: 'station' },
        { name: 'a.keypack.json', kind: 'keypack' },
        { name: 'b.sealed.json', kind: 'sealed' },
        { name: 'c.receipt.json', kind: 'receipt' },
        { name: 'e.carry.json', kind: 'carry' },
      ],
      others: ['.keypack.json', 'folder.keypack.json', 'notes.txt', 'x.json'],
      cut: false,
    });
  });

  it('passes over what systems leave there', async () => {
    put('._a.keypack.json', '.DS_Store', 'Thumbs.db', 'desktop.ini');
    for (const name of ['.Trashes', '.Trash-1000', '.fseventsd', '.Spotlight-V100', 'System Volume Information', 'lost+found']) {
      mkdirSync(join(folder, name));
    }
    expect(await lookAtMedium(folder)).toEqual({ documents: [], others: [], cut: false });
  });

  it.skipIf(process.platform === 'win32')('takes no link and no FIFO for a document, and opens neither', async () => {
    put('real.keypack.json');
    symlinkSync('real.keypack.json', join(folder, 'link.keypack.json'));
    symlinkSync('/dev/zero', join(folder, 'device.sealed.json'));
    execFileSync('mkfifo', [join(folder, 'fifo.receipt.json')]);
    expect(await lookAtMedium(folder)).toEqual({
      documents: [{ name: 'real.keypack.json', kind: 'keypack' }],
      others: ['device.sealed.json', 'fifo.receipt.json', 'link.keypack.json'],
      cut: false,
    });
  });

  it.runIf(process.platform === 'linux')('gives names well formed, and no document that could not be opened by its name', async () => {
    writeFileSync(Buffer.concat([Buffer.from(join(folder, 'x')), Buffer.from([0xff]), Buffer.from('.keypack.json')]), '');
    expect(await lookAtMedium(folder)).toEqual({ documents: [], others: ['x\ufffd.keypack.json'], cut: false });
  });

  it.each([9999, 10_000, 10_001])('looks at 10,000 entries of %d', async (count) => {
    put(...Array.from({ length: count }, (_, n) => `${n.toString()}.sealed.json`));
    const { documents, cut } = await lookAtMedium(folder);
    expect([documents.length, cut]).toEqual([Math.min(count, 10_000), count > 10_000]);
  });

  it('needs a folder that it may look into', async () => {
    put('file');
    expect(await codeOf(lookAtMedium(join(folder, 'absent')))).toBe('folder-missing');
    expect(await codeOf(lookAtMedium(join(folder, 'file')))).toBe('folder-missing');
    symlinkSync('loop', join(folder, 'loop'));
    expect(await codeOf(lookAtMedium(join(folder, 'loop')))).toBe('folder-unreadable');
  });
});
