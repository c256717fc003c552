import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CeremonyHome } from './ceremony-home.fixture.ts';
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
    ['a folder', () => mkdirSync(join(folder, 'odd'))],
    ['a link', () => symlinkSync('phrase', join(folder, 'odd'))],
    ['a link that leads nowhere', () => symlinkSync('nowhere', join(folder, 'odd'))],
    ['a pipe', () => execFileSync('mkfifo', [join(folder, 'odd')])],
    ['a hidden folder', () => mkdirSync(join(folder, '.odd'))],
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
