import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { noPlaceForCrashReports } from './crash-reports.ts';
import { PipeDevtools } from './devtools.ts';

/** Where an installed Chromium is looked for, the usual one first. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The installed Chromium, or null. */
export function findChromium(): string | null {
  return PLACES.find((path) => existsSync(path)) ?? null;
}

/** Everything the browser would do on its own is off; what is left reaches nothing. */
export const FLAGS: readonly string[] = [
  // SECURITY(REQ-PAGE-NETWORK): no name resolves and no proxy answers, so a request that slipped past the interception goes nowhere.
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--proxy-server=http://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  // SECURITY(REQ-PAGE-NETWORK): STUN to a literal address would slip past request blockers.
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-component-extensions-with-background-pages',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-client-side-phishing-detection',
  '--disable-search-engine-choice-screen',
  '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,InterestFeedContentSuggestions,CertificateTransparencyComponentUpdater,SpareRendererForSitePerProcess',
  '--no-pings',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--password-store=basic',
  '--use-mock-keychain',
  '--metrics-recording-only',
  '--mute-audio',
];

export type Browser = { readonly devtools: PipeDevtools; readonly process: ChildProcess; close(): Promise<void> };

/** Starts the browser with a profile that is thrown away, its DevTools on two pipes and on no port. */
export function startBrowser(path: string, { headless, size }: { headless: boolean; size: { width: number; height: number } }): Browser {
  const profile = mkdtempSync(join(tmpdir(), 'coldroom-window-'));
  const flags = [
    ...FLAGS,
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    `--window-size=${size.width.toString()},${size.height.toString()}`,
    // Chromium's own sandbox refuses to run as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(headless ? ['--headless=new', '--hide-scrollbars'] : []),
    // A window without tabs and address bar. About:blank would not do: Chromium takes it for no address and opens its own
    // start page, which costs a third of the start.
    '--app=data:text/html,<title>Coldroom</title>',
  ];
  // SECURITY(REQ-CRASH-REPORT): a place that takes none, whatever the caller's environment says.
  const env = { ...process.env, BREAKPAD_DUMP_LOCATION: noPlaceForCrashReports(profile) };
  const child = spawn(path, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env });
  const [, , , out, incoming] = child.stdio as [null, null, null, Writable, Readable];
  child.on('error', () => {
    child.emit('exit', 1, null); // it never started: for whoever waits that is the same as an end
  });
  const devtools = new PipeDevtools(out, incoming);
  const ended = new Promise<void>((done) => {
    child.once('exit', () => {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      done();
    });
  });
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(profile, { recursive: true, force: true });
  });
  return {
    devtools,
    process: child,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
