import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readBoundedFile, writeFileReplacing } from '../../main/files/index.ts';
import { isColdroomError } from '../../main/values/index.ts';

const theme = z.enum(['system', 'light', 'dark']);
type Theme = z.output<typeof theme>;

const file = (home: string) => join(home, 'window.json');

/** What people chose on this station; the shells' browser profiles are thrown away, so it lies with the station. */
export async function readTheme(home: string): Promise<Theme> {
  try {
    const bytes = await readBoundedFile(file(home), { maxBytes: 1024, what: 'the window’s settings' });
    return z.object({ theme }).parse(JSON.parse(bytes.toString('utf8'))).theme;
  } catch (error) {
    if (isColdroomError(error) || error instanceof SyntaxError || error instanceof z.ZodError) return 'system'; // looks are worth no stop
    throw error;
  }
}

/** Before a station is made there is no place to keep it, and the choice lasts as long as the window. */
export async function keepTheme(home: string, chosen: Theme): Promise<void> {
  if (!existsSync(home)) return;
  await writeFileReplacing(file(home), Buffer.from(`${JSON.stringify({ theme: chosen })}\n`, 'utf8'));
}
