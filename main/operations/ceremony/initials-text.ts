import { z } from 'zod';

/** Initials as they are kept: capitals, each letter with its mark in one, whatever spaces stand around what was typed. */
export const initialsText = z
  .string()
  .max(40)
  .transform((text) => text.trim().normalize('NFKC').toUpperCase())
  .pipe(z.string().regex(/^[\p{L}\p{N}]{2,5}$/u, 'are 2 to 5 letters or digits'));
