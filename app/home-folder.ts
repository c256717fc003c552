import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { inputError, quote } from '../main/values/index.ts';

/**
 * Where a station lives unless its user names another folder: the place that the system keeps for an app's data.
 * @throws input `home-unknown`.
 */
export function defaultHome(): string {
  if (process.platform === 'win32') {
    const appData = process.env['APPDATA'];
    if (appData !== undefined && isAbsolute(appData)) return join(appData, 'Coldroom');
  }
  const home = homedir();
  if (home === '') throw inputError('home-unknown', 'this account has no home folder', { hint: 'name one with --home DIR' });
  // Relative, it would be another station from every folder, and one made today would not be found tomorrow.
  if (!isAbsolute(home)) {
    throw inputError('home-unknown', `the home folder of this account is said to be ${quote(home)}, which is no full path`, {
      hint: 'set HOME to the full path, or name a folder with --home DIR',
    });
  }
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Coldroom');
  const data = process.env['XDG_DATA_HOME'];
  return join(data !== undefined && isAbsolute(data) ? data : join(home, '.local', 'share'), 'coldroom');
}
