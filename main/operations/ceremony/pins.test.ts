import '../../../test/cheap-scrypt.mjs';
import { sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../ceremony/index.ts';
import { reportSigned, type Report } from '../../report/index.ts';
import { OPERATIONS } from '../operation-list.ts';
import { isColdroomError } from '../../values/index.ts';
import { CeremonyHome, WORK } from './home.fixture.ts';
import { checkSomebodyBack, whoIsAtWork } from './reopening.ts';

/** Stand nowhere else: whatever holds them holds a PIN. */
const PIN = { AB: '739164', CD: '502837', EF: '918264', GH: '640195' };
type Who = keyof typeof PIN;

const PEOPLE = [
  { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
  { name: 'Carl Dahl', initials: 'CD', role: 'witness' },
  { name: 'Eva Falk', initials: 'EF', role: 'witness' },
];
const HERE = { people: PEOPLE, place: 'the vault', witness_clock: '10:00' };
const BOTH: [string, string][] = [
  ['AB', PIN.AB],
  ['CD', PIN.CD],
];

let room: CeremonyHome;

beforeEach(async () => {
  room = await CeremonyHome.make();
  const policy = { ...DEFAULT_POLICY, initials_with_pin: true };
  await room.must('policy.set', { file: room.secret('policy.json', JSON.stringify(policy)), administrator: 'Ann Baker' });
  await room.begin();
  await room.act('ceremony.people', HERE);
});
afterEach(async () => {
  await room.remove();
});

const pinsOf = (pairs: readonly [string, string][]) => pairs.map(([initials, pin]) => ({ initials, pin }));
const choose = (initials: string, pin: string, again = pin) => room.refusal('ceremony.pin', { initials, pin, again });
const chooseAll = async () => {
  for (const { initials } of PEOPLE) expect(await choose(initials, PIN[initials as Who])).toEqual([]);
};
const signWith = async (pairs: readonly [string, string][]) =>
  room.refusal('ceremony.sign-off', { ...(await room.signOff()), pins: pinsOf(pairs) });
const triesLeft = async (initials: string) => (await room.view()).pins?.find((one) => one.initials === initials)?.tries_left;
const codeOf = (error: unknown): string => {
  if (isColdroomError(error)) return error.code;
  throw error;
};
const eventsOf = (name: string) => room.ledger((_, ledger) => [...ledger.eventsNaming(room.ceremony)].filter((one) => one.type === name));
const count = () => room.ledger((_, ledger) => ledger.head().seq);
async function lock(initials: string): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    await room.refusal('ceremony.exception', { text: 'x', initials, pins: pinsOf([[initials, '111222']]) });
  }
  expect(await triesLeft(initials)).toBe(0);
}

