import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isColdroomError, type Passphrase } from '../values/index.ts';
import { checkOwnHalf, checkOwnRules, lengthInCharacters } from './own-passphrase.ts';

const of = (text: string) => Buffer.from(text.normalize('NFC'), 'utf8') as Passphrase;

/** The code of the refusal, or null; and that its texts quote nothing of the passphrase. */
async function refusal(check: typeof checkOwnRules, text: string, known?: readonly string[]): Promise<string | null> {
  try {
    await check(of(text), known);
    return null;
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    expect(error.family).toBe('input');
    // These words are Coldroom's own, whatever was typed.
    const said = `${error.message} ${error.hint ?? ''}`.replaceAll(/passphrase|a common word, name or password/g, '');
    for (let at = 0; at + 5 <= text.length; at += 1) expect(said).not.toContain(text.slice(at, at + 5));
    expect(error.cause).toBeUndefined();
    return error.code;
  }
}

/** Random enough for any estimate, with capitals, digits and signs. */
const GOOD = 'xK9#mQ2$vL7@pR4wzB8!';

describe('the rules for a passphrase that people made up', () => {
  it.each([
    [15, 'passphrase-too-short'],
    [16, null],
    [17, null],
    [127, null],
    [128, null],
    [129, 'passphrase-too-long'],
  ])('%i characters: %s', async (length, code) => {
    expect(await refusal(checkOwnRules, GOOD.repeat(7).slice(0, length).replace(/.$/, 'Z'))).toBe(code);
  });

  it('count code points after NFC, not bytes and not halves of a pair', async () => {
    const keys = '\u{1F511}\u{1F512}\u{1F513}'; // 3 characters, 6 UTF-16 units, 12 bytes
    expect(lengthInCharacters(of(`${keys}a\u0308`))).toBe(4);
    expect(await refusal(checkOwnRules, `${keys}${GOOD.slice(0, 12)}`)).toBe('passphrase-too-short');
    expect(await refusal(checkOwnRules, `${keys}${GOOD.slice(0, 13)}`)).toBeNull();
    expect(await refusal(checkOwnRules, `a\u0308${GOOD.slice(0, 14)}`)).toBe('passphrase-too-short');
  });

  it.each([
    ['xkqzmwvjplrtbnhgfd', 'passphrase-few-kinds'],
    ['xkqzmwvjplr 9482651', null],
    ['xkqzmwvjplr9482651', 'passphrase-few-kinds'],
    ['XKQZMWVJPLR9482651', 'passphrase-few-kinds'],
    ['XkqzmWVjplr9482651', null],
    ['xkqzm wvjplr tbnhgfd', 'passphrase-few-kinds'],
    ['Xkqzm wvjplr tbnhgfd', null],
    ['жщюъэ 7291 лпкгш мнз', null],
    ['Xk9!Xk9!Xk9!Xk9!Xk9!', 'passphrase-few-characters'],
    ['Xk9!mQ2$vXk9!mQ2$v', 'passphrase-few-characters'],
    ['Xk9!mQ2$vLXk9!mQ2$vL', 'passphrase-guessable'],
    ['Xk9!mQ2$vL!Xkm92Q$Lv', null],
  ])('%j: %s', async (text, code) => {
    expect(await refusal(checkOwnRules, text)).toBe(code);
  });

  it.each([
    'Password12345678!',
    'Qwertyuiop123456!',
    'Winter2026!Winter2026!',
    'Abcdefghij123456!',
    'CorrectHorse1 Battery',
    'P4ssw0rd!P4ssw0rd!Secret',
    'Tr0ub4dor&3 Tr0ub4dor&3',
    'Tr0ub4dor&3 tR0UB4DOR&3!',
    'Vault2-vault-VAULT-vault2-Vault',
  ])('%j is too easy to guess', async (text) => {
    expect(await refusal(checkOwnRules, text)).toBe('passphrase-guessable');
  });

  it('knows the names of a ceremony', async () => {
    const text = 'Hildegunst-Mythenmetz7';
    expect(await refusal(checkOwnRules, text)).toBeNull();
    expect(await refusal(checkOwnRules, text, ['Hildegunst Mythenmetz'])).toBe('passphrase-guessable');
  });

  it('says what much of it rests on, in general words', async () => {
    await expect(checkOwnRules(of('Password12345678!'))).rejects.toThrow(/a common word, name or password/);
    await expect(checkOwnRules(of('Winter2026!Winter2026!'))).rejects.toThrow(/the same over and over/);
    await expect(checkOwnRules(of('Tr0ub4dor&3 Tr0ub4dor&3'))).rejects.toThrow(/the same over and over/);
    await expect(checkOwnRules(of('Hildegunst-Mythenmetz7'), ['Hildegunst Mythenmetz'])).rejects.toThrow(/a name from this ceremony/);
  });

  it('ends for anything that can be typed', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 10, maxLength: 140 }), async (text) => {
        const code = await refusal(checkOwnRules, text);
        expect(code === null || code.startsWith('passphrase-')).toBe(true);
      }),
      { numRuns: 25 },
    );
    for (const text of ['4@a$5s0o1!li3e7t'.repeat(8), '(c[k{'.repeat(25), 'aA1 '.repeat(32)]) {
      expect(await refusal(checkOwnRules, text)).not.toBe('passphrase-too-long');
    }
  });
});

describe('half of a passphrase', () => {
  it.each([
    [GOOD.slice(0, 9), 'passphrase-half-short'],
    [GOOD.slice(0, 10), null],
    ['xkqzmwvjplr', null],
    ['password12', 'passphrase-guessable'],
    [GOOD.repeat(4).slice(0, 63), null],
    [GOOD.repeat(4).slice(0, 64), 'passphrase-too-long'],
  ])('%j: %s', async (text, code) => {
    expect(await refusal(checkOwnHalf, text)).toBe(code);
  });
});
