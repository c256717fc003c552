import { z } from 'zod';
import type { ColdroomError } from '../values/index.ts';

/** Why one of many files did not come through, in the output of a command that goes on with the others; null where nothing went wrong. */
export const problemLine = z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable();

export function problemOf(problem: ColdroomError | null): z.output<typeof problemLine> {
  return problem === null ? null : { code: problem.code, message: problem.message, hint: problem.hint };
}
