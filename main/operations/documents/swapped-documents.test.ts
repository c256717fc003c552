import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../values/index.ts';
import type { CeremonyHome } from '../ceremony/home.fixture.ts';
import { lay, problemsOf, refusals, signedByStranger, TwoStations, withRoom, type Document } from '../station/tampering.fixture.ts';

let stations: TwoStations;

beforeAll(async () => {
  stations = await TwoStations.make();
});

afterAll(() => stations.remove());

const refused = (code: string) => ({ problems: [`check ${code}`], recorded: [code], kept: false });

/** Another secret, sealed by the same cold station for the same key. */
function sealAnother(vault: CeremonyHome): Promise<Document> {
  return sealAt(vault, stations.text('keypack'), vault.secret('another', 'the secret of somebody else'));
}

async function sealAt(vault: CeremonyHome, pack: string, secret: string): Promise<Document> {
  const out = join(vault.folder, `${newUuid()}.sealed.json`);
  const key = vault.secret(`${newUuid()}.keypack.json`, pack);
  await vault.must('seal', { key, in: secret, out });
  return JSON.parse(readFileSync(out, 'utf8')) as Document;
}

async function codesOfImport(room: CeremonyHome, document: Document): Promise<string[]> {
  return (await problemsOf(room, 'import', { files: [lay(room, `${newUuid()}.json`, document)] })).map((one) => one.code);
}

describe('a ciphertext swapped for another validly encrypted one, with its digest and checksum changed to fit', () => {
  let swapped: Document;

  beforeAll(async () => {
    const another = await withRoom(stations.before('receipt'), sealAnother);
    const document = stations.document('sealed');
    const { ciphertext, ciphertext_sha256, checksum, size_bytes } = another.body;
    swapped = { ...document, body: { ...document.body, ciphertext, ciphertext_sha256, checksum, size_bytes } as Document['body'] };
    expect(ciphertext).not.toBe(document.body['ciphertext']);
  });

  it('not signed again: refused as changed after it was signed', async () => {
    expect(await stations.receive('sealed', swapped)).toEqual(refused('document-signature'));
  });

  it('signed again by a stranger: refused as a stranger’s', async () => {
    expect(await stations.receive('sealed', signedByStranger(swapped))).toEqual(refused('document-unknown-signer'));
  });

  it('signed again by the paired cold station, which lies: CoinCover stores it, and its receipt is refused where the secret was sealed', async () => {
    const office = stations.before('sealed');
    const receipt = await withRoom(office, async () => {
      const out = join(office.folder, 'receipts');
      const { problems } = await office.must('store', { files: [lay(office, 'swapped.json', stations.lie('sealed', swapped))], out });
      expect(problems).toEqual([]);
      return JSON.parse(readFileSync(join(out, readdirSync(out)[0] ?? ''), 'utf8')) as Document;
    });
    expect(receipt.body).toMatchObject({ key_check: 'valid', backup_check: 'valid', checksum: swapped.body['checksum'] });
    await withRoom(stations.before('receipt'), async (vault) => {
      expect(await stations.receiveAt(vault, 'receipt', receipt)).toEqual(refused('receipt-item-differs'));
      expect(vault.ledger((queries) => queries.backupOfItem(receipt.body['item_id'] as string))).toBeNull();
    });
  });

  it('its receipt made to name what was sealed, by an online station that lies too: the checksum that CoinCover returned differs', async () => {
    const document = stations.document('receipt');
    const lied = stations.lie('receipt', { ...document, body: { ...document.body, checksum: swapped.body['checksum'] ?? null } });
    expect(await stations.receive('receipt', lied)).toEqual({ problems: ['check checksum-differs'], recorded: [], kept: true });
  });
});

