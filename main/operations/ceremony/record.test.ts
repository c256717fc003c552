import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../report/index.ts';
import { CeremonyHome, WORK } from './home.fixture.ts';

describe('the record of a ceremony', () => {
  let room: CeremonyHome;

  beforeEach(async () => {
    room = await CeremonyHome.make();
    await room.begin();
    for (const { work } of WORK.slice(0, 2)) {
      await work(room);
      await room.sign();
    }
  });

  afterEach(async () => {
    await room.remove();
  });

  const HAND_OVER = { from: 'CD', to: { name: 'Eve Fox', initials: 'EF' }, reason: 'taken ill', seen_by: 'AB' };
  const people = async (): Promise<string[]> => (await room.view()).people.map((one) => `${one.role} ${one.name} ${one.initials}`);

  it('rests with a reason, refuses all work until it goes on, and keeps both', async () => {
    await room.act('ceremony.pause', { reason: 'the van is late', initials: 'ab' });
    expect((await room.view()).paused).toMatchObject({ reason: 'the van is late', initials: 'AB' });
    expect(await room.refusal('ceremony.environment', { typed: 'rehearsal' })).toEqual(['ceremony-paused']);
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['ceremony-paused']);
    expect(await room.refusal('ceremony.pause', { reason: 'again', initials: 'AB' })).toEqual(['ceremony-paused']);
    await room.act('ceremony.exception', { text: 'somebody knocked', initials: 'CD' });
    expect(await room.refusal('ceremony.resume', { reason: 'here', initials: 'XY' })).toEqual(['initials-unknown']);
    await room.restart();
    expect((await room.view()).paused?.reason).toBe('the van is late');
    await room.act('ceremony.resume', { reason: 'the van is here', initials: 'CD' });
    expect(await room.refusal('ceremony.resume', { reason: 'again', initials: 'CD' })).toEqual(['ceremony-not-paused']);
    expect(await room.now()).toMatchObject({ step: 'sign-in' });
    expect(room.exceptions()).toEqual(['Paused: the van is late', 'somebody knocked', 'Resumed: the van is here']);
  });

  it('hands a role over: whoever is there now signs for it, and whoever left cannot', async () => {
    await room.act('ceremony.hand-over', HAND_OVER);
    expect(await people()).toEqual(['administrator Ann Baker AB', 'witness Eve Fox EF']);
    expect(await room.now()).toMatchObject({ step: 'people', gate: 'open' });
    const asked = await room.signOff();
    expect(await room.refusal('ceremony.sign-off', asked)).toEqual(['initials-unknown']);
    await room.act('ceremony.sign-off', {
      ...asked,
      initials: [
        { role: 'administrator', initials: 'AB' },
        { role: 'witness', initials: 'EF' },
      ],
    });
    // What the two before had signed stands: its facts are the same.
    expect(await room.now()).toMatchObject({ step: 'sign-in' });
    expect(room.exceptions()).toEqual(['The role of witness passed from Carl Dahl (CD) to Eve Fox (EF): taken ill']);
  });

  it.each([
    ['by nobody here', { ...HAND_OVER, from: 'XY' }, 'initials-unknown'],
    ['seen by nobody here', { ...HAND_OVER, seen_by: 'XY' }, 'initials-unknown'],
    ['seen by whoever goes', { ...HAND_OVER, seen_by: 'CD' }, 'initials-same'],
    ['to somebody who has a role', { ...HAND_OVER, to: { name: 'Ann Baker', initials: 'AB' } }, 'initials-twice'],
    ['to somebody who is here under other initials', { ...HAND_OVER, to: { name: 'ann baker', initials: 'AX' } }, 'person-twice'],
    ['without a reason', { ...HAND_OVER, reason: '' }, 'input-invalid'],
  ])('hands nothing over %s', async (_, input, code) => {
    expect(await room.refusal('ceremony.hand-over', input)).toEqual([code]);
    expect(await people()).toEqual(['administrator Ann Baker AB', 'witness Carl Dahl CD']);
    expect(room.exceptions()).toEqual([]);
  });

  it('does not let signed people be entered anew: that would be a hand-over that nobody sees', async () => {
    const input = {
      people: [
        { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
        { name: 'Eve Fox', initials: 'EF', role: 'witness' },
      ],
      place: 'the vault',
      witness_clock: '10:00',
    };
    expect(await room.refusal('ceremony.people', input)).toEqual(['people-signed']);
  });

  it('does not let people be entered anew after a hand-over either', async () => {
    await room.act('ceremony.hand-over', HAND_OVER);
    const input = {
      people: [
        { name: 'Max Low', initials: 'ML', role: 'administrator' },
        { name: 'Eve Fox', initials: 'EF', role: 'witness' },
      ],
      place: 'a car park',
      witness_clock: '10:00',
    };
    expect(await room.refusal('ceremony.people', input)).toEqual(['people-signed']);
    expect(await people()).toEqual(['administrator Ann Baker AB', 'witness Eve Fox EF']);
  });

  it('gives nobody the initials of one who signed before and left; whoever comes back has their own', async () => {
    await room.act('ceremony.hand-over', HAND_OVER);
    const on = { from: 'EF', reason: 'relieved', seen_by: 'AB' };
    expect(await room.refusal('ceremony.hand-over', { ...on, to: { name: 'Cora Dunn', initials: 'cd' } })).toEqual(['initials-twice']);
    await room.act('ceremony.hand-over', { ...on, to: { name: 'carl  dahl', initials: 'CD' } });
    expect(await people()).toEqual(['administrator Ann Baker AB', 'witness carl  dahl CD']);
  });

  it.each([
    ['another case', 'ANN BAKER'],
    ['two spaces', 'Ann  Baker'],
    ['a space that is none of ours', 'Ann\u00a0Baker'],
    ['something that cannot be seen', 'Ann Baker\u200b'],
    ['full width', 'Ａｎｎ Ｂａｋｅｒ'],
  ])('takes no person for two: %s', async (_, name) => {
    expect(await room.refusal('ceremony.hand-over', { ...HAND_OVER, to: { name, initials: 'XY' } })).toEqual(['person-twice']);
    const other = await CeremonyHome.make();
    await other.begin();
    const two = [
      { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
      { name, initials: 'XY', role: 'witness' },
    ];
    expect(await other.refusal('ceremony.people', { people: two, place: 'the vault', witness_clock: '10:00' })).toEqual(['person-twice']);
    await other.remove();
  });

  it.each(['АВ', 'ＡＢ', 'ΑΒ', ' ab '])('takes no initials for two that look like one on paper: %s', async (initials) => {
    expect(await room.refusal('ceremony.hand-over', { ...HAND_OVER, to: { name: 'Eve Fox', initials } })).toEqual(['initials-twice']);
  });

  it('reads initials however they are typed: small, apart from their edges, or with accents of their own', async () => {
    await room.act('ceremony.hand-over', { ...HAND_OVER, to: { name: 'Émile Öz', initials: ' e\u0301o\u0308 ' } });
    expect(await people()).toEqual(['administrator Ann Baker AB', 'witness Émile Öz ÉÖ']);
    await room.act('ceremony.exception', { text: 'a knock', initials: 'éö' });
    expect(room.exceptions()).toContain('a knock');
  });

  it('tells in its report everybody who had a part, with the initials of those who left', async () => {
    await room.act('ceremony.hand-over', HAND_OVER);
    await room.act('ceremony.abort', { reason: 'over', initials: ['AB', 'EF'] });
    const out = join(room.folder, 'report.json');
    await room.must('ceremony.report', { ceremony: '1', out });
    const { people: told, steps } = JSON.parse(readFileSync(out, 'utf8')) as Report;
    expect(told.map((one) => `${one.role} ${one.name} ${one.initials}`)).toEqual([
      'administrator Ann Baker AB',
      'witness Eve Fox EF',
      'witness Carl Dahl CD',
    ]);
    expect(steps.map((step) => step.signed.map((one) => one.initials))).toEqual([
      [], // lit again by the hand-over, and stopped at
      ['AB', 'CD'],
    ]);
    expect(await room.codes('ceremony.check', { file: out })).toEqual([]);
  });

  it('is aborted by two people, with a reason, also while it rests', async () => {
    expect(await room.refusal('ceremony.abort', { reason: 'no time', initials: ['AB'] })).toEqual(['initials-missing']);
    expect(await room.refusal('ceremony.abort', { reason: 'no time', initials: ['AB', 'ab'] })).toEqual(['initials-missing']);
    expect(await room.refusal('ceremony.abort', { reason: 'no time', initials: ['AB', 'XY'] })).toEqual(['initials-unknown']);
    expect(room.exceptions()).toEqual([]);
    await room.act('ceremony.pause', { reason: 'lunch', initials: 'AB' });
    const { view } = await room.act('ceremony.abort', { reason: 'no time', initials: ['AB', 'CD'] });
    expect(view).toMatchObject({ state: 'aborted', reason: 'no time', now: null });
    expect(await room.refusal('ceremony.abort', { reason: 'no time', initials: ['AB', 'CD'] })).toEqual(['ceremony-ended']);
  });

  it('is escalated under the initials of whoever does it, once somebody has initials', async () => {
    expect(await room.refusal('ceremony.escalate', { reason: 'the words differ' })).toEqual(['initials-missing']);
    expect(await room.refusal('ceremony.escalate', { reason: 'the words differ', initials: 'XY' })).toEqual(['initials-unknown']);
    const { view } = await room.act('ceremony.escalate', { reason: 'the words differ', initials: 'CD' });
    expect(view).toMatchObject({ state: 'escalated', reason: 'the words differ' });
    expect(view.exceptions.at(-1)).toMatchObject({ text: 'Stopped and escalated', initials: 'CD' });
  });

  it.each([
    ['a pause', "INSERT ON ceremony_fact WHEN new.name = 'paused'", 'ceremony.pause', { reason: 'lunch', initials: 'AB' }],
    ['a hand-over', "INSERT ON ceremony_fact WHEN new.name = 'people'", 'ceremony.hand-over', HAND_OVER],
    ['an escalation', 'UPDATE OF state ON ceremony', 'ceremony.escalate', { reason: 'wrong', initials: 'AB' }],
    ['an abort', 'UPDATE OF state ON ceremony', 'ceremony.abort', { reason: 'no time', initials: ['AB', 'CD'] }],
  ] as const)('keeps no entry of %s that did not come to be', async (_, event, operation, input) => {
    const head = room.ledger((__, ledger) => ledger.head());
    const database = new SqliteDatabase(join(room.home, 'ledger.sqlite'));
    database.exec(`CREATE TRIGGER refuses BEFORE ${event} BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`);
    await expect(room.act(operation, input)).rejects.toThrow('not built as Coldroom builds it');
    database.exec('DROP TRIGGER refuses');
    database.close();
    expect(room.ledger((__, ledger) => ledger.head())).toEqual(head);
    expect(room.exceptions()).toEqual([]);
    await room.act(operation, input);
    expect(room.exceptions()).not.toEqual([]);
  });
});
