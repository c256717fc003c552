import canonicalizeJson from 'canonicalize';
import { visit } from 'jsonc-parser';
import { inputError } from './error.ts';
import { decodeUtf8 } from './encoding.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

export interface JsonLimits {
  /** The most bytes taken; a longer input is refused unread. */
  readonly maxBytes: number;
  /** The deepest nesting of objects and arrays; 32 where nothing is said. */
  readonly maxDepth?: number;
  /** Refuse numbers that are not integers a double holds exactly. Documents say true: signed bytes need one reading. */
  readonly integersOnly?: boolean;
}

const MAX_DEPTH = 32;

/**
 * Reads JSON so that it has one meaning: UTF-8 without a byte order mark, nothing after the end, no member twice in one
 * object, no lone surrogate, nesting bounded. JSON.parse alone keeps the last of two members of one name, and another
 * reader keeps the first: a signature over such text proves nothing.
 * @throws input `json-too-large`, `json-not-utf8`, `json-bom`, `json-syntax`, `json-too-deep`, `json-duplicate-member`,
 *   `json-lone-surrogate`, `json-not-integer`. No message quotes the text: it may be a secret given by mistake.
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits): Json {
  // SECURITY(REQ-ONE-READING): two readers of one file must not see two things.
  if (bytes.length > limits.maxBytes) {
    throw inputError('json-too-large', `it is larger than ${limits.maxBytes.toString()} bytes`);
  }
  const text = decodeUtf8(bytes);
  if (text === null) throw inputError('json-not-utf8', 'it is not UTF-8 text');
  if (text.startsWith('\uFEFF')) throw inputError('json-bom', 'it starts with a byte order mark');
  checkShape(text, limits);
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The parser's own message quotes the text, so it is dropped on purpose.
    throw inputError('json-syntax', 'it is not JSON');
  }
}

/** One pass with a second parser, for what JSON.parse does not report: duplicates, depth, surrogates, fractions. */
function checkShape(text: string, limits: JsonLimits): void {
  const maxDepth = limits.maxDepth ?? MAX_DEPTH;
  const members: (Set<string> | null)[] = [];
  const enter = (set: Set<string> | null): void => {
    members.push(set);
    if (members.length > maxDepth) throw inputError('json-too-deep', `it nests deeper than ${maxDepth.toString()} levels`);
  };
  const checkText = (value: string): void => {
    if (!value.isWellFormed()) throw inputError('json-lone-surrogate', 'it holds half of a surrogate pair');
  };
  visit(
    text,
    {
      onObjectBegin: () => {
        enter(new Set());
      },
      onObjectEnd: () => members.pop(),
      onArrayBegin: () => {
        enter(null);
      },
      onArrayEnd: () => members.pop(),
      onObjectProperty: (name) => {
        checkText(name);
        const seen = members.at(-1);
        if (seen?.has(name) === true) throw inputError('json-duplicate-member', 'one of its objects has a member twice');
        seen?.add(name);
      },
      onLiteralValue: (value: unknown, offset, length) => {
        if (typeof value === 'string') checkText(value);
        if (typeof value === 'number' && limits.integersOnly === true && !isPlainInteger(text.slice(offset, offset + length))) {
          throw inputError('json-not-integer', 'it holds a number that is not a plain integer');
        }
      },
      onError: () => {
        throw inputError('json-syntax', 'it is not JSON');
      },
    },
    { disallowComments: true, allowTrailingComma: false },
  );
}

function isPlainInteger(source: string): boolean {
  return /^-?(0|[1-9][0-9]*)$/.test(source) && source !== '-0' && Number.isSafeInteger(Number(source));
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a path of members and indices, as a schema's finding names it; undefined where nothing does. */
export function memberOf(json: unknown, path: readonly PropertyKey[]): unknown {
  let at = json;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

/**
 * RFC 8785 form of a JSON value, as text. What parseJson took has exactly one such form.
 * @throws {TypeError} when the value is no JSON at all (undefined, a function): a bug of the caller.
 */
export function canonicalJson(value: Json): string {
  const text = canonicalizeJson(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}
