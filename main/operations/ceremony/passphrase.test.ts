import { readdirSync, readFileSync, statSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Policy } from '../../ceremony/index.ts';
import { CANARY, CeremonyHome, WORK } from './home.fixture.ts';
import { PassphraseKeeper } from '../index.ts';

const rooms: CeremonyHome[] = [];
let base: Promise<CeremonyHome> | null = null;
afterAll(async () => {
  for (const room of rooms) await room.remove();
  await (await base)?.remove();
});

/** A ceremony at the step where it seals two small files. */
async function atSeal(): Promise<CeremonyHome> {
  base ??= (async () => {
    const made = await CeremonyHome.make();
    await made.begin();
    for (const { step, work } of WORK) {
      if (step === 'seal') break;
      await work(made);
      await made.sign();
    }
    return made;
  })();
  const room = (await base).fork();
  rooms.push(room);
  return room;
}

const seal = { mode: 'auto+passphrase', passphrase: null, send_name: false };
const drawn = async (room: CeremonyHome, input: object = {}): Promise<string> => {
  const { output } = await room.act('ceremony.passphrase-make', { part: 'whole', words: 6, initials: null, ...input });
  return (output['drawn'] as string[]).join(' ');
};
const shownOf = async (room: CeremonyHome) =>
  (await room.view()).now?.facts.filter((one) => one.name === 'passphrase').map((one) => one.value);

/** Stores, verifies, and plays the recovery with that passphrase. */
async function opensWith(room: CeremonyHome, passphrase: string): Promise<string[]> {
  await room.sign();
  await room.act('ceremony.store', { resolve: null });
  await room.sign();
  await room.sign();
  return room.refusal('ceremony.recover', { passphrase });
}

describe('a passphrase that Coldroom draws', () => {
  it('is shown once, typed back, sealed under and forgotten; the evidence says how it came to be', async () => {
    const room = await atSeal();
    expect(await room.refusal('ceremony.seal', seal)).toEqual(['passphrase-needed']);
    const words = await drawn(room);
    expect(words.split(' ')).toHaveLength(6);
    expect(await room.refusal('ceremony.seal', seal)).toEqual(['passphrase-needed']); // not typed back yet
    const confirmed = await room.act('ceremony.passphrase-confirm', { part: 'whole', typed: words });
    expect(confirmed.output).toEqual({
      parts: [{ part: 'whole', how: 'generated', words: 6, by: null, confirmed: true }],
      ready: true,
    });
    expect((await room.act('ceremony.seal', seal)).view.files.map((file) => file.mode)).toEqual(['passphrase', 'passphrase']);
    expect(await shownOf(room)).toEqual(['6 words that Coldroom drew, typed back']);
    expect(room.passphrases.isReady(room.ceremony)).toBe(false);
    expect(await room.refusal('ceremony.passphrase-confirm', { part: 'whole', typed: words })).toEqual(['passphrase-gone']);
    expect(await opensWith(room, words)).toEqual([]);
  });

  it('is not taken before it is typed back exactly, and the refusal says which words are in no list, never which are right', async () => {
    const room = await atSeal();
    const words = (await drawn(room)).split(' ');
    for (const typed of [
      words.toReversed(),
      words.slice(1),
      [...words, 'zoom'],
      words.map((word) => word.toUpperCase()),
      words.map((word) => ` ${word}`),
      words.with(3, words[3] === 'zoom' ? 'abacus' : 'zoom'),
    ]) {
      expect(await room.refusal('ceremony.passphrase-confirm', { part: 'whole', typed: typed.join(' ') })).toEqual(['passphrase-differs']);
    }
    const saidOf = async (typed: readonly string[]) => {
      try {
        await room.act('ceremony.passphrase-confirm', { part: 'whole', typed: typed.join(' ') });
        return null;
      } catch (error) {
        const { message, hint } = error as { message: string; hint: string };
        return `${message} ${hint}`;
      }
    };
    // Another word of the list, wherever it stands, is told alike.
    const others = await Promise.all([0, 1, 5].map((at) => saidOf(words.with(at, words[at] === 'zoom' ? 'abacus' : 'zoom'))));
    expect(new Set(others).size).toBe(1);
    expect(await saidOf(words.with(2, 'zoon'))).toMatch(/in no list: word 3 /);
    expect(await room.refusal('ceremony.seal', seal)).toEqual(['passphrase-needed']);
    await room.act('ceremony.passphrase-confirm', { part: 'whole', typed: words.join(' ') });
    expect((await room.act('ceremony.seal', seal)).codes).toEqual([]);
  });

  it('is another one each time, and the one before is gone', async () => {
    const room = await atSeal();
    const first = await drawn(room);
    const second = await drawn(room, { words: 24 });
    expect(second.split(' ')).toHaveLength(24);
    expect(await room.refusal('ceremony.passphrase-confirm', { part: 'whole', typed: first })).toEqual(['passphrase-differs']);
    for (const words of [5, 25, 6.5]) {
      expect(await room.refusal('ceremony.passphrase-make', { part: 'whole', words, initials: null })).toEqual(['input-invalid']);
    }
  });

  it('stays until everything is sealed, through a file that is missing; what comes later under another is told apart', async () => {
    const room = await atSeal();
    const gone = JSON.parse(
      room.ledger((queries) => queries.ceremonyFacts(room.ceremony).find((one) => one.name === 'secrets')?.value ?? '{}'),
    ) as { files: { path: string }[] };
    const path = gone.files[1]?.path ?? '';
    const words = await drawn(room);
    await room.act('ceremony.passphrase-confirm', { part: 'whole', typed: words });
    renameSync(path, `${path}.away`);
    try {
      expect((await room.act('ceremony.seal', seal)).codes).toEqual(['file-missing']);
      expect(room.passphrases.isReady(room.ceremony)).toBe(true);
    } finally {
      renameSync(`${path}.away`, path);
    }
    await room.act('ceremony.passphrase-forget');
    expect(room.passphrases.isReady(room.ceremony)).toBe(false);
    expect((await room.act('ceremony.seal', { ...seal, passphrase: `${CANARY} Vexing-9 jolt` })).codes).toEqual([]);
    expect(await shownOf(room)).toEqual(['6 words that Coldroom drew, typed back (1 file)', 'made up by people (1 file)']);
  });

  it('goes from main’s memory into no file and no event', async () => {
    const room = await atSeal();
    const words = await drawn(room, { words: 9 });
    await room.act('ceremony.passphrase-confirm', { part: 'whole', typed: words });
    await room.act('ceremony.seal', seal);
    await room.refusal('ceremony.passphrase-confirm', { part: 'whole', typed: words });
    await room.sign();
    const forms = [words, Buffer.from(words).toString('hex'), Buffer.from(words).toString('base64').slice(4, -4)];
    const names = readdirSync(room.folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(room.folder, name)).isFile(),
    );
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      const bytes = readFileSync(join(room.folder, name));
      expect([name, forms.filter((form) => bytes.includes(form))]).toEqual([name, []]);
      // Not its beginning either: three words in a row are nowhere by chance.
      expect([name, bytes.includes(words.split(' ').slice(0, 3).join(' '))]).toEqual([name, false]);
    }
    expect(JSON.stringify([room.notes, room.progress, await room.view()])).not.toContain(words);
  });

  it('may be drawn where the policy lets nobody make one up', async () => {
    const room = await CeremonyHome.make();
    rooms.push(room);
    const rules: Partial<Policy> = { passphrase: { own_allowed: false, least_length: 200 } };
    const { output } = await room.must('policy.new', { out: join(room.folder, 'policy.json') });
    const file = room.secret('policy', JSON.stringify({ ...(output['rules'] as Policy), ...rules }));
    await room.must('policy.set', { file, administrator: 'Ann' });
    await room.begin();
    for (const { step, work } of WORK) {
      if (step === 'seal') break;
      await work(room);
      await room.sign();
    }
    const words = await drawn(room);
    await room.act('ceremony.passphrase-confirm', { part: 'whole', typed: words });
    expect((await room.act('ceremony.seal', seal)).codes).toEqual([]);
  });
});

