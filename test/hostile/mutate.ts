import type { Dice } from '../proof/campaign.ts';

/** Values that programs stumble over, wherever a text, a number or a list belongs. */
export const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '../../etc/passwd',
  '..\\..\\windows\\win.ini',
  'CON',
  'a\u0000b',
  '\u202egnp.exe',
  '\ud800',
  '<img src=x onerror=alert(1)>',
  '=cmd|\u0027/C calc\u0027!A0',
  'x'.repeat(70_000),
  '__proto__',
  [],
  {},
  [[[[[[[[]]]]]]]],
  { toString: 1, constructor: { prototype: 2 }, then: 3 },
  JSON.parse('{"__proto__":{"polluted":true}}'),
];

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  '\u0000',
  '\\u0000',
  '\\ud800',
  '__proto__',
  ':',
  ',',
  '-----END',
  '-----BEGIN PRIVATE KEY-----',
  '\r\n',
  '\uFEFF',
  '1e999',
  '0x',
  'null',
].map((text) => Buffer.from(text));
/** What DER and OpenPGP say of lengths: none, indefinite, the largest of one, two and four bytes. */
const LENGTHS = [[0x00], [0x80], [0x7f], [0xff], [0x81, 0xff], [0x82, 0xff, 0xff], [0x84, 0xff, 0xff, 0xff, 0xff], [0x30, 0x80]].map(
  (bytes) => Buffer.from(bytes),
);

/** One to four changes of the bytes: flipped, cut, doubled, moved, overwritten by what parsers stumble over, joined with another. */
export function mutateBytes(bytes: Buffer, others: readonly Buffer[], dice: Dice): Buffer {
  let changed = bytes;
  for (let left = 1 + dice.below(4); left > 0; left -= 1) changed = CHANGES[dice.below(CHANGES.length)]?.(changed, others, dice) ?? changed;
  return changed;
}

type Change = (bytes: Buffer, others: readonly Buffer[], dice: Dice) => Buffer;

const splice = (bytes: Buffer, at: number, gone: number, instead: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), instead, bytes.subarray(at + gone)]);

const CHANGES: readonly Change[] = [
  (bytes, _, dice) => {
    const changed = Buffer.from(bytes);
    const at = dice.below(changed.length + 1);
    if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << dice.below(8));
    return changed;
  },
  (bytes, _, dice) => splice(bytes, dice.below(bytes.length + 1), 1, Buffer.of(dice.below(256))),
  (bytes, _, dice) => bytes.subarray(0, dice.below(bytes.length + 1)),
  (bytes, _, dice) => splice(bytes, dice.below(bytes.length + 1), 1 + dice.below(40), Buffer.alloc(0)),
  (bytes, _, dice) => splice(bytes, dice.below(bytes.length + 1), dice.below(3), dice.pick(TOKENS)),
  (bytes, _, dice) => splice(bytes, dice.below(bytes.length + 1), dice.below(5), dice.pick(LENGTHS)),
  (bytes, _, dice) => {
    const from = dice.below(bytes.length + 1);
    return splice(bytes, dice.below(bytes.length + 1), 0, bytes.subarray(from, from + 1 + dice.below(200)));
  },
  (bytes, others, dice) => {
    const other = dice.pick(others);
    return Buffer.concat([bytes.subarray(0, dice.below(bytes.length + 1)), other.subarray(dice.below(other.length + 1))]);
  },
  (bytes, _, dice) => Buffer.concat([bytes, dice.pick([...TOKENS, ...LENGTHS, bytes.subarray(0, 100)])]),
];

type Members = Record<string, unknown>;

/**
 * JSON with one place changed: a member's value, its name, one too many, one too few, one twice (as text, since no object can say so).
 * @returns the text.
 */
export function mutateJson(value: unknown, dice: Dice): string {
  const places = placesIn(value);
  const copy = structuredClone(value);
  const place = dice.pick(places);
  const holder = place.slice(0, -1).reduce<unknown>((at, step) => (at as Members)[step], copy) as Members;
  const name = place.at(-1) ?? '';
  switch (dice.below(6)) {
    case 0:
      Reflect.deleteProperty(holder, name);
      break;
    case 1:
      holder[dice.pick(['__proto__x', 'constructor', 'extra', 'toJSON', ''])] = dice.pick(HOSTILE_VALUES);
      break;
    case 2:
      return JSON.stringify(copy).replace(JSON.stringify(name), '"__proto__"');
    case 3:
      return JSON.stringify(copy).replace(`${JSON.stringify(name)}:`, `${JSON.stringify(name)}:null,${JSON.stringify(name)}:`);
    default:
      holder[name] = dice.pick(HOSTILE_VALUES);
  }
  return JSON.stringify(copy);
}

/** Every member and element, by its path; of long lists the first few. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .slice(0, 30)
    .flatMap(([name, inner]) => [[...path, name], ...placesIn(inner, [...path, name])]);
}
