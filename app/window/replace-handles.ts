import { z } from 'zod';
import { inputError } from '../../main/values/index.ts';

/**
 * Puts paths in the place of handles, wherever an operation's input schema says that a path belongs (`meta.path`). The schema
 * decides, not the page: a string in any other place stays what it is.
 */
export function replaceHandles(schema: z.ZodType, input: unknown, pathOf: (handle: string) => string): unknown {
  if (isPath(schema)) {
    if (typeof input !== 'string') throw inputError('input-invalid', 'a choice of file is missing');
    return pathOf(input);
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return input === undefined || input === null ? input : replaceHandles(schema.unwrap() as z.ZodType, input, pathOf);
  }
  if (schema instanceof z.ZodArray) {
    const element = schema.element as z.ZodType;
    return Array.isArray(input) ? input.map((one) => replaceHandles(element, one, pathOf)) : input;
  }
  if (schema instanceof z.ZodObject) return replaceMembers(schema, input, pathOf);
  if (schema instanceof z.ZodUnion) return replaceInUnion(schema.options as z.ZodType[], input, pathOf);
  return input;
}

function isPath(schema: z.ZodType): boolean {
  return z.globalRegistry.get(schema)?.['path'] !== undefined;
}

function replaceMembers(schema: z.ZodObject, input: unknown, pathOf: (handle: string) => string): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const shape = schema.shape as Record<string, z.ZodType>;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      const member = Object.hasOwn(shape, name) ? shape[name] : undefined;
      return [name, member === undefined ? value : replaceHandles(member, value, pathOf)];
    }),
  );
}

/** Of a union, the first form that the input fits; handles are strings like paths, so fitting does not depend on them. */
function replaceInUnion(options: readonly z.ZodType[], input: unknown, pathOf: (handle: string) => string): unknown {
  const fitting = options.find((option) => option.safeParse(input).success);
  return fitting === undefined ? input : replaceHandles(fitting, input, pathOf);
}
