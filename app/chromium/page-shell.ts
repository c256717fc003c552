import { randomBytes } from 'node:crypto';
import { answerPageRequest } from '../window/page-files.ts';
import type { Session } from '../window/session.ts';
import type { Devtools } from './devtools.ts';

/** No such host can exist (RFC 2606), and the page's requests never get as far as looking for it. */
const PAGE_ORIGIN = 'https://coldroom.invalid';

/** The page's way to main. Never part of what the page is given by name beyond `window.coldroom`. */
const BINDING = 'coldroomSend';

export type PageShell = {
  /** Tells the page something without being asked. */
  tell(event: unknown): void;
  /** Lets the page use the camera, or no longer. */
  allowCamera(on: boolean): Promise<void>;
  /** Loads the wizard. */
  open(): Promise<void>;
};

/**
 * Makes one page of a browser into the wizard's window: serves its files itself, refuses every other request, and carries
 * `invoke` and `on` across. It works over any DevTools connection to the page, so that tests can bring their own.
 * @param folder the built renderer.
 */
export async function setUpPage(devtools: Devtools, session: Session, folder: string): Promise<PageShell> {
  // Answers come back through a function that only this process knows the name of.
  const receiver = `coldroom${randomBytes(16).toString('hex')}`;
  const deliver = (message: unknown): void => {
    // Twice JSON: once as data, once as a literal in the expression. A page that has gone away hears nothing.
    const expression = `globalThis[${JSON.stringify(receiver)}]?.(${JSON.stringify(JSON.stringify(message))})`;
    devtools.send('Runtime.evaluate', { expression }).catch(() => undefined);
  };
  // SECURITY(REQ-PAGE-NETWORK): every request of the page stops here; what is no file of ours is refused.
  const intercepting = devtools.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  // No request is answered before all of this holds, the page's own first one included: so no script of it runs before.
  const prepared = Promise.all([
    devtools.send('Page.enable'),
    devtools.send('Runtime.enable'),
    devtools.send('Runtime.addBinding', { name: BINDING }),
    devtools.send('Page.addScriptToEvaluateOnNewDocument', { source: bridgeSource(receiver) }),
    // SECURITY(REQ-PAGE-PERMISSIONS): an installed browser would ask its user; here nobody is asked, and the answer is no.
    ...['camera', 'microphone'].map((name) => setPermission(devtools, name, 'denied')),
  ]);
  devtools.on(({ method, params }) => {
    if (method === 'Fetch.requestPaused') void prepared.then(() => answerRequest(devtools, params, folder));
    if (method === 'Runtime.bindingCalled' && params['name'] === BINDING) void answerCall(params['payload'], session, deliver);
    // A frame without a parent is the page itself.
    if (method === 'Page.frameNavigated' && (params['frame'] as { parentId?: string }).parentId === undefined) void session.pageLoaded();
    if (method === 'Page.javascriptDialogOpening') {
      // The page asks before it is closed in the middle of something; its own screen says what that would cut short.
      const accept = params['type'] !== 'beforeunload' || !session.isBusy();
      if (!accept) deliver({ event: { event: 'close-asked' } });
      void devtools.send('Page.handleJavaScriptDialog', { accept }).catch(() => undefined);
    }
  });
  await intercepting;
  return {
    tell: (event) => {
      deliver({ event });
    },
    allowCamera: (on) => setPermission(devtools, 'camera', on ? 'granted' : 'denied'),
    open: async () => {
      await Promise.all([devtools.send('Page.navigate', { url: `${PAGE_ORIGIN}/` }), prepared]);
    },
  };
}

async function setPermission(devtools: Devtools, name: string, setting: 'granted' | 'denied'): Promise<void> {
  await devtools.send('Browser.setPermission', { permission: { name }, setting, origin: PAGE_ORIGIN });
}

async function answerCall(payload: unknown, session: Session, deliver: (message: unknown) => void): Promise<void> {
  const call = parseCall(payload);
  if (typeof call !== 'object' || call === null || !('id' in call) || !('message' in call)) return;
  deliver({ id: call.id, answer: await session.receive(call.message) });
}

/** What the page sent; null for what is no JSON: nothing that a page says may end this process. */
function parseCall(payload: unknown): unknown {
  try {
    return JSON.parse(typeof payload === 'string' ? payload : 'null');
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function answerRequest(devtools: Devtools, params: Record<string, unknown>, folder: string): Promise<void> {
  const { requestId, request, resourceType } = params as {
    requestId: string;
    resourceType: string;
    request: { method: string; url: string };
  };
  const own = request.url.startsWith(`${PAGE_ORIGIN}/`);
  // A page that is led elsewhere stays where it is: 204 is the answer that leads nowhere.
  const answer = own
    ? await answerPageRequest(request, { origin: PAGE_ORIGIN, folder }).catch(() => null) // a file that went away is refused
    : resourceType === 'Document'
      ? { status: 204, headers: {}, body: null }
      : null;
  const sent =
    answer === null
      ? devtools.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
      : devtools.send('Fetch.fulfillRequest', {
          requestId,
          responseCode: answer.status,
          responseHeaders: Object.entries(answer.headers).map(([name, value]) => ({ name, value })),
          ...(answer.body === null ? {} : { body: answer.body.toString('base64') }),
        });
  await sent.catch(() => undefined); // the page went away while its request waited
}

/** Runs before any script of the page: makes `window.coldroom`, frozen, and takes WebRTC out of the page. */
function bridgeSource(receiver: string): string {
  return `(() => {
  const send = globalThis.${BINDING};
  delete globalThis.${BINDING};
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete globalThis[name];
  if (globalThis !== top) return;
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;
  Object.defineProperty(globalThis, ${JSON.stringify(receiver)}, {
    value: (text) => {
      const message = JSON.parse(text);
      if ('event' in message) { for (const listener of listeners) listener(message.event); return; }
      waiting.get(message.id)?.(message.answer);
      waiting.delete(message.id);
    },
  });
  const invoke = (operation, input) => new Promise((resolve) => {
    last += 1;
    waiting.set(last, resolve);
    send(JSON.stringify({ id: last, message: { operation, input } }));
  });
  const on = (listener) => { listeners.add(listener); return () => { listeners.delete(listener); }; };
  Object.defineProperty(globalThis, 'coldroom', { value: Object.freeze({ invoke, on }) });
})();`;
}
