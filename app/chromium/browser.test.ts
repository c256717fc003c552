import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FLAGS, findChromium, startBrowser, type Browser } from './browser.ts';
import { PipeDevtools } from './devtools.ts';

const PATIENT_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'coldroom-browser-'));
const chromium = findChromium() ?? '';
let browser: Browser;

beforeAll(() => {
  // Where Chromium keeps what it keeps beside a profile.
  vi.stubEnv('HOME', folder);
  vi.stubEnv('XDG_CONFIG_HOME', undefined);
  vi.stubEnv('BREAKPAD_DUMP_LOCATION', made('reports'));
  browser = startBrowser(chromium, { headless: true, size: { width: 800, height: 600 } });
});
afterAll(async () => {
  await browser.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function made(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

const reportsIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.dmp'));

/** Has the page of a browser crash, and waits until the browser says so. */
async function crashPage(devtools: PipeDevtools): Promise<void> {
  const crashed = new Promise<void>((done) => {
    devtools.on(({ method }) => {
      if (method === 'Target.targetCrashed') done();
    });
  });
  await devtools.send('Target.setDiscoverTargets', { discover: true });
  const { targetId } = await devtools.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = (await devtools.send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
  void devtools
    .page(sessionId)
    .send('Page.crash')
    .catch(() => undefined); // nobody is left to answer
  await crashed;
}

describe('the installed browser', { timeout: PATIENT_MS }, () => {
  it('is told to report, update, synchronise and fetch nothing by itself', () => {
    const quiet = ['background-networking', 'component-update', 'sync', 'breakpad', 'crash-reporter', 'domain-reliability', 'extensions'];
    expect(FLAGS).toEqual(expect.arrayContaining(quiet.map((name) => `--disable-${name}`)));
    expect(FLAGS).toEqual(expect.arrayContaining(['--no-pings', '--host-resolver-rules=MAP * ~NOTFOUND', '--password-store=basic']));
  });

  it('was told so in fact, whatever starts it in between, and nothing later takes it back', async () => {
    const { commandLine } = (await browser.devtools.send('SystemInfo.getInfo')) as { commandLine: string };
    for (const flag of FLAGS) expect(commandLine).toContain(` ${flag} `);
    // Of what is said twice the last holds.
    for (const name of ['disable-features', 'host-resolver-rules', 'proxy-server', 'user-data-dir'])
      expect([name, commandLine.split(` --${name}=`).length]).toEqual([name, 2]);
    expect(commandLine).not.toMatch(/ --(?:enable-features|remote-debugging-port|enable-crash-reporter)/);
  });

  it.runIf(process.platform === 'linux')('keeps no report of a page that crashed, where one that has a place for it does', async () => {
    const other = made('other');
    const profile = `--user-data-dir=${made('profile')}`;
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const control = spawn(chromium, [...FLAGS, '--headless=new', '--remote-debugging-pipe', profile, ...sandbox], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, BREAKPAD_DUMP_LOCATION: other },
    });
    try {
      const [, , , out, incoming] = control.stdio as [null, null, null, Writable, Readable];
      await Promise.all([crashPage(browser.devtools), crashPage(new PipeDevtools(out, incoming))]);
      await vi.waitFor(
        () => {
          expect(reportsIn(other)).toHaveLength(1);
        },
        { timeout: 20_000, interval: 100 },
      );
    } finally {
      const ended = new Promise((done) => control.once('exit', done));
      control.kill('SIGTERM');
      await ended;
    }
    // Our own crashed first or at the same time, and its folders are looked through after the other's report was there.
    expect(reportsIn(folder).filter((name) => !name.startsWith('other/'))).toEqual([]);
    const spawned = browser.process.spawnargs.find((one) => one.startsWith('--user-data-dir='))?.split('=')[1] ?? '';
    expect(reportsIn(spawned)).toEqual([]);
  });
});