describe('choosing a PIN', () => {
  it('is waited for until everybody has one, and stands', async () => {
    expect(await room.now()).toMatchObject({ step: 'people', gate: 'waits' });
    expect((await room.view()).pins).toEqual(PEOPLE.map(({ initials }) => ({ initials, chosen: false, tries_left: 5 })));
    await chooseAll();
    expect(await room.now()).toMatchObject({ step: 'people', gate: 'open' });
    expect(await choose('AB', '284715')).toEqual(['pin-chosen']);
    expect(await signWith(BOTH)).toEqual([]);
    expect(await room.now()).toMatchObject({ step: 'self-test' });
  });

  it.each([
    ['five digits', '73916', 'pin-form'],
    ['thirteen digits', '7391640528137', 'pin-form'],
    ['a letter', '73916a', 'pin-form'],
    ['digits of another script', '٧٣٩١٦٤', 'pin-form'],
    ['one digit', '000000', 'pin-weak'],
    ['a row', '123456', 'pin-weak'],
    ['a row downwards, past the end', '210987', 'pin-weak'],
    ['every second', '024680', 'pin-weak'],
    ['three different digits', '112233', 'pin-weak'],
    ['a repetition', '73917391', 'pin-weak'],
    ['a mirror', '147741', 'pin-weak'],
    ['a walk over the keys', '0147258', 'pin-weak'],
  ])('is refused with %s', async (_, pin, code) => {
    expect(await choose('AB', pin)).toEqual([code]);
    expect((await room.view()).pins?.[0]).toMatchObject({ chosen: false });
  });

  it.each(['739164', '7391640528', '739164052813'])('is taken with %s', async (pin) => {
    expect(await choose('AB', pin)).toEqual([]);
  });

  it('is refused where the two differ, for nobody here, and where nobody asks for PINs', async () => {
    expect(await choose('AB', PIN.AB, '739165')).toEqual(['pin-differs']);
    expect(await choose('XY', PIN.AB)).toEqual(['initials-unknown']);
    await room.must('policy.set', { file: room.secret('plain.json', JSON.stringify(DEFAULT_POLICY)), administrator: 'Ann Baker' });
    await room.begin();
    await room.act('ceremony.people', HERE);
    expect(await choose('AB', PIN.AB)).toEqual(['pin-not-asked']);
    expect((await room.view()).pins).toBeNull();
  });

  it('tells nobody that another has the same', async () => {
    expect(await choose('AB', PIN.AB)).toEqual([]);
    expect(await choose('CD', PIN.AB)).toEqual([]);
    const [first, second] = room.ledger((queries) => {
      const row = queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'pin-proofs');
      return (JSON.parse(row?.value ?? '') as { people: { salt: string; proof: string }[] }).people;
    });
    expect(first?.salt).not.toBe(second?.salt);
    expect(first?.proof).not.toBe(second?.proof);
  });

  it('keeps whoever has chosen as they were entered; others can be entered anew', async () => {
    await choose('AB', PIN.AB);
    const renamed = [{ ...PEOPLE[0], name: 'Anna Baker' }, ...PEOPLE.slice(1)];
    expect(await room.refusal('ceremony.people', { ...HERE, people: renamed })).toEqual(['people-with-pins']);
    const others = [PEOPLE[0], { name: 'Gus Hahn', initials: 'GH', role: 'witness' }];
    expect(await room.refusal('ceremony.people', { ...HERE, people: others })).toEqual([]);
    expect((await room.view()).pins).toEqual([
      { initials: 'AB', chosen: true, tries_left: 5 },
      { initials: 'GH', chosen: false, tries_left: 5 },
    ]);
  });
});

/** Every operation that takes initials, as it is asked for by AB, or by AB and CD. */
const TAKES: readonly [string, string[], Record<string, unknown>][] = [
  ['ceremony.exception', ['AB'], { text: 'a phone rang', initials: 'AB' }],
  ['ceremony.pause', ['AB'], { reason: 'lunch', initials: 'AB' }],
  ['ceremony.escalate', ['AB'], { reason: 'wrong', initials: 'AB' }],
  ['ceremony.abort', ['AB', 'CD'], { reason: 'not wanted', initials: ['AB', 'CD'] }],
  ['ceremony.hand-over', ['CD', 'AB'], { from: 'CD', to: { name: 'Gus Hahn', initials: 'GH' }, reason: 'ill', seen_by: 'AB' }],
  ['ceremony.passphrase-half', ['AB'], { part: 'first', typed: 'a half of somebody’s own 4711', initials: 'AB' }],
  ['ceremony.passphrase-make', ['AB'], { part: 'first', words: 6, initials: 'AB' }],
];