describe('documents of paired stations in the wrong place', () => {
  it('a sealed item and a receipt crossed into another ceremony are refused', async () => {
    const ceremony = newUuid();
    for (const kind of ['sealed', 'receipt'] as const) {
      const crossed = stations.lie(kind, { ...stations.document(kind), ceremony });
      expect([kind, await stations.receive(kind, crossed)]).toEqual([kind, refused('document-ceremony')]);
    }
  });

  it('a sealed item crossed over to the key of another wallet is refused, though both keys are ours', async () => {
    await withRoom(stations.before('sealed'), async (office) => {
      const out = join(office.folder, 'two.keypack.json');
      await office.must('assign', { environment: 'rehearsal', user: 'another wallet', key_environment: 'COLD', out });
      const pack = JSON.parse(readFileSync(out, 'utf8')) as Document;
      const keyId = (JSON.parse(pack.body['response'] as string) as { key_id: string }).key_id;
      const sealed = stations.document('sealed');
      expect(keyId).not.toBe(sealed.body['key_id']);
      const crossed = stations.lie('sealed', { ...sealed, body: { ...sealed.body, key_id: keyId } });
      expect(await stations.receiveAt(office, 'sealed', crossed)).toEqual(refused('sealed-key-differs'));
    });
  });

  it('a receipt crossed over to another item is refused, though both were sealed here for one key', async () => {
    await withRoom(stations.before('receipt'), async (vault) => {
      const another = await sealAnother(vault);
      const receipt = stations.document('receipt');
      const crossed = stations.lie('receipt', { ...receipt, body: { ...receipt.body, item_id: another.body['item_id'] ?? null } });
      expect(await stations.receiveAt(vault, 'receipt', crossed)).toEqual(refused('receipt-item-differs'));
    });
  });

  it('a key pack signed again by a stranger is refused when it is brought and when it is sealed for', async () => {
    const pack = signedByStranger(stations.document('keypack'));
    expect(await stations.receive('keypack', pack)).toEqual(refused('document-unknown-signer'));
    await withRoom(stations.before('keypack'), async (vault) => {
      const out = join(vault.folder, 'stranger.sealed.json');
      const input = { key: lay(vault, 'stranger.keypack.json', pack), in: vault.secret('phrase'), out };
      const before = refusals(vault).length;
      expect((await problemsOf(vault, 'seal', input)).map((one) => `${one.family} ${one.code}`)).toEqual(['check document-unknown-signer']);
      expect(refusals(vault).slice(before)).toEqual(['document-unknown-signer']);
      expect(readdirSync(vault.folder)).not.toContain('stranger.sealed.json');
    });
  });
});

describe('what came before', () => {
  it.each(['keypack', 'sealed', 'receipt'] as const)('an old %s replayed under another id is refused as older', async (kind) => {
    await withRoom(stations.before(kind), async (room) => {
      expect(await codesOfImport(room, stations.document(kind))).toEqual([]);
      const older = stations.lie(kind, { ...stations.document(kind), id: newUuid(), ledger_seq: 0 });
      expect(await stations.receiveAt(room, kind, older)).toEqual(refused('document-replayed'));
    });
  });

  it.each(['keypack', 'sealed', 'receipt'] as const)('a %s brought again as it was changes nothing', async (kind) => {
    await withRoom(stations.before(kind), async (room) => {
      const file = room.secret('again.json', stations.text(kind));
      await room.must('import', { files: [file] });
      const events = () => room.ledger((_, ledger) => [...ledger.events()].length);
      const before = events();
      expect((await room.must('import', { files: [file] })).output['items']).toMatchObject([{ state: 'kept', code: null }]);
      expect(events()).toBe(before);
    });
  });

  it.each(['keypack', 'sealed', 'receipt'] as const)('a %s bears its id for good: other bytes under it are refused', async (kind) => {
    await withRoom(stations.before(kind), async (room) => {
      expect(await codesOfImport(room, stations.document(kind))).toEqual([]);
      const other = stations.lie(kind, { ...stations.document(kind), created_at: '2026-11-23T10:00:00.000Z' });
      const { problems, recorded } = await stations.receiveAt(room, kind, other);
      expect([problems, recorded]).toEqual([['check document-other-bytes'], ['document-other-bytes']]);
    });
  });
});
