import type { CoreDumps, Observers, SwapArea } from '../machine/index.ts';
import { ok, unlike, type CheckLine } from './line.ts';

const DUMPS = { id: 'core-dumps', what: 'a crash would leave no memory of this process behind' } as const;
const SWAP = { id: 'swap', what: 'memory is not written to a disk as it is' } as const;
const REPORTS = { id: 'crash-reports', what: 'no crash report and no heap snapshot is written' } as const;
const WATCHED = { id: 'debugger', what: 'no debugger is attached to this process' } as const;

/** @param seesSecrets false on an online station: then a dump could hold an API key, and no secret. */
export function judgeCoreDumps({ leaves, basis }: CoreDumps, seesSecrets: boolean): CheckLine {
  switch (leaves) {
    case 'without-memory':
    case 'none':
      return ok(DUMPS, basis);
    case 'whole':
      return unlike(
        DUMPS,
        seesSecrets ? 'failed' : 'warn',
        basis,
        'turn core dumps off for this user (`ulimit -c 0`, or the system’s own setting), and start again',
      );
    case 'unknown':
      return unlike(DUMPS, 'not-checkable', basis, 'see to it that this system keeps no dumps of programs that crash');
  }
}

/** Never `failed`: whether the disk itself is encrypted not every system says. */
export function judgeSwap(areas: readonly SwapArea[] | null, seesSecrets: boolean): CheckLine {
  if (areas === null) return unlike(SWAP, 'not-checkable', 'this system does not say', 'turn swap off, or see to it that it is encrypted');
  if (areas.length === 0) return ok(SWAP, 'no swap is in use');
  const told = areas.map(({ name, kind }) => `${name} ${KINDS[kind]}`).join(', ');
  if (!seesSecrets) return ok(SWAP, `${told}; an online station sees no secret`);
  if (areas.some((one) => one.kind === 'plain'))
    return unlike(SWAP, 'warn', told, 'turn swap off before secrets are read (`swapoff -a`), or encrypt it');
  if (areas.some((one) => one.kind === 'unknown'))
    return unlike(SWAP, 'not-checkable', told, 'turn swap off before secrets are read, or see to it that it is encrypted');
  return ok(SWAP, told);
}

const KINDS = { memory: 'in compressed memory', encrypted: 'encrypted', plain: 'not encrypted', unknown: 'of unknown kind' } as const;

export function judgeReports({ reports }: Observers): CheckLine {
  if (reports.length === 0) return ok(REPORTS, 'the runtime was started without any');
  return unlike(REPORTS, 'failed', reports.join(', '), 'start Coldroom without these switches, and look into NODE_OPTIONS');
}

/** What may look into the process sees every secret in it, now and later. */
export function judgeObservers({ inspector, tracer }: Observers): CheckLine {
  if (inspector)
    return unlike(WATCHED, 'failed', 'its inspector’s port is open', 'stop; find out who started it so, and start Coldroom anew');
  if (tracer !== null && tracer !== 0)
    return unlike(WATCHED, 'failed', `process ${tracer.toString()} traces it`, 'stop; find out what that process is');
  return ok(WATCHED, tracer === null ? 'its inspector is closed' : 'its inspector is closed, and nothing traces it');
}
