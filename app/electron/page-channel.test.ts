import { describe, expect, it } from 'vitest';
import { openShell } from '../../test/electron/start-shell.ts';

async function channel() {
  const { electron, session } = await openShell();
  expect([...electron.channels.keys()]).toEqual(['coldroom']);
  const handler = electron.channels.get('coldroom') as (event: object, ...args: unknown[]) => unknown;
  return { electron, session, handler, contents: electron.window.contents };
}

describe('the channel to the page', () => {
  it('hands the session what our page says, and our page the answer', async () => {
    const { session, handler, contents } = await channel();
    const message = { operation: 'status', input: {} };
    await expect(handler({ sender: contents.double, senderFrame: contents.mainFrame }, message)).resolves.toEqual({ heard: message });
    expect(session.received).toEqual([message]);
  });
  it('hears nobody else', async () => {
    const { electron, session, handler, contents } = await channel();
    const stranger = electron.contents();
    const events = {
      'a frame that has gone': { sender: contents.double, senderFrame: null },
      'another window': { sender: stranger.double, senderFrame: stranger.mainFrame },
      'another window that claims our frame': { sender: stranger.double, senderFrame: contents.mainFrame },
      'a frame in our page': { sender: contents.double, senderFrame: electron.frame({ parent: contents.mainFrame }) },
      'another main frame of our origin': { sender: contents.double, senderFrame: electron.frame() },
    };
    for (const [name, event] of Object.entries(events)) expect(() => handler(event, {}), name).toThrow('refused');
    expect(session.received).toEqual([]);
  });
  it.each(['https://coincover.com', 'app://other', 'app://coldroom.evil', 'file://', 'null', ''])(
    'does not hear our window at %j',
    async (origin) => {
      const { electron, session } = await openShell();
      const { setupPageChannel } = await import('./page-channel.ts');
      electron.channels.clear();
      const elsewhere = electron.frame({ origin });
      const contents = { mainFrame: elsewhere };
      setupPageChannel({ isDestroyed: () => false, webContents: contents } as never, session);
      const handler = electron.channels.get('coldroom') as (event: object, message: unknown) => unknown;
      expect(() => handler({ sender: contents, senderFrame: elsewhere }, {})).toThrow('refused');
      expect(session.received).toEqual([]);
    },
  );
  it('does not take a frame with a parent for the main one, nor hear a window that is gone', async () => {
    const { electron, session } = await openShell();
    const { setupPageChannel } = await import('./page-channel.ts');
    for (const { frame, gone } of [
      { frame: electron.frame({ parent: electron.frame() }), gone: false },
      { frame: electron.frame(), gone: true },
    ]) {
      electron.channels.clear();
      const contents = { mainFrame: frame };
      setupPageChannel({ isDestroyed: () => gone, webContents: contents } as never, session);
      const handler = electron.channels.get('coldroom') as (event: object, message: unknown) => unknown;
      expect(() => handler({ sender: contents, senderFrame: frame }, {})).toThrow('refused');
    }
    expect(session.received).toEqual([]);
  });
  it('tells the page what happens, until there is none', async () => {
    const { session, contents } = await channel();
    session.options.onEvent({ event: 'progress', step: 'send', subject: 'a', done: 1, total: 2 });
    session.options.onClose();
    session.options.onEvent({ event: 'progress', step: 'send', subject: 'a', done: 2, total: 2 });
    expect(contents.sent).toEqual([['coldroom', { event: 'progress', step: 'send', subject: 'a', done: 1, total: 2 }]]);
  });
});
