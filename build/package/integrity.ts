import { getRawHeader } from '@electron/asar';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Looks for the hash of the archive's header where Electron will look for it: macOS in Info.plist, Windows among the
 * executable's resources. On Linux Electron does not look.
 * @param place the file that must hold it.
 * @returns what is wrong, in words.
 */
export function checkIntegrity(resources: string, place: string): string[] {
  const { headerString } = getRawHeader(join(resources, 'app.asar'));
  const hash = createHash('sha256').update(headerString).digest('hex');
  return readFileSync(place).includes(hash) ? [] : [`${place} does not hold the hash of app.asar`];
}
