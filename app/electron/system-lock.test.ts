import { describe, expect, it } from 'vitest';
import { openShell, startShell } from '../../test/electron/start-shell.ts';

describe('a computer whose person leaves', () => {
  it.each(['lock-screen', 'suspend'])('covers the window: %s', async (event) => {
    const { electron, session } = await openShell();
    electron.powerEvents.emit(event);
    expect(session.locked).toBe(1);
  });
  it('covers it again each time', async () => {
    const { electron, session } = await openShell();
    for (const event of ['lock-screen', 'suspend', 'lock-screen']) electron.powerEvents.emit(event);
    expect(session.locked).toBe(3);
  });
});

describe('a computer whose person comes back, or stays', () => {
  // Whoever opens the computer opens no station with it.
  it.each(['unlock-screen', 'resume', 'on-battery', 'user-did-become-active'])('is told nothing: %s', async (event) => {
    const { electron, session } = await openShell();
    electron.powerEvents.emit(event);
    expect([session.locked, session.closed, session.received]).toEqual([0, 0, []]);
  });
});

describe('a shell that opens no window', () => {
  it('does not listen', async () => {
    const { electron } = await startShell([], { firstInstance: false });
    await electron.start();
    expect(electron.powerEvents.eventNames()).toEqual([]);
  });
});
