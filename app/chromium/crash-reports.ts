import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Chromium's crash handler has to make folders of before it writes anything. */
const DATABASE = ['new', 'pending', 'completed', 'attachments'];

/**
 * A folder for BREAKPAD_DUMP_LOCATION in which no crash report can be kept. The switches against crash reports are not enough: Debian's
 * Chromium starts its handler all the same, and a page that crashes has its stacks, and what was typed may be on them, written into the
 * user's own configuration. A handler that finds files where its folders belong ends, and the browser goes on without.
 * @param inside a folder of the browser's that is thrown away.
 */
export function noPlaceForCrashReports(inside: string): string {
  const folder = join(inside, 'no-crash-reports');
  mkdirSync(folder);
  for (const name of DATABASE) writeFileSync(join(folder, name), '');
  return folder;
}
