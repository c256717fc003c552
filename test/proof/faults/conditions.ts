import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import type { Act } from './acts.ts';
import type { Ground } from './ground.ts';
import { filesHold, judge, leftBehind, ledgerHolds, saysWhatToDo, sentOnce } from './judge.ts';
import type { Tally } from './kills.ts';

/** What happens around Coldroom rather than in it: disks, clocks, other processes. */

const stdinOf = (act: Act) => (act.stdin === undefined ? {} : { stdin: act.stdin });

/** Why no small disk can be mounted here, or null. */
export function whyNoMount(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting a small disk takes Linux and root';
  const tried = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return tried.status === 0 ? null : 'this system lets nobody mount a disk here';
}

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`);
}

const unmount = (folder: string): void => void spawnSync('umount', ['-l', folder]);

/** Everything lies on a disk of its own, of which `leftBytes` are free; then there is room again. */
export async function onFullDisk(ground: Ground, act: Act, leftBytes: number, tally: Tally): Promise<void> {
  await ground.reset(act.base, (folder) => {
    mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder);
  });
  try {
    const { bavail, bsize } = statfsSync(ground.now);
    writeFileSync(ground.path('filling'), Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
    const ended = await ground.run(act.command, stdinOf(act));
    // What is left may have been enough.
    const wasFull = ended.code !== 0 || statfsSync(ground.now).bavail === 0;
    rmSync(ground.path('filling'));
    tally.take(act, `with ${leftBytes.toString()} bytes free`, await judge(ground, act, ended), wasFull);
  } finally {
    unmount(ground.now);
  }
}

/** The home folder, and all around it, can be read and not written; then written again. */
export async function readOnly(ground: Ground, act: Act, tally: Tally): Promise<void> {
  await ground.reset(act.base, (folder) => {
    mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder);
  });
  try {
    mount('-o', 'remount,ro', ground.now);
    const ended = await ground.run(act.command, stdinOf(act));
    mount('-o', 'remount,rw', ground.now);
    tally.take(act, 'on a disk that is read-only', await judge(ground, act, ended));
  } finally {
    unmount(ground.now);
  }
}

/**
 * The act writes to a stick, which is pulled at one of its calls: the file system goes while its files are open. Then another stick is in.
 */
export async function pullStick(ground: Ground, act: Act, at: number, tally: Tally): Promise<void> {
  await ground.reset(act.base);
  const stick = ground.path('stick');
  mkdirSync(stick, { recursive: true });
  mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', stick);
  let wasPulled = false;
  try {
    const ended = await ground.run(act.command, {
      ...stdinOf(act),
      fault: { at, do: 'stop' },
      whenStopped: () => {
        wasPulled = true;
        unmount(stick);
      },
    });
    unmount(stick);
    mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', stick);
    tally.take(act, `stick pulled at call ${at.toString()}`, await judge(ground, act, ended), wasPulled);
  } finally {
    unmount(stick);
  }
}

/** The clock is a year off, from the start or from one call on; then right again. */
export async function clockJumps(ground: Ground, act: Act, years: 1 | -1, at: number | null, tally: Tally): Promise<void> {
  await ground.reset(act.base);
  const clockSeconds = years * 366 * 24 * 60 * 60;
  const ended = await ground.run(act.command, { ...stdinOf(act), fault: at === null ? { clockSeconds } : { clockSeconds, at } });
  tally.take(act, `clock ${years.toString()} year off from call ${(at ?? 1).toString()}`, await judge(ground, act, ended));
}

/** Another process holds the ledger for writing for as long as the act runs, from its start or from the moment CoinCover is asked. */
export async function ledgerHeld(ground: Ground, act: Act, from: 'start' | 'asked', tally: Tally): Promise<void> {
  await ground.reset(act.base);
  const other = new SqliteDatabase(ground.path('home', 'ledger.sqlite'), { timeout: 5000 });
  let wasHeld = false;
  const hold = (): void => {
    other.exec('BEGIN IMMEDIATE');
    wasHeld = true;
  };
  try {
    if (from === 'start') hold();
    const watch =
      from === 'start'
        ? null
        : setInterval(() => {
            if (ground.posts() === 0 || other.inTransaction) return;
            hold();
          }, 1);
    const ended = await ground.run(act.command, stdinOf(act));
    if (watch !== null) clearInterval(watch);
    if (other.inTransaction) other.exec('ROLLBACK');
    other.close();
    tally.take(act, `ledger held by another process from its ${from}`, await judge(ground, act, ended), wasHeld);
  } finally {
    if (other.open) other.close();
  }
}

/** Two Coldrooms do the same on one home at the same time, one of them a little later. What is sent is what one would send. */
export async function twoAtOnce(ground: Ground, act: Act, laterMs: number, tally: Tally): Promise<void> {
  await ground.reset(act.base);
  const both = await Promise.all([
    ground.run(act.command, stdinOf(act)),
    new Promise((begin) => setTimeout(begin, laterMs)).then(() => ground.run(act.command, stdinOf(act))),
  ]);
  const lines = [
    ...both.flatMap(saysWhatToDo),
    ...(both.some((one) => one.code === 0) ? [] : [`neither came through: ${both.map((one) => one.error?.code ?? '?').join(', ')}`]),
    ...(await ledgerHolds(ground, act)),
    ...filesHold(ground, act),
    ...leftBehind(ground),
    ...sentOnce(ground, act, 2),
  ];
  tally.take(act, `two at once, ${laterMs.toString()} ms apart`, lines);
}