describe('initials with a PIN', () => {
  beforeEach(chooseAll);

  it('are refused without it, and with another’s, and nothing is recorded but the try', async () => {
    const asked = await room.signOff();
    const before = count();
    expect(await room.refusal('ceremony.sign-off', asked)).toEqual(['pin-missing']);
    expect(await signWith([['AB', PIN.AB]])).toEqual(['pin-missing']);
    expect(count()).toBe(before);
    expect(
      await signWith([
        ['AB', PIN.AB],
        ['CD', PIN.AB],
      ]),
    ).toEqual(['pin-wrong']);
    expect(count()).toBe(before + 1);
    expect(eventsOf('ceremony-signed')).toEqual([]);
    expect([await triesLeft('AB'), await triesLeft('CD')]).toEqual([5, 4]);
  });

  it.each(TAKES)('are asked for by %s', async (name, who, input) => {
    const operation = name as keyof typeof OPERATIONS;
    const pins = pinsOf(who.map((one) => [one, PIN[one as Who]]));
    const before = count();
    // A role whose holder says nothing is taken by all the others: that is another test.
    if (name !== 'ceremony.hand-over') expect(await room.refusal(operation, input)).toEqual(['pin-missing']);
    expect(count()).toBe(before);
    const wrong = pins.map((one, at) => (at === 0 ? { ...one, pin: '111222' } : one));
    expect(await room.refusal(operation, { ...input, pins: wrong })).toEqual(['pin-wrong']);
    expect(count()).toBe(before + 1);
    expect(await room.refusal(operation, { ...input, pins })).not.toContain('pin-wrong');
  });

  it('are every operation’s that takes initials', () => {
    const taking = Object.entries(OPERATIONS)
      .filter(([, { input }]) => 'shape' in input && ['initials', 'seen_by'].some((member) => member in input.shape))
      .map(([name]) => name);
    const tested = ['ceremony.pin', 'ceremony.sign-off', 'ceremony.resume', 'ceremony.go-on', 'ceremony.network-override'];
    expect(taking.toSorted()).toEqual([...tested, ...TAKES.map(([name]) => name)].toSorted());
    for (const name of taking.filter((one) => one !== 'ceremony.pin'))
      expect(Object.keys((OPERATIONS[name as keyof typeof OPERATIONS].input as unknown as { shape: object }).shape)).toContain('pins');
  });

  it('are marked in the record, and those of Coldroom’s own entries are not', async () => {
    await signWith(BOTH);
    await room.act('ceremony.pause', { reason: 'lunch', initials: 'CD', pins: pinsOf([['CD', PIN.CD]]) });
    expect(await room.refusal('ceremony.resume', { reason: 'back', initials: 'CD' })).toEqual(['pin-missing']);
    await room.act('ceremony.resume', { reason: 'back', initials: 'CD', pins: pinsOf([['CD', PIN.CD]]) });
    expect(eventsOf('ceremony-signed').map(({ data }) => data)).toMatchObject([
      { initials: 'AB', pin: true },
      { initials: 'CD', pin: true },
    ]);
    expect(eventsOf('ceremony-exception').map(({ data }) => data)).toMatchObject([
      { initials: 'CD', pin: true },
      { initials: 'CD', pin: true },
    ]);
  });
});

describe('wrong PINs', () => {
  beforeEach(chooseAll);

  it('are counted through restarts, by whatever operation, and the fifth in a row locks', async () => {
    const wrong = pinsOf([['CD', '111222']]);
    for (let left = 4; left > 0; left -= 1) {
      const [name, input] =
        left % 2 === 0 ? (['ceremony.exception', { text: 'x' }] as const) : (['ceremony.pause', { reason: 'x' }] as const);
      expect(await room.refusal(name, { ...input, initials: 'CD', pins: wrong })).toEqual(['pin-wrong']);
      await room.restart();
      expect(await triesLeft('CD')).toBe(left);
    }
    expect(await room.refusal('ceremony.exception', { text: 'x', initials: 'CD', pins: wrong })).toEqual(['pin-locked']);
    expect(room.exceptions()).toEqual(['Carl Dahl (CD) is locked: 5 wrong PINs in a row']);
    await room.restart();
    expect(await signWith(BOTH)).toEqual(['pin-locked']);
    expect(eventsOf('ceremony-signed')).toEqual([]);
  });

  it('are forgotten with a right one', async () => {
    for (let tries = 0; tries < 4; tries += 1) await signWith([BOTH[0] ?? ['', ''], ['CD', '111222']]);
    expect(await triesLeft('CD')).toBe(1);
    expect(await signWith(BOTH)).toEqual([]);
    expect(await triesLeft('CD')).toBe(5);
  });

  it('are counted from what another window left', async () => {
    const other = room.sameHome();
    const wrong = { text: 'x', initials: 'CD', pins: pinsOf([['CD', '111222']]) };
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await room.refusal('ceremony.exception', wrong)).toEqual(['pin-wrong']);
      expect(await other.refusal('ceremony.exception', wrong)).toEqual(['pin-wrong']);
    }
    expect(await room.refusal('ceremony.exception', wrong)).toEqual(['pin-locked']);
    await other.remove();
  });
});

