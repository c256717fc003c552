import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Escalation } from '../../report/index.ts';
import { StandIn, type StandInAddress } from '../../rehearsal/index.ts';
import { CANARY, CeremonyHome, NOW_MS, onePool, WALLET, WORK } from './home.fixture.ts';
import { removedAfterEach } from './rooms.fixture.ts';

/** A stand-in elsewhere, which does wrong when it is told to. */
const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
const PASSPHRASE = `${CANARY} seven other words of the list here`;
const TYPED = 'what people typed';
let at: StandInAddress;
const kept = removedAfterEach();

beforeAll(async () => {
  at = await standIn.listen();
});
afterEach(() => {
  standIn.setFault(null);
});
afterAll(async () => {
  await standIn.close();
});

/** A ceremony at that step, with nothing done for it. */
async function roomAt(step: string): Promise<CeremonyHome> {
  const room = kept(await CeremonyHome.make());
  await room.signInElsewhere(at);
  await room.begin();
  for (const one of WORK.slice(
    0,
    WORK.findIndex((other) => other.step === step),
  )) {
    if (one.step === 'seal') await room.act('ceremony.seal', { mode: 'passphrase', passphrase: PASSPHRASE, send_name: false });
    else await one.work(room);
    await room.sign();
  }
  return room;
}

async function escalationOf(room: CeremonyHome, ceremony = '1'): Promise<{ report: Escalation; text: string }> {
  const { output } = await room.must('ceremony.escalation-report', { ceremony });
  return { report: output['report'] as Escalation, text: output['text'] as string };
}

describe('an escalation report', () => {
  it('names every ID, code and time of a ceremony that a failed check stopped, in both its forms', async () => {
    const room = await roomAt('store');
    standIn.setFault('false-backup-verify');
    await room.act('ceremony.store', { resolve: null });
    await room.sign();
    const { view } = await room.act('ceremony.escalate', { reason: TYPED, initials: 'AB' });
    const { report, text } = await escalationOf(room, view.ceremony_id);

    expect(report).toMatchObject({
      ceremony: { number: 1, state: 'escalated', id: view.ceremony_id },
      stopped_at: { step: 'verify' },
      environment: { name: 'rehearsal', host: new URL(at.api).host },
      accounts: [at.accountId],
      assignments: [{ state: 'assigned', key_environment: 'COLD', http_status: 200 }],
      keys: [{ last_check: 'valid' }],
    });
    expect(report.stopped_at?.checks).toContainEqual({ id: 'backup-valid', result: 'failed' });
    expect(report.items.map((one) => [one.state, one.http_status, one.last_check])).toEqual([
      ['stored', 200, 'invalid'],
      ['stored', 200, 'invalid'],
    ]);
    const verified = report.events.filter((one) => one['event.action'] === 'verified');
    expect(verified.some((one) => one['coldroom.result'] === 'invalid' && one['http.response.status_code'] === 200)).toBe(true);
    expect(report.events.map((one) => one['event.action'])).toEqual(
      expect.arrayContaining(['ceremony-begun', 'assignment-begun', 'assignment-answered', 'store-begun', 'item-stored', 'ceremony-ended']),
    );

    const files = view.files.flatMap((file) => [file.item_id, file.backup_id ?? 'no backup']);
    const key = view.assignment?.key;
    const ids = [
      view.ceremony_id,
      view.assignment?.assignment_id,
      key?.key_id,
      key?.fingerprint,
      `wallet-${view.ceremony_id}`,
      at.accountId,
    ];
    expect(files).toHaveLength(4);
    for (const one of [...ids, ...files, report.signer, report.station.id, report.ledger.head]) {
      expect(JSON.stringify(report)).toContain(one ?? 'nothing');
      expect(text).toContain(one ?? 'nothing');
    }
    expect(text).toMatch(/^stopped at verify .*backup-valid=failed/m);
    expect(text).toMatch(/^at \S+Z verified \S+ invalid 200$/m);
  });

  it('holds no secret, no path, no file’s name, no person, and nothing that people typed', async () => {
    const room = await roomAt('store');
    await room.act('ceremony.exception', { text: TYPED, initials: 'AB' });
    standIn.setFault('false-key-verify');
    await room.act('ceremony.store', { resolve: null });
    await room.act('ceremony.escalate', { reason: TYPED, initials: 'CD' });
    const { report, text } = await escalationOf(room);
    const all = `${JSON.stringify(report)}${text}`;
    const checksums = room.ledger((queries) => report.items.map((one) => queries.item(one.item_id)?.checksum ?? ''));
    expect(checksums.every((one) => /^[0-9a-f]{64}$/.test(one))).toBe(true);
    for (const one of [CANARY, TYPED, at.token, room.folder, 'share-1', 'Ann Baker', 'the vault', 'desk', '"AB"', ...checksums])
      expect(all).not.toContain(one);
  });

  it('names the assignment of which nobody knows, also after its wallet was changed', async () => {
    const room = await roomAt('assign');
    standIn.setFault('html-200');
    await room.act('ceremony.assign');
    const id = (await room.view()).assignment?.assignment_id ?? '';
    await room.act('ceremony.wallet', { ...WALLET, user_identifier: 'another', customer_id: 'acme', customer_name: 'Acme Ltd' });
    expect((await room.view()).assignment).toBeNull();
    const { report, text } = await escalationOf(room);
    expect(report.assignments).toMatchObject([{ assignment_id: id, state: 'unknown', key_id: null }]);
    expect(report.stopped_at).toBeNull(); // it is open
    expect(text).toContain(`assignment ${id} unknown`);

    standIn.setFault(null);
    await room.sign();
    await room.act('ceremony.assign');
    const later = await escalationOf(room);
    expect(later.report.assignments.map((one) => [one.user_identifier, one.state, one.customer_id])).toEqual([
      [`wallet-${room.ceremony}`, 'unknown', null],
      ['another', 'assigned', 'acme'],
    ]);
    expect(`${JSON.stringify(later.report)}${later.text}`).not.toContain('Acme Ltd');
  });

  it('is of its own ceremony and of no other', async () => {
    const room = await roomAt('secrets');
    const first = await escalationOf(room);
    await room.begin();
    for (const { work } of WORK.slice(0, 5)) {
      await work(room);
      await room.sign();
    }
    const [one, two] = [await escalationOf(room, '1'), await escalationOf(room, '2')];
    expect(one.report.keys).toEqual(first.report.keys);
    expect(one.report.events).toEqual(expect.arrayContaining(first.report.events));
    const [mine, other] = [one.report.assignments[0]?.assignment_id ?? 'none', two.report.assignments[0]?.assignment_id ?? 'none'];
    expect(mine).not.toBe(other);
    expect(JSON.stringify(one)).not.toContain(other);
    expect(JSON.stringify(two)).not.toContain(mine);
  });

  it('is written as a file that was not there, at a cold station too', async () => {
    const room = kept(await CeremonyHome.make('memory', 'cold'));
    await room.begin('cold: seal');
    const out = join(room.folder, 'escalation.json');
    const { output } = await room.must('ceremony.escalation-report', { ceremony: '1', out });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(output['report']);
    expect(output['report']).toMatchObject({ environment: { name: 'rehearsal', host: null, environment_id: null }, assignments: [] });
    expect(await room.codes('ceremony.escalation-report', { ceremony: '1', out })).toEqual(['output-exists']);
    expect(await room.codes('ceremony.escalation-report', { ceremony: '2' })).toEqual(['ceremony-unknown']);
  });
});
