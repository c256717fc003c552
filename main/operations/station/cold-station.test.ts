import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CeremonyHome } from '../ceremony/home.fixture.ts';
import { listFolder } from '../folders.ts';
import { problemsOf, refusals, TwoStations } from './tampering.fixture.ts';

let stations: TwoStations;
let vault: CeremonyHome;
let pack: string;

beforeAll(async () => {
  stations = await TwoStations.make();
});

afterAll(() => stations.remove());

beforeEach(() => {
  vault = stations.before('keypack');
  pack = vault.secret('one.keypack.json', stations.text('keypack'));
});

afterEach(() => vault.remove());

const eventsOf = (room: CeremonyHome, type: string) =>
  room.ledger((_, ledger) => [...ledger.events()].filter((event) => event.type === type).map((event) => event.data));

describe('a folder that is sealed', () => {
  let folder: string;
  let out: string;

  beforeEach(() => {
    folder = join(vault.folder, 'to-seal');
    out = join(vault.folder, 'sealed');
    mkdirSync(folder);
    writeFileSync(join(folder, 'phrase'), 'a phrase');
  });

  it.each<[string, () => void]>([
    [
      'a folder',
      () => {
        mkdirSync(join(folder, 'odd'));
      },
    ],
    [
      'a link',
      () => {
        symlinkSync('phrase', join(folder, 'odd'));
      },
    ],
    [
      'a link that leads nowhere',
      () => {
        symlinkSync('nowhere', join(folder, 'odd'));
      },
    ],
    ['a pipe', () => execFileSync('mkfifo', [join(folder, 'odd')])],
    [
      'a hidden folder',
      () => {
        mkdirSync(join(folder, '.odd'));
      },
    ],
  ])('with %s in it is refused by name, and nothing is sealed', async (_, put) => {
    put();
    const problems = await problemsOf(vault, 'seal', { key: pack, in: folder, out });
    expect(problems).toMatchObject([{ family: 'input', code: 'folder-not-plain' }]);
    expect(problems[0]?.message).toMatch(/"\.?odd"/);
    expect(eventsOf(vault, 'item-sealed')).toEqual([]);
    expect(readdirSync(vault.folder)).not.toContain('sealed');
  });

  it.skipIf(process.platform !== 'linux')('with a name that is no UTF-8 is refused by name', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff])]), 'a phrase');
    expect(await vault.codes('seal', { key: pack, in: folder, out })).toEqual(['folder-not-plain']);
  });

  it('names eight, and counts the rest', async () => {
    for (let n = 0; n < 11; n += 1) mkdirSync(join(folder, `d${n.toString().padStart(2, '0')}`));
    const [problem] = await problemsOf(vault, 'seal', { key: pack, in: folder, out });
    expect(problem?.message).toContain('"d07" and 3 more');
  });

  it('has its hidden files sealed with the others', async () => {
    writeFileSync(join(folder, '.hidden'), 'another phrase');
    const { output } = await vault.must('seal', { key: pack, in: folder, out });
    expect((output['items'] as { name: string }[]).map((one) => one.name)).toEqual(['.hidden', 'phrase']);
  });
});

