import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY, CeremonyHome } from './home.fixture.ts';
import {
  ADDRESS,
  approve,
  beginByPlan,
  changedPlan,
  goOn,
  HEX_KEY,
  openDepartures,
  PHRASE,
  planFile,
  PLANNED_WORK,
  ROOM_PLAN,
  typedWallet,
  walkByPlan,
  WITH_PASSPHRASE,
} from './planned-ceremony.fixture.ts';
import { removedAfterEach } from './rooms.fixture.ts';

const kept = removedAfterEach();
/** A rehearsal by the plan before its secrets are chosen: what is about secrets begins with a copy of it. */
let before: CeremonyHome;
beforeAll(async () => {
  before = await CeremonyHome.make();
  await beginByPlan(before);
  await walkByPlan(before, 'secrets');
  await before.restart();
});
afterAll(async () => {
  await before.remove();
});
const atSecrets = (): CeremonyHome => kept(before.fork());
const newRoom = async (): Promise<CeremonyHome> => kept(await CeremonyHome.make());

/** A phrase that is valid, and another wallet's. */
const OTHER_PHRASE = `${'zoo '.repeat(11)}wrong\n`;
const OTHER_ADDRESS = 'bc1q'; // how every address of its kind begins
const TWO = ['AB', 'CD'];

async function chooseSeed(room: CeremonyHome, phrase: string): Promise<void> {
  await room.act('ceremony.choose', { files: [room.secret('seed.txt', phrase), room.secret('notes.pdf')] });
}

