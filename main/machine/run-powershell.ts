import { win32 } from 'node:path';
import { parseOutput } from './program-json.ts';
import { programsFolder, type RunProgram } from './run-program.ts';

/** Before every script: no progress on its output, and UTF-8 instead of the console's code page. */
const PREAMBLE = `$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
`;

/**
 * Runs a script of our own in Windows PowerShell, without profiles and questions.
 * @param script it writes one JSON value. It is handed over encoded, so that no quoting of command lines comes between.
 * @returns that value, unchecked; null where the script did not end well or wrote something else.
 */
export async function runPowerShell(run: RunProgram, script: string): Promise<unknown> {
  const powershell = win32.join(programsFolder(), 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const encoded = Buffer.from(PREAMBLE + script, 'utf16le').toString('base64');
  const ended = await run(powershell, ['-NoLogo', '-NoProfile', '-NonInteractive', '-EncodedCommand', encoded]);
  return ended?.exit === 0 ? parseOutput(ended.stdout) : null;
}
