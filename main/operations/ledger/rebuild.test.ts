import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Ledger, removeLedger } from '../../ledger/index.ts';
import { StandIn } from '../../rehearsal/index.ts';
import { inputError } from '../../values/index.ts';
import { CeremonyHome, NOW_MS, onePool } from '../ceremony/home.fixture.ts';
import { homePaths } from '../station/home.ts';

describe('a ledger that is made again on a disk that fails once', () => {
  const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
  let room: CeremonyHome;
  let documents: string;

  beforeAll(async () => {
    room = await CeremonyHome.make('memory');
    await room.signInElsewhere(await standIn.listen());
    const { output } = await room.must('trust.add', { environment: 'rehearsal', source: 'fetch' });
    const [signer] = output['confirm'] as { fingerprint: string }[];
    await room.must('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint: signer?.fingerprint });
    documents = join(room.folder, 'documents');
    mkdirSync(documents);
    const key = join(documents, 'key.json');
    await room.must('assign', { environment: 'rehearsal', user: 'wallet', key_environment: 'COLD', out: key });
    await room.must('seal', { key, in: room.secret('phrase'), out: join(documents, 'phrase.sealed.json') });
    removeLedger(homePaths(room.home).ledger);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  afterAll(async () => {
    await standIn.close();
    await room.remove();
  });

  // One of its documents was left out, and the ledger took its name without it: a backup that CoinCover held was missing.
  it.each(['ledger-unwritable', 'ledger-busy', 'ledger-damaged'])('takes its name with all of them or not at all: %s', async (code) => {
    const append = Reflect.get(Ledger.prototype, 'append');
    let failed = 0;
    vi.spyOn(Ledger.prototype, 'append').mockImplementation(function (this: Ledger, event) {
      if (event.type !== 'item-imported') return append.call(this, event);
      failed += 1;
      throw inputError(code, 'the disk failed', { hint: 'try again' });
    });
    expect(await room.codes('ledger.rebuild', { from: documents })).toEqual([code]);
    expect([failed, existsSync(homePaths(room.home).ledger)]).toEqual([1, false]);
  });

  it('holds them all after the next run', async () => {
    expect((await room.must('ledger.rebuild', { from: documents })).output).toMatchObject({ imported: 2, refused: 0 });
    expect((await room.must('ledger.check', {})).output).toMatchObject({ ok: true });
    expect(room.ledger((queries) => queries.itemsInState('unknown').length)).toBe(1);
  });
});