describe('a role whose holder is locked, or has forgotten the PIN', () => {
  const TO = { from: 'CD', to: { name: 'Gus Hahn', initials: 'GH' }, reason: 'forgotten', seen_by: 'AB' };
  beforeEach(chooseAll);

  it('is taken over with the PINs of all the others, as an exception', async () => {
    await signWith(BOTH);
    await lock('CD');
    expect(await room.refusal('ceremony.hand-over', { ...TO, pins: pinsOf([['AB', PIN.AB]]) })).toEqual(['others-missing']);
    const all = { ...TO, also_seen_by: ['EF'] };
    expect(await room.refusal('ceremony.hand-over', { ...all, pins: pinsOf([['AB', PIN.AB]]) })).toEqual(['pin-missing']);
    const pins = pinsOf([
      ['AB', PIN.AB],
      ['EF', PIN.EF],
    ]);
    expect(await room.refusal('ceremony.hand-over', { ...all, pins })).toEqual([]);
    const text = 'The role of witness passed from Carl Dahl (CD) to Gus Hahn (GH), without the PIN of CD: forgotten';
    expect(room.exceptions().slice(-2)).toEqual([text, text]);
    expect(await room.now()).toMatchObject({ step: 'people', gate: 'waits' });
    expect(await choose('GH', PIN.GH)).toEqual([]);
    const asked = { ...(await room.signOff()), pins: pinsOf([['AB', PIN.AB], ['GH', PIN.GH]]) }; // prettier-ignore
    const initials = [
      { role: 'administrator', initials: 'AB' },
      { role: 'witness', initials: 'GH' },
    ];
    expect(await room.refusal('ceremony.sign-off', { ...asked, initials })).toEqual([]);
    expect(await room.now()).toMatchObject({ step: 'self-test' });
  });

  it('needs one other alone where whoever goes types their PIN', async () => {
    const pins = pinsOf(BOTH);
    expect(await room.refusal('ceremony.hand-over', { ...TO, pins })).toEqual([]);
    expect(eventsOf('ceremony-exception').map(({ data }) => data)).toMatchObject([{ initials: 'CD' }, { initials: 'AB' }]);
  });

  it('goes to nobody who was locked, under whatever initials, nor to another under theirs', async () => {
    await lock('CD');
    const pins = pinsOf([
      ['AB', PIN.AB],
      ['EF', PIN.EF],
    ]);
    const over = { ...TO, also_seen_by: ['EF'], pins };
    expect(await room.refusal('ceremony.hand-over', over)).toEqual([]);
    await choose('GH', PIN.GH);
    const back = { from: 'GH', reason: 'back', seen_by: 'AB', pins: pinsOf([['AB', PIN.AB], ['GH', PIN.GH]]) }; // prettier-ignore
    expect(await room.refusal('ceremony.hand-over', { ...back, to: { name: 'Carl Dahl', initials: 'CX' } })).toEqual(['pin-locked']);
    expect(await room.refusal('ceremony.hand-over', { ...back, to: { name: 'Cora Dunn', initials: 'CD' } })).toEqual(['initials-twice']);
  });

  it('is not taken by one person alone, not even by one who locked the others', async () => {
    await lock('CD');
    await lock('EF');
    const alone = { ...TO, pins: pinsOf([['AB', PIN.AB]]) };
    expect(await room.refusal('ceremony.hand-over', alone)).toEqual(['others-missing']);
    expect(await room.refusal('ceremony.hand-over', { ...alone, also_seen_by: ['EF'] })).toEqual(['others-missing']);
    expect(await room.refusal('ceremony.escalate', { reason: 'x', initials: 'AB', pins: pinsOf([['AB', PIN.AB]]) })).toEqual([]);
  });

  it('leaves the ceremony to be stopped by anybody once everybody is locked, and to nothing else', async () => {
    for (const { initials } of PEOPLE) await lock(initials);
    expect(await room.refusal('ceremony.abort', { reason: 'x', initials: ['AB', 'CD'], pins: pinsOf(BOTH) })).toEqual(['pin-locked']);
    expect(await room.refusal('ceremony.escalate', { reason: 'everybody is locked' })).toEqual([]);
    expect((await room.view()).state).toBe('escalated');
  });
});

describe('a window that locked itself', () => {
  const back = async (typed: string, pin: string | null): Promise<string | null> => {
    const atWork = await whoIsAtWork(room.context());
    if (atWork === null) throw new Error('no ceremony is open');
    return checkSomebodyBack(room.context(), atWork, { typed, pin }).catch((error: unknown) => codeOf(error));
  };

  it('opens to initials with their PIN alone, once somebody has chosen one', async () => {
    expect(await whoIsAtWork(room.context())).toMatchObject({ initials: [], asksPin: true });
    await chooseAll();
    expect(await whoIsAtWork(room.context())).toMatchObject({ initials: ['AB', 'CD', 'EF'], asksPin: true });
    expect(await back('ab', null)).toBe('pin-missing');
    expect(await back('ab', PIN.CD)).toBe('pin-wrong');
    expect(await triesLeft('AB')).toBe(4);
    expect(await back('ZZ', PIN.AB)).toBe('initials-unknown');
    expect(await back(' ab ', PIN.AB)).toBe('AB');
  });
});

