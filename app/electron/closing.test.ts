import { afterEach, describe, expect, it, vi } from 'vitest';
import { askingEvent } from '../../test/electron/electron-double.ts';
import { openShell } from '../../test/electron/start-shell.ts';

afterEach(() => {
  vi.useRealTimers();
});

const soon = () => new Promise((done) => setTimeout(done, 5));

describe('closing the window', () => {
  it('closes it when nothing is under way', async () => {
    const { electron } = await openShell();
    const event = askingEvent();
    electron.window.events.emit('close', event);
    expect([event.prevented, electron.window.contents.sent]).toEqual([false, []]);
  });
  it('asks the page when something is', async () => {
    const { electron, session } = await openShell();
    session.busy = true;
    const event = askingEvent();
    electron.window.events.emit('close', event);
    expect(event.prevented).toBe(true);
    expect(electron.window.contents.sent).toEqual([['coldroom', { event: 'close-asked' }]]);
  });
  it('happens for good when the session says so', async () => {
    const { electron, session } = await openShell();
    session.busy = true;
    session.options.onClose();
    expect(electron.window.double).toHaveProperty('isDestroyed');
    expect((electron.window.double as { isDestroyed(): boolean }).isDestroyed()).toBe(true);
  });
  it('ends the app, on macOS too', async () => {
    const { electron } = await openShell();
    electron.appEvents.emit('window-all-closed');
    expect(electron.calls.at(-1)).toEqual(['quit']);
  });
});

describe('ending the app', () => {
  it('waits for the session, once', async () => {
    const { electron, session } = await openShell();
    const event = askingEvent();
    electron.appEvents.emit('will-quit', event);
    expect([event.prevented, session.closed]).toEqual([true, 1]);
    await soon();
    expect(electron.calls.at(-1)).toEqual(['quit']);
    const again = askingEvent();
    electron.appEvents.emit('will-quit', again);
    expect([again.prevented, session.closed]).toEqual([false, 1]);
  });
  it('waits no longer than five seconds', async () => {
    const { electron, session } = await openShell();
    session.close = () => new Promise(() => undefined);
    vi.useFakeTimers();
    electron.appEvents.emit('will-quit', askingEvent());
    await vi.advanceTimersByTimeAsync(4_999);
    expect(electron.calls.at(-1)?.[0]).not.toBe('quit');
    await vi.advanceTimersByTimeAsync(1);
    expect(electron.calls.at(-1)).toEqual(['quit']);
  });
});
