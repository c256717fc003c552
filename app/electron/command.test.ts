import { afterEach, describe, expect, it, vi } from 'vitest';
import { startShell } from '../../test/electron/start-shell.ts';

const exit = process.exit.bind(process);

afterEach(() => {
  process.exit = exit;
});

async function command(...args: string[]) {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text, done?: unknown) => {
    out.push(String(text));
    if (typeof done === 'function') (done as () => void)();
    return true;
  });
  const shell = await startShell(args);
  return { ...shell, out: out.join('') };
}

describe('`coldroom <command>` of a package', () => {
  it('runs without a window and ends with the command’s exit code, telling what has to be tidied up', async () => {
    const tidied = vi.fn();
    process.once('exit', tidied);
    const { electron, out } = await command('--version');
    expect(out).toMatch(/^coldroom \d+\.\d+\.\d+\n$/);
    expect(electron.calls).toEqual([['exit', 0]]);
    expect([electron.windows, electron.sessions.size]).toEqual([[], 0]);
    expect(tidied).toHaveBeenCalledOnce();
  });
  it('ends with 2 for a command that does not exist', async () => {
    const errors = vi.spyOn(process.stderr, 'write').mockImplementation((_text, done?: unknown) => {
      if (typeof done === 'function') (done as () => void)();
      return true;
    });
    const { electron } = await command('frobnicate');
    expect(electron.calls).toEqual([['exit', 2]]);
    expect(String(errors.mock.calls[0]?.[0])).toContain('there is no such command');
  });
  it('runs beside a window: it asks for no lock', async () => {
    const { electron } = await command('--help');
    expect(electron.calls.map(([name]) => name)).toEqual(['exit']);
  });
});
