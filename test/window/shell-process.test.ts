import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Place } from './station.ts';

const root = join(import.meta.dirname, '..', '..');
const started: ChildProcess[] = [];

/** The evaluation shell as `npm start` starts it, without a display; resolves when its page can be used. */
async function startShell(home: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'dist/chromium/window.mjs'), '--home', home, '--headless', '--time'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await new Promise<void>((usable, failed) => {
    child.stdout.on('data', (piece: Buffer) => {
      if (/^usable \d+$/m.test(piece.toString())) usable();
    });
    child.once('exit', (code) => {
      failed(new Error(`it ended with ${String(code)}`));
    });
  });
  return child;
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A process and everything it started. */
function family(pid: number): number[] {
  const children = readdirSync(`/proc/${pid.toString()}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid.toString()}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap((child) => family(child))];
}

/** The sockets that these processes listen on, of any internet family. */
function listening(pids: readonly number[]): string[] {
  const inodes = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid.toString()}/fd`).flatMap((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid.toString()}/fd/${fd}`))?.[1] ?? [];
        } catch {
          return []; // closed since it was listed
        }
      }),
    ),
  );
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === LISTEN && inodes.has(columns[9] ?? ''))
      .map((columns) => columns[1] ?? ''),
  );
}

/** The throw-away profile that one of these processes was started with. */
function profileOf(pids: readonly number[]): string {
  const lines = pids.map((pid) => readFileSync(`/proc/${pid.toString()}/cmdline`, 'utf8'));
  const profile = lines.flatMap((line) => /--user-data-dir=([^\0]+)/.exec(line)?.[1] ?? [])[0];
  if (profile === undefined) throw new Error('no browser was started');
  return profile;
}

describe.runIf(process.platform === 'linux')('the evaluation shell as a process', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)('opens no port, and leaves neither browser nor profile behind: %s', async (signal) => {
    const place = new Place();
    const child = await startShell(place.home);
    const pids = family(child.pid ?? 0);
    expect(pids.length).toBeGreaterThan(3); // the browser is among them
    expect(listening(pids)).toEqual([]);
    const profile = profileOf(pids);
    expect(existsSync(profile)).toBe(true);
    child.removeAllListeners('exit');
    const exited = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await exited;
    await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid.toString()}`) && !isZombie(pid))).toEqual([]);
    await expect.poll(() => existsSync(profile)).toBe(false);
    place.remove();
  });

  it('has no heap in a core dump, neither of its own nor of any process of its browser', async () => {
    const place = new Place();
    const child = await startShell(place.home);
    const filters = family(child.pid ?? 0).map((pid) => readFileSync(`/proc/${pid.toString()}/coredump_filter`, 'utf8').trim());
    expect(filters.length).toBeGreaterThan(3);
    // A process that the sandbox made undumpable shows an empty file: it leaves no core at all.
    expect(filters.filter((filter) => filter !== '00000000' && filter !== '')).toEqual([]);
    place.remove();
  });

  it('killed without warning takes its browser with it', async () => {
    const place = new Place();
    const child = await startShell(place.home);
    const pids = family(child.pid ?? 0);
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid.toString()}`) && !isZombie(pid))).toEqual([]);
    place.remove();
  });

  it('says in a sentence that the browser could not start, and ends with 2', () => {
    const place = new Place();
    const env = { ...process.env, DISPLAY: ':4711', WAYLAND_DISPLAY: '' };
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/chromium/window.mjs'), '--home', place.home], {
      env,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^the browser ended while it was starting, [^\n]+coldroom help\n$/);
    expect(status).toBe(2);
    place.remove();
  });
});

function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid.toString()}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === true;
  } catch {
    return true; // gone since it was looked for
  }
}

describe.runIf(process.platform === 'linux')('npm start', () => {
  it('says where there is no display, and offers the command line', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'build/start.mjs')], { env: { PATH: '' }, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/no display[\s\S]*npm run -s coldroom/);
  });
});
