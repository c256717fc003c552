import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ledger } from './ledger.ts';

const clock = { now: () => Date.parse('2026-11-24T10:00:00.000Z') };
const macKey = Buffer.alloc(32, 7);

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opening-'));
  path = join(folder, 'ledger.sqlite');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function make(): void {
  const { ledger } = Ledger.create(
    path,
    { type: 'station-made', data: { station_id: 'a'.repeat(64), name: 'vault', role: 'single', keychain: 'file', public_key: 'A' } },
    { clock, macKey },
  );
  ledger.append({ type: 'account-confirmed', data: { environment: 'rehearsal', account_id: 'k1' } });
  ledger.close();
}

const damagedOne = expect.objectContaining({ code: 'ledger-damaged', hint: expect.stringContaining('ledger rebuild') as string }) as Error;

describe('what lies where a ledger should be', () => {
  it.each([
    ['for reading', null],
    ['for writing', macKey],
  ])('and is empty is no new ledger, and its log stays, %s', (_how, key) => {
    writeFileSync(path, '');
    writeFileSync(`${path}-wal`, 'the last events');
    expect(() => Ledger.open(path, { clock, macKey: key })).toThrow(damagedOne);
    expect(statSync(path).size).toBe(0);
    expect(readFileSync(`${path}-wal`, 'utf8')).toBe('the last events');
  });

  it('and is a folder is told as that', () => {
    mkdirSync(path);
    expect(() => Ledger.open(path, { clock, macKey: null })).toThrow(damagedOne);
  });

  it.runIf(process.platform !== 'win32')('and is a pipe is not waited for', () => {
    execFileSync('mkfifo', [path]);
    expect(() => Ledger.open(path, { clock, macKey: null })).toThrow(damagedOne);
  });

  it('and names no ledger, since nobody finished it, is damaged', () => {
    make();
    const database = new SqliteDatabase(path);
    database.exec('DELETE FROM ledger');
    database.close();
    expect(() => Ledger.open(path, { clock, macKey: null })).toThrow(damagedOne);
  });
});

describe('a ledger with a rollback journal whose writer was killed', () => {
  /** What the disk holds while a change is being written: its beginning in the file, what was there before in the journal. */
  function killWhileWriting(): void {
    const database = new SqliteDatabase(path);
    database.pragma('journal_mode = TRUNCATE');
    database.pragma('cache_size = 1');
    database.exec('BEGIN IMMEDIATE');
    database.exec("UPDATE account SET account_id = 'half a change'");
    const fill = database.prepare('INSERT INTO document VALUES (?, ?, ?, ?, ?, 1, ?, ?, 1)');
    for (let n = 0; n < 500; n += 1) fill.run(`${n.toString()}${'x'.repeat(400)}`, 'k', 'd', 's', 'u', 'a', 'b');
    copyFileSync(path, join(folder, 'killed'));
    copyFileSync(`${path}-journal`, join(folder, 'killed-journal'));
    database.exec('ROLLBACK');
    database.close();
    copyFileSync(join(folder, 'killed'), path);
    copyFileSync(join(folder, 'killed-journal'), `${path}-journal`);
    expect(readFileSync(path).includes('half a change')).toBe(true);
  }

  it.each([
    ['for reading', null],
    ['for writing', macKey],
  ])('is as it was before, whoever opens it first, %s', (_how, key) => {
    make();
    killWhileWriting();
    const ledger = Ledger.open(path, { clock, macKey: key });
    expect(ledger.head().seq).toBe(2);
    expect(ledger.database.prepare('SELECT account_id FROM account').pluck().all()).toEqual(['k1']);
    ledger.close();
    expect(readFileSync(path).includes('half a change')).toBe(false);
  });
});