describe('two halves', () => {
  const half = (part: 'first' | 'second', typed: string, initials: string) => ({ part, typed, initials });

  it('are joined by one space, whichever came first', async () => {
    const room = await atSeal();
    await room.act('ceremony.passphrase-half', half('second', 'Jolting vixen 52', 'CD'));
    expect(await room.refusal('ceremony.seal', seal)).toEqual(['passphrase-needed']);
    const { output } = await room.act('ceremony.passphrase-half', half('first', 'wry Quokka fizz', 'AB'));
    expect(output).toEqual({
      parts: [
        { part: 'first', how: 'own', words: null, by: 'AB', confirmed: true },
        { part: 'second', how: 'own', words: null, by: 'CD', confirmed: true },
      ],
      ready: true,
    });
    await room.act('ceremony.seal', seal);
    expect(await shownOf(room)).toEqual(['first half by AB: made up; second half by CD: made up']);
    expect(await opensWith(room, 'wry Quokka fizz Jolting vixen 52')).toEqual([]);
  });

  it('may be drawn, each for its person', async () => {
    const room = await atSeal();
    const first = await drawn(room, { part: 'first', initials: 'AB' });
    await room.act('ceremony.passphrase-confirm', { part: 'first', typed: first });
    const second = await drawn(room, { part: 'second', initials: 'CD', words: 7 });
    expect(await room.refusal('ceremony.passphrase-confirm', { part: 'second', typed: first })).toEqual(['passphrase-differs']);
    expect(await room.refusal('ceremony.seal', seal)).toEqual(['passphrase-needed']);
    await room.act('ceremony.passphrase-confirm', { part: 'second', typed: second });
    await room.act('ceremony.seal', seal);
    expect(await shownOf(room)).toEqual([
      'first half by AB: 6 words that Coldroom drew, typed back; second half by CD: 7 words that Coldroom drew, typed back',
    ]);
    expect(await opensWith(room, `${first} ${second}`)).toEqual([]);
  });

  it('are of two people who are there', async () => {
    const room = await atSeal();
    expect(await room.refusal('ceremony.passphrase-half', half('first', 'wry Quokka fizz', 'XX'))).toEqual(['initials-unknown']);
    expect(await room.refusal('ceremony.passphrase-make', { part: 'first', words: 6, initials: null })).toEqual(['initials-missing']);
    await room.act('ceremony.passphrase-half', half('first', 'wry Quokka fizz', 'AB'));
    expect(await room.refusal('ceremony.passphrase-half', half('second', 'Jolting vixen 52', 'AB'))).toEqual(['initials-same']);
    expect(await room.refusal('ceremony.passphrase-make', { part: 'second', words: 6, initials: 'AB' })).toEqual(['initials-same']);
  });

  it('are each judged alone, and then together; a half that is refused together is asked for again', async () => {
    const room = await atSeal();
    expect(await room.refusal('ceremony.passphrase-half', half('first', 'wry Quokk', 'AB'))).toEqual(['passphrase-half-short']);
    expect(await room.refusal('ceremony.passphrase-half', half('first', 'password12', 'AB'))).toEqual(['passphrase-guessable']);
    expect(await room.refusal('ceremony.passphrase-half', half('first', 'Ann Baker 12', 'AB'))).toEqual(['passphrase-guessable']);
    await room.act('ceremony.passphrase-half', half('first', 'wry quokka fizz', 'AB'));
    // Small letters and spaces alone, both of them.
    expect(await room.refusal('ceremony.passphrase-half', half('second', 'jolting vixen blim', 'CD'))).toEqual(['passphrase-few-kinds']);
    expect(room.passphrases.parts(room.ceremony).map((one) => one.part)).toEqual(['first']);
    await room.act('ceremony.passphrase-half', half('second', 'jolting Vixen blim', 'CD'));
    expect(room.passphrases.isReady(room.ceremony)).toBe(true);
  });

  it('give way to a whole one, and a whole one to them', async () => {
    const room = await atSeal();
    await room.act('ceremony.passphrase-half', half('first', 'wry Quokka fizz', 'AB'));
    await drawn(room);
    expect(room.passphrases.parts(room.ceremony).map((one) => one.part)).toEqual(['whole']);
    await room.act('ceremony.passphrase-half', half('first', 'wry Quokka fizz', 'AB'));
    expect(room.passphrases.parts(room.ceremony).map((one) => one.part)).toEqual(['first']);
  });
});

