import { BACKUPS_WORDS } from './backups.ts';
import { CEREMONIES_WORDS } from './ceremonies.ts';
import { CEREMONY_WORDS } from './ceremony.ts';
import { CEREMONY_STEPS_WORDS } from './ceremony-steps.ts';
import { FRAME_WORDS } from './frame.ts';
import { STATION_WORDS } from './stations.ts';
import { TRUST_WORDS } from './trust.ts';

/**
 * Every string that a screen shows, in one catalogue: plain verbs, sentence case, the words of design.md. Each page's words are
 * in a file of its own. Texts of failures are in `failures.ts`, those of steps in `steps.ts`, those of moving codes in
 * `codes.ts`, which loads with them. A translation is another object of this shape.
 */
export const WORDS = {
  ...FRAME_WORDS,
  ...STATION_WORDS,
  ...TRUST_WORDS,
  ...BACKUPS_WORDS,
  ...CEREMONIES_WORDS,
  ...CEREMONY_WORDS,
  ...CEREMONY_STEPS_WORDS,
} as const;
