// The OS keychain as Linux has it: real child processes, a real bus, a real Secret Service over folders of the test's own.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Keychain } from './keychain.ts';
import { createNodeSpawner } from './node-spawner.ts';
import { openOsKeychain } from './os-keychain.ts';

let folder: string;
let program: string;
const opened: Keychain[] = [];

function openKeychain(script = program, answerMs = 10_000): Keychain {
  const keychain = openOsKeychain({ spawn: createNodeSpawner(script), answerMs, askingUserMs: null });
  opened.push(keychain);
  return keychain;
}

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error as { code?: unknown }).code,
  );

/** Processes that were started with `needle` among their arguments or in their environment, and what those hold. */
function processesWith(needle: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== process.pid.toString())
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1') + readFileSync(`/proc/${pid}/environ`, 'latin1')];
      } catch {
        return []; // it ended while we looked, or is another user's
      }
    })
    .filter((text) => text.includes(needle));
}

/** A bus with gnome-keyring on it, until its standard input closes. @returns the bus's address. */
async function startSession(start: string): Promise<{ address: string; session: ChildProcess }> {
  const session = spawn('dbus-run-session', ['--', 'sh', '-c', `${start} >/dev/null 2>&1; echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat`], {
    env: { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: join(folder, 'data'), XDG_RUNTIME_DIR: join(folder, 'run') },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [address] = (await once(createInterface({ input: session.stdout }), 'line')) as [string];
  return { address, session };
}

async function endSession(session: ChildProcess): Promise<void> {
  session.stdin?.end();
  if (session.exitCode === null) await once(session, 'exit');
}

describe.runIf(process.platform === 'linux')('the Secret Service', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'coldroom-keyring-'));
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    program = join(folder, 'child.mjs');
    const source = pathToFileURL(join(import.meta.dirname, 'keychain-child.ts')).href;
    writeFileSync(program, `import { runKeychainChild } from ${JSON.stringify(source)};\nrunKeychainChild();\n`);
  });
  beforeEach(() => {
    // Nobody's real keyring, and no window.
    vi.stubEnv('HOME', folder);
    vi.stubEnv('XDG_DATA_HOME', join(folder, 'data'));
    vi.stubEnv('XDG_RUNTIME_DIR', join(folder, 'run'));
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS']) vi.stubEnv(name, undefined);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((keychain) => keychain.close()));
    vi.unstubAllEnvs();
    expect(processesWith(folder).filter((text) => text.includes('child.mjs'))).toEqual([]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  describe('open, then locked', () => {
    const longToken = randomBytes(4000);

    it('keeps, gives, replaces and deletes, short and long, across processes', async () => {
      const { address, session } = await startSession('printf pass | gnome-keyring-daemon --unlock --components=secrets');
      vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', address);
      try {
        const first = openKeychain();
        expect(await first.get('s/token')).toBeNull();
        await first.set('s/token', Buffer.from('old'));
        await first.set('s/token', longToken);
        await first.set('s/gone', longToken);
        await first.delete('s/gone');
        await first.delete('s/never');
        await first.close();
        const second = openKeychain();
        expect(await second.get('s/token')).toEqual(longToken);
        expect(await second.get('s/gone')).toBeNull();
      } finally {
        await endSession(session);
      }
    });

    it('hands a secret to the child through its pipe alone', async () => {
      const { address, session } = await startSession('printf pass | gnome-keyring-daemon --unlock --components=secrets');
      vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', address);
      vi.stubEnv('COLDROOM_CANARY', `not handed on ${folder}`);
      const canary = randomBytes(12).toString('hex');
      const control = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
        env: { CONTROL: canary },
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      try {
        const keychain = openKeychain();
        await keychain.set('s/canary', Buffer.from(canary));
        expect((await keychain.get('s/canary'))?.toString()).toBe(canary);
        const [child, ...others] = processesWith(program);
        expect(others).toEqual([]);
        expect(child).toContain(`DBUS_SESSION_BUS_ADDRESS=${address}`);
        expect(child).not.toContain('COLDROOM_CANARY');
        const holders = [canary, Buffer.from(canary).toString('base64').slice(0, 28)].flatMap(processesWith);
        expect(holders).toEqual([expect.stringContaining(`CONTROL=${canary}`)]);
      } finally {
        control.kill();
        await endSession(session);
      }
    });

    it('is not taken for empty when it is locked, and says so soon', async () => {
      const { address, session } = await startSession('gnome-keyring-daemon --start --components=secrets');
      vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', address);
      try {
        const keychain = openKeychain();
        expect(await codeOf(keychain.get('s/token'))).toBe('keychain-locked');
        expect(await codeOf(keychain.get('s/never'))).toBe('keychain-locked');
        expect(await codeOf(keychain.set('s/token', Buffer.from('new')))).toBe('keychain-locked');
        expect(await codeOf(keychain.delete('s/token'))).toBe('keychain-locked');
      } finally {
        await endSession(session);
      }
    });

    it('has kept, through all that, what it had', async () => {
      const { address, session } = await startSession('printf pass | gnome-keyring-daemon --unlock --components=secrets');
      vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', address);
      try {
        expect(await openKeychain().get('s/token')).toEqual(longToken);
      } finally {
        await endSession(session);
      }
    });
  });

  it('is missing where there is no bus, or one that nobody listens at', async () => {
    expect(await codeOf(openKeychain().get('s/token'))).toBe('keychain-none');
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', `unix:path=${join(folder, 'no-such-socket')}`);
    expect(await codeOf(openKeychain().get('s/token'))).toBe('keychain-none');
  });

  it('that cannot even be asked, for want of the child’s program, is told at once', async () => {
    expect(await codeOf(openKeychain(join(folder, 'missing.mjs')).get('s/token'))).toBe('keychain-no-answer');
  });

  describe('that never answers', () => {
    let server: Server;

    beforeEach(async () => {
      // A bus that takes the connection and says nothing: keytar waits for ever, inside the operating system's library.
      const socket = join(folder, 'silent-bus');
      server = createServer((connection) => connection.on('error', () => undefined)).listen(socket);
      await once(server, 'listening');
      vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', `unix:path=${socket}`);
    });
    afterEach(() => {
      server.close();
    });

    it('is given up, its child killed', async () => {
      const connected = once(server, 'connection');
      const keychain = openKeychain(program, 3_000);
      expect(await codeOf(keychain.get('s/token'))).toBe('keychain-no-answer');
      await connected;
      await vi.waitFor(() => {
        expect(processesWith(program)).toEqual([]);
      });
    });

    it('does not keep the child alive when its parent is gone', async () => {
      const connected = once(server, 'connection');
      const child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'ignore'] });
      child.stdin.write(`${JSON.stringify({ id: 1, do: 'get', account: 's/token' })}\n`);
      await connected;
      child.stdin.end();
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      expect(signal).toBe('SIGKILL');
    });
  });
});
