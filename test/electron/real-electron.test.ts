import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const binary = findBinary();
const missing = [
  ...(binary === null ? ['Electron’s binary'] : []),
  ...(process.platform === 'linux' && process.env['DISPLAY'] === undefined ? ['a display'] : []),
  ...['main.mjs', 'renderer/index.html'].filter((name) => !existsSync(join(root, 'dist/app', name))),
];
const title =
  missing.length === 0 ? 'the product in real Electron' : `the product in real Electron, skipped for want of ${missing.join(', ')}`;

/** Electron's own way of asking for the path would fetch the binary. */
function findBinary(): string | null {
  const package_ = join(root, 'node_modules/electron');
  if (!existsSync(join(package_, 'path.txt'))) return null;
  const path = join(package_, 'dist', readFileSync(join(package_, 'path.txt'), 'utf8'));
  return existsSync(path) ? path : null;
}

type Seen = { violations: string[]; fetched: string; present: string[]; given: string[] };

/** Runs in the page: tries what a page that was taken over would try. */
const LOOK_AROUND = `(async () => {
  const violations = [];
  document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
  const script = document.createElement('script');
  script.textContent = 'globalThis.injected = true';
  document.head.append(script);
  const image = document.createElement('img');
  image.src = 'https://example.com/a.png';
  document.body.append(image);
  const fetched = await fetch('https://example.com/').then(() => 'fetched', () => 'refused');
  await new Promise((done) => setTimeout(done, 200));
  const names = ['injected', 'require', 'process', 'RTCPeerConnection', 'webkitRTCPeerConnection'];
  return { violations, fetched, present: names.filter((name) => name in globalThis), given: Object.keys(globalThis.coldroom) };
})()`;

describe.skipIf(missing.length > 0)(title, () => {
  let home: string;
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'coldroom-electron-'));
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    app = await _electron.launch({ executablePath: binary ?? '', args: [...asRoot, root, '--home', home] });
    page = await app.firstWindow();
  });
  afterAll(async () => {
    await app.close();
    rmSync(home, { recursive: true });
  });

  it('opens our page, with a heading', async () => {
    expect(page.url()).toBe('app://coldroom/index.html');
    expect(await page.getByRole('heading', { level: 1 }).first().textContent()).not.toBe('');
  });
  it('has a page that runs no script but ours, fetches nothing, and sees nothing of Node or WebRTC', async () => {
    const seen: Seen = await page.evaluate(LOOK_AROUND);
    expect(seen.violations).toEqual(expect.arrayContaining(['script-src-elem', 'img-src']));
    expect(seen).toMatchObject({ fetched: 'refused', present: [] });
    expect(seen.given.toSorted()).toEqual(['invoke', 'on']);
  });
  it('goes where a newcomer goes', async () => {
    const shared = join(root, 'test/window/journey.ts');
    if (!existsSync(shared)) return;
    const { journey } = (await import(pathToFileURL(shared).href)) as { journey: (page: Page) => Promise<void> };
    await journey(page);
  });
});
