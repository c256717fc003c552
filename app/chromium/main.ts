// The evaluation shell: the wizard in an installed Chromium, for checkouts without Electron's binary. The browser is started
// first and everything else is loaded while it comes up.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { keepHeapOutOfCoreDumps } from '../../main/machine/index.ts';
import { findChromium, startBrowser } from './browser.ts';
import type { Devtools, PipeDevtools } from './devtools.ts';
import type { PageShell } from './page-shell.ts';

process.umask(0o077);
// Before the browser is started: what people type is in its memory, too.
keepHeapOutOfCoreDumps();

const SIZE = { width: 1280, height: 800 };
const EMPTY_PAGE = 'data:text/html,<!doctype html><title>empty</title>';

await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<void> {
  const path = findChromium();
  if (path === null) {
    process.stderr.write('no Chromium was found on this machine; install one, or use the command line: coldroom help\n');
    process.exitCode = 2;
    return;
  }
  const browser = startBrowser(path, { headless: argv.includes('--headless'), size: SIZE });
  keepCompiled();
  const attaching = attach(browser.devtools);
  attaching.catch(() => undefined); // it is awaited below, once everything is loaded
  const [{ createSession }, { createNodeSpawner }, { setUpPage }, { defaultHome }, { VERSION }] = await Promise.all([
    import('../window/session.ts'),
    import('../../main/keychain/index.ts'),
    import('./page-shell.ts'),
    import('../home-folder.ts'),
    import('../cli/version.ts'),
  ]);
  let shell: PageShell | null = null;
  const session = createSession({
    home: homeOf(argv) ?? defaultHome(),
    shell: 'evaluation',
    version: VERSION,
    chooser: null,
    spawnKeychainChild: createNodeSpawner(fileURLToPath(new URL('keychain-child.mjs', import.meta.url))),
    onEvent: (event) => shell?.tell(event),
    onReady: () => {
      if (argv.includes('--time')) process.stdout.write(`usable ${Math.round(process.uptime() * 1000).toString()}\n`);
    },
    onClose: () => void end(),
    allowCamera: (on) => shell?.allowCamera(on) ?? Promise.resolve(),
    protectContent: () => false, // an installed browser cannot keep its window out of screen pictures
  });
  let ended = false;
  let attached = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await browser.close();
    await session.close();
    process.exit(attached ? 0 : 2);
  };
  browser.process.once('exit', () => void end());
  // Closing the terminal that it was started from sends SIGHUP.
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) process.on(signal, () => void end());
  const page = await attaching.catch(() => null);
  if (page === null) {
    process.stderr.write(
      `the browser ended while it was starting, as it does without a display that it can open: try ${path} by itself, or use the command line: coldroom help\n`,
    );
    await end();
    return;
  }
  attached = true;
  if (argv.includes('--empty')) {
    await openEmptyPage(page);
    return;
  }
  shell = await setUpPage(page, session, fileURLToPath(new URL('../app/renderer', import.meta.url)));
  await shell.open();
}

/**
 * What V8 makes of the bundle is kept beside the modules, as for the command line: while the browser comes up it needs the
 * processor itself. It is no more trusted than the bundle, and where it cannot be written the start goes on without.
 */
function keepCompiled(): void {
  enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/coldroom', import.meta.url)));
}

function homeOf(argv: readonly string[]): string | null {
  const at = argv.indexOf('--home');
  const value = at === -1 ? undefined : argv[at + 1];
  return value === undefined ? null : resolve(process.env['INIT_CWD'] ?? process.cwd(), value);
}

/** For `npm run bench`: what an empty page takes in this very shell. */
async function openEmptyPage(page: Devtools): Promise<void> {
  let own = false; // the page that the browser was started with may be still loading
  page.on(({ method, params }) => {
    if (method === 'Page.frameNavigated') own = (params['frame'] as { url: string }).url === EMPTY_PAGE;
    if (method === 'Page.loadEventFired' && own) process.stdout.write(`usable ${Math.round(process.uptime() * 1000).toString()}\n`);
  });
  await page.send('Page.enable');
  await page.send('Page.navigate', { url: EMPTY_PAGE });
}

/** The one page of the window; any other page that appears is closed. */
async function attach(devtools: PipeDevtools): Promise<ReturnType<PipeDevtools['page']>> {
  const { targetInfos } = (await devtools.send('Target.getTargets')) as { targetInfos: { targetId: string; type: string }[] };
  const target = targetInfos.find((one) => one.type === 'page') ?? (await newTarget(devtools));
  const { sessionId } = (await devtools.send('Target.attachToTarget', { targetId: target.targetId, flatten: true })) as {
    sessionId: string;
  };
  devtools.on(({ method, params }) => {
    if (method !== 'Target.targetCreated') return;
    const { targetInfo } = params as { targetInfo: { targetId: string; type: string } };
    // SECURITY(REQ-PAGE-STAYS): no second window.
    if (targetInfo.type === 'page' && targetInfo.targetId !== target.targetId) {
      void devtools.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => undefined);
    }
  });
  await devtools.send('Target.setDiscoverTargets', { discover: true });
  return devtools.page(sessionId);
}

async function newTarget(devtools: PipeDevtools): Promise<{ targetId: string }> {
  return (await devtools.send('Target.createTarget', { url: 'about:blank' })) as { targetId: string };
}
