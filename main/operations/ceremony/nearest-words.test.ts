import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CeremonyHome } from './home.fixture.ts';
import { beginByPlan, PHRASE, walkByPlan } from './planned-ceremony.fixture.ts';

/** A word that is on no list, and what it was meant as. */
const SLIP = PHRASE.replace('about', 'abuot');
const MEANT = { place: 12, word: 'abuot', nearest: ['about', 'abuse', 'adult'] };

describe('the words nearest to a word at fault', () => {
  let room: CeremonyHome;
  beforeAll(async () => {
    room = await CeremonyHome.make();
    await beginByPlan(room);
    await walkByPlan(room, 'secrets');
  });
  afterAll(async () => {
    await room.remove();
  });
  beforeEach(() => {
    room.isScreenPrivate = true;
  });

  const chosen = async (text: string): Promise<string> => {
    await room.act('ceremony.choose', { files: [room.secret('seed.txt', text), room.secret('notes.pdf')] });
    return (await room.view()).files.find(({ name }) => name === 'seed.txt')?.item_id ?? '';
  };
  const ask = async (item_id: string) => (await room.act('ceremony.nearest-words', { item_id })).output;

  it('are told where the screen is private', async () => {
    expect(await ask(await chosen(SLIP))).toEqual({ words: [MEANT], too_many: false });
  });

  it('are told nowhere else, and stand nowhere else', async () => {
    const item_id = await chosen(SLIP);
    for (const said of [false, null]) {
      room.isScreenPrivate = said;
      expect(await room.refusal('ceremony.nearest-words', { item_id })).toEqual(['screen-not-private']);
    }
    const before = room.ledger((_, ledger) => ledger.head());
    room.isScreenPrivate = true;
    await ask(item_id);
    expect(room.ledger((_, ledger) => ledger.head())).toEqual(before);
    const events = room.ledger((_, ledger) => JSON.stringify([...ledger.events()]));
    const view = JSON.stringify(await room.view());
    // “adult” is also a word of fingerprints, and “about” is one of any text.
    for (const word of [MEANT.word, 'abuse', 'abandon']) {
      expect([word, new RegExp(`\\b${word}\\b`).test(events)]).toEqual([word, false]);
      expect([word, new RegExp(`\\b${word}\\b`).test(view)]).toEqual([word, false]);
    }
    expect(view).toContain('word 12 is not on the English list'); // the place is said
  });

  it.each([
    [3, 3, false],
    [4, 0, true],
  ])('of %i words at fault: %i are told', async (wrong, told, isTooMany) => {
    const words = PHRASE.trim().split(' ');
    const item_id = await chosen([...words.slice(0, 12 - wrong), ...Array.from({ length: wrong }, () => 'abuot')].join(' '));
    const output = await ask(item_id);
    expect([(output['words'] as unknown[]).length, output['too_many']]).toEqual([told, isTooMany]);
  });

  it('are told of a file that was looked at and is still the same, and of no other', async () => {
    const item_id = await chosen(SLIP);
    writeFileSync(join(room.folder, 'secrets', 'seed.txt'), `${SLIP} `);
    expect(await room.refusal('ceremony.nearest-words', { item_id })).toEqual(['secret-changed']);
    expect(await room.refusal('ceremony.nearest-words', { item_id: '00000000-0000-4000-8000-000000000000' })).toEqual(['file-unknown']);
    await room.act('ceremony.choose', { files: [], made_up: true });
    const made = (await room.view()).files[0]?.item_id;
    expect(await room.refusal('ceremony.nearest-words', { item_id: made })).toEqual(['file-unknown']);
  });
});
