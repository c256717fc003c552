import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../values/index.ts';
import type { CeremonyHome } from '../ceremony/home.fixture.ts';
import { removedAfterEach } from '../ceremony/rooms.fixture.ts';
import { problemsOf, refusals, TwoStations, type Document } from '../station/tampering.fixture.ts';

let stations: TwoStations;
let stick: string;
const kept = removedAfterEach();

beforeAll(async () => {
  stations = await TwoStations.make();
});

afterAll(() => stations.remove());

beforeEach(() => {
  stick = mkdtempSync(join(tmpdir(), 'coldroom-stick-'));
});

afterEach(() => {
  rmSync(stick, { recursive: true });
});

const fork = (room: CeremonyHome): CeremonyHome => kept(room.fork());

/** Lays documents as they were written onto the stick. */
function put(kinds: readonly ('keypack' | 'sealed' | 'receipt')[], folder = stick): void {
  mkdirSync(folder, { recursive: true });
  for (const kind of kinds) writeFileSync(join(folder, `one.${kind}.json`), stations.text(kind));
}

async function listAt(room: CeremonyHome, folder = stick): Promise<Document> {
  const { output } = await room.must('carry', { folder });
  return JSON.parse(readFileSync(String(output['file']), 'utf8')) as Document;
}

const linesOf = (list: Document) => (list.body['documents'] as { kind: string }[]).map((one) => one.kind);
const codesAt = async (room: CeremonyHome, ...files: string[]) => (await problemsOf(room, 'import', { files })).map((one) => one.code);
const refusalsOf = (room: CeremonyHome) =>
  room.ledger((_, ledger) => [...ledger.events()].filter((event) => event.type === 'refusal').map((event) => event.data));

describe('a stick that goes there and back', () => {
  it('is listed by each station for what it wrote itself, and neither side misses anything', async () => {
    const [office, vault] = [fork(stations.office), fork(stations.vault)];
    put(['keypack', 'receipt']);
    expect(linesOf(await listAt(office)).toSorted()).toEqual(['keypack', 'receipt']);
    put(['sealed']);
    expect(linesOf(await listAt(vault))).toEqual(['sealed']);
    expect(vault.notes.join()).toContain('2 of the documents there are of other stations');
    for (const room of [office, vault]) expect(await codesAt(room, stick)).toEqual([]);
  });

  it('with nothing of this station is not listed at all', async () => {
    put(['keypack']);
    expect(await fork(stations.vault).codes('carry', { folder: stick })).toEqual(['carry-empty']);
  });

  it('listed twice by one station, the second time with more, brings nothing extra', async () => {
    const [office, vault] = [fork(stations.office), fork(stations.vault)];
    put(['keypack']);
    await listAt(office);
    put(['receipt']);
    await listAt(office);
    const { output, codes } = await vault.must('import', { files: [stick] });
    expect(codes).toEqual([]);
    expect(output['carries']).toMatchObject([
      { listed: 1, missing: [], extra: [] },
      { listed: 2, missing: [], extra: [] },
    ]);
  });

  it('with a document that none of its lists names tells it once, and records it', async () => {
    const [office, vault] = [fork(stations.office), fork(stations.vault)];
    put(['keypack']);
    const lists = [await listAt(office), await listAt(office)];
    put(['receipt']);
    expect(await codesAt(vault, stick)).toEqual(['carry-extra']);
    expect(refusalsOf(vault).at(-1)).toEqual({ operation: 'import', code: 'carry-extra', subject: lists[1]?.id });
  });

  it('with a document taken out is told, and recorded under the list that names it', async () => {
    const [office, vault] = [fork(stations.office), fork(stations.vault)];
    put(['keypack', 'receipt']);
    const list = await listAt(office);
    rmSync(join(stick, 'one.receipt.json'));
    expect(await codesAt(vault, stick)).toEqual(['carry-missing']);
    expect(refusalsOf(vault).at(-1)).toEqual({ operation: 'import', code: 'carry-missing', subject: list.id });
  });
});

