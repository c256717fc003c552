import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oaepVector, PEM } from '../../recovery/released.fixture.ts';
import { CeremonyHome } from '../ceremony/home.fixture.ts';
import { homePaths } from '../station/home.ts';
import { askOwnLedger } from './own-ledger.ts';

let room: CeremonyHome;
beforeEach(async () => {
  room = await CeremonyHome.make('memory');
});
afterEach(async () => {
  await room.remove();
});

const recover = () => {
  const { ciphertext } = oaepVector();
  writeFileSync(join(room.folder, 'ciphertext'), ciphertext);
  writeFileSync(join(room.folder, 'key.pem'), PEM);
  return room.must('recover', {
    source: { ciphertext: join(room.folder, 'ciphertext') },
    private_key: join(room.folder, 'key.pem'),
    out: join(room.folder, 'back'),
  });
};

describe('a recovery at a station whose ledger', () => {
  it('holds asks it', async () => {
    expect(await askOwnLedger(room.context(), (queries) => queries.itemByCiphertext('no such'))).toBeNull();
    expect(await askOwnLedger(room.context(), () => 'an answer')).toBe('an answer');
    expect(room.notes).toEqual([]);
  });

  it('is no database any more goes on without it, and says so', async () => {
    writeFileSync(homePaths(room.home).ledger, Buffer.alloc(20_000, 'x'));
    const { output, problems } = await recover();
    expect([problems, output['checksum']]).toEqual([[], 'unknown']);
    expect(readFileSync(join(room.folder, 'back')).equals(oaepVector().plaintext)).toBe(true);
    expect(room.notes.join('\n')).toContain('cannot be asked (ledger-damaged)');
  });

  it('was written by an earlier version asks it all the same, as everything that only looks does', async () => {
    const { ledger } = homePaths(room.home);
    const database = new SqliteDatabase(ledger);
    database.exec('DROP INDEX backup_line_places');
    database.pragma(`user_version = ${((database.pragma('user_version', { simple: true }) as number) - 1).toString()}`);
    database.close();
    expect(await askOwnLedger(room.context(), () => 'an answer')).toBe('an answer');
    expect(room.notes).toEqual([]);
    expect((await room.must('ledger.check', {})).output).toMatchObject({ ok: true, macs: 'valid' });
  });

  it('holds a row that makes no sense says so, and answers nothing', async () => {
    const answer = await askOwnLedger(room.context(), () => {
      throw new TypeError('a row that no code expects');
    });
    expect(answer).toBeNull();
    expect(room.notes.join('\n')).toContain('cannot be asked (it is damaged)');
  });
});