describe('a folder that was sealed in part', () => {
  const LARGE = 'a key file '.repeat(100);
  let folder: string;
  let out: string;
  type Items = { item_id: string | null; name: string; mode: string; problem: { code: string } | null }[];
  const itemsOf = (output: Record<string, unknown>): Items => output['items'] as Items;
  const again = (more: object = {}) => vault.must('seal', { key: pack, in: folder, out, ...more });

  beforeEach(() => {
    folder = join(vault.folder, 'to-seal');
    out = join(vault.folder, 'sealed');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a'), 'a phrase');
    writeFileSync(join(folder, 'b'), LARGE);
    writeFileSync(join(folder, 'c'), 'another phrase');
    vault.nowMs = Date.now() + 5; // as the file system's clock, a little after the files were written
  });

  it('is gone on with: what stands is not sealed twice, and the list is whole', async () => {
    const first = itemsOf((await again()).output);
    rmSync(join(out, 'c.sealed.json'));
    const second = itemsOf((await again()).output);
    expect(second.slice(0, 2)).toEqual(first.slice(0, 2));
    expect(second[2]?.name).toBe('c');
    expect(second[2]?.item_id).not.toBe(first[2]?.item_id);
    expect(eventsOf(vault, 'item-sealed')).toHaveLength(4);
    expect(vault.notes).toContain('2 of 3 files had been sealed by an earlier run, and stand as they were');
  });

  it.each<[string, string, (path: { source: string; sealed: string }) => void]>([
    [
      'whose secret changed, of the same size',
      'a',
      ({ source }) => {
        writeFileSync(source, 'b phrase');
      },
    ],
    [
      'whose large secret was written again, of the same size',
      'b',
      ({ source }) => {
        writeFileSync(source, LARGE.toUpperCase());
        utimesSync(source, 0, 0);
      },
    ],
    [
      'whose sealed item was cut short',
      'a',
      ({ sealed }) => {
        writeFileSync(sealed, readFileSync(sealed).subarray(1));
      },
    ],
    [
      'that another secret’s sealed item was copied to',
      'c',
      ({ sealed }) => {
        cpSync(join(out, 'a.sealed.json'), sealed, { force: true });
      },
    ],
    [
      'in whose place is a folder',
      'a',
      ({ sealed }) => {
        rmSync(sealed);
        mkdirSync(sealed);
      },
    ],
  ])('refuses a file %s, and nothing is overwritten', async (_, name, change) => {
    await again();
    const paths = { source: join(folder, name), sealed: join(out, `${name}.sealed.json`) };
    change(paths);
    const before = readdirSync(out).map((one) => lstatSync(join(out, one)).mtimeMs);
    const { output, problems } = await vault.must('seal', { key: pack, in: folder, out });
    expect(problems.map((one) => one.code)).toEqual(['sealed-otherwise']);
    expect(itemsOf(output).map((one) => one.item_id === null)).toEqual(['a', 'b', 'c'].map((one) => one === name));
    expect(itemsOf(output).map((one) => one.problem?.code ?? null)).toEqual(
      ['a', 'b', 'c'].map((one) => (one === name ? 'sealed-otherwise' : null)),
    );
    expect(readdirSync(out).map((one) => lstatSync(join(out, one)).mtimeMs)).toEqual(before);
    expect(eventsOf(vault, 'item-sealed')).toHaveLength(3);
  });

  it.each<[string, object]>([
    ['in another mode', { mode: 'envelope' }],
    ['with its name sent', { send_name: true }],
  ])('takes over nothing where it is sealed %s now', async (_, more) => {
    await again();
    rmSync(join(folder, 'b'));
    const { problems } = await vault.must('seal', { key: pack, in: folder, out, ...more });
    expect(problems.map((one) => one.code)).toEqual(['sealed-otherwise', 'sealed-otherwise']);
  });

  it('takes over nothing under a passphrase, since nobody can tell whether it is the same', async () => {
    const passphrase = { mode: 'auto', passphrase_file: vault.secret('words', 'abacus zoom abide able aged acorn\n') };
    await again(passphrase);
    const { problems } = await vault.must('seal', { key: pack, in: folder, out, ...passphrase });
    expect(problems.map((one) => one.code)).toEqual(Array<string>(3).fill('sealed-otherwise'));
  });

  it('tells how far it has come in bytes of all files', async () => {
    await again();
    const total = 'a phrase'.length + LARGE.length + 'another phrase'.length;
    expect(vault.progress.map(({ subject, done }) => [subject, done])).toEqual([
      ['a', 0],
      ['a', 8],
      ['b', 8],
      ['b', 8 + LARGE.length],
      ['c', 8 + LARGE.length],
      ['c', total],
    ]);
    expect(new Set(vault.progress.map((one) => one.total))).toEqual(new Set([total]));
  });
});

describe('the network of a cold station', () => {
  it('stands with every item that is sealed outside of a ceremony', async () => {
    await vault.must('seal', { key: pack, in: vault.secret('phrase'), out: join(vault.folder, 'one.sealed.json') });
    const { output } = await vault.must('network.show', {});
    expect(eventsOf(vault, 'item-sealed')).toMatchObject([
      { network: { gate: output['gate'], policy: 'warn', reasons: output['reasons'] } },
    ]);
  });

  it('has a policy, which is an event, and which no other station has', async () => {
    for (const policy of ['stop', 'warn']) await vault.must('network.policy', { policy });
    expect(eventsOf(vault, 'network-policy-set')).toEqual([{ policy: 'stop' }, { policy: 'warn' }]);
    const single = await CeremonyHome.make('memory', 'single', 'desk');
    const problems = await problemsOf(single, 'network.policy', { policy: 'stop' });
    await single.remove();
    expect(problems).toMatchObject([{ code: 'not-on-this-station', hint: 'do this on the cold station' }]);
  });
});

