import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandIn } from '../../rehearsal/index.ts';
import { CeremonyHome, NOW_MS, onePool } from '../ceremony/home.fixture.ts';

/** Trust that was taken back does not come back with an older ledger. */
describe('a ledger restored from before', () => {
  const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
  let office: CeremonyHome;
  let vault: CeremonyHome;
  let signer: string;
  const idOf = (card: string): string => (JSON.parse(readFileSync(card, 'utf8')) as { station: { id: string } }).station.id;
  const card = (name: string): string => join(vault.folder, `${name}.station.json`);

  beforeEach(async () => {
    const at = await standIn.listen();
    office = await CeremonyHome.make('memory', 'online', 'office');
    vault = await CeremonyHome.make('memory', 'cold', 'vault');
    await office.signInElsewhere(at);
    const { output } = await office.must('trust.add', { environment: 'rehearsal', source: 'fetch' });
    signer = (output['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    await office.must('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint: signer });
    await vault.must('pair', { out: card('vault') });
    await office.must('pair', { in: card('vault'), fingerprint: idOf(card('vault')) });
  });

  afterEach(async () => {
    await standIn.close();
    for (const room of [office, vault]) await room.remove();
  });

  it.each([
    ['a signing key was retired', () => office.must('trust.retire', { fingerprint: signer })],
    ['a signing key was revoked', () => office.must('trust.revoke', { fingerprint: signer })],
    ['a station was unpaired', () => office.must('pair.remove', { station_id: idOf(card('vault')) })],
    [
      'another station took the place of a dead one',
      async () => {
        const heir = await CeremonyHome.make('memory', 'cold', 'vault-2');
        await heir.must('pair', { out: card('heir') });
        await office.must('pair', { in: card('heir'), fingerprint: idOf(card('heir')), succeeds: idOf(card('vault')) });
        await heir.remove();
      },
    ],
  ])('is refused once %s', async (_, withdraw) => {
    const ledger = join(office.home, 'ledger.sqlite');
    const before = join(vault.folder, 'before.sqlite');
    await office.must('ledger.export', { out: before, format: 'copy' });
    expect(await office.codes('trust.add', { environment: 'rehearsal', account_id: 'one-more' })).toEqual([]);
    await withdraw();
    for (const beside of ['-wal', '-shm']) rmSync(`${ledger}${beside}`, { force: true });
    copyFileSync(before, ledger);
    expect(await office.codes('trust.add', { environment: 'rehearsal', account_id: 'another' })).toEqual(['ledger-rolled-back']);
  });
});
