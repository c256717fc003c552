import '../../../test/cheap-scrypt.mjs';
import { afterAll, describe, expect, it } from 'vitest';
import { CeremonyHome, NOW_MS } from './home.fixture.ts';

const PEOPLE_INPUT = {
  people: [
    { name: 'Ann', initials: 'AB', role: 'administrator' },
    { name: 'Carl', initials: 'CD', role: 'witness' },
  ],
  place: 'the vault',
  witness_clock: '10:00',
};

let shared: Promise<CeremonyHome> | null = null;
afterAll(async () => (await shared)?.remove());

/** One station for all tests of the first step: entering people again takes the place of what was there. */
function peopleRoom(): Promise<CeremonyHome> {
  shared ??= CeremonyHome.make().then(async (room) => {
    await room.begin();
    return room;
  });
  return shared;
}

function clockOf(room: CeremonyHome): unknown {
  return JSON.parse(room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'clock')?.value ?? 'null'));
}

describe('the people', () => {
  it.each([
    ['the same minute', '10:00', 0],
    ['the next minute', '10:01', 40],
    ['the minute before', '09:59', -21],
    ['half a day away, less a little', '21:59', 43_120],
    ['half a day away, and a little more', '22:01', -43_101],
  ])('read %s: %s', async (_name, read, seconds) => {
    const room = await peopleRoom();
    await room.act('ceremony.people', { ...PEOPLE_INPUT, witness_clock: read });
    expect(clockOf(room)).toMatchObject({ offset_seconds: seconds, witness_read: read });
  });

  it.each([
    ['23:59:50', '00:00', 10],
    ['00:00:10', '23:59', -11],
    ['00:00:00', '00:00', 0],
    ['23:59:59', '23:59', 0],
    ['00:01:30', '23:58', -151],
  ])('are on the near side of midnight: %s here, %s there', async (here, read, seconds) => {
    const room = await peopleRoom();
    room.nowMs = Date.parse(`2026-11-24T${here}.000Z`);
    await room.act('ceremony.people', { ...PEOPLE_INPUT, witness_clock: read });
    room.nowMs = NOW_MS;
    expect(clockOf(room)).toMatchObject({ offset_seconds: seconds });
  });

  const ann = { name: 'Ann', initials: 'AB', role: 'administrator' };
  const carl = { name: 'Carl', initials: 'CD', role: 'witness' };

  it.each([
    ['no witness', [ann], 'people-too-few'],
    ['no administrator', [carl], 'people-too-few'],
    ['nobody', [], 'input-invalid'],
    ['the same initials', [ann, { ...carl, initials: 'AB' }], 'initials-twice'],
    ['the same initials in another spelling', [ann, { ...carl, initials: 'ab' }], 'initials-twice'],
    ['the same person', [ann, { ...carl, name: 'ANN' }], 'person-twice'],
    ['initials of one letter', [ann, { ...carl, initials: 'C' }], 'input-invalid'],
    ['initials of six letters', [ann, { ...carl, initials: 'CDEFGH' }], 'input-invalid'],
    ['initials that are no letters', [ann, { ...carl, initials: 'C.' }], 'input-invalid'],
    ['another role', [ann, carl, { ...carl, name: 'X', initials: 'XX', role: 'guest' }], 'input-invalid'],
    ['an auditor with a witness’s initials', [ann, carl, { ...carl, name: 'X', role: 'auditor' }], 'initials-twice'],
    ['one person as witness and operator', [ann, carl, { ...carl, initials: 'XX', role: 'operator' }], 'person-twice'],
  ])('are refused: %s', async (_name, people, code) => {
    const room = await peopleRoom();
    const head = room.ledger((_, ledger) => ledger.head());
    expect(await room.refusal('ceremony.people', { ...PEOPLE_INPUT, people })).toEqual([code]);
    expect(room.ledger((_, ledger) => ledger.head())).toEqual(head);
  });

  it.each(['24:00', '9:00', '10:60', '10:00:00', ''])('do not read %s off a clock', async (read) => {
    const room = await peopleRoom();
    expect(await room.refusal('ceremony.people', { ...PEOPLE_INPUT, witness_clock: read })).toEqual(['input-invalid']);
  });

  it('may be more than two, and initials are kept in capitals', async () => {
    const room = await peopleRoom();
    const people = [ann, { ...carl, initials: 'cd' }, { name: 'Eve', initials: 'éf', role: 'witness' }];
    const { view } = await room.act('ceremony.people', { ...PEOPLE_INPUT, people });
    expect(view.people.map((one) => one.initials)).toEqual(['AB', 'CD', 'ÉF']);
    expect(view.now).toMatchObject({ step: 'people', gate: 'open' });
  });
});
