import '../../../test/cheap-scrypt.mjs';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ledger } from '../../ledger/index.ts';
import { inputError, isColdroomError } from '../../values/index.ts';
import { runOperation } from '../index.ts';
import { withoutStation } from '../station/no-station.fixture.ts';
import { TestStation } from '../station/test-station.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'recover-folder-'));
const at = (...names: string[]) => join(folder, ...names);
const pem = join(import.meta.dirname, '../../../test/vectors/rsa4096-a.key.pem');
const station = new TestStation();

const SECRETS = { 'one.txt': 'the first secret', 'two.bin': 'x'.repeat(5000), 'three.txt': 'under a passphrase' } as const;

type Line = { sealed: string; file: string | null; size_bytes: number | null; checksum: string; problem: { code: string } | null };
type Came = { codes: string[]; items: Line[]; notes: string[] };

/** With no station at hand, as a recovery years later has none. */
async function recover(more: object = {}): Promise<Came> {
  const notes: string[] = [];
  try {
    const input = { in: at('sealed'), private_key: pem, passphrase_file: at('passphrase'), out: at('back'), ...more };
    const { output, problems } = await runOperation(
      'recover.folder',
      { ...withoutStation(folder), onNote: (note) => notes.push(note) },
      input,
    );
    return { codes: problems.map(({ code }) => code), items: (output as { items: Line[] }).items, notes };
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return { codes: [error.code], items: [], notes };
  }
}

beforeAll(async () => {
  await station.prepare();
  writeFileSync(at('passphrase'), 'A passphrase, of this test: 42 cranes\n');
  for (const [name, content] of Object.entries(SECRETS)) {
    mkdirSync(at(`in-${name}`));
    writeFileSync(at(`in-${name}`, name), content);
  }
  const { out: key } = await station.assign(); // its private half is the one in the test's file
  const seal = (name: keyof typeof SECRETS, more: object = {}) =>
    station.must('seal', { key, in: at(`in-${name}`), out: at('sealed'), ...more });
  await seal('one.txt');
  await seal('two.bin');
  await seal('three.txt', { mode: 'passphrase', passphrase_file: at('passphrase') });
});
afterAll(async () => {
  await station.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  rmSync(at('back'), { recursive: true, force: true });
});

describe('recovering a folder', () => {
  it('gives every secret back under its own name, whatever mode it was sealed in', async () => {
    const { codes, items, notes } = await recover();
    expect([codes, notes.filter((note) => note.includes('passed over'))]).toEqual([[], []]);
    expect(items.map(({ sealed, file, checksum, problem }) => [sealed, file, checksum, problem])).toEqual(
      ['one.txt', 'three.txt', 'two.bin'].map((name) => [at('sealed', `${name}.sealed.json`), at('back', name), 'matches', null]),
    );
    for (const [name, content] of Object.entries(SECRETS)) {
      expect(readFileSync(at('back', name), 'utf8')).toBe(content);
      if (process.platform !== 'win32') expect(statSync(at('back', name)).mode & 0o777).toBe(0o600);
    }
  });

  it('asks the ledger of the station that is at hand, opened once for all of them', async () => {
    const opened = vi.spyOn(Ledger, 'open');
    const notes: string[] = [];
    const own = { ...station.context, onNote: (note: string) => notes.push(note) };
    const given = { in: at('sealed'), private_key: pem, passphrase_file: at('passphrase'), out: at('back') };
    const { output } = await runOperation('recover.folder', own, given);
    expect((output as { items: Line[] }).items.map(({ checksum }) => checksum)).toEqual(['matches', 'matches', 'matches']);
    expect([opened.mock.calls.length, notes]).toEqual([1, []]);
    opened.mockImplementation(() => {
      throw inputError('ledger-damaged', 'for this test');
    });
    rmSync(at('back'), { recursive: true });
    expect((await runOperation('recover.folder', own, given)).problems).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('cannot be asked (ledger-damaged)')]);
  });

  it('goes on after an item that does not open, and says of each why', async () => {
    const whole = readFileSync(at('sealed', 'one.txt.sealed.json'), 'utf8');
    mkdirSync(at('mixed'));
    writeFileSync(at('mixed', 'a.sealed.json'), whole.replace(/("ciphertext":\s*").{4}/, '$1AAAA'));
    writeFileSync(at('mixed', 'b.json'), '{}');
    writeFileSync(at('mixed', 'c.sealed.json'), whole);
    writeFileSync(at('mixed', 'notes.txt'), 'no document: passed over');
    const { codes, items } = await recover({ in: at('mixed') });
    expect(items.map(({ file, problem }) => [file, problem?.code ?? null])).toEqual([
      [null, 'document-signature'],
      [null, 'document-not-ours'],
      [at('back', 'c'), null],
    ]);
    expect(codes).toEqual(['document-signature', 'document-not-ours']);
    expect(readdirSync(at('back'))).toEqual(['c']);
    expect(readFileSync(at('back', 'c'), 'utf8')).toBe(SECRETS['one.txt']);
  });

  it('says what it passed over, since a secret may lie in there', async () => {
    const told = async () => (await recover({ in: at('more') })).notes.filter((note) => note.includes('passed over'));
    mkdirSync(at('more', 'older'), { recursive: true });
    symlinkSync(at('sealed', 'two.bin.sealed.json'), at('more', 'two.sealed.json'));
    for (const name of ['a.sealed.json', 'B.SEALED.JSON', '._a.sealed.json'])
      copyFileSync(at('sealed', 'one.txt.sealed.json'), at('more', name));
    expect(await told()).toEqual([expect.stringMatching(/: "B\.SEALED\.JSON", "older", "two\.sealed\.json"$/)]);
    for (const name of ['x', 'y', 'z']) writeFileSync(at('more', name), 'x');
    expect(await told()).toEqual([expect.stringMatching(/, "x", "y" and 1 more$/)]);
  });

  it('never writes over a file, and opens the others', async () => {
    mkdirSync(at('back'));
    writeFileSync(at('back', 'one.txt'), 'somebody’s');
    const { codes, items } = await recover();
    expect(codes).toEqual(['output-exists']);
    expect(items.map(({ problem }) => problem?.code ?? null)).toEqual(['output-exists', null, null]);
    expect(readFileSync(at('back', 'one.txt'), 'utf8')).toBe('somebody’s');
  });

  it('refuses another key, a missing or wrong passphrase, each for the items that it concerns', async () => {
    const { out: key } = await station.assign(); // another key
    await station.must('seal', { key, in: at('in-one.txt'), out: at('foreign') });
    expect((await recover({ in: at('foreign') })).codes).toEqual(['private-key-differs']);
    expect((await recover({ passphrase_file: undefined })).codes).toEqual(['passphrase-needed']);
    rmSync(at('back'), { recursive: true });
    writeFileSync(at('wrong'), 'another one\n');
    const { codes, items } = await recover({ passphrase_file: at('wrong') });
    expect(codes).toEqual(['box-cannot-open']);
    expect(items.filter(({ file }) => file === null).map(({ sealed }) => sealed)).toEqual([at('sealed', 'three.txt.sealed.json')]);
  });

  it('wants a folder with sealed items', async () => {
    expect((await recover({ in: pem })).codes).toEqual(['recover-not-folder']);
    mkdirSync(at('empty'));
    expect((await recover({ in: at('empty') })).codes).toEqual(['recover-nothing-sealed']);
    writeFileSync(at('file'), '');
    expect((await recover({ out: at('file') })).codes).toEqual(['output-not-folder']);
  });
});
