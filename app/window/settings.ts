import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readBoundedFile, writeFileReplacing } from '../../main/files/index.ts';
import { isColdroomError } from '../../main/values/index.ts';

/** The longest that a window may stay open without anybody; and what holds where nobody chose. */
const MOST_LOCK_MINUTES = 60;
const DEFAULT_LOCK_MINUTES = 10;

const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  /** After how many minutes without input the window locks. There is no "never". */
  lock_minutes: z.number().int().min(1).max(MOST_LOCK_MINUTES).catch(DEFAULT_LOCK_MINUTES),
});
export type WindowSettings = z.output<typeof settings>;

const file = (home: string) => join(home, 'window.json');

/** What people chose on this station; the shells' browser profiles are thrown away, so it lies with the station. */
export async function readSettings(home: string): Promise<WindowSettings> {
  try {
    const bytes = await readBoundedFile(file(home), { maxBytes: 1024, what: 'the window’s settings' });
    return settings.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    if (isColdroomError(error) || error instanceof SyntaxError || error instanceof z.ZodError) return settings.parse({}); // no reason to stop
    throw error;
  }
}

/** Before a station is made there is no place to keep them, and a choice lasts as long as the window. */
export async function keepSettings(home: string, chosen: Partial<WindowSettings>): Promise<void> {
  if (!existsSync(home)) return;
  const kept = { ...(await readSettings(home)), ...chosen };
  await writeFileReplacing(file(home), Buffer.from(`${JSON.stringify(kept)}\n`, 'utf8'));
}
