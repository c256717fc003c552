import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPowerShell } from './run-powershell.ts';
import { runProgram } from './run-program.ts';
import type { MachineReading } from './swap.ts';
import { readSystemTextOrNull } from './system-files.ts';

/**
 * SECURITY(REQ-CORE-DUMP): keeps memory out of a core dump of this process and of every child that it starts from now on (core(5): the
 * filter is inherited, also over an execve). Called first by each shell, before any secret is read. Elsewhere than on Linux core dumps are
 * off unless somebody turned them on; a kernel without the file (a container's /proc may lack it) makes no core that we could shape.
 */
export function keepHeapOutOfCoreDumps(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    process.emitWarning('core dumps of this process could not be limited');
  }
}

/**
 * What a crash of this process would leave. `without-memory`: a dump, but without the memory that secrets lie in; `none`: no dump;
 * `whole`: a dump with everything; `unknown`: the system does not say.
 */
export type CoreDumps = {
  readonly leaves: 'without-memory' | 'none' | 'whole' | 'unknown';
  /** Where the system says so, as it says it: `coredump_filter 00000000`. */
  readonly basis: string;
};

/** Asks the system about this very process. */
export async function readCoreDumps({
  platform = process.platform,
  root = '/',
  run = runProgram,
}: MachineReading = {}): Promise<CoreDumps> {
  switch (platform) {
    case 'linux':
      return readLinux(root);
    case 'darwin': {
      // launchctl(1): the soft limit, then the hard one.
      const said = await run('/bin/launchctl', ['limit', 'core']);
      const soft = /^\s*core\s+(\S+)/m.exec(said?.stdout ?? '')?.[1];
      if (said?.exit !== 0 || soft === undefined) return { leaves: 'unknown', basis: 'launchctl gives no limit' };
      return { leaves: soft === '0' ? 'none' : 'whole', basis: `launchctl limit core ${soft}` };
    }
    case 'win32':
      return readWindows(await runPowerShell(run, WINDOWS_SCRIPT));
    default:
      return { leaves: 'unknown', basis: platform };
  }
}

/**
 * core(5). The filter says which memory goes into a dump, whoever takes it; the limit of a core file's size counts only where the kernel
 * writes the file itself, and not where it hands the dump to a program.
 */
async function readLinux(root: string): Promise<CoreDumps> {
  const filter = (await readSystemTextOrNull(join(root, 'proc/self/coredump_filter')))?.trim() ?? null;
  if (filter !== null && /^0+$/.test(filter)) return { leaves: 'without-memory', basis: `coredump_filter ${filter}` };
  const limit = /^Max core file size\s+(\S+)/m.exec((await readSystemTextOrNull(join(root, 'proc/self/limits'))) ?? '')?.[1] ?? null;
  const pattern = (await readSystemTextOrNull(join(root, 'proc/sys/kernel/core_pattern')))?.trim() ?? null;
  if (limit === '0' && pattern !== null && !pattern.startsWith('|')) return { leaves: 'none', basis: 'core file size 0' };
  if (filter === null) return { leaves: 'unknown', basis: 'no coredump_filter' };
  return { leaves: 'whole', basis: `coredump_filter ${filter}` };
}

const WINDOWS_SCRIPT = `ConvertTo-Json -Compress @{ local = (Test-Path 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\Windows Error Reporting\\LocalDumps') }`;

function readWindows(said: unknown): CoreDumps {
  if (typeof said !== 'object' || said === null || !('local' in said)) return { leaves: 'unknown', basis: 'the registry was not read' };
  return said.local === true ? { leaves: 'whole', basis: 'LocalDumps is set' } : { leaves: 'none', basis: 'LocalDumps is not set' };
}
