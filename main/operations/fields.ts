import { z } from 'zod';
import { isPlainName } from './station/station-names.ts';

/** Members that several operations take, so that each is checked in one way. */
export const environmentName = z.enum(['production', 'sandbox', 'rehearsal', 'custom']);
export const keyEnvironment = z.enum(['HOT', 'COLD']);
/** What a print is laid out for. */
export const paper = z.enum(['a4', 'letter']);
export const accountKind = z.enum(['institution', 'partner']);
/** A document's kind, as file names have it. */
export const documentKind = z.enum(['keypack', 'sealed', 'receipt', 'station', 'carry']);
export const check = z.enum(['valid', 'invalid', 'not-checkable', 'unknown']);
export const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'is not a uuid in lower case');
export const fingerprint = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 lower-case hex digits');

/**
 * A path that the person chose. In a window it is an opaque handle which the shell turns into a path before the operation
 * sees it (`meta.path` says so); on the command line it is the path itself.
 */
export const inputPath = z.string().min(1).meta({ path: 'input' });
export const outputPath = z.string().min(1).meta({ path: 'output' });

export const plainText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), 'holds a control character')
    .refine((value) => value.trim() === value, 'starts or ends with a space');

/** CoinCover's `user_identifier`, a customer's or package's id or name. */
export const serviceText = plainText(256);
export const stationName = plainText(100);
/** Of a station that is made now; one that was made before keeps the name it has. */
export const newStationName = stationName.refine(isPlainName, 'holds a character that cannot be seen');

/** One check that the app made by itself, its result, and what that rests on. */
export const shownCheck = z.object({
  id: z.string(),
  result: z.enum(['passed', 'amber', 'failed']),
  what: z.string(),
  rests_on: z.string(),
});

/** Words of a fingerprint that people entered, by their places 1 to 32. */
export const enteredWords = z.array(z.strictObject({ position: z.number().int().min(1).max(32), word: z.string().max(40) })).max(32);

/** A person's word on an item of which nobody knows whether CoinCover holds it. */
export const resolution = z.discriminatedUnion('how', [
  z.strictObject({ how: z.literal('resend') }),
  z.strictObject({ how: z.literal('backup-id'), backup_id: uuid }),
]);
