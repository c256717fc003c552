import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn, type StandInAddress } from '../../rehearsal/index.ts';
import { CeremonyHome, NOW_MS, onePool } from '../ceremony/home.fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const read = (file: string) =>
  JSON.parse(readFileSync(file, 'utf8')) as { id: string; to: string[]; station: { id: string }; body: Record<string, string> };

describe('a key pack that is written again', () => {
  const rooms: CeremonyHome[] = [];
  let nowMs = NOW_MS;
  const standIn = new StandIn({ now: () => nowMs }, { keyPool: onePool() });
  let office: CeremonyHome;
  let vault: CeremonyHome;
  let late: CeremonyHome;
  let address: StandInAddress;
  let id: string;
  let keyId: string;
  const at = (name: string) => join(office.folder, name);

  beforeAll(async () => {
    address = await standIn.listen();
    office = await CeremonyHome.make('memory', 'online', 'office');
    vault = await CeremonyHome.make('memory', 'cold', 'vault');
    late = await CeremonyHome.make('memory', 'cold', 'late');
    rooms.push(office, vault, late);
    await office.signInElsewhere(address);
    const jwks = at('jwks.json');
    writeFileSync(jwks, await (await fetch(address.jwks)).text());
    for (const room of rooms) {
      const source = room === office ? 'fetch' : { jwks };
      const { output } = await room.must('trust.add', { environment: 'rehearsal', source });
      const [signer] = output['confirm'] as { fingerprint: string }[];
      await room.must('trust.add', { environment: 'rehearsal', source, fingerprint: signer?.fingerprint });
      await room.must('trust.add', { environment: 'rehearsal', account_id: address.accountId });
    }
    await introduce(vault);
    const { output } = await office.must('assign', { environment: 'rehearsal', user: 'wallet', key_environment: 'COLD', out: at('first') });
    id = output['assignment_id'] as string;
    keyId = output['key_id'] as string;
  });

  afterAll(async () => {
    await standIn.close();
    for (const room of rooms) await room.remove();
  });

  /** Both stations take in each other's card. */
  async function introduce(room: CeremonyHome): Promise<void> {
    const [ours, theirs] = [join(room.folder, 'ours.card'), join(room.folder, 'theirs.card')];
    await office.must('pair', { out: ours });
    await room.must('pair', { out: theirs });
    await room.must('pair', { in: ours, fingerprint: read(ours).station.id });
    await office.must('pair', { in: theirs, fingerprint: read(theirs).station.id });
  }

  it('is the same to the byte while its readers and its list are as they were', async () => {
    for (const [file, recheck] of [
      ['same-1', id],
      ['same-2', keyId],
    ] as const) {
      await office.must('assign', { recheck, out: at(file) });
      expect(readFileSync(at(file), 'utf8')).toBe(readFileSync(at('first'), 'utf8'));
    }
  });

  it('is made anew for a cold station that was paired since, with the same request and answer', async () => {
    await introduce(late);
    expect(await late.codes('import', { files: [at('first')] })).toEqual(['document-not-for-us']);
    await office.must('assign', { recheck: keyId, out: at('second') });
    const [first, second] = [read(at('first')), read(at('second'))];
    expect(second.id).not.toBe(first.id);
    expect(second.to.toSorted()).toEqual(rooms.map((room) => room.ledger((queries) => queries.station().station_id)).toSorted());
    expect([second.body['request'], second.body['response']]).toEqual([first.body['request'], first.body['response']]);
    expect((await late.must('import', { files: [at('second')] })).output['items']).toMatchObject([{ state: 'new' }]);
  });

  it('takes nothing from what was sealed for the one before, at either station', async () => {
    await vault.must('seal', { key: at('first'), in: vault.secret('early'), out: at('early.sealed.json') });
    await vault.must('import', { files: [at('second')] });
    await vault.must('seal', { key: at('second'), in: vault.secret('later'), out: at('later.sealed.json') });
    expect(await vault.codes('import', { files: [at('first')] })).toEqual([]);
    const { output } = await office.must('store', { files: [at('early.sealed.json'), at('later.sealed.json')], out: at('receipts') });
    expect(output['items']).toMatchObject([
      { state: 'stored', backup_check: 'valid' },
      { state: 'stored', backup_check: 'valid' },
    ]);
  });

  it('never is taken after a newer one', async () => {
    const fresh = await CeremonyHome.make('memory', 'cold', 'third');
    rooms.push(fresh);
    const { output } = await fresh.must('trust.add', { environment: 'rehearsal', source: { jwks: at('jwks.json') } });
    const [signer] = output['confirm'] as { fingerprint: string }[];
    await fresh.must('trust.add', { environment: 'rehearsal', source: { jwks: at('jwks.json') }, fingerprint: signer?.fingerprint });
    await fresh.must('trust.add', { environment: 'rehearsal', account_id: address.accountId });
    await introduce(fresh);
    await office.must('assign', { recheck: id, out: at('third') });
    nowMs = NOW_MS + 8 * DAY_MS;
    office.nowMs = nowMs;
    fresh.nowMs = nowMs;
    await office.must('assign', { recheck: id, out: at('fourth') });
    expect(Date.parse(read(at('fourth')).body['jwks_fetched_at'] ?? '')).toBe(nowMs);
    await fresh.must('import', { files: [at('fourth')] });
    expect(await fresh.codes('import', { files: [at('third')] })).toEqual(['document-replayed']);
  });

  it('of a station whose ledger runs twice is refused, and that station notices its own', async () => {
    const copy = office.fork();
    for (const [room, user] of [
      [office, 'here'],
      [copy, 'there'],
    ] as const)
      await room.must('assign', { environment: 'rehearsal', user, key_environment: 'COLD', out: at(`${user}.keypack.json`) });
    vault.nowMs = nowMs;
    expect(await vault.codes('import', { files: [at('here.keypack.json')] })).toEqual([]);
    expect(await vault.codes('import', { files: [at('there.keypack.json')] })).toEqual(['document-forked']);
    expect(await office.codes('import', { files: [at('here.keypack.json')] })).toEqual([]);
    expect(await office.codes('import', { files: [at('there.keypack.json')] })).toEqual(['ledger-rolled-back']);
    await copy.remove();
  });

  it('is not written where the service has withdrawn the key that signed it', async () => {
    await standIn.rotate();
    nowMs += 8 * DAY_MS;
    office.nowMs = nowMs;
    expect(await office.codes('assign', { recheck: id, out: at('fifth') })).toEqual(['signature-invalid']);
  });
});