describe('station.json', () => {
  const change = (room: CeremonyHome, members: object) => {
    const path = join(room.home, 'station.json');
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...members }));
  };

  it.each([{ role: 'single' }, { role: 'online' }, { name: 'vault 2' }])(
    'changed to %o is refused by name, and recorded',
    async (members) => {
      change(vault, members);
      const problems = await problemsOf(vault, 'carry', { folder: vault.folder });
      expect(problems).toMatchObject([{ family: 'check', code: 'station-file-changed' }]);
      expect(problems[0]?.message).toContain('it was made as the cold station "vault"');
      expect(refusals(vault).at(-1)).toBe('station-file-changed');
    },
  );

  it('makes no other station of one whose ledger is gone', async () => {
    const documents = join(vault.folder, 'documents');
    mkdirSync(documents, { recursive: true });
    await vault.must('pair', { out: join(documents, 'vault.station.json') });
    for (const name of readdirSync(vault.home)) if (name.startsWith('ledger.sqlite')) rmSync(join(vault.home, name));
    change(vault, { role: 'online' });
    expect(await vault.codes('ledger.rebuild', { from: documents })).toEqual(['station-file-changed']);
    change(vault, { role: 'cold' });
    expect(await vault.codes('ledger.rebuild', { from: documents })).toEqual([]);
  });
});

describe('what a refusal tells people to do', () => {
  it('names an empty file among those of a folder', async () => {
    const folder = join(vault.folder, 'to-seal');
    mkdirSync(folder);
    for (const [name, text] of [
      ['full', 'a phrase'],
      ['empty', ''],
    ] as const)
      writeFileSync(join(folder, name), text);
    const problems = await problemsOf(vault, 'seal', { key: pack, in: folder, out: join(vault.folder, 'sealed') });
    expect(problems.map((one) => one.message)).toEqual(['the secret "empty" has no bytes']);
  });

  it('names the key whose pack is too old', async () => {
    vault.nowMs += 40 * 86_400_000;
    const { response } = stations.document('keypack').body;
    const { key_id: keyId } = JSON.parse(response as string) as { key_id: string };
    const problems = await problemsOf(vault, 'import', { files: [pack] });
    expect(problems.map((one) => one.code)).toEqual(['key-pack-too-old']);
    expect(problems[0]?.hint).toContain(`--recheck ${keyId} --out`);
  });

  it('lets a key pack bring the list of signing keys, and pins what people compared', async () => {
    const bare = await CeremonyHome.make('memory', 'cold', 'vault-2');
    const source = { jwks: pack };
    const { output, codes } = await bare.must('trust.add', { environment: 'rehearsal', source });
    expect(codes).toEqual(['anchor-not-confirmed']);
    const [signer] = output['confirm'] as { fingerprint: string }[];
    const pinned = await bare.must('trust.add', { environment: 'rehearsal', source, fingerprint: signer?.fingerprint });
    await bare.remove();
    expect(pinned.output['pinned']).toMatchObject({ fingerprint: signer?.fingerprint, state: 'active' });
  });

  it('says how a signing key is confirmed where nothing is fetched', async () => {
    const other = stations.lie('keypack', {
      ...stations.document('keypack'),
      body: { ...stations.document('keypack').body, environment: 'sandbox' },
    });
    const [problem] = await problemsOf(vault, 'import', { files: [vault.secret('other.json', JSON.stringify(other))] });
    expect([problem?.code, problem?.hint?.includes('trust add --environment sandbox --jwks KEYPACK`')]).toEqual([
      'signer-not-confirmed',
      true,
    ]);
  });

  it('speaks of kinds and stations in words', async () => {
    const [kind] = await problemsOf(vault, 'seal', {
      key: vault.secret('a.json', stations.text('sealed')),
      in: pack,
      out: join(vault.folder, 'o'),
    });
    expect(kind?.message).toMatch(/ is a sealed item, and a key pack is wanted here$/);
    const [role] = await problemsOf(stations.office, 'seal', {});
    expect(role?.message).toBe('an online station has no "seal"');
  });

  it('says that a file’s name is no UTF-8, and which folder cannot be listed', async () => {
    const [file] = await problemsOf(vault, 'import', { files: [join(vault.folder, 'a\ufffd.json')] });
    expect([file?.code, file?.hint]).toEqual(['file-missing', 'its name is not UTF-8: give it a plain one first']);
    await expect(listFolder(join(vault.folder, 'gone'))).rejects.toMatchObject({ family: 'input', code: 'folder-unreadable' });
  });
});
