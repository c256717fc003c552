import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandIn } from '../../main/rehearsal/index.ts';
import { coldroom, TestStation } from '../command-line.ts';
import { median, type Line } from './lines.ts';

const RUNS = 5;
const FILES = 1000;
const shim = join(import.meta.dirname, '../../app/cli/coldroom');
const pem = join(import.meta.dirname, '../vectors/rsa4096-a.key.pem');

/** `coldroom status` with the Secret Service: a session bus and a keyring of their own, then the command, each time from its start. */
export function measureStatus(say: (text: string) => void): Line[] {
  const home = mkdtempSync(join(tmpdir(), 'coldroom-bench-'));
  mkdirSync(join(home, 'run'), { mode: 0o700 });
  const script = `echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    "${shim}" --home "${home}/station" init --role single >/dev/null || exit 1
    for turn in ${'x '.repeat(RUNS + 1)}; do
      begun=$(date +%s%N); "${shim}" --home "${home}/station" status >/dev/null || exit 1; echo $((($(date +%s%N) - begun) / 1000000))
    done`;
  try {
    const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: join(home, 'run') };
    const { status, stdout, error } = spawnSync('dbus-run-session', ['--', 'sh', '-c', script], { encoding: 'utf8', env });
    if (error !== undefined || status !== 0) {
      say('there is no Secret Service here, and status was not timed');
      return [];
    }
    return [['status with the OS keychain, ms', median(stdout.trim().split('\n').map(Number).slice(1)), 'at most', 250]];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** 1,000 files of 400 bytes as people seal them: one command, each file signed, written, flushed and in the ledger; then all of them opened again. */
export async function measureThousandFiles(say: (text: string) => void): Promise<Line[]> {
  const station = new TestStation();
  const key = createPrivateKey(readFileSync(pem));
  const standIn = new StandIn(
    { now: () => Date.now() },
    { keyPool: { prepare: () => undefined, stop: () => undefined, take: () => Promise.resolve(key) } },
  );
  try {
    const at = await standIn.listen();
    await station.prepare({ ...at, account: at.accountId });
    await station.must('assign --environment rehearsal --user bench --key-environment COLD --out @key.json');
    const folder = station.makeFolder('in');
    for (let n = 0; n < FILES; n += 1)
      writeFileSync(join(folder, `wallet-${n.toString().padStart(4, '0')}`), `${n.toString()} `.repeat(200).slice(0, 400));
    const begun = performance.now();
    await station.must('seal --key @key.json --in @in --out @out');
    const seconds = (performance.now() - begun) / 1000;
    const traced = spawnSync(
      'strace',
      [
        ...['-f', '-c', '-w', '-U', 'name,total-time', '-e', 'trace=fsync,fdatasync', '-o', station.path('trace')],
        ...[shim, '--home', station.home, '--keychain-passphrase-file', station.path('passphrase')],
        ...['seal', '--key', station.path('key.json'), '--in', folder, '--out', station.path('again')],
      ],
      { encoding: 'utf8' },
    );
    const flushes = traced.error === undefined ? flushSeconds(readFileSync(station.path('trace'), 'utf8')) : null;
    const share = flushes === null ? 'strace is not here' : `disk flushes took ${flushes.toFixed(2)} s of a run of the same`;
    say(`${FILES.toString()} files sealed in ${seconds.toFixed(2)} s, ${Math.round(FILES / seconds).toString()} a second; ${share}`);
    const opened = performance.now();
    const recovered = await coldroom([
      'recover',
      'folder',
      '--in',
      station.path('out'),
      '--private-key',
      pem,
      '--out',
      station.path('back'),
    ]);
    if (recovered.code !== 0) throw new Error(recovered.stderr);
    const openedSeconds = (performance.now() - opened) / 1000;
    say(
      `opened again with one key in ${openedSeconds.toFixed(2)} s, ${Math.round(FILES / openedSeconds).toString()} a second, each flushed and read back`,
    );
    return [];
  } finally {
    await standIn.close();
    station.remove();
  }
}

function flushSeconds(table: string): number {
  return [...table.matchAll(/^(?:fsync|fdatasync)\s+([\d.]+)/gm)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}
