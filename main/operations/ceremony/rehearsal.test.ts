import '../../../test/cheap-scrypt.mjs';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../values/index.ts';
import { CANARY, CeremonyHome, WORK } from './home.fixture.ts';
import { newRooms } from './rooms.fixture.ts';

const newRoom = newRooms();

/** Where the built-in stand-in of a home's rehearsals is kept, sealed under a key of the keychain. */
const standInFile = (room: CeremonyHome): string => join(room.home, 'rehearsal.box');

const CHECKLIST_YES = ['host-confirmed', 'kept-as-ordered', 'other-copies', 'recovery-people', 'failures-rehearsed'].map((id) => ({
  id,
  yes: true,
}));
const PASSPHRASE = `${CANARY} passphrase of the secrets`;

/** The steps of the rehearsal after `store`. */
const REST: typeof WORK = [
  { step: 'verify', work: (room) => room.act('ceremony.verify') },
  { step: 'recover', work: (room) => room.act('ceremony.recover', { passphrase: PASSPHRASE }) },
  { step: 'checklist', work: (room) => room.act('ceremony.checklist', { answers: CHECKLIST_YES }) },
];

/** The whole rehearsal with passphrase and envelope; `between` runs before every single operation. */
async function rehearse(room: CeremonyHome, between: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  const secrets = [room.secret('small'), room.secret('large', Buffer.alloc(900, CANARY))];
  const steps = [...WORK, ...REST].map((one) => {
    if (one.step === 'secrets') return { ...one, work: () => room.act('ceremony.choose', { files: secrets }) };
    if (one.step !== 'seal') return one;
    return {
      ...one,
      work: () => room.act('ceremony.seal', { mode: 'envelope+passphrase', passphrase: PASSPHRASE, send_name: true }),
    };
  });
  for (const { step, work } of steps) {
    await between();
    expect((await room.now()).step).toBe(step);
    await work(room);
    await between();
    expect(await room.now()).toEqual({ step, gate: 'open', problem: null });
    await room.sign();
  }
}

function filesOf(room: CeremonyHome): string[] {
  return readdirSync(room.home, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(room.home, name)).isFile());
}

describe('a rehearsal in which the app is killed before every operation', () => {
  const shown: unknown[] = [];
  let room: CeremonyHome;
  let killed = 0;

  beforeAll(async () => {
    room = await CeremonyHome.make('file');
    await room.begin();
    await rehearse(room, async () => {
      killed += 1;
      shown.push(await room.view());
      await room.restart();
    });
  });
  afterAll(() => room.remove());

  it('comes to its last step all the same', async () => {
    expect(killed).toBe(22);
    expect(await room.now()).toEqual({ step: 'close', gate: 'open', problem: null });
    expect((await room.view()).has_token).toBe(true);
    expect(existsSync(standInFile(room))).toBe(true);
    expect(await room.keychainEntry('rehearsal-key')).toHaveLength(32);
  });

  it('compares what was released with the files, byte by byte', async () => {
    const recovered = () => room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'recovery')?.value);
    expect(recovered()).not.toContain('"same":false');
    const secret = join(room.folder, 'secrets', 'large');
    const original = readFileSync(secret);
    writeFileSync(secret, Buffer.alloc(original.length, `${CANARY}!`)); // the same length
    const { view } = await room.act('ceremony.recover', { passphrase: PASSPHRASE });
    expect(view.now).toMatchObject({ step: 'recover', gate: 'stopped', problem: 'rehearsal-differs' });
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
    writeFileSync(secret, original);
    await room.act('ceremony.recover', { passphrase: PASSPHRASE });
    expect(await room.now()).toEqual({ step: 'close', gate: 'open', problem: null });
  });

  it('opens nothing with another passphrase, and notes nothing then', async () => {
    const head = room.ledger((queries) => queries.ceremonyFacts(room.ceremony));
    expect(await room.refusal('ceremony.recover', { passphrase: 'another' })).toEqual(['box-cannot-open']);
    expect(await room.refusal('ceremony.recover', { passphrase: null })).toEqual(['passphrase-needed']);
    expect(room.ledger((queries) => queries.ceremonyFacts(room.ceremony))).toEqual(head);
  });

  it('closes, and leaves neither the stand-in’s file nor a key of it', async () => {
    const closed = await room.sign();
    expect(closed).toMatchObject({ state: 'closed', now: null, exceptions: [], has_token: false });
    expect(closed.steps.map((one) => one.status)).toEqual(Array<string>(12).fill('done'));
    expect(closed.steps.every((one) => one.signed.map((by) => by.initials).join() === 'AB,CD')).toBe(true);
    shown.push(closed, room.progress, room.notes);
    expect(existsSync(standInFile(room))).toBe(false);
    expect(await room.keychainEntry('rehearsal-key')).toBeNull();
    const { output } = await room.must('ledger.check', {});
    expect(output).toMatchObject({ ok: true, macs: 'valid' });
    const { output: listed } = await room.must('ceremony.list', {});
    expect(listed['ceremonies']).toMatchObject([{ ceremony_id: room.ceremony, state: 'closed', number: 1 }]);
  });

  it('has put no secret into the home, and no path into what was shown', async () => {
    for (const item of (await room.view()).files) shown.push((await room.must('item.show', { id: item.item_id })).output);
    const text = JSON.stringify(shown);
    expect(shown.length).toBeGreaterThan(25);
    expect(text).not.toContain(room.folder);
    expect(text).not.toContain(CANARY);
    const secrets = ['small', 'large'].map((name) => readFileSync(join(room.folder, 'secrets', name)));
    for (const name of filesOf(room)) {
      const bytes = readFileSync(join(room.home, name));
      for (const form of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64').slice(0, 14)]) {
        expect(bytes.includes(form), `${name} holds ${form}`).toBe(false);
      }
      for (const secret of secrets) expect(bytes.includes(sha256(secret)), `${name} holds a digest of a secret`).toBe(false);
    }
    // The path stands in the fact that needs it, and in no other event.
    const withPath = room.ledger((_, ledger) =>
      [...ledger.events()].filter((event) => JSON.stringify(event).includes(join(room.folder, 'secrets'))),
    );
    expect(withPath.map((event) => (event.type === 'ceremony-fact' ? event.data.name : event.type))).toEqual(['secrets']);
  });
});

