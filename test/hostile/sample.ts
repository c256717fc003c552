import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Dice } from '../proof/campaign.ts';

/** What a text may be where a schema does not say: the forms that Coldroom's own fields have. */
const TEXTS = [
  'a',
  'wallet-1',
  'rehearsal',
  'HOT',
  '2026-11-30T10:00:00.000Z',
  'http://127.0.0.1:9/x',
  'MA',
  'first',
  '10:20',
  'f'.repeat(64),
];

type Def = { type: string; [member: string]: unknown };

/**
 * A value that a schema takes, as far as its shape goes: its own rules (a pattern, a word among others) may refuse it. Environments are
 * always the rehearsal, which cannot lead off this machine.
 * @param handles what stands where a path belongs.
 */
export function sample(schema: z.ZodType, dice: Dice, handles: readonly string[], ids: readonly string[]): unknown {
  const def = schema.def as unknown as Def;
  const again = (inner: unknown): unknown => sample(inner as z.ZodType, dice, handles, ids);
  switch (def.type) {
    case 'string':
      if (schema.meta()?.['path'] !== undefined) return dice.pick(handles);
      return (
        [...TEXTS, ...handles, ...ids, randomUUID()].filter((text) => schema.safeParse(text).success).at(dice.below(40)) ??
        dice.pick([...ids, ...TEXTS])
      );
    case 'number':
    case 'int':
      return dice.pick([0, 1, 2, 7, 30]);
    case 'boolean':
      return dice.below(2) === 0;
    case 'null':
      return null;
    case 'literal':
      return (def['values'] as unknown[])[0];
    case 'enum': {
      const names = Object.values(def['entries'] as Record<string, string>);
      return names.includes('rehearsal') && names.includes('production') ? 'rehearsal' : dice.pick(names);
    }
    case 'array':
      return Array.from({ length: dice.below(4) }, () => again(def['element']));
    case 'tuple':
      return (def['items'] as unknown[]).map(again);
    case 'object':
      return Object.fromEntries(
        Object.entries(def['shape'] as Record<string, unknown>)
          .map(([name, inner]) => [name, again(inner)] as const)
          .filter(([, value]) => value !== undefined),
      );
    case 'record':
      return { a: again(def['valueType']) };
    case 'union':
      return again(dice.pick(def['options'] as unknown[]));
    case 'optional':
      return dice.below(2) === 0 ? undefined : again(def['innerType']);
    case 'nullable':
      return dice.below(3) === 0 ? null : again(def['innerType']);
    case 'pipe':
      return again(def['in']);
    default:
      return def['innerType'] === undefined ? null : again(def['innerType']);
  }
}
