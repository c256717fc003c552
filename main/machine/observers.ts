import { url } from 'node:inspector';
import { join } from 'node:path';
import { readSystemTextOrNull } from './system-files.ts';

/** What may look into this process, or write down what lies in it, because somebody asked for that when it was started. */
export type Observers = {
  /** A debugger's port is open in this process. */
  readonly inspector: boolean;
  /** The process that traces this one, by its number; 0 for none, null where the system does not say. */
  readonly tracer: number | null;
  /** The runtime's switches that write reports or heap snapshots, by their names. */
  readonly reports: readonly string[];
};

/** Node's switches that write memory, or a report of it, to a file (Node's documentation, "Command-line API"). */
const TELLING =
  /^--(heapsnapshot-\S+|heap-prof|cpu-prof|diagnostic-dir|report-on-\S+|report-uncaught-exception|abort-on-uncaught-exception)/;

/** @param root on Linux: the folder that holds `proc`. */
export async function readObservers(root = '/', started: readonly string[] = switchesOfThisProcess()): Promise<Observers> {
  const status = process.platform === 'linux' ? await readSystemTextOrNull(join(root, 'proc/self/status')) : null;
  const tracer = /^TracerPid:\s*(\d+)$/m.exec(status ?? '')?.[1];
  const asked = started.flatMap((one) => TELLING.exec(one)?.[0] ?? []).map((one) => one.replace(/=.*/, ''));
  return {
    inspector: url() !== undefined,
    tracer: tracer === undefined ? null : Number(tracer),
    reports: [...new Set([...asked, ...reportsOn()])],
  };
}

function switchesOfThisProcess(): string[] {
  return [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
}

/** Node's diagnostic report can be turned on without a switch, by code. */
function reportsOn(): string[] {
  const { reportOnFatalError, reportOnSignal, reportOnUncaughtException } = process.report;
  return [
    ...(reportOnFatalError ? ['--report-on-fatalerror'] : []),
    ...(reportOnSignal ? ['--report-on-signal'] : []),
    ...(reportOnUncaughtException ? ['--report-uncaught-exception'] : []),
  ];
}
