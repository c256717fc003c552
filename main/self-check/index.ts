/**
 * self-check: what a station can say of the machine and the process it runs in, line by line: what was looked at, how it is, what that
 * rests on, and what to do. Judges what `machine` reads, and looks at folders itself; changes nothing, throws nothing, and holds nothing
 * back: every line stands there whatever became of the others. What takes keys or the ledger is put beside it by the operation.
 */
export { judgeClock } from './clock.ts';
export { lookAtSpace } from './free-space.ts';
export { lookAtHome } from './home.ts';
export { ok, unlike, type CheckLine } from './line.ts';
export { judgeCoreDumps, judgeObservers, judgeReports, judgeSwap } from './memory.ts';
