/**
 * What a kill cannot show: the system keeps what a dead process wrote, and only a power cut takes what was not flushed. So the order of the
 * calls is looked at instead. Whatever says that something is there, a name taken, a request sent, or the end of the command, comes after
 * the flush of what was written; what says so is a point, and each point stands for a power cut right after it.
 */

/** Locks and SQLite's shared memory mean nothing after a power cut. */
const WORTH_NOTHING = /-shm$|\.lock(?:-journal)?$/;

export type Flushes = { readonly points: number; readonly losses: readonly string[] };

/**
 * @param calls as machine.c logs them: the call, and the last part of the path. A folder is known by never being opened for writing, and
 * which of two folders was flushed is not told apart.
 */
export function flushesOf(calls: readonly string[]): Flushes {
  const unflushed = new Set<string>();
  /** Names that no folder was flushed for since. */
  const namesTaken = new Set<string>();
  const files = new Set<string>();
  const losses: string[] = [];
  let points = 0;
  const rely = (what: string, on: Iterable<string>): void => {
    points += 1;
    const lost = [...on];
    if (lost.length > 0) losses.push(`a power cut after ${what} loses ${lost.join(', ')}: not flushed before`);
  };
  for (const [index, line] of calls.entries()) {
    const [call = '', name = ''] = line.split(' ');
    const at = `${line} (call ${(index + 1).toString()})`;
    if (name === 'network') {
      if (call === 'write') rely(at, [...unflushed, ...namesTaken]);
      continue;
    }
    if (call === 'sync') {
      unflushed.delete(name);
      if (!files.has(name)) namesTaken.clear();
      continue;
    }
    if (call === 'open' || call === 'write' || call === 'truncate') files.add(name);
    if ((call === 'write' || call === 'truncate') && !WORTH_NOTHING.test(name)) unflushed.add(name);
    if (call === 'unlink') for (const gone of [unflushed, namesTaken]) gone.delete(name);
    if (call === 'rename' || call === 'link') {
      // `.NAME.….tmp` and `NAME.making`, with what SQLite keeps beside it, become NAME.
      rely(
        at,
        [...unflushed].filter((one) => one !== name && one.includes(name)),
      );
      files.add(name);
      namesTaken.add(name);
    }
  }
  rely('the end', [...unflushed, ...namesTaken]);
  return { points, losses };
}
