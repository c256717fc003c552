import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY, CeremonyHome } from './home.fixture.ts';
import { beginByPlan, goOn, openDepartures, PHRASE, planFile, PLANNED_WORK, walkByPlan } from './planned-ceremony.fixture.ts';

/** What lies between looking at a secret and sealing it, and a secret that was sealed before. */
describe('a planned item', () => {
  let room: CeremonyHome;
  const files = () => [room.secret('seed.txt', PHRASE), room.secret('notes.pdf')];
  const seal = () => room.refusal('ceremony.seal', { mode: 'plan', passphrase: null, send_name: false });
  const states = async () => (await room.view()).files.map(({ name, state }) => `${name} ${state}`);

  beforeAll(async () => {
    room = await CeremonyHome.make();
    await beginByPlan(room);
    await walkByPlan(room, 'secrets');
    await room.act('ceremony.choose', { files: files() });
    await room.sign();
  });
  afterAll(async () => {
    await room.remove();
  });

  it('that was sealed by the command line after people looked at it is not sealed again by the ceremony', async () => {
    const fork = room.fork();
    try {
      const [pack] = fork.ledger((queries) => queries.assignedKeys().map(({ document_id: id }) => id));
      const [key, out] = [join(fork.folder, 'wallet.keypack.json'), join(fork.folder, 'seed.sealed.json')];
      await fork.must('document', { id: pack, out: key });
      await fork.must('seal', { key, in: room.secret('seed.txt', PHRASE), out, plan: planFile(fork), item: 'seed.txt' });
      expect(await fork.refusal('ceremony.seal', { mode: 'plan', passphrase: null, send_name: false })).toEqual(['item-sealed-before']);
      expect((await fork.view()).files.map(({ name, state }) => `${name} ${state}`)).toEqual(['seed.txt chosen', 'notes.pdf sealed']);
      await fork.act('ceremony.choose', { files: files() });
      expect((await openDepartures(fork)).filter((one) => one.startsWith('item-sealed-before'))).toHaveLength(2);
    } finally {
      await fork.remove();
    }
  });

  it('without an identifier is not sealed once its bytes are others, however alike; also after a restart', async () => {
    const notes = room.secret('notes.pdf', `${CANARY} notes.pdg`);
    expect(await seal()).toEqual(['inspected-changed']);
    expect(await states()).toEqual(['seed.txt sealed', 'notes.pdf chosen']);
    // Nor does a second look make the other one the file that initials were put to.
    const { item_id } = (await room.view()).files[1] ?? {};
    expect(await room.refusal('ceremony.inspect', { item_id, bip39_passphrase: null, password: null })).toEqual(['inspected-changed']);
    await room.restart();
    expect(await seal()).toEqual(['inspected-changed']);
    writeFileSync(notes, `${CANARY} notes.pdf`);
    expect(await seal()).toEqual([]);
    expect(await states()).toEqual(['seed.txt sealed', 'notes.pdf sealed']);
  });

  it('is known again by a mark that says nothing of it to whoever has the ledger alone', async () => {
    const kept = room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find(({ name }) => name === 'inspected')?.value ?? '');
    const marks = [...kept.matchAll(/"mark":"([0-9a-f]{64})"/g)].map(([, mark]) => mark);
    expect(new Set(marks).size).toBe(2);
    const other = await CeremonyHome.make();
    try {
      await beginByPlan(other);
      await walkByPlan(other, 'secrets');
      await other.act('ceremony.choose', { files: [room.secret('seed.txt', PHRASE), room.secret('notes.pdf')] });
      // The same bytes, another station: another mark.
      const there = other.ledger((queries) => JSON.stringify(queries.ceremonyFacts(other.ceremony)));
      expect(marks.filter((mark) => there.includes(mark ?? ''))).toEqual([]);
    } finally {
      await other.remove();
    }
  });

  it('that was sealed before stops where it is chosen again, and goes on with two people’s word alone', async () => {
    const before = (await room.view()).files.map(({ item_id }) => item_id);
    await room.act('ceremony.choose', { files: files() });
    expect(await room.now()).toEqual({ step: 'secrets', gate: 'stopped', problem: 'item-sealed-before' });
    const { plan } = await room.view();
    expect(plan?.departures.map(({ code, place, found }) => [code, place, found])).toEqual(
      before.map((id, at) => ['item-sealed-before', `wallets[0].items[${at.toString()}]`, `${id}, sealed`]),
    );
    expect(await seal()).toEqual(['step-not-ready']);
    await goOn(room, 'the first stick is lost');
    expect([await openDepartures(room), await room.now()]).toEqual([[], { step: 'secrets', gate: 'open', problem: null }]);
    await room.sign();
    expect(await seal()).toEqual([]);
    const [seed] = (await room.view()).files;
    expect(room.ledger((queries) => queries.plannedOfItem(seed?.item_id ?? ''))).toMatchObject({ departures: ['item-sealed-before'] });
  });

  it('of the same plan for another key, as in every rehearsal that is done again, was not', async () => {
    // Its stand-in ends with it: the next one has another key for the same wallet.
    await room.act('ceremony.abort', { reason: 'once more from the beginning', initials: ['AB', 'CD'] });
    await beginByPlan(room);
    await walkByPlan(room, 'secrets');
    await PLANNED_WORK.find(({ step }) => step === 'secrets')?.work(room);
    expect([await openDepartures(room), await room.now()]).toEqual([[], { step: 'secrets', gate: 'open', problem: null }]);
  });
});