describe('what is kept', () => {
  const origin = { how: 'own', words: null, by: null } as const;
  const bytes = (text: string) => Buffer.from(text) as Parameters<PassphraseKeeper['put']>[3];

  it('is wiped when it is replaced, dropped or forgotten, and belongs to one ceremony', () => {
    const keeper = new PassphraseKeeper();
    const [one, two, three] = [bytes('one'), bytes('two'), bytes('three')];
    keeper.put('a', 'whole', origin, one, true);
    expect(keeper.copy('b')).toBeNull();
    keeper.put('a', 'whole', origin, two, true);
    expect(one.every((byte) => byte === 0)).toBe(true);
    const copy = keeper.copy('a');
    expect(copy?.toString()).toBe('two');
    keeper.put('b', 'first', origin, three, true);
    expect(two.every((byte) => byte === 0)).toBe(true);
    expect(keeper.copy('a')).toBeNull();
    keeper.forget();
    expect(three.every((byte) => byte === 0)).toBe(true);
    expect(copy?.toString()).toBe('two'); // the copy is its caller's
  });
});

describe('passphrase new', () => {
  it('writes one line for its owner alone, which reads as words of the list, and never over a file', async () => {
    const room = await atSeal();
    const out = join(room.folder, 'new-passphrase');
    const { output } = await room.must('passphrase.new', { out });
    expect(output).toEqual({ file: out });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const text = readFileSync(out, 'utf8');
    expect(text).toMatch(/^[a-z-]+( [a-z-]+){5}\n$/);
    expect(await room.codes('passphrase.new', { out })).toEqual(['output-exists']);
    expect(readFileSync(out, 'utf8')).toBe(text);
    expect(await room.codes('passphrase.new', { out: join(room.folder, 'none', 'x') })).toEqual(['output-folder-missing']);
    for (const words of [0, 5, 25, 6.5, -6]) {
      expect(await room.codes('passphrase.new', { words, out: join(room.folder, 'no') })).toEqual(['input-invalid']);
    }
    expect(readdirSync(room.folder)).not.toContain('no');
  });

  it('is for stations that see secrets', async () => {
    const online = await CeremonyHome.make('memory', 'online', 'office');
    rooms.push(online);
    expect(await online.codes('passphrase.new', { out: join(online.folder, 'p') })).toEqual(['not-on-this-station']);
    expect(await online.codes('passphrase.card', { out: join(online.folder, 'card.pdf') })).toEqual([]);
  });
});
