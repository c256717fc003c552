import { describe, expect, it } from 'vitest';
import { openShell } from '../../test/electron/start-shell.ts';

describe('a page whose process dies', () => {
  it('is loaded again, three times and no more', async () => {
    const { electron } = await openShell();
    const { calls, contents } = electron.window;
    for (const times of [2, 3, 4, 4, 4]) {
      contents.events.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
      expect(calls.filter(([name, url]) => name === 'loadURL' && url === 'app://coldroom/index.html')).toHaveLength(times);
    }
  });
  it('is not, when its window has gone', async () => {
    const { electron, session } = await openShell();
    session.options.onClose();
    electron.window.contents.events.emit('render-process-gone', {}, { reason: 'killed', exitCode: 0 });
    expect(electron.window.calls.filter(([name]) => name === 'loadURL')).toHaveLength(1);
  });
});
