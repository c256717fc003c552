import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CeremonyHome, WORK } from '../ceremony/home.fixture.ts';
import type { OperationName } from '../index.ts';

/** A ledger that somebody changed with another program, met by operations that only want to read it or to go on. */
describe('a ledger that does not hold', () => {
  let room: CeremonyHome;
  let ledger: string;
  let whole: string;

  beforeAll(async () => {
    room = await CeremonyHome.make();
    ledger = join(room.home, 'ledger.sqlite');
    whole = join(room.folder, 'whole.sqlite');
    await room.begin();
    for (const { work } of WORK) {
      await work(room);
      await room.sign();
    }
    await room.act('ceremony.verify');
    await room.act('ceremony.escalate', { reason: 'a drill', initials: 'AB' });
    await room.must('ceremony.report', { ceremony: '1', out: join(room.folder, 'report.json') });
    await room.must('ledger.export', { format: 'copy', out: whole });
  });

  afterAll(async () => {
    await room.remove();
  });

  function changed(statement: string): void {
    for (const end of ['', '-wal', '-shm']) rmSync(`${ledger}${end}`, { force: true });
    copyFileSync(whole, ledger);
    const database = new SqliteDatabase(ledger);
    database.pragma('foreign_keys = OFF');
    database.exec('DROP TRIGGER event_no_update');
    database.exec(statement);
    database.close();
  }

  /** Codes of whatever goes wrong in each; what has none is thrown, and the test fails. */
  async function met(): Promise<string[][]> {
    const asked: readonly [OperationName, unknown][] = [
      ['ledger.check', {}],
      ['ledger.check', { seen: { seq: 3, head: 'a'.repeat(64) } }],
      ['ceremony.check', { file: join(room.folder, 'report.json') }],
      ['ceremony.report', { ceremony: '1', out: join(room.folder, 'again.json') }],
      ['ceremony.list', {}],
      ['ceremony.show', { ceremony: room.ceremony }],
      ['ledger.list', { all: true }],
      ['ledger.page', {}],
      ['ledger.export', { format: 'json', out: join(room.folder, 'out.json') }],
      ['ledger.export', { format: 'jsonl', out: join(room.folder, 'out.jsonl') }],
      ['status', {}],
    ];
    const codes = [];
    for (const [name, input] of asked) codes.push(await room.codes(name, input));
    for (const name of ['again.json', 'out.json', 'out.jsonl']) rmSync(join(room.folder, name), { force: true });
    return codes;
  }

  it.each([
    ['an event that is no JSON', 'UPDATE event SET bytes = substr(bytes, 2) WHERE seq = 9'],
    ['the last event empty', "UPDATE event SET bytes = '' WHERE seq = (SELECT max(seq) FROM event)"],
    ['an exception without its text', 'UPDATE event SET bytes = replace(bytes, \'"text":\', \'"test":\')'],
    ['people who are none', 'UPDATE event SET bytes = replace(bytes, \'"place":\', \'"palace":\')'],
    ['no events', 'DROP TABLE event'],
    ['no ledger id', 'DROP TABLE ledger'],
    ['no ceremonies', 'DROP TABLE ceremony'],
    ['no items', 'DROP TABLE item'],
    ['no station', 'DELETE FROM station'],
    ['a ceremony in an environment that is none', "UPDATE ceremony SET environment = 'nowhere'"],
    ['a ceremony in no state', "UPDATE ceremony SET state = ''"],
    ['a fact that is no JSON', "UPDATE ceremony_fact SET value = '{' WHERE name = 'people'"],
    ['initials in no role', "UPDATE ceremony_sign_off SET role = 'nobody'"],
    ['a host that is none', "UPDATE environment SET api = 'nowhere'"],
    ['an environment that is none', "UPDATE environment SET name = 'nowhere'"],
    ['a fingerprint that is none', "UPDATE anchor SET fingerprint = 'x'"],
    ['an item in no state', "UPDATE item SET state = 'x'"],
  ])('says so, and is no bug of ours: %s', async (_, statement) => {
    changed(statement);
    const [check, seen, report] = await met();
    expect(check).toHaveLength(1);
    expect(seen).toHaveLength(1);
    expect(report).toHaveLength(1);
  });
});
