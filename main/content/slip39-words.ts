// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- the page's types reach this file through operations, and nothing else would name the declaration
/// <reference path="./slip39-library.d.ts" />
// The library of SLIP-39 for its word list alone. As it loads it adds methods to every array and every text of the process, where
// a loop over an array's members would meet them: they are taken off again, and none of its functions is called in the product.
import library from 'slip39/src/slip39_helper.js';

for (const name of ['slip39DecodeHex', 'slip39Generate', 'toByteArray', 'toHexString']) Reflect.deleteProperty(Array.prototype, name);
Reflect.deleteProperty(String.prototype, 'slip39EncodeHex');

/** The 1,024 words of SLIP-39, in the list's order: plain lower-case letters, 4 to 8 of them. */
export const SLIP39_WORDS: readonly string[] = library.WORD_LIST;

/** The number that each word stands for. */
export const SLIP39_NUMBERS: ReadonlyMap<string, number> = new Map(SLIP39_WORDS.map((word, number) => [word, number]));