describe('a secret that is made up', () => {
  it('is for rehearsals alone', async () => {
    const room = await newRoom();
    await room.begin();
    for (const { step, work } of WORK.slice(0, 5)) {
      expect((await room.now()).step).toBe(step);
      await work(room);
      await room.sign();
    }
    const { view } = await room.act('ceremony.choose', { files: [], made_up: true });
    // Of this ceremony's own name: another rehearsal's would otherwise be overwritten.
    const name = `made-up-secret-${view.ceremony_id.slice(0, 8)}.txt`;
    expect(view.files).toMatchObject([{ name, state: 'chosen', recommended: 'direct' }]);
    expect(readFileSync(join(room.home, name), 'utf8')).toMatch(/^REHEARSAL ONLY, worth nothing: [0-9a-f]{32}\n$/);
    await room.must('environment.set', { name: 'sandbox' });
    await room.begin('single-station backup', 'sandbox');
    expect(await room.refusal('ceremony.choose', { files: [], made_up: true })).toEqual(['not-a-rehearsal']);
    expect(await room.refusal('ceremony.practice-key')).toEqual(['not-a-rehearsal']);
    expect(await room.refusal('ceremony.recover', { passphrase: null })).toEqual(['not-a-rehearsal']);
  });
});

describe('files that were sealed in different ways', () => {
  it('come back one passphrase after the other', async () => {
    const room = await newRoom();
    await room.begin();
    for (const { work } of WORK.slice(0, 5)) {
      await work(room);
      await room.sign();
    }
    const [first, second, third] = ['one', 'two', 'three'].map((name) => room.secret(name));
    await room.act('ceremony.choose', { files: [first, second, third] });
    await room.sign();
    const gone = (path: string | undefined): void => {
      rmSync(path ?? '');
    };
    gone(second);
    gone(third);
    const seal = (mode: string, passphrase: string | null) => room.act('ceremony.seal', { mode, passphrase, send_name: false });
    await seal('auto', null);
    room.secret('two');
    await seal('passphrase', `${PASSPHRASE} A`);
    room.secret('three');
    expect((await seal('envelope+passphrase', `${PASSPHRASE} B`)).codes).toEqual([]);
    await room.sign();
    await room.act('ceremony.store', { resolve: null });
    await room.sign();
    await room.sign();
    const opened = async (passphrase: string) => {
      const { codes, view } = await room.act('ceremony.recover', { passphrase });
      return [codes, view.now?.gate, view.now?.checks[0]?.rests_on];
    };
    expect(await opened('neither')).toEqual([['box-cannot-open'], 'waits', '1 of 3, compared byte by byte']);
    expect(await opened(`${PASSPHRASE} B`)).toEqual([['box-cannot-open'], 'waits', '2 of 3, compared byte by byte']);
    expect(await opened(`${PASSPHRASE} A`)).toEqual([[], 'open', '3 of 3, compared byte by byte']);
  });
});
