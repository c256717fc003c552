// Opens the window: in Electron where its binary is there or can be had within a few seconds, else in an installed Chromium.
// Says which, and why; without a display it says so and offers the command line.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../app/chromium/browser.ts';

const root = join(import.meta.dirname, '..');
const FETCH_MS = 8000;
const args = process.argv.slice(2);
const say = (text) => process.stderr.write(`${text}\n`);

if (!hasDisplay()) {
  say('There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.');
  say('Everything works on the command line: npm run -s coldroom -- help');
  say('A whole rehearsal there:               npm run -s coldroom -- rehearse');
  process.exit(2);
}
const electron = electronBinary() ?? fetchElectron();
if (electron !== null) {
  say('Opening Coldroom in Electron.');
  end(electron, ['.', ...args]);
}
if (findChromium() === null) {
  say('Neither Electron’s binary nor a Chromium is on this machine: install chromium, or use the command line:');
  say('npm run -s coldroom -- help');
  process.exit(2);
}
say('Opening the evaluation shell in the installed Chromium: Electron’s binary is not here and could not be fetched.');
say('It is for rehearsals and CoinCover’s sandbox, not for production keys.');
end(process.execPath, [join(root, 'dist', 'chromium', 'window.mjs'), ...args]);

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}

/** The path that Electron's own installer leaves, or null. */
function electronBinary() {
  const at = join(root, 'node_modules', 'electron', 'path.txt');
  if (!existsSync(at)) return null;
  const binary = join(root, 'node_modules', 'electron', 'dist', readFileSync(at, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

function fetchElectron() {
  say(`Electron’s binary is not here; trying to fetch it for ${String(FETCH_MS / 1000)} seconds.`);
  spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], { cwd: root, stdio: 'ignore', timeout: FETCH_MS });
  return electronBinary();
}

function end(command, argv) {
  const { status } = spawnSync(command, argv, { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}
