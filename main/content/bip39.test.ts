import { entropyToMnemonic } from '@scure/bip39';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bip39 } from './bip39.ts';
import { inspectSecret } from './inspect.ts';
import { WORD_LISTS } from './word-lists.ts';

const read = (text: string) => bip39.read(Buffer.from(text, 'utf8'));
const messages = (text: string) => read(text).findings.map(({ message }) => message);
const codes = (text: string) => read(text).findings.map(({ code }) => code);
const fingerprint = async (text: string) => {
  const request = { kind: 'bip39', identifiers: [{ type: 'master-fingerprint', path: null }], bip39Passphrase: null } as const;
  return (await inspectSecret(Buffer.from(text), request)).identifiers[0]?.value;
};

const WORDS = [...Array<string>(11).fill('abandon'), 'about'];
const PHRASE = WORDS.join(' ');
/** The phrase with one word, counted from 1, made into another. */
const withWord = (place: number, word: string) => WORDS.with(place - 1, word).join(' ');

const list = fc.constantFrom(...WORD_LISTS);
const entropy = fc.constantFrom(16, 20, 24, 28, 32).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));

describe('a phrase in its exact form', () => {
  it.each([PHRASE, `${PHRASE}\n`, `${PHRASE}\r\n`])('is valid without a finding', (text) => {
    expect(read(text)).toMatchObject({ valid: true, findings: [] });
  });
  it.each(WORD_LISTS)('the list $name has 2,048 words, and each may stand in a phrase', ({ name, words, has }) => {
    expect(new Set(words).size).toBe(2048);
    // Every word once, beside others of its list: nothing but the checksum may be found wrong.
    for (let start = 0; start < 2048; start += 16) {
      const phrase = [...words.slice(start, start + 16), ...words.slice(0, 5)].join(' ');
      expect(
        codes(phrase).filter((code) => code !== 'phrase-checksum' && code !== 'phrase-two-languages'),
        name,
      ).toEqual([]);
    }
    expect(has('coldroom')).toBe(false);
  });
  it.each(WORD_LISTS)('what is made of entropy is valid: $name', ({ words, name }) => {
    fc.assert(
      fc.property(entropy, (bytes) => {
        const phrase = entropyToMnemonic(bytes, words);
        const asWritten = read(phrase);
        expect(asWritten.valid).toBe(true);
        expect(bip39.resembles(phrase)).toBe(true);
        // The Japanese list joins by U+3000, which is not NFKD; both spellings are BIP-39's.
        expect(asWritten.findings.some(({ code }) => code === 'phrase-ideographic-space')).toBe(name === 'Japanese');
        expect(codes(phrase.normalize('NFKD')).filter((code) => code !== 'phrase-two-languages')).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
  it('with its accents composed is refused, and told apart from a wrong word', () => {
    const spanish = WORD_LISTS.find(({ name }) => name === 'Spanish')?.words ?? [];
    const abaco = entropyToMnemonic(new Uint8Array(16), spanish);
    expect(codes(abaco)).toEqual([]);
    expect(abaco.normalize('NFC')).not.toBe(abaco);
    expect(codes(abaco.normalize('NFC'))).toEqual(['phrase-not-nfkd']);
    expect(read(abaco.normalize('NFC')).valid).toBe(false);
  });
  it('one word changed: not valid, or another identifier', async () => {
    const changes = fc.tuple(list, entropy, fc.nat(), fc.nat({ max: 2047 }));
    await fc.assert(
      fc.asyncProperty(changes, async ([{ words }, bytes, at, other]) => {
        const phrase = entropyToMnemonic(bytes, words).normalize('NFKD').split(' ');
        const place = at % phrase.length;
        fc.pre(phrase[place] !== words[other]);
        const changed = phrase.with(place, words[other] ?? '').join(' ');
        if (read(changed).valid) expect(await fingerprint(changed)).not.toBe(await fingerprint(phrase.join(' ')));
        else expect(codes(changed)).toEqual(['phrase-checksum']);
      }),
      { numRuns: 150 },
    );
  });
  it('valid in two languages says so', () => {
    const lists = WORD_LISTS.filter(({ name }) => name.includes('Chinese'));
    const [simplified, traditional] = lists;
    if (simplified === undefined || traditional === undefined) throw new Error('no Chinese lists');
    const shared = simplified.words.filter((word) => traditional.has(word));
    // Each language passes one phrase in sixteen, so of these some pass in both.
    const found = shared.slice(12).flatMap((last) => {
      const text = [...shared.slice(0, 11), last].join(' ');
      const { valid, findings } = read(text);
      return valid && findings.length > 0 ? [findings] : [];
    });
    expect(found.length).toBeGreaterThan(0);
    for (const findings of found) {
      expect(findings.map(({ code }) => code)).toEqual(['phrase-two-languages']);
      expect(findings[0]?.message).toContain('Simplified Chinese, Traditional Chinese');
    }
  });
});

describe('a phrase not in its exact form is named, not mended', () => {
  it.each<[string, string, string]>([
    ['phrase-capital', withWord(1, 'Abandon'), 'a capital letter in word 1'],
    ['phrase-capital', withWord(12, 'abouT'), 'a capital letter in word 12'],
    ['phrase-number', withWord(3, '3abandon'), 'a number in word 3'],
    ['phrase-smart-quote', withWord(1, '\u201Cabandon'), 'a smart quote in word 1'],
    ['phrase-smart-quote', withWord(12, 'about\u2019'), 'a smart quote in word 12'],
    ['phrase-punctuation', withWord(12, 'about.'), 'a punctuation mark in word 12'],
    ['phrase-punctuation', withWord(1, '"abandon'), 'a punctuation mark in word 1'],
    ['phrase-invisible', withWord(2, 'aban\u200Bdon'), 'an invisible character in word 2'],
    ['phrase-invisible', withWord(2, 'aban\u0000don'), 'an invisible character in word 2'],
    ['phrase-invisible', withWord(2, '\uFEFFabandon'), 'an invisible character in word 2'],
    ['secret-bom', `\uFEFF${PHRASE}`, 'a byte order mark at the beginning'],
    ['phrase-second-space', PHRASE.replace(' ', '  '), 'a second space after word 1'],
    ['phrase-space', PHRASE.replace(' ', '\t'), 'a tab or another unusual space after word 1'],
    ['phrase-space', PHRASE.replace(' ', '\u00A0'), 'a tab or another unusual space after word 1'],
    ['phrase-space', PHRASE.replace(' ', '\u3000'), 'a tab or another unusual space after word 1'],
    ['phrase-line-break', PHRASE.replace(' ', '\n'), 'a line break after word 1'],
    ['phrase-line-break', `${PHRASE}\n\n`, 'a second line end after word 12'],
    ['phrase-line-break', `\n${PHRASE}`, 'a line break before word 1'],
    ['phrase-outer-space', ` ${PHRASE}`, 'a space before word 1'],
    ['phrase-outer-space', `${PHRASE} `, 'a space after word 12'],
    ['phrase-outer-space', `${PHRASE} \n`, 'a space after word 12'],
    ['phrase-other-form', withWord(4, '\uFF41bandon'), 'characters of another form, such as full width, in word 4'],
    ['phrase-unknown-word', withWord(1, 'abandonn'), 'word 1 is not on the English list'],
    ['phrase-checksum', withWord(1, 'ability'), 'its checksum is wrong: a word is another one, or out of place'],
  ])('%s: %j', async (code, text, message) => {
    expect(read(text)).toMatchObject({ valid: false, findings: [{ code, message }] });
    expect(read(text).findings).toHaveLength(1);
    expect(await fingerprint(text)).toBeUndefined();
    expect(bip39.resembles(text)).toBe(true);
  });
  it('names every place', () => {
    expect(messages(`1. ${PHRASE.toUpperCase()}`)).toContain('a capital letter in word 13');
    expect(messages(withWord(2, '\u201CAbandon1'))).toEqual([
      'a capital letter in word 2',
      'a number in word 2',
      'a smart quote in word 2',
    ]);
  });
  it('in no language at all', () => {
    expect(codes(Array(12).fill('coldroom').join(' '))).toEqual(Array(12).fill('phrase-unknown-word'));
    expect(messages(Array(12).fill('coldroom').join(' '))[0]).toBe('word 1 is on none of the ten lists');
  });
  it('words of two lists', () => {
    const japanese = WORD_LISTS.find(({ name }) => name === 'Japanese')?.words[0] ?? '';
    expect(messages(withWord(5, japanese))).toEqual(['word 5 is not on the English list']);
  });
  it.each([11, 13, 14, 16, 17, 19, 20, 22, 23, 25])('%i words are no phrase', (count) => {
    expect(messages(Array(count).fill('abandon').join(' '))).toEqual([`${count.toString()} words, where 12, 15, 18, 21 or 24 belong`]);
  });
  it.each([12, 15, 18, 21, 24])('%i words can be one', (count) => {
    expect(codes(Array(count).fill('zoo').join(' '))).toEqual(['phrase-checksum']);
  });
  it.each<[string, string[]]>([
    ['', ['secret-empty']],
    [' ', ['phrase-word-count', 'phrase-outer-space']],
    ['about', ['phrase-word-count']],
  ])('%j', (text, expected) => {
    expect(codes(text)).toEqual(expected);
  });
  it('stays short however long the text is', () => {
    const findings = codes('X1" '.repeat(1024).trimEnd());
    expect(findings.length).toBeLessThanOrEqual(24 * 3 + 1);
    expect(findings[0]).toBe('phrase-word-count');
    expect(codes('X '.repeat(4096))).toEqual(['secret-too-long']);
  });
});

describe('what is taken for a phrase', () => {
  it.each([
    PHRASE.toUpperCase(),
    PHRASE.replaceAll(' ', '\n'),
    PHRASE.replaceAll(' ', ', '),
    '1. abandon 2. ability 3. able 4. about 5. abuv 6. absent',
  ])('%j', (text) => {
    expect(bip39.resembles(text)).toBe(true);
  });
  it.each([
    'abandon ability able about above',
    'abandon ability able about abuv absentt',
    'the quick brown fox jumps over the lazy dog',
    'correct-horse-battery-staple-xyzzy-plugh-frotz-gnusto-rezrov',
    '',
  ])('not %j', (text) => {
    expect(bip39.resembles(text)).toBe(false);
  });
});
