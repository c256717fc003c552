import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/published/slip39.json' with { type: 'json' };
import { inspectSecret } from './inspect.ts';
import { secondOpinion } from './second-opinion.fixture.ts';
import { SLIP39_WORDS } from './slip39-words.ts';
import { slip39 } from './slip39.ts';

const read = (text: string) => slip39.read(Buffer.from(text));
const codes = (text: string) => read(text).findings.map(({ code }) => code);
const share = (start: string) => vectors.cases.find(({ name }) => name.startsWith(start))?.shares ?? [];
const [ONE = ''] = share('1. ');

/** What is wrong with a share by itself; the other cases' shares are right each, and do not fit together. */
const BY_ITSELF: Readonly<Record<string, string[]>> = {
  'Mnemonic with invalid checksum': ['share-checksum'],
  'Mnemonic with invalid padding': ['share-padding'],
  'Mnemonics with greater group threshold than group counts': ['share-group'],
  'Mnemonic with insufficient length': ['phrase-word-count'],
  'Mnemonic with invalid master secret length': ['phrase-word-count'],
};

describe('SLIP-39, published vectors', () => {
  it.each(vectors.cases)('$name', async ({ name, shares }) => {
    const bare = name.replace(/^\d+\. /, '').replace(/ \(\d+ bits\)$/, '');
    const expected = BY_ITSELF[bare];
    for (const text of shares) {
      const inspection = await inspectSecret(Buffer.from(text), { identifiers: [], bip39Passphrase: null, kind: 'slip39' });
      expect(inspection.valid).toBe(expected === undefined);
      expect(inspection.findings.map(({ code }) => code)).toEqual(expected ?? ['share-place']);
    }
  });
  it('all kinds of fault are met', () => {
    const met = vectors.cases.map(({ name }) => name.replace(/^\d+\. /, '').replace(/ \(\d+ bits\)$/, ''));
    for (const name of Object.keys(BY_ITSELF)) expect(met).toContain(name);
    expect(vectors.cases).toHaveLength(45);
  });
  it('the library and Python judge each share alike, each also with two words swapped', () => {
    const all = vectors.cases.flatMap(({ shares }) => shares);
    const swapped = all.map((text) => {
      const words = text.split(' ');
      return words
        .with(5, words[6] ?? '')
        .with(6, words[5] ?? '')
        .join(' ');
    });
    const texts = [...all, ...swapped];
    const ours = texts.map((text) => read(text).valid);
    // In a process of its own, because it adds to what every array and every text can do.
    const script =
      'const l=require("slip39/src/slip39_helper.js");console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(0)).map(l.validateMnemonic)))';
    const library = execFileSync(process.execPath, ['-e', script], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '../..'),
    });
    // It does not look whether a group's number is one that there is; no share of these has a wrong one.
    expect(ours).toEqual(JSON.parse(library));
    expect(ours).toEqual(
      secondOpinion(
        texts.map((text) => ({ kind: 'slip39', secret: Buffer.from(text) })),
        [],
      ).judged,
    );
    expect(ours.filter((valid) => valid).length).toBeGreaterThan(70);
    expect(ours.filter((valid) => !valid).length).toBeGreaterThan(70);
  });
});

