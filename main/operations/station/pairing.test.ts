import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../../rehearsal/index.ts';
import { sha256 } from '../../values/index.ts';
import { CeremonyHome, NOW_MS, onePool } from '../ceremony/home.fixture.ts';
import { signedBy, type Document } from './tampering.fixture.ts';

const idOf = (card: string): string => (JSON.parse(readFileSync(card, 'utf8')) as { station: { id: string } }).station.id;

describe('a dead online station', () => {
  const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
  const rooms: CeremonyHome[] = [];
  let vault: CeremonyHome;
  let heir: CeremonyHome;
  let cards: { old: string; heir: string; vault: string };
  let sealed: string;
  let pack: string;

  beforeAll(async () => {
    const at = await standIn.listen();
    const old = await CeremonyHome.make('memory', 'online', 'office');
    vault = await CeremonyHome.make('memory', 'cold', 'vault');
    heir = await CeremonyHome.make('memory', 'online', 'office-2');
    rooms.push(old, vault, heir);
    const { folder } = vault;
    cards = { old: join(folder, 'old.json'), heir: join(folder, 'heir.json'), vault: join(folder, 'vault.json') };
    for (const [room, card] of [
      [old, cards.old],
      [heir, cards.heir],
      [vault, cards.vault],
    ] as const)
      await room.must('pair', { out: card });
    await vault.must('pair', { in: cards.old, fingerprint: idOf(cards.old) });
    for (const room of [old, heir]) {
      await room.signInElsewhere(at);
      const { output } = await room.must('trust.add', { environment: 'rehearsal', source: 'fetch' });
      const [signer] = output['confirm'] as { fingerprint: string }[];
      await room.must('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint: signer?.fingerprint });
      await room.must('pair', { in: cards.vault, fingerprint: idOf(cards.vault) });
    }
    pack = join(folder, 'one.keypack.json');
    sealed = join(folder, 'one.sealed.json');
    await old.must('assign', { environment: 'rehearsal', user: 'wallet', key_environment: 'COLD', out: pack });
    const { jwks } = (JSON.parse(readFileSync(pack, 'utf8')) as { body: { jwks: string } }).body;
    const list = vault.secret('jwks.json', jwks);
    const shown = await vault.must('trust.add', { environment: 'rehearsal', source: { jwks: list } });
    const [signer] = shown.output['confirm'] as { fingerprint: string }[];
    await vault.must('trust.add', { environment: 'rehearsal', source: { jwks: list }, fingerprint: signer?.fingerprint });
    await vault.must('trust.add', { environment: 'rehearsal', account_id: at.accountId });
    await vault.must('seal', { key: pack, in: vault.secret('phrase'), out: sealed });
  });

  afterAll(async () => {
    await standIn.close();
    for (const room of rooms) await room.remove();
  });

  it('leaves what was addressed to it unread by others, until one takes its place', async () => {
    expect(await heir.codes('import', { files: [pack, sealed] })).toEqual(['document-unknown-signer', 'document-not-for-us']);
    await heir.must('pair', { in: cards.old, fingerprint: idOf(cards.old), succeeds: idOf(cards.old) });
    const { output } = await heir.must('import', { files: [pack, sealed] });
    expect((output['items'] as { state: string }[]).map((one) => one.state)).toEqual(['new', 'new']);
    const stored = await heir.must('store', { files: [sealed], out: join(heir.folder, 'receipts') });
    expect(stored.output['items']).toMatchObject([{ state: 'stored', backup_check: 'valid' }]);
  });

  it('leaves key packs that only it can make: its heir says so, and writes none that the cold station would refuse', async () => {
    const { response } = (JSON.parse(readFileSync(pack, 'utf8')) as { body: { response: string } }).body;
    const { key_id: recheck } = JSON.parse(response) as { key_id: string };
    const out = join(heir.folder, 'again.keypack.json');
    expect(await heir.codes('assign', { recheck, out })).toEqual(['key-pack-elsewhere']);
    expect(readdirSync(heir.folder)).not.toContain('again.keypack.json');
  });

  it('is replaced at the cold station, which then takes the receipt of the one that followed', async () => {
    const items = await heir.must('ledger.list', {});
    const [item] = items.output['backups'] as { item_id: string }[];
    const receipt = join(heir.folder, 'receipts', `${item?.item_id ?? ''}.receipt.json`);
    expect(await vault.codes('import', { files: [receipt] })).toEqual(['document-unknown-signer']);
    await vault.must('pair', { in: cards.heir, fingerprint: idOf(cards.heir), succeeds: idOf(cards.old) });
    await vault.must('import', { files: [receipt] });
    const { output } = await vault.must('ledger.list', {});
    expect(output['backups']).toMatchObject([{ state: 'stored', last_check: 'valid' }]);
    const { output: list } = await vault.must('pair.list', {});
    expect((list['stations'] as { state: string }[]).map((one) => one.state).toSorted()).toEqual(['paired', 'succeeded']);
    expect(await vault.codes('pair', { in: cards.old, fingerprint: idOf(cards.old) })).toEqual(['station-succeeded']);
    const { problems } = await vault.must('import', { files: [pack] });
    expect(problems.map((one) => [one.code, one.message.includes('"office"'), one.hint?.includes('assign anew')])).toEqual([
      ['document-unknown-signer', true, true],
    ]);
    // Nor by way of an unpairing.
    expect(await vault.codes('pair.remove', { station_id: idOf(cards.old) })).toEqual(['pairing-unknown']);
  });
});

describe('a station of a known name', () => {
  const rooms: CeremonyHome[] = [];

  afterAll(async () => {
    for (const room of rooms) await room.remove();
  });

  it('with another key is refused, and what is unpaired comes back only with a fresh card', async () => {
    const [vault, office, other] = await Promise.all([
      CeremonyHome.make('memory', 'cold', 'vault'),
      CeremonyHome.make('memory', 'online', 'office'),
      CeremonyHome.make('memory', 'online', 'Office'),
    ]);
    rooms.push(vault, office, other);
    const card = (name: string): string => join(vault.folder, `${name}.json`);
    for (const name of ['first', 'second']) await office.must('pair', { out: card(name) });
    await other.must('pair', { out: card('other') });
    await vault.must('pair', { in: card('second'), fingerprint: idOf(card('second')) });
    expect(await vault.codes('pair', { in: card('other'), fingerprint: idOf(card('other')) })).toEqual(['station-key-changed']);
    await vault.must('pair.remove', { station_id: idOf(card('second')) });
    for (const name of ['first', 'second']) {
      expect([name, await vault.codes('pair', { in: card(name), fingerprint: idOf(card(name)) })]).toEqual([name, ['document-replayed']]);
    }
    await office.must('pair', { out: card('fresh') });
    await vault.must('pair', { in: card('fresh'), fingerprint: idOf(card('fresh')) });
    // A cold station takes no online one's place.
    await vault.must('pair', { out: card('vault') });
    const succeeds = idOf(card('fresh'));
    expect(await other.codes('pair', { in: card('vault'), fingerprint: idOf(card('vault')), succeeds: idOf(card('vault')) })).toEqual([
      'station-role-differs',
    ]);
    expect(await vault.codes('pair', { in: card('other'), fingerprint: idOf(card('other')), succeeds })).toEqual([]);
  });
});

describe('the head that a partner last saw', () => {
  it('is held against the ledger of the station that wrote it', async () => {
    const office = await CeremonyHome.make('memory', 'online', 'office');
    const vault = await CeremonyHome.make('memory', 'cold', 'vault');
    const card = join(office.folder, 'office.json');
    await office.must('pair', { out: card });
    const { output } = await vault.must('pair', { in: card, fingerprint: idOf(card) });
    const { last_seen: seen } = output['paired'] as { last_seen: { seq: number; head: string } };
    expect(await office.codes('ledger.check', { seen })).toEqual([]);
    expect(await office.codes('ledger.check', { seen: { ...seen, seq: 999 } })).toEqual(['ledger-rolled-back']);
    expect(await office.codes('ledger.check', { seen: { ...seen, head: 'a'.repeat(64) } })).toEqual(['ledger-rolled-back']);
    for (const room of [office, vault]) await room.remove();
  });
});

describe('a name that people cannot tell from another', () => {
  const rooms: CeremonyHome[] = [];

  afterAll(async () => {
    for (const room of rooms) await room.remove();
  });

  /** A card as a station of an earlier Coldroom, which took any name, could have written it. */
  async function cardNamed(name: string, vault: CeremonyHome): Promise<string> {
    const other = await CeremonyHome.make('memory', 'online', 'plain');
    rooms.push(other);
    const file = join(vault.folder, `${rooms.length.toString()}.json`);
    await other.must('pair', { out: file });
    const card = JSON.parse(readFileSync(file, 'utf8')) as Document;
    writeFileSync(file, JSON.stringify(signedBy({ ...card, station: { ...card.station, name } }, other.signingKey())));
    return file;
  }

  it.each(['off\u200bice', 'office ', ' office', '\u202eoffice'])('%j is refused when it is shown and when it is paired', async (name) => {
    const vault = await CeremonyHome.make('memory', 'cold', 'vault');
    rooms.push(vault);
    const file = await cardNamed(name, vault);
    const fingerprint = idOf(file);
    const { codes, output } = await vault.must('pair', { in: file });
    expect([codes, (output['confirm'] as unknown[]).length]).toEqual([['station-name-unseen'], 1]);
    expect(await vault.codes('pair.read', { file })).toEqual(['station-name-unseen']);
    expect(await vault.codes('pair', { in: file, fingerprint })).toEqual(['station-name-unseen']);
    const recorded = vault.ledger((_, ledger) => [...ledger.events()].filter((one) => one.type === 'refusal').map((one) => one.data));
    const about = { code: 'station-name-unseen', subject: fingerprint, document_sha256: sha256(readFileSync(file)) };
    expect(recorded).toEqual(['pair', 'pair.read', 'pair'].map((operation) => ({ operation, ...about })));
    expect(vault.ledger((queries) => queries.pairings())).toEqual([]);
  });

  it('is said already when the card of a namesake is shown', async () => {
    const vault = await CeremonyHome.make('memory', 'cold', 'vault');
    rooms.push(vault);
    const first = await cardNamed('Straße 1', vault);
    await vault.must('pair', { in: first, fingerprint: idOf(first) });
    const second = await cardNamed('STRASSE  1', vault);
    expect((await vault.must('pair', { in: second })).codes).toEqual(['station-key-changed']);
    expect((await vault.must('pair.read', { file: second })).codes).toEqual(['station-key-changed']);
    expect((await vault.must('pair', { in: first })).codes).toEqual(['pairing-not-confirmed']);
  });

  it('is given to no station that is made', async () => {
    for (const name of ['off\u200bice', 'office\u2066', ' office']) {
      await expect(CeremonyHome.make('memory', 'online', name)).rejects.toMatchObject({ code: 'input-invalid' });
    }
  });
});