describe('a PIN', () => {
  it('is in no file that Coldroom wrote, and in nothing that it answered', async () => {
    await chooseAll();
    await signWith(BOTH);
    await signWith([['AB', '481516'], ['CD', PIN.CD]]); // prettier-ignore
    await room.act('ceremony.escalate', { reason: 'enough', initials: 'AB', pins: pinsOf([['AB', PIN.AB]]) });
    const out = join(room.folder, 'report.json');
    await room.must('ceremony.report', { ceremony: '1', out, pdf: join(room.folder, 'report.pdf') });
    await room.must('ledger.export', { out: join(room.home, 'export.json') });
    const answers = JSON.stringify([await room.view(), room.notes]);
    const files = readdirSync(room.home, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => readFileSync(join(one.parentPath, one.name)));
    expect(files.length).toBeGreaterThan(2);
    for (const pin of [...Object.values(PIN).slice(0, 3), '481516']) {
      for (const bytes of [...files, readFileSync(out), Buffer.from(answers)]) {
        for (const form of [pin, Buffer.from(pin).toString('base64'), Buffer.from(pin).toString('hex')])
          expect([pin, bytes.includes(form)]).toEqual([pin, false]);
      }
    }
  });

  it('stands by no digest in the report, which says by person that initials were given with one', async () => {
    await chooseAll();
    await signWith(BOTH);
    await room.act('ceremony.escalate', { reason: 'enough', initials: 'AB', pins: pinsOf([['AB', PIN.AB]]) });
    const out = join(room.folder, 'report.json');
    const pdf = join(room.folder, 'report.pdf');
    await room.must('ceremony.report', { ceremony: '1', out, pdf });
    const report = JSON.parse(readFileSync(out, 'utf8')) as { people: object[]; steps: { signed: object[] }[]; exceptions: object[] };
    expect(report.people).toEqual(PEOPLE.map((one) => ({ ...one, pin: true })));
    expect(report.steps[0]?.signed).toMatchObject([
      { initials: 'AB', pin: true },
      { initials: 'CD', pin: true },
    ]);
    expect(report.exceptions).toMatchObject([{ initials: 'AB', pin: true }]);
    expect(readFileSync(out, 'utf8')).not.toContain('pin-proofs');
    const again = [join(room.folder, 'again.json'), join(room.folder, 'again.pdf')] as const;
    await room.must('ceremony.report', { ceremony: '1', out: again[0], pdf: again[1] });
    expect([out, pdf].map((file, at) => readFileSync(file).equals(readFileSync(again[at] ?? '')))).toEqual([true, true]);
    const { output } = await room.must('ceremony.check', { file: out, pdf });
    expect(output).toMatchObject({ ok: true, pdf: 'a4', pins: { with_pin: 3, without: 0 } });
    expect((await room.must('ledger.check', {})).output).toMatchObject({ ok: true });
    // A station that lies for itself is found out by what the policy in the report asks for.
    const lying = JSON.parse(readFileSync(out, 'utf8')) as Report;
    const row = lying.ledger.rows.find(({ bytes }) => bytes?.includes('"type":"ceremony-signed"') === true);
    if (row?.bytes === undefined || row.bytes === null) throw new Error('nobody signed');
    row.bytes = row.bytes.replace('"pin":true,', '');
    lying.signature = sign(null, reportSigned(lying), room.signingKey()).toString('base64');
    const { output: found } = await room.must('ceremony.check', { file: room.secret('lying.json', JSON.stringify(lying)) });
    expect(found['findings']).toContainEqual(expect.objectContaining({ code: 'report-pin', seq: row.seq }));
    expect(found['ok']).toBe(false);
  });

  it('goes with the ceremony through work that takes none', async () => {
    await chooseAll();
    await signWith(BOTH);
    for (const { work } of WORK.slice(1, 3)) {
      await work(room);
      expect(await signWith(BOTH)).toEqual([]);
      await room.restart();
    }
    expect(await room.now()).toMatchObject({ step: 'wallet' });
  });
});