describe('a share', () => {
  it('says which it is', () => {
    expect(read(ONE).findings[0]?.message).toBe('it is share 1 of its group, and this one share opens its group');
    expect(read(share('4. ')[0] ?? '').findings[0]?.message).toBe('it is share 3 of its group, and 2 shares of a group open it');
    expect(read(share('17. ')[0] ?? '').findings[0]?.message).toMatch(
      /^it is share \d+ of its group, and \d shares of a group open it; it is of group \d of 4, and 2 groups are needed$/,
    );
  });
  it.each([ONE, `${ONE}\n`, `${ONE}\r\n`, ONE.toUpperCase(), ONE.replaceAll(' ', '\n'), ONE.replace('academic', 'acadamic')])(
    'is recognised: %j',
    async (text) => {
      expect((await inspectSecret(Buffer.from(text), { identifiers: [], bip39Passphrase: null })).kind).toBe('slip39');
    },
  );
  it('no phrase of BIP-39 is taken for one, nor a share for a phrase', async () => {
    for (const text of vectors.cases.flatMap(({ shares }) => shares).filter((one) => one.split(' ').length >= 20)) {
      expect((await inspectSecret(Buffer.from(text), { identifiers: [], bip39Passphrase: null })).kind).toBe('slip39');
    }
  });
  it.each<[string, string, string[], string?]>([
    ['a capital', ONE.replace('enlarge', 'Enlarge'), ['phrase-capital'], 'a capital letter in word 2'],
    ['a second space', ONE.replace(' ', '  '), ['phrase-second-space']],
    ['an ideographic space', ONE.replace(' ', '\u3000'), ['phrase-space'], 'a tab or another unusual space after word 1'],
    ['a wrong letter', ONE.replace('enlarge', 'enlarje'), ['phrase-unknown-word'], 'word 2 is not on the list of SLIP-39'],
    ['a BIP-39 word', ONE.replace('enlarge', 'abandon'), ['phrase-unknown-word']],
    ['four letters, as some devices take them', ONE.replace('enlarge', 'enla'), ['phrase-unknown-word']],
    ['a member of every object', ONE.replace('enlarge', 'constructor'), ['phrase-unknown-word']],
    ['a byte order mark', `\uFEFF${ONE}`, ['secret-bom']],
    ['a word short', ONE.split(' ').slice(1).join(' '), ['phrase-word-count'], '19 words, which no share has; most have 20 or 33'],
    ['a word long', `${ONE} academic`, ['phrase-word-count']],
    ['nothing', '', ['secret-empty']],
  ])('%s is not valid', (_name, text, expected, message) => {
    expect(codes(text)).toEqual(expected);
    expect(read(text).valid).toBe(false);
    if (message !== undefined) expect(read(text).findings[0]?.message).toBe(message);
  });
  it('any three words changed: never valid', () => {
    const words = ONE.split(' ');
    const change = fc.tuple(fc.nat({ max: 19 }), fc.constantFrom(...SLIP39_WORDS));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = changes.reduce((all, [at, word]) => all.with(at, word), words).join(' ');
        fc.pre(changed !== ONE);
        expect(codes(changed)).toEqual(['share-checksum']);
      }),
      { numRuns: 500 },
    );
  });
  it('a share of a group that there is none of is refused, though the library takes it', () => {
    // Group 2 of 1, with a right checksum: the library writes it so when it is told to.
    const script = [
      'const l=require("slip39/src/slip39_helper.js");',
      'console.log(l.encodeMnemonic([0x12,0x34],0,0,1,1,1,0,1,Array(16).fill(7)));',
    ].join('');
    const text = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: join(import.meta.dirname, '../..') }).trim();
    expect(codes(text)).toEqual(['share-group']);
  });
});

describe('the word list', () => {
  it('has 1,024 words, told apart by their first four letters', () => {
    expect(SLIP39_WORDS).toHaveLength(1024);
    expect(new Set(SLIP39_WORDS.map((word) => word.slice(0, 4))).size).toBe(1024);
    for (const word of SLIP39_WORDS) expect(word).toMatch(/^[a-z]{4,8}$/);
    expect(SLIP39_WORDS.toSorted()).toEqual(SLIP39_WORDS);
  });
  it('leaves arrays and texts as they were', () => {
    const script = 'console.log(JSON.stringify([Array.prototype, String.prototype].map((one) => Reflect.ownKeys(one).map(String))))';
    const before = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as string[][];
    const load = `import(${JSON.stringify(join(import.meta.dirname, 'slip39-words.ts'))}).then(() => ${script})`;
    const after = JSON.parse(execFileSync(process.execPath, ['-e', load], { encoding: 'utf8' })) as string[][];
    expect(after).toEqual(before);
    const bare = JSON.parse(
      execFileSync(process.execPath, ['-e', `require("slip39/src/slip39_helper.js"); ${script}`], {
        encoding: 'utf8',
        cwd: join(import.meta.dirname, '../..'),
      }),
    ) as string[][];
    expect(bare).not.toEqual(before);
  });
});
