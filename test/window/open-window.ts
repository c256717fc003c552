import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { FLAGS, findChromium } from '../../app/chromium/browser.ts';
import type { Devtools } from '../../app/chromium/devtools.ts';
import { setUpPage, type PageShell } from '../../app/chromium/page-shell.ts';
import { createSession, type Chooser, type Session } from '../../app/window/session.ts';
import { createNodeSpawner, type KeychainSpawner } from '../../main/keychain/index.ts';
import type { WindowEvent } from '../../main/operations/index.ts';

const root = join(import.meta.dirname, '..', '..');
export const RENDERER = join(root, 'dist', 'app', 'renderer');
const KEYCHAIN_CHILD = fileURLToPath(new URL('../../dist/chromium/keychain-child.mjs', import.meta.url));

/** How long a look waits for a page, in milliseconds: twice Playwright's own, for two processors that three suites share. */
const PATIENCE_MS = 60_000;

export type OpenWindow = {
  readonly page: Page;
  readonly session: Session;
  /** Every message that crossed `invoke` or `on`, as JSON, in order. */
  readonly crossed: string[];
  /** The names of what the page asked main for, in order. */
  readonly asked: string[];
  /** CSP violations that the page met. */
  readonly violations: string[];
  close(): Promise<void>;
};

export type WindowOptions = {
  readonly home: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly chooser?: Chooser | null;
  readonly deviceScaleFactor?: number;
  /** Switches of Chromium beyond the shell's own. */
  readonly flags?: readonly string[];
  /** After how long without input the window locks; the station's settings where nothing is said. */
  readonly lockAfterMs?: number;
  /** What main takes the shell for: to the evaluation shell it offers no production. */
  readonly shell?: 'electron' | 'evaluation';
  /** As on a system that can keep a window out of screen pictures. */
  readonly isScreenPrivate?: boolean;
  /** Awaited before main is asked for an operation: a test holds an answer back with it. */
  readonly beforeAsking?: (operation: string) => Promise<void>;
  /** In place of the plain spawner of the keychain's child. */
  readonly spawnKeychainChild?: KeychainSpawner;
};

const protectedPages = new WeakSet<Page>();

/** Whether a page has asked, and goes on asking, that its window be kept out of screen pictures. */
export function isProtected(page: Page): boolean {
  return protectedPages.has(page);
}

/**
 * The evaluation shell in a real Chromium, with Playwright on the other end of the same DevTools connection: page-shell.ts is
 * the product's, only the pipe is Playwright's.
 */
export async function openWindow(options: WindowOptions): Promise<OpenWindow> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('these tests need chromium');
  const profile = mkdtempSync(join(tmpdir(), 'coldroom-e2e-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...FLAGS, ...(options.flags ?? [])],
    viewport: options.size ?? { width: 1280, height: 800 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(PATIENCE_MS);
  const crossed: string[] = [];
  const asked: string[] = [];
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Trusted/i.test(message.text())) violations.push(message.text());
  });
  page.on('pageerror', (error) => violations.push(error.message));
  let shell: PageShell | null = null;
  const session = createSession({
    home: options.home,
    shell: options.shell ?? 'evaluation',
    version: '0.0.0-test',
    chooser: options.chooser ?? null,
    spawnKeychainChild: options.spawnKeychainChild ?? createNodeSpawner(KEYCHAIN_CHILD),
    ...(options.lockAfterMs === undefined ? {} : { lockAfterMs: options.lockAfterMs }),
    onEvent: (event: WindowEvent) => {
      crossed.push(JSON.stringify(event));
      shell?.tell(event);
    },
    onClose: () => undefined,
    protectContent: (on) => {
      protectedPages[on ? 'add' : 'delete'](page);
      return on && options.isScreenPrivate === true;
    },
    allowCamera: (on) => shell?.allowCamera(on) ?? Promise.resolve(),
  });
  const watched: Session = {
    receive: async (message) => {
      const { operation } = message as { operation: string };
      asked.push(operation);
      await options.beforeAsking?.(operation);
      const answer = await session.receive(message);
      crossed.push(JSON.stringify(answer));
      return answer;
    },
    isBusy: () => session.isBusy(),
    pageLoaded: () => session.pageLoaded(),
    lock: () => {
      session.lock();
    },
    close: () => session.close(),
  };
  shell = await setUpPage(devtoolsOf(await context.newCDPSession(page)), watched, RENDERER);
  await shell.open();
  return {
    page,
    session: watched,
    crossed,
    asked,
    violations,
    close: async () => {
      await closeContext(context);
      await session.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function closeContext(context: BrowserContext): Promise<void> {
  await context.close();
}

function devtoolsOf(cdp: CDPSession): Devtools {
  return {
    send: (method, params = {}) => cdp.send(method as 'Page.enable', params),
    on: (listener) => {
      for (const method of [
        'Fetch.requestPaused',
        'Runtime.bindingCalled',
        'Page.javascriptDialogOpening',
        'Page.frameNavigated',
      ] as const) {
        cdp.on(method, (params) => {
          listener({ method, params: params, sessionId: null });
        });
      }
    },
  };
}
