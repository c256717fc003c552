import { describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({
  app: {
    get isPackaged() {
      throw new TypeError('a bug');
    },
    exit: () => {
      throw new Error('it took a bug for bad input');
    },
  },
}));
const { readLaunch, RefusedArgument, setupLaunch } = await import('./launch.ts');

const packaged = (...args: string[]) => readLaunch(['/opt/coldroom', ...args], true);

describe('a packaged start', () => {
  it.each([[['status']], [['--json', 'status']], [['--home', '/s', 'status']], [['--home=/s', 'status']], [['--help']], [['--version']]])(
    'is a command with %j',
    (args) => {
      expect(packaged(...args)).toEqual({ kind: 'command', argv: args });
    },
  );
  it('is a command in an AppImage that found no way to make a sandbox', () => {
    expect(packaged('--no-sandbox', 'seal', '--in', 'F')).toEqual({ kind: 'command', argv: ['seal', '--in', 'F'] });
  });
  it('is a window without a word', () => {
    expect(packaged()).toEqual({ kind: 'window', home: null });
    expect(packaged('--home', '/s')).toEqual({ kind: 'window', home: '/s' });
    expect(packaged('--home=/s')).toEqual({ kind: 'window', home: '/s' });
  });
  it.each([
    '--no-sandbox',
    '--remote-debugging-port=1',
    '--remote-debugging-pipe',
    '--js-flags=x',
    '--proxy-server=x',
    '--inspect',
    '-psn',
  ])('opens no window with %s', (arg) => {
    expect(() => packaged(arg)).toThrow(RefusedArgument);
  });
  it('is the keychain’s child by its word alone, and first', () => {
    expect(packaged('.keychain-child')).toEqual({ kind: 'keychain-child' });
    expect(packaged('status', '.keychain-child').kind).toBe('command');
  });
});

describe('what cannot be read for another reason', () => {
  it('is no refusal of an argument', () => {
    expect(() => setupLaunch()).toThrow(TypeError);
  });
});

describe('a start from a checkout', () => {
  it('has the app’s path before its words, and takes switches, as Playwright’s', () => {
    expect(readLaunch(['electron', '.', 'status'], false)).toEqual({ kind: 'command', argv: ['status'] });
    expect(readLaunch(['electron', '.', '--inspect=0', '--home', '/s'], false)).toEqual({ kind: 'window', home: '/s' });
  });
});
