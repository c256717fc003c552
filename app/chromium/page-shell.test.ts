import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../window/session.ts';
import type { Devtools, DevtoolsEvent } from './devtools.ts';
import { setUpPage, type PageShell } from './page-shell.ts';

const PAGE = '<!doctype html><title>page</title>';
const folder = mkdtempSync(join(tmpdir(), 'coldroom-page-shell-'));
const session = { receive: () => Promise.resolve(null), pageLoaded: () => Promise.resolve(), isBusy: () => false } as unknown as Session;

beforeAll(() => {
  writeFileSync(join(folder, 'index.html'), PAGE);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A browser that answers when it is told to. */
class SlowBrowser implements Devtools {
  readonly sent: { readonly method: string; readonly params: Record<string, unknown>; readonly answer: () => void }[] = [];
  readonly #listeners: ((event: DevtoolsEvent) => void)[] = [];

  send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return new Promise((resolve) => {
      this.sent.push({
        method,
        params,
        answer: () => {
          resolve({});
        },
      });
    });
  }

  on(listener: (event: DevtoolsEvent) => void): void {
    this.#listeners.push(listener);
  }

  pause(url: string, resourceType = 'Document'): void {
    const params = { requestId: url, resourceType, request: { method: 'GET', url } };
    for (const listener of this.#listeners) listener({ method: 'Fetch.requestPaused', params, sessionId: null });
  }

  has(method: string): boolean {
    return this.sent.some((one) => one.method === method);
  }

  answer(wanted: (method: string) => boolean): void {
    for (const { method, answer } of this.sent) if (wanted(method)) answer();
  }
}

const INTERCEPTION = 'Fetch.enable';
const BRIDGE = 'Page.addScriptToEvaluateOnNewDocument';
const soon = () => new Promise((done) => setTimeout(done, 20));

describe('a page that is set up while its browser is slow', () => {
  let browser: SlowBrowser;
  let shell: Promise<PageShell>;

  beforeEach(() => {
    browser = new SlowBrowser();
    shell = setUpPage(browser, session, folder).then((one) => {
      void one.open();
      return one;
    });
  });

  it('is led nowhere before its requests are intercepted, and waits for nothing else', async () => {
    browser.answer((method) => method !== INTERCEPTION);
    await soon();
    expect(browser.has('Page.navigate')).toBe(false);

    browser.answer((method) => method === INTERCEPTION);
    await shell;
    expect(browser.has('Page.navigate')).toBe(true);
  });

  it('gets no file before the bridge and every refusal are in place', async () => {
    browser.answer((method) => method === INTERCEPTION);
    await shell;
    expect(browser.has('Page.navigate')).toBe(true);
    browser.pause('https://coldroom.invalid/');
    browser.answer((method) => method !== BRIDGE);
    await soon();
    expect(browser.has('Fetch.fulfillRequest')).toBe(false);

    browser.answer((method) => method === BRIDGE);
    await expect.poll(() => browser.has('Fetch.fulfillRequest')).toBe(true);
    const params = browser.sent.find((one) => one.method === 'Fetch.fulfillRequest')?.params ?? {};
    expect(params).toMatchObject({ requestId: 'https://coldroom.invalid/', responseCode: 200 });
    expect(Buffer.from(String(params['body']), 'base64').toString()).toBe(PAGE);
  });

  it('gets nothing from anywhere else', async () => {
    browser.answer(() => true);
    await shell;
    browser.pause('https://example.com/image.png', 'Image');
    await expect.poll(() => browser.has('Fetch.failRequest')).toBe(true);
    expect(browser.has('Fetch.fulfillRequest')).toBe(false);
  });
});
