/**
 * values: the words that every room speaks. Errors, branded strings, encodings, digests, JSON with one reading.
 * Imports no other room and does no I/O; everything here is a pure function of its arguments. It is the one room that
 * `ledger`, `sealing` and `content` may import too.
 */
export * from './error.ts';
export * from './brand.ts';
export * from './clock.ts';
export * from './digest.ts';
export * from './encoding.ts';
export * from './fingerprint-words.ts';
export * from './grammar.ts';
export * from './json.ts';
export * from './station-key.ts';
