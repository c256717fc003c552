import { dirname } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openShell } from '../../test/electron/start-shell.ts';

async function spawned() {
  const { electron, session } = await openShell();
  const child = session.options.spawnKeychainChild();
  const [played] = electron.children;
  if (played === undefined) throw new Error('no child');
  return { child, played };
}

describe('the keychain’s child', () => {
  it('is a utility process of our own program, told nothing and printing nowhere', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require /tmp/evil.js');
    vi.stubEnv('HOME', '/home/someone');
    const { played } = await spawned();
    vi.unstubAllEnvs();
    const [program, args, options] = played.forked as [
      string,
      string[],
      { env: Record<string, string>; cwd: string } & Record<string, unknown>,
    ];
    expect(program).toMatch(/[/\\]keychain-child\.mjs$/);
    expect(args).toEqual([]);
    expect(options).toMatchObject({ stdio: 'ignore', execArgv: [], allowLoadingUnsignedLibraries: false });
    expect(options.env['HOME']).toBe('/home/someone');
    expect(options.env).not.toHaveProperty('NODE_OPTIONS');
    expect(options.env).not.toHaveProperty('PATH');
    expect(options.cwd).toBe(dirname(process.execPath));
  });
  it('gets messages and is heard', async () => {
    const { child, played } = await spawned();
    const heard: unknown[] = [];
    child.onMessage((message) => heard.push(message));
    child.send({ id: 1, do: 'get', account: 'a' });
    played.events.emit('message', { id: 1, ok: true, text: null });
    expect(played.posted).toEqual([{ id: 1, do: 'get', account: 'a' }]);
    expect(heard).toEqual([{ id: 1, ok: true, text: null }]);
  });
  it('can be ended, and tells when it has', async () => {
    const { child, played } = await spawned();
    child.kill();
    expect(played.killed).toBe(true);
    let ended = false;
    void child.exited.then(() => (ended = true));
    await Promise.resolve();
    expect(ended).toBe(false);
    played.events.emit('exit', 0);
    await child.exited;
    expect(ended).toBe(true);
  });
});
