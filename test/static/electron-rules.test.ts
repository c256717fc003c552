import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ELECTRON_RULES } from './electron-rules.ts';
import { holdAgainst, parseSource } from './source.ts';

const root = join(import.meta.dirname, '../..');

/** For each rule a source that breaks it, where it lies, and one beside it that does not. */
const CASES: readonly (readonly [id: string, path: string, breaks: string, holds: string])[] = [
  ['unsafe-preference', 'app/electron/x.ts', 'const w = { nodeIntegration: true };', 'const w = { nodeIntegration: false };'],
  ['unsafe-preference', 'app/electron/x.ts', 'const w = { sandbox: isPackaged };', 'const w = { sandbox: true };'],
  ['unsafe-preference', 'app/electron/x.ts', "const w = { 'bypassCSP': true };", 'const w = { secure: true };'],
  ['unsafe-preference', 'app/electron/x.ts', "const w = { enableBlinkFeatures: 'X' };", "const w = { enableBlinkFeatures: '' };"],
  ['unsafe-switch', 'app/electron/x.ts', "a.commandLine.appendSwitch('no-sandbox');", "a.commandLine.appendSwitch('proxy-server', p);"],
  ['unsafe-switch', 'app/electron/x.ts', 'a.commandLine.appendSwitch(name);', "a.commandLine.hasSwitch('no-sandbox');"],
  ['outside-programs', 'app/electron/x.ts', 'void shell.openExternal(url);', 'shell.beep();'],
  ['code-into-the-page', 'app/electron/x.ts', "w.webContents['executeJavaScript'](text);", 'w.webContents.reload();'],
  ['channel-elsewhere', 'app/electron/x.ts', "import { ipcMain } from 'electron';", "import { app } from 'electron';"],
  ['certificates', 'app/electron/x.ts', "app.on('certificate-error', f);", "app.on('ready', f);"],
  ['certificates', 'app/electron/x.ts', 's.setCertificateVerifyProc(f);', 's.setPermissionCheckHandler(f);'],
  ['other-address', 'app/electron/x.ts', 'void w.loadURL(address);', 'void w.loadURL(PAGE_URL);'],
  ['remote-module', 'app/electron/x.ts', "import r from '@electron/remote';", "import { app } from 'electron';"],
  ['crash-reports', 'app/electron/x.ts', 'crashReporter.start({});', 'reporter.start({});'],
  ['text-as-code', 'main/x.ts', 'const f = new Function(text);', 'const f = new Map();'],
  ['text-as-code', 'main/x.ts', "setTimeout('go()', 1);", 'setTimeout(go, 1);'],
  ['text-as-code', 'main/x.ts', "const vm = await import('node:vm');", "const fs = await import('node:fs');"],
  ['text-as-page', 'renderer/x.tsx', 'const a = <p dangerouslySetInnerHTML={x} />;', 'const a = <p>{x}</p>;'],
  ['text-as-page', 'renderer/x.tsx', 'element.innerHTML = name;', 'element.textContent = name;'],
  ['page-reaches-out', 'renderer/x.ts', 'const s = new WebSocket(u);', 'const s = new Set(u);'],
  ['page-reaches-out', 'app/electron/preload.ts', "void fetch('x');", "invoke('x');"],
  ['page-keeps-things', 'renderer/x.ts', "window.localStorage.setItem('a', b);", 'state.set(b);'],
  ['network-elsewhere', 'main/sealing/x.ts', "import { request } from 'node:https';", "import type { Server } from 'node:http';"],
  ['network-elsewhere', 'main/operations/x.ts', "const u = await import('undici');", "import { type Socket } from 'node:net';"],
  [
    'programs-elsewhere',
    'main/sealing/x.ts',
    "import { spawn } from 'node:child_process';",
    "import type { ChildProcess } from 'node:child_process';",
  ],
];

const findings = (path: string, text: string): string[] => holdAgainst(ELECTRON_RULES, parseSource(path, text));

describe('what no source may say', () => {
  it.each(CASES)('%s is found in %s: %s', (id, path, breaks, holds) => {
    expect(findings(path, breaks).map((one) => one.replace(/^[^ ]+ ([a-z-]+): .*$/, '$1'))).toEqual([id]);
    expect(findings(path, holds)).toEqual([]);
  });
  it('has an example for each rule', () => {
    expect(new Set(CASES.map(([id]) => id))).toEqual(new Set(ELECTRON_RULES.map(({ id }) => id)));
  });
  it('is said in none of ours', () => {
    const sources = ['app', 'main', 'renderer'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
        // What arrows.test.ts puts there for a moment is not ours.
        .filter((path) => /\.tsx?$/.test(path) && !path.includes('/arrow-probe-')),
    );
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.flatMap((path) => findings(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });
});
