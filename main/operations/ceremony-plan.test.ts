import { afterEach, describe, expect, it } from 'vitest';
import { CeremonyHome } from './ceremony-home.fixture.ts';
import { ADDRESS, beginByPlan, openDepartures, PLANNED_WORK, walkByPlan } from './planned-ceremony.fixture.ts';

const rooms: CeremonyHome[] = [];
afterEach(async () => {
  for (const room of rooms.splice(0)) await room.remove();
});
async function newRoom(): Promise<CeremonyHome> {
  const room = await CeremonyHome.make();
  rooms.push(room);
  return room;
}

describe('a rehearsal by its plan', () => {
  it('comes to its end with nothing that departs', async () => {
    const room = await newRoom();
    await beginByPlan(room);
    for (const { step, work } of PLANNED_WORK) {
      await work(room);
      expect([step, await room.now(), await openDepartures(room)]).toEqual([step, { step, gate: 'open', problem: null }, []]);
      await room.sign();
    }
    await room.sign(); // verify
    await room.act('ceremony.recover', { passphrase: null });
    await room.sign();
    const answers = (await room.view()).checklist.map(({ id }) => ({ id, yes: true }));
    await room.act('ceremony.checklist', { answers });
    await room.sign();
    expect(await room.now()).toMatchObject({ step: 'close', gate: 'open' });
    await room.sign();
    expect((await room.view()).state).toBe('closed');
  });

  it('finds the planned identifier', async () => {
    const room = await newRoom();
    await beginByPlan(room);
    await walkByPlan(room, 'secrets');
    await PLANNED_WORK.find(({ step }) => step === 'secrets')?.work(room);
    const { files, now } = await room.view();
    expect(
      files.map(({ name, place, needs, inspection }) => [name, place, needs, inspection?.identifier?.value, inspection?.as_planned]),
    ).toEqual([
      ['seed.txt', 'wallets[0].items[0]', null, ADDRESS, true],
      ['notes.pdf', 'wallets[0].items[1]', null, undefined, true],
    ]);
    expect(now?.checks.map(({ id, result }) => `${id} ${result}`)).toEqual([
      'files passed',
      'inspected passed',
      'unchecked amber',
      'as-planned passed',
    ]);
  });
});
