import { isJsonObject, type Json, type JsonObject } from '../values/index.ts';
import { invalidField, Refusal } from './refusal.ts';

/** Reads one field's value, undefined where it was left out. @throws Refusal 400 keyed by `field`. */
export type FieldReader<Value> = (value: Json | undefined, field: string) => Value;

type Readers = Readonly<Record<string, FieldReader<unknown>>>;
type ValuesOf<Spec extends Readers> = { readonly [Field in keyof Spec]: ReturnType<Spec[Field]> };

/**
 * Reads the fields of an object, each by its own reader, and reports all that are wrong together. Fields that no reader asks for
 * are passed over: the contract does not say that they are refused.
 * @throws Refusal 400 keyed by field.
 */
export function readFields<Spec extends Readers>(body: JsonObject, readers: Spec, prefix = ''): ValuesOf<Spec> {
  const values: Record<string, unknown> = {};
  const wrong: Record<string, readonly string[]> = {};
  for (const [name, read] of Object.entries(readers)) {
    try {
      values[name] = read(body[name], `${prefix}${name}`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      Object.assign(wrong, error.fields);
    }
  }
  if (Object.keys(wrong).length > 0) throw new Refusal(400, 'Validation failed', wrong);
  return values as ValuesOf<Spec>; // each member is what its own reader returned
}

/** Null where the field was left out; a JSON null was not left out, and is judged by `read`. */
export function optional<Value>(read: FieldReader<Value>): FieldReader<Value | null> {
  return (value, field) => (value === undefined ? null : read(value, field));
}

/** Non-empty text. */
export const text: FieldReader<string> = (value, field) => {
  if (value === undefined) throw invalidField(field, 'is required');
  if (typeof value !== 'string' || value === '') throw invalidField(field, 'must be a non-empty string');
  return value;
};

/** Exactly one of the words given, in this case. */
export function oneOf<Word extends string>(...words: readonly Word[]): FieldReader<Word> {
  return (value, field) => {
    const given = text(value, field);
    const word = words.find((one) => one === given);
    if (word === undefined) throw invalidField(field, `must be one of ${words.join(', ')}`);
    return word;
  };
}

/** Hex digits of either case, `min` to `max` of them, an even number. */
export function hex(min: number, max: number): FieldReader<string> {
  return (value, field) => {
    const given = text(value, field);
    if (given.length < min || given.length > max) throw invalidField(field, `must have ${min.toString()} to ${max.toString()} characters`);
    if (given.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(given)) throw invalidField(field, 'must be hex');
    return given;
  };
}

/** An object whose own members are read by `readers`. */
export function object<Spec extends Readers>(readers: Spec): FieldReader<ValuesOf<Spec>> {
  return (value, field) => readFields(anyObject(value, field), readers, `${field}.`);
}

/** Any JSON object. */
export const anyObject: FieldReader<JsonObject> = (value, field) => {
  if (value === undefined) throw invalidField(field, 'is required');
  if (!isJsonObject(value)) throw invalidField(field, 'must be an object');
  return value;
};

/** A list of non-empty texts, at least one, none twice. */
export const texts: FieldReader<readonly string[]> = (value, field) => {
  if (!Array.isArray(value) || value.length === 0) throw invalidField(field, 'must be a list that is not empty');
  const list = (value as readonly Json[]).map((one) => text(one, field));
  if (new Set(list).size !== list.length) throw invalidField(field, 'must not name a field twice');
  return list;
};