describe('a rehearsal by its plan', () => {
  it('comes to its end with nothing that departs, and names the plan in every event of it', async () => {
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
    const { now, plan } = await room.view();
    expect(now?.checks.find(({ id }) => id === 'plan-others')).toMatchObject({ result: 'amber', rests_on: 'not yet: treasury-eth' });
    await room.sign();
    expect((await room.view()).state).toBe('closed');
    const events = room.ledger((_, ledger) => [...ledger.eventsNaming(room.ceremony)].filter((one) => one.type.startsWith('ceremony-')));
    const unnamed = events.filter((one) => (one.data as { plan_sha256?: string }).plan_sha256 !== plan?.plan_sha256);
    expect(unnamed.map((one) => (one.type === 'ceremony-fact' ? `${one.type} ${one.data.name}` : one.type))).toEqual([
      'ceremony-begun',
      'ceremony-fact policy',
      'ceremony-fact plan',
    ]);
    expect(events.length).toBeGreaterThan(40);
  });

  it('finds the planned identifier, and says what nobody checked', async () => {
    const room = atSecrets();
    await chooseSeed(room, PHRASE);
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

describe('another secret than the planned one', () => {
  it('stops at the step, goes on with two people’s word, and stops again where it is another one', async () => {
    const room = atSecrets();
    await chooseSeed(room, OTHER_PHRASE);
    expect(await room.now()).toEqual({ step: 'secrets', gate: 'stopped', problem: 'other-identifier' });
    expect(await room.refusal('ceremony.sign-off', await room.signOff())).toEqual(['step-not-ready']);
    expect(await room.refusal('ceremony.seal', { mode: 'plan', passphrase: null, send_name: false })).toEqual(['step-not-ready']);
    const [departure] = (await room.view()).plan?.departures ?? [];
    expect(departure).toMatchObject({ planned: ADDRESS, found: expect.stringMatching(`^${OTHER_ADDRESS}`) as string });
    const id = departure?.id ?? '';
    const reason = 'the client moved';
    expect(await room.refusal('ceremony.go-on', { departure: 'f'.repeat(64), reason, initials: TWO })).toEqual(['departure-unknown']);
    expect(await room.refusal('ceremony.go-on', { departure: id, reason, initials: ['AB', 'AB'] })).toEqual(['initials-same']);
    expect(await room.refusal('ceremony.go-on', { departure: id, reason, initials: ['AB', 'ZZ'] })).toEqual(['initials-unknown']);
    expect(await room.now()).toMatchObject({ gate: 'stopped' });
    await room.act('ceremony.go-on', { departure: id, reason, initials: TWO });
    expect(await room.now()).toMatchObject({ step: 'secrets', gate: 'open' });
    expect(
      room
        .exceptions()
        .filter((text) => text.includes('other-identifier') && text.includes(ADDRESS) && text.includes('AB and CD: the client moved')),
    ).toHaveLength(1);
    expect(await room.refusal('ceremony.go-on', { departure: id, reason, initials: TWO })).toEqual(['departure-unknown']);
    await room.sign();
    // The same file chosen anew is another choice: nobody has gone on with that one.
    await chooseSeed(room, OTHER_PHRASE);
    expect(await room.now()).toEqual({ step: 'secrets', gate: 'stopped', problem: 'other-identifier' });
  });

  it.each([
    ['a typing error', PHRASE.replace('about', 'abuot'), 'not-valid'],
    ['two words swapped', `${'abandon '.repeat(10)}about abandon\n`, 'not-valid'],
    ['another kind', HEX_KEY, 'other-kind'],
    ['two spaces between words', PHRASE.trimEnd().replaceAll(' ', '  '), 'not-valid'],
  ])('%s stops by name', async (_what, content, code) => {
    const room = atSecrets();
    await chooseSeed(room, content);
    expect(await room.now()).toMatchObject({ step: 'secrets', gate: 'stopped' });
    expect((await openDepartures(room)).map((one) => one.split(' ')[0])).toContain(code);
  });

  it('is not sealed either when it takes the place of the one that was looked at', async () => {
    const room = atSecrets();
    await chooseSeed(room, PHRASE);
    await room.sign();
    const seed = room.secret('seed.txt', PHRASE);
    writeFileSync(seed, PHRASE.replace('about', 'abuot'));
    expect(await room.refusal('ceremony.seal', { mode: 'plan', passphrase: null, send_name: false })).toEqual(['inspected-changed']);
    expect((await room.view()).files.map(({ name, state }) => `${name} ${state}`)).toEqual(['seed.txt chosen', 'notes.pdf sealed']);
    writeFileSync(seed, PHRASE);
    expect(await room.refusal('ceremony.seal', { mode: 'plan', passphrase: null, send_name: false })).toEqual([]);
    expect(await room.now()).toMatchObject({ step: 'seal', gate: 'open' });
  });
});

describe('items and modes', () => {
  it('left out and too many stop, each for itself', async () => {
    const room = atSecrets();
    await room.act('ceremony.choose', { files: [room.secret('seed.txt', PHRASE), room.secret('other.txt')] });
    expect(await openDepartures(room)).toEqual(['item-left-out wallets[0].items[1]', 'item-not-planned wallets[0].items']);
    expect(await room.now()).toMatchObject({ gate: 'stopped', problem: 'item-not-planned' });
    const [first] = (await room.view()).plan?.departures ?? [];
    await room.act('ceremony.go-on', { departure: first?.id, reason: 'it is lost', initials: TWO });
    expect(await room.now()).toMatchObject({ gate: 'stopped', problem: 'item-not-planned' });
    await goOn(room);
    expect(await room.now()).toMatchObject({ gate: 'open' });
    await room.sign();
    await room.act('ceremony.seal', { mode: 'envelope', passphrase: null, send_name: false });
    expect(await room.now()).toEqual({ step: 'seal', gate: 'stopped', problem: 'other-mode' });
    await goOn(room);
    expect(await room.now()).toMatchObject({ step: 'seal', gate: 'open' });
  });

  it('of a phrase with a BIP-39 passphrase are looked at with it, once more when they are sealed, and never without', async () => {
    const plan = changedPlan((one) => {
      const [item] = one.wallets[0]?.items ?? [];
      if (item === undefined) throw new Error('the plan has it');
      item.bip39_passphrase = true;
      item.identifier = { type: 'master-fingerprint', path: 'm', value: WITH_PASSPHRASE.fingerprint };
      one.wallets[0]?.items.pop();
    });
    const room = await newRoom();
    await beginByPlan(room, plan);
    await walkByPlan(room, 'secrets');
    await room.act('ceremony.choose', { files: [room.secret('seed.txt', PHRASE)] });
    const [file] = (await room.view()).files;
    const item_id = file?.item_id ?? '';
    expect([file?.needs, await room.now()]).toEqual(['bip39-passphrase', { step: 'secrets', gate: 'waits', problem: null }]);
    const look = (text: string | null) => room.refusal('ceremony.inspect', { item_id, bip39_passphrase: text, password: null });
    expect(await look(null)).toEqual(['beside-missing']);
    await look('another one');
    expect(await room.now()).toMatchObject({ gate: 'stopped', problem: 'other-identifier' });
    await look(WITH_PASSPHRASE.passphrase);
    expect(await room.now()).toMatchObject({ gate: 'open' });
    await room.sign();
    const sealing = { mode: 'plan', passphrase: null, send_name: false };
    await room.restart();
    expect(await room.refusal('ceremony.seal', sealing)).toEqual(['inspect-again']);
    await look(WITH_PASSPHRASE.passphrase);
    expect(await room.refusal('ceremony.seal', sealing)).toEqual([]);
    expect(await room.now()).toMatchObject({ step: 'seal', gate: 'open' });
    const text = room.ledger((_, ledger) => JSON.stringify([...ledger.events()]));
    expect(text).toContain(WITH_PASSPHRASE.fingerprint);
    expect(text).not.toContain(WITH_PASSPHRASE.passphrase);
    expect(text).not.toContain('abandon');
    expect(text).not.toContain(CANARY);
  });

  it('that Coldroom makes up have the planned names and sizes, and are compared with nothing else', async () => {
    const room = atSecrets();
    await room.act('ceremony.choose', { files: [], made_up: true });
    const { files } = await room.view();
    expect(files.map(({ name, size_bytes: size, made_up }) => [name, size, made_up])).toEqual([
      ['seed.txt', 50, true],
      ['notes.pdf', 64, true],
    ]);
    expect(await room.now()).toMatchObject({ gate: 'open' });
  });
});

describe('before the secrets', () => {
  it('other people, another wallet and another kind of key stop their steps', async () => {
    const room = await newRoom();
    await beginByPlan(room);
    await room.act('ceremony.people', {
      people: [
        { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
        { name: 'Eva Falk', initials: 'EF', role: 'witness' },
      ],
      place: 'the vault',
      witness_clock: '10:00',
    });
    expect(await openDepartures(room)).toEqual(['person-left-out people[1]', 'person-not-planned people']);
    expect(await room.now()).toEqual({ step: 'people', gate: 'stopped', problem: 'person-not-planned' });
    await PLANNED_WORK[0]?.work(room);
    expect(await room.now()).toMatchObject({ step: 'people', gate: 'open' });
    await room.sign();
    for (const { step, work } of PLANNED_WORK.slice(1, 3)) {
      await work(room);
      expect(step).toBe((await room.now()).step);
      await room.sign();
    }
    await room.act('ceremony.wallet', typedWallet(ROOM_PLAN, 1));
    expect(await room.now()).toEqual({ step: 'wallet', gate: 'stopped', problem: 'wallet-not-chosen' });
    await room.act('ceremony.wallet', { ...typedWallet(ROOM_PLAN), key_environment: 'HOT', typed: 'HOT' });
    expect(await room.now()).toEqual({ step: 'wallet', gate: 'stopped', problem: 'other-key-environment' });
    expect(await room.refusal('ceremony.assign')).toEqual(['step-not-ready']);
  });

  it('an approval counts for its plan, its people, and from before the beginning', async () => {
    const room = await newRoom();
    const file = planFile(room);
    const { output } = await room.must('plan.read', { file });
    const wish = (people: object[]) => room.codes('plan.approve', { file, plan_sha256: output['plan_sha256'], people });
    const ann = { name: 'Ann Baker', initials: 'AB' };
    expect(await wish([ann, { name: 'Eva Falk', initials: 'EF' }])).toEqual(['plan-person-unknown']);
    expect(await wish([ann, { name: 'Carl Dahl', initials: 'AB' }])).toEqual(['initials-twice']);
    const two = planFile(
      room,
      changedPlan((plan) => plan.people.push({ name: 'Gus Hahn', role: 'operator' })),
    );
    const second = (await room.must('plan.read', { file: two })).output['plan_sha256'];
    expect(
      await room.codes('plan.approve', { file: two, plan_sha256: second, people: [ann, { name: 'Gus Hahn', initials: 'GH' }] }),
    ).toEqual(['plan-approval-short']);
    expect(await room.codes('plan.approve', { file: two, plan_sha256: output['plan_sha256'], people: [ann] })).toEqual(['input-invalid']);
    await room.begin('rehearsal', 'rehearsal', { plan: file, wallets: [0] });
    await approve(room, file);
    await PLANNED_WORK[0]?.work(room);
    const { now, plan } = await room.view();
    expect(plan?.approvals).toEqual([]);
    expect(now?.checks.find(({ id }) => id === 'plan-approved')).toMatchObject({ result: 'amber' });
    expect(now?.gate).toBe('open');
    await room.must('ceremony.abort', { ceremony: room.ceremony, reason: 'begun too early', initials: TWO });
    await room.begin('rehearsal', 'rehearsal', { plan: file, wallets: [0] });
    await room.act('ceremony.people', {
      people: [
        { name: 'Ann Baker', initials: 'AN', role: 'administrator' },
        { name: 'Carl Dahl', initials: 'CD', role: 'witness' },
      ],
      place: 'the vault',
      witness_clock: '10:00',
    });
    expect(await room.now()).toEqual({ step: 'people', gate: 'stopped', problem: 'other-initials' });
  });

  it('a plan that nobody approved stops the first step where keys count', async () => {
    const room = await newRoom();
    await room.must('environment.set', { name: 'production', api: 'https://api.example.com', jwks: 'https://api.example.com/jwks' });
    const file = planFile(room);
    const begin = () => room.begin('single-station backup', 'production', { plan: file, wallets: [0] });
    await begin();
    await PLANNED_WORK[0]?.work(room);
    expect(await room.now()).toEqual({ step: 'people', gate: 'stopped', problem: 'plan-not-approved' });
    expect(await openDepartures(room)).toEqual(['plan-not-approved']);
    await approve(room, file);
    expect(await room.now()).toMatchObject({ gate: 'stopped' }); // beforehand is before the beginning
    await begin();
    await PLANNED_WORK[0]?.work(room);
    expect(await room.now()).toMatchObject({ step: 'people', gate: 'open' });
  });

  it('every plan that was approved is found again: the last first, with whose initials it has and its ceremonies', async () => {
    const room = await newRoom();
    const approved = async () => (await room.must('plan.approved', {})).output['plans'] as { title: string; plan_sha256: string }[];
    expect(await approved()).toEqual([]);
    // A text that names the event as the ledger writes it is a text.
    const odd = changedPlan((plan) => (plan.title = '"type":"plan-approved"'));
    const [first, second] = [planFile(room), planFile(room, odd)];
    for (const file of [first, second, first]) await approve(room, file);
    await room.begin('rehearsal', 'rehearsal', { plan: second, wallets: [0] });
    const { output } = await room.must('plan.read', { file: first });
    const plans = await approved();
    const people = [
      { name: 'Ann Baker', role: 'administrator', initials: 'AB' },
      { name: 'Carl Dahl', role: 'witness', initials: 'CD' },
    ];
    expect(plans).toMatchObject([
      { title: ROOM_PLAN.title, plan_sha256: output['plan_sha256'], words: output['words'], approvals: people, ceremonies: [] },
      { title: odd.title, approvals: people, ceremonies: [{ ceremony_id: room.ceremony, number: 1, state: 'open' }] },
    ]);
    expect(plans[0]).toMatchObject({ approvals: output['approvals'] });
  });

  it('a wallet that an open ceremony rehearses begins no second time, until that one is stopped', async () => {
    const room = await newRoom();
    const plan = planFile(room);
    const begin = (at: number) => room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal', plan, wallets: [at] });
    await beginByPlan(room);
    expect(await begin(0)).toEqual(['rehearsal-open']);
    expect(await begin(1)).toEqual([]);
    await walkByPlan(room, 'assign');
    expect(await begin(0)).toEqual(['rehearsal-open']);
    await room.must('ceremony.abort', { ceremony: room.ceremony, reason: 'begun by mistake', initials: TWO });
    expect(await begin(0)).toEqual([]);
  });

  it('a plan for elsewhere, no wallet of several, and wallets without a plan are refused', async () => {
    const room = await newRoom();
    const plan = planFile(
      room,
      changedPlan((one) => (one.environment = 'sandbox')),
    );
    const begin = (input: object) => room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal', ...input });
    expect(await begin({ plan })).toEqual(['plan-wallet-unchosen']);
    expect(await begin({ plan, wallets: [0, 1] })).toEqual(['plan-wallet-unchosen']);
    expect(await begin({ plan, wallets: [2] })).toEqual(['plan-wallets']);
    expect(await begin({ wallets: [0] })).toEqual(['not-planned']);
    expect(await room.codes('ceremony.begin', { script: 'single-station backup', environment: 'production', plan, wallets: [0] })).toEqual([
      'other-environment',
    ]);
    await room.begin();
    expect((await room.view()).plan).toBeNull();
    expect(await room.refusal('ceremony.go-on', { departure: 'f'.repeat(64), reason: 'r', initials: TWO })).toEqual(['not-planned']);
  });
});