describe('several folders brought at once', () => {
  it('are each held against their own list', async () => {
    const [office, vault] = [fork(stations.office), fork(stations.vault)];
    const [a, b] = [join(stick, 'a'), join(stick, 'b')];
    put(['keypack'], a);
    put(['receipt'], b);
    await listAt(office, a);
    expect(await codesAt(vault, a, b)).toEqual([]);
    await listAt(office, b);
    expect(await codesAt(vault, a, join(b, 'one.receipt.json'))).toEqual([]);
    rmSync(join(a, 'one.keypack.json'));
    put(['keypack'], b);
    expect(await codesAt(vault, a, b)).toEqual(['carry-missing', 'carry-extra']);
  });

  it('without a list are noted, for each station that wrote something there', async () => {
    const vault = fork(stations.vault);
    put(['keypack', 'sealed']);
    expect(await codesAt(vault, join(stick, 'one.keypack.json'))).toEqual([]);
    expect(vault.notes.filter((note) => note.includes('no carry list'))).toEqual([]);
    expect(await codesAt(vault, stick)).toEqual([]);
    const notes = vault.notes.filter((note) => note.includes('no carry list'));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('"office"');
  });
});

describe('a document that lies there twice', () => {
  it('as a copy is listed once', async () => {
    const [office, vault] = [fork(stations.office), fork(stations.vault)];
    put(['keypack']);
    writeFileSync(join(stick, 'copy.keypack.json'), stations.text('keypack'));
    expect(linesOf(await listAt(office))).toEqual(['keypack']);
    expect(office.notes.join()).toContain('1 of the files there is a copy');
    expect(await codesAt(vault, stick)).toEqual([]);
  });

  it('with other bytes is refused before anything is signed', async () => {
    const office = fork(stations.office);
    put(['keypack']);
    writeFileSync(join(stick, 'other.keypack.json'), JSON.stringify(stations.document('keypack'), null, 2));
    const documents = () => office.ledger((queries) => queries.documents().length);
    const before = documents();
    expect(await office.codes('carry', { folder: stick })).toEqual(['document-other-bytes']);
    expect(documents()).toBe(before);
  });
});

describe('a refusal in the ledger', () => {
  const bent = () => JSON.stringify({ ...stations.document('keypack'), more: 1 });

  it.each([
    ['{"coldroom":"keypack/9"}', 'document-version'],
    ['{"coldroom":"keypack/1"}', 'document-members'],
  ])('of %s names the bytes that were read', async (text, code) => {
    const vault = fork(stations.vault);
    const file = join(stick, 'bent.json');
    writeFileSync(file, text);
    expect(await problemsOf(vault, 'import', { files: [file] })).toMatchObject([{ family: 'input', code }]);
    expect(refusalsOf(vault).at(-1)).toEqual({ operation: 'import', code, subject: null, document_sha256: sha256(text) });
  });

  it.each([
    ['a secret', 'document-not-json'],
    ['{"seed":1}', 'document-not-ours'],
  ])('of %s, which is no document and may be a secret, holds no digest of it', async (text, code) => {
    const vault = fork(stations.vault);
    const file = join(stick, 'wrong.json');
    writeFileSync(file, text);
    expect(await codesAt(vault, file)).toEqual([code]);
    expect(refusalsOf(vault).at(-1)).toEqual({ operation: 'import', code, subject: null });
  });

  it.each(['seal', 'store', 'pair'] as const)('is there for a bent document given to %s', async (name) => {
    const room = fork(name === 'store' ? stations.office : stations.vault);
    const file = join(stick, 'bent.json');
    writeFileSync(file, bent());
    const input = {
      seal: { key: file, in: room.secret('phrase'), out: join(stick, 'out.json') },
      store: { files: [file], out: join(stick, 'receipts') },
      pair: { in: file, fingerprint: 'a'.repeat(64) },
    }[name];
    const before = refusals(room).length;
    const codes = await room.codes(name, input);
    expect(codes).toEqual(['document-members']);
    expect(refusals(room).slice(before)).toEqual(['document-members']);
    expect(refusalsOf(room).at(-1)).toMatchObject({ operation: name, document_sha256: sha256(bent()) });
  });
});
