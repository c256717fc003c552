import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSigned, type Report } from '../../report/index.ts';
import { canonicalJson, fingerprintOf } from '../../values/index.ts';
import { CANARY, CeremonyHome, WORK } from './home.fixture.ts';

type ForgedRow = { seq: number; bytes: string; mac: Buffer };

/** A ceremony from its beginning to its close, at a real ledger; then its report, looked at from near and far. */
describe('a report', () => {
  let room: CeremonyHome;
  let auditor: CeremonyHome;
  let path: string;
  let text: string;

  beforeAll(async () => {
    room = await CeremonyHome.make();
    auditor = await CeremonyHome.make('memory', 'single', 'auditor');
    await room.begin();
    for (const { work } of WORK) {
      await work(room);
      await room.sign();
    }
    await room.act('ceremony.exception', { text: 'the lamp failed', initials: 'AB' });
    await room.act('ceremony.verify');
    await room.sign();
    await room.act('ceremony.recover', { passphrase: null });
    await room.sign();
    const { checklist } = await room.view();
    await room.act('ceremony.checklist', { answers: checklist.map(({ id }) => ({ id, yes: true })) });
    await room.sign();
    await room.sign();
    path = join(room.folder, 'report.json');
    await room.must('ceremony.report', { ceremony: '1', out: path, pdf: join(room.folder, 'report.pdf') });
    text = readFileSync(path, 'utf8');
  });

  afterAll(async () => {
    await room.remove();
    await auditor.remove();
  });

  const report = (): Report => JSON.parse(text) as Report;

  /** What a change of the report is found as, at the auditor's desk. */
  async function found(change: (report: Report) => void, resign = false): Promise<string[]> {
    const changed = report();
    change(changed);
    if (resign) changed.signature = sign(null, reportSigned(changed), room.signingKey()).toString('base64');
    const file = join(auditor.folder, 'changed.json');
    writeFileSync(file, JSON.stringify(changed));
    const { output } = await auditor.must('ceremony.check', { file });
    return (output['findings'] as { code: string }[]).map((one) => one.code);
  }

  it('tells who, what and when, with every step under its evidence', () => {
    const { ceremony, people, steps, exceptions, keys, items, software } = report();
    expect(ceremony).toMatchObject({ number: 1, script: 'rehearsal', environment: 'rehearsal', state: 'closed', place: 'the vault' });
    expect(people.map((one) => one.initials)).toEqual(['AB', 'CD']);
    expect(steps.map((one) => one.id)).toEqual([...WORK.map((one) => one.step), 'verify', 'recover', 'checklist', 'close']);
    for (const step of steps) expect(step.signed.map((one) => `${one.name} ${one.initials}`)).toEqual(['Ann Baker AB', 'Carl Dahl CD']);
    expect(steps.every((step) => step.checks.length + step.facts.length > 0)).toBe(true);
    expect(exceptions).toContainEqual(expect.objectContaining({ text: 'the lamp failed', initials: 'AB' }));
    expect(keys).toHaveLength(1);
    expect(items.map((one) => [one.state, one.last_check])).toEqual([
      ['stored', 'valid'],
      ['stored', 'valid'],
    ]);
    expect(software).toEqual({ version: 'unknown', sha256: null });
  });

  it('holds no secret, nothing that helps to guess one, and no path', () => {
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(room.folder);
    expect(text).not.toMatch(/"(checksum|returned_checksum|path|body_base64)\\?":/);
  });

  it('is the same to the byte when it is made again, whatever happened since', async () => {
    await room.must('trust.add', { environment: 'sandbox', account_id: 'acme' });
    const again = join(room.folder, 'again.json');
    await room.must('ceremony.report', { ceremony: report().ceremony.id, out: again, pdf: join(room.folder, 'again.pdf'), paper: 'a4' });
    expect(readFileSync(again, 'utf8')).toBe(text);
    expect(readFileSync(join(room.folder, 'again.pdf')).equals(readFileSync(join(room.folder, 'report.pdf')))).toBe(true);
  });

  it('holds at its station, with MACs, and elsewhere by the station’s id alone', async () => {
    const pdf = join(room.folder, 'report.pdf');
    expect((await room.must('ceremony.check', { file: path, pdf })).output).toMatchObject({
      ok: true,
      macs: 'valid',
      ledger: 'agrees',
      pdf: 'a4',
      signer_known: true,
    });
    expect((await auditor.must('ceremony.check', { file: path, pdf, station: report().station.id })).output).toMatchObject({
      ok: true,
      macs: 'not-checkable',
      ledger: 'not-here',
      signer_known: true,
    });
    expect((await auditor.must('ceremony.check', { file: path })).output).toMatchObject({ ok: true, signer_known: false, pdf: null });
    expect(await auditor.codes('ceremony.check', { file: path, station: 'a'.repeat(64) })).toEqual(['report-other-station']);
  });

  it('is found out where anything in it is changed', async () => {
    const changes: ((report: Report) => void)[] = [
      (one) => (one.ceremony.reason = 'x'),
      (one) => (one.people[0] = { name: 'Eve', initials: 'AB', role: 'administrator' }),
      (one) => one.exceptions.pop(),
      (one) => (one.pdf.a4 = 'a'.repeat(64)),
      (one) => one.ledger.rows.splice(3, 1),
      (one) => (one.ledger.head.seq -= 1),
    ];
    for (const change of changes) expect(await found(change)).toEqual(['report-signature']);
  });

  it('is found out even where the station itself signs what its ledger does not say', async () => {
    const shown = (one: Report) => one.ledger.rows.findIndex((row) => row.bytes?.includes('the lamp failed') === true);
    expect(await found((one) => one.exceptions.pop(), true)).toEqual(['report-told']);
    expect(
      await found((one) => {
        one.steps.forEach((step) => step.facts.pop());
      }, true),
    ).toEqual(['report-told']);
    expect(
      await found((one) => {
        one.items.forEach((item) => (item.state = 'x'));
      }, true),
    ).toEqual(['report-told']);
    expect(await found((one) => one.ledger.rows.splice(shown(one), 1), true)).toContain('report-chain');
    expect(await found((one) => one.ledger.rows.splice(4, 2, ...one.ledger.rows.slice(4, 6).toReversed()), true)).toContain('report-chain');
    const reworded = await found((one) => {
      for (const row of one.ledger.rows) row.bytes = row.bytes?.replace('lamp', 'lime') ?? null;
    }, true);
    expect(reworded).toContain('report-row');
    expect(await found((one) => (one.ledger.head.head = 'a'.repeat(64)), true)).toContain('report-head');
    // Its head is the last of it: a row behind its checkpoint, or none, is not what the station signed.
    expect(
      await found((one) => {
        const last = one.ledger.rows.at(-1);
        if (last !== undefined)
          one.ledger.rows.push({ seq: last.seq + 1, prev: last.sha256, sha256: 'a'.repeat(64), bytes: null, mac: null });
      }, true),
    ).toEqual(['report-head']);
  });

  it.each(['people', 'clock', 'signer', 'policy'])('does not hold where the fact %s is not what it should be', async (name) => {
    const odd = await found((one) => {
      for (const row of one.ledger.rows) {
        if (row.bytes?.includes(`"name":"${name}"`) !== true) continue;
        const record = JSON.parse(row.bytes) as { data: { name?: string; value: unknown } };
        if (record.data.name === name) row.bytes = canonicalJson({ ...record, data: { ...record.data, value: { people: 7 } } });
      }
    }, true);
    expect(odd).toEqual(['report-row', 'report-rows']);
  });

  it('is no report where it holds anything that a reader may take for a part of it', async () => {
    const file = join(auditor.folder, 'more.json');
    for (const [from, to] of [
      ['{', '{"more": 1,'],
      ['{', '{"__proto__": {"state": "closed"},'],
      ['"rules": {', '"rules": {"__proto__": {"network_gate": "warn"},'],
      ['"number": 1,', '"number": 1.00000000000000000001,'],
      ['"state": "closed"', '"state": "aborted", "state": "closed"'],
    ] as const) {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      writeFileSync(file, changed);
      expect([to, await auditor.codes('ceremony.check', { file })]).toEqual([to, ['report-invalid']]);
    }
    writeFileSync(file, JSON.stringify(Object.fromEntries(Object.entries(report()).toReversed())));
    expect(await auditor.codes('ceremony.check', { file })).toEqual([]);
  });

  it('is found out at its station where it keeps a row from whoever reads it', async () => {
    const changed = report();
    const hidden = changed.ledger.rows.find((row) => row.bytes?.includes('the lamp failed') === true);
    if (hidden === undefined) throw new Error('the exception is not in the rows');
    Object.assign(hidden, { bytes: null, mac: null });
    changed.exceptions = changed.exceptions.filter((one) => one.text !== 'the lamp failed');
    changed.signature = sign(null, reportSigned(changed), room.signingKey()).toString('base64');
    const file = join(room.folder, 'hidden.json');
    writeFileSync(file, JSON.stringify(changed));
    expect(await room.codes('ceremony.check', { file })).toEqual(['ledger-differs']);
  });

  it('is not taken from a stranger who signs as the station', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const theirs = report();
    theirs.station.public_key = raw.toString('base64');
    const forged = (id: string): string => {
      theirs.station.id = id;
      theirs.signature = sign(null, reportSigned(theirs), privateKey).toString('base64');
      const file = join(auditor.folder, 'forged.json');
      writeFileSync(file, JSON.stringify(theirs));
      return file;
    };
    expect(await auditor.codes('ceremony.check', { file: forged(report().station.id) })).toEqual(['report-station']);
    expect((await auditor.codes('ceremony.check', { file: forged(fingerprintOf(raw)), station: report().station.id }))[0]).toBe(
      'report-head',
    );
  });

  it('is not made, nor is anything else signed, of rows that this station did not write', async () => {
    const other = await CeremonyHome.make();
    await other.begin();
    await WORK[0]?.work(other);
    await other.sign();
    const database = new SqliteDatabase(join(other.home, 'ledger.sqlite'));
    const last = database.prepare('SELECT seq, bytes, mac FROM event ORDER BY seq DESC LIMIT 1').get() as ForgedRow;
    const summary = { software: { version: '1', sha256: null }, host: null, keys: [], items: [] };
    const forged = {
      v: 1,
      ledger_id: (JSON.parse(last.bytes) as { ledger_id: string }).ledger_id,
      seq: last.seq + 1,
      at: '2026-11-24T10:00:20.000Z',
      type: 'ceremony-ended',
      data: { ceremony_id: other.ceremony, state: 'closed', reason: null, summary },
      prev: createHash('sha256').update(last.bytes).update(last.mac).digest('hex'),
    };
    database.prepare('INSERT INTO event VALUES (?, ?, ?)').run(forged.seq, canonicalJson(forged), Buffer.alloc(32, 1));
    database.exec("UPDATE ceremony SET state = 'closed'");
    database.close();
    const out = join(other.folder, 'forged.json');
    expect(await other.codes('ceremony.report', { ceremony: '1', out })).toEqual(['event-mac']);
    expect(existsSync(out)).toBe(false);
    expect(await other.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' })).toEqual(['event-mac']);
    await other.remove();
  });

  it('is not made where a row of the ceremony was changed, dropped, or is another ledger’s', async () => {
    for (const [statement, code] of [
      ["UPDATE event SET bytes = replace(bytes, 'the lamp failed', 'the lamp was fine')", 'event-mac'],
      ["DELETE FROM event WHERE bytes LIKE '%the lamp failed%'", 'event-missing'],
      ['UPDATE event SET mac = zeroblob(32) WHERE bytes LIKE \'%"checklist"%\'', 'event-mac'],
      ['UPDATE event SET bytes = replace(bytes, \'"place"\', \'"palace"\')', 'event-mac'],
    ] as const) {
      const fork = room.fork();
      const database = new SqliteDatabase(join(fork.home, 'ledger.sqlite'));
      database.pragma('foreign_keys = OFF');
      database.exec('DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete');
      database.exec(statement);
      database.close();
      const out = join(fork.folder, 'changed.json');
      expect(await fork.codes('ceremony.report', { ceremony: '1', out })).toEqual([code]);
      expect(existsSync(out)).toBe(false);
      await fork.remove();
    }
  });

  it('shows that yesterday’s ledger was put back', async () => {
    const ledger = join(room.home, 'ledger.sqlite');
    const copy = join(room.folder, 'yesterday.sqlite');
    await room.must('ledger.export', { format: 'copy', out: copy });
    await room.begin();
    await WORK[0]?.work(room);
    await room.sign();
    await room.act('ceremony.abort', { reason: 'no time', initials: ['AB', 'CD'] });
    const later = join(room.folder, 'later.json');
    await room.must('ceremony.report', { ceremony: '2', out: later });
    copyFileSync(copy, ledger);
    for (const name of ['-wal', '-shm']) writeFileSync(`${ledger}${name}`, '');
    const fork = room.fork();
    const { output } = await fork.must('ceremony.check', { file: later });
    expect(output).toMatchObject({ ok: false, ledger: 'differs' });
    expect((output['findings'] as { message: string }[])[0]?.message).toContain('older than the head of the report of ceremony 2');
    expect((await fork.must('ceremony.check', { file: path })).output['ledger']).toBe('differs');
    await fork.remove();
  });

  it('tells who signed by the name of that time, and at what a ceremony was stopped', async () => {
    const other = await CeremonyHome.make();
    await other.begin();
    for (const { work } of WORK.slice(0, 2)) {
      await work(other);
      await other.sign();
    }
    await other.act('ceremony.hand-over', { from: 'CD', to: { name: 'Eve Fox', initials: 'EF' }, reason: 'ill', seen_by: 'AB' });
    const initials = [
      { role: 'administrator', initials: 'AB' },
      { role: 'witness', initials: 'EF' },
    ];
    await other.act('ceremony.sign-off', { ...(await other.signOff()), initials });
    await other.act('ceremony.environment', { typed: 'rehearsal' });
    const { now } = await other.view();
    await other.act('ceremony.escalate', { reason: 'the words differ', initials: 'EF' });
    const file = join(other.folder, 'stopped.json');
    await other.must('ceremony.report', { ceremony: '1', out: file });
    const { people, steps } = JSON.parse(readFileSync(file, 'utf8')) as Report;
    expect(people.map((one) => one.name)).toEqual(['Ann Baker', 'Eve Fox', 'Carl Dahl']);
    expect(steps.map((one) => [one.number, one.id, ...one.signed.map(({ name }) => name)])).toEqual([
      [1, 'people', 'Ann Baker', 'Eve Fox'],
      [2, 'self-test', 'Ann Baker', 'Carl Dahl'],
      [3, 'sign-in'],
    ]);
    expect(steps[2]?.evidence_sha256).toBe(now?.evidence_sha256);
    expect(steps[2]?.checks).toEqual(now?.checks);
    expect((await auditor.must('ceremony.check', { file })).output).toMatchObject({ ok: true, state: 'escalated' });
    await other.remove();
  });

  it('is refused of a ceremony that is open, unknown, or where a file is in the way', async () => {
    const other = await CeremonyHome.make();
    await other.begin();
    expect(await other.codes('ceremony.report', { ceremony: '1', out: join(other.folder, 'x.json') })).toEqual(['ceremony-open']);
    expect(await other.codes('ceremony.report', { ceremony: '7', out: join(other.folder, 'x.json') })).toEqual(['ceremony-unknown']);
    await other.act('ceremony.escalate', { reason: 'no light', initials: null });
    const taken = other.secret('taken.json');
    expect(await other.codes('ceremony.report', { ceremony: '1', out: taken })).toEqual(['output-exists']);
    await other.must('ceremony.report', { ceremony: '1', out: join(other.folder, 'x.json') });
    expect(await other.codes('ceremony.check', { file: taken })).toEqual(['report-invalid']);
    await other.remove();
  });
});
