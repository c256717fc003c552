import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../window/content-security-policy.ts';
import { answerPageRequest } from './page-files.ts';

let folder: string;
let page: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldroom-page-'));
  page = join(folder, 'renderer');
  mkdirSync(join(page, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'renderer-beside'));
  for (const name of [
    'index.html',
    'assets/index-B_x4-9.js',
    'assets/a.css',
    'assets/a.svg',
    'assets/a.png',
    'assets/a.woff2',
    'assets/a.js.map',
    'assets/.hidden.js',
    'a b.js',
  ])
    writeFileSync(join(page, name), `this is ${name}`);
  for (const name of ['secret.js', 'renderer-beside/secret.js']) writeFileSync(join(folder, name), 'not yours');
  symlinkSync(join(folder, 'secret.js'), join(page, 'link.js'));
  symlinkSync(join(folder, 'renderer-beside'), join(page, 'beside'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A request as Chromium would hand it over: `new Request` would mend the address and refuse some. */
const ask = (url: string, method = 'GET') => {
  const request = new Request('app://coldroom/');
  Object.defineProperties(request, { url: { value: url }, method: { value: method } });
  return answerPageRequest(request, page);
};

describe('the page’s files', () => {
  it.each([
    ['index.html', 'text/html; charset=utf-8'],
    ['assets/index-B_x4-9.js', 'text/javascript; charset=utf-8'],
    ['assets/a.css', 'text/css; charset=utf-8'],
    ['assets/a.svg', 'image/svg+xml'],
    ['assets/a.png', 'image/png'],
    ['assets/a.woff2', 'font/woff2'],
  ])('%s is served as %s', async (name, type) => {
    const answer = await ask(`app://coldroom/${name}`);
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([200, `this is ${name}`, type]);
  });
  it('the root is the page, a query changes nothing', async () => {
    expect(await (await ask('app://coldroom/')).text()).toBe('this is index.html');
    expect(await (await ask('app://coldroom/index.html?x=../../secret.js#y')).text()).toBe('this is index.html');
  });
  it('come with the headers that shut the page in, and so do refusals', async () => {
    for (const answer of [await ask('app://coldroom/index.html'), await ask('app://coldroom/none.html')]) {
      expect(Object.fromEntries([...answer.headers].filter(([name]) => name !== 'content-type'))).toEqual({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'permissions-policy':
          'camera=(self), clipboard-read=(), display-capture=(), fullscreen=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
        'cache-control': 'no-store',
      });
    }
  });
});

describe('what is not the page’s', () => {
  it.each([
    'app://coldroom/../secret.js',
    'app://coldroom/../../etc/passwd',
    'app://coldroom/assets/../../secret.js',
    'app://coldroom/%2e%2e/secret.js',
    'app://coldroom/..%2fsecret.js',
    'app://coldroom/..%5csecret.js',
    'app://coldroom/..\\secret.js',
    'app://coldroom/%252e%252e%252fsecret.js',
    'app://coldroom//etc/passwd',
    'app://coldroom/assets//a.js',
    'app://coldroom/index.html%00.js',
    'app://coldroom/%69ndex.html',
    'app://coldroom/a%20b.js',
    'app://coldroom/renderer-beside/secret.js',
    'app://coldroom/../renderer-beside/secret.js',
    'app://coldroom/link.js',
    'app://coldroom/beside/secret.js',
    'app://coldroom/assets/.hidden.js',
    'app://coldroom/assets/a.js.map',
    'app://coldroom/assets',
    'app://coldroom/assets/none.js',
    'app://other/index.html',
    'app://coldroom.evil/index.html',
    'app://coldroom:81/index.html',
    'app://user@coldroom/index.html',
    'app://user:word@coldroom/index.html',
    'app://:word@coldroom/index.html',
    'app:///index.html',
    'app:index.html',
    'https://coldroom/index.html',
    'file:///etc/passwd',
    'no address',
  ])('%s is not served', async (url) => {
    const answer = await ask(url);
    expect([answer.status, await answer.text()]).toEqual([404, '']);
  });
  it.each(['POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'get'])('%s is not answered', async (method) => {
    const answer = await ask('app://coldroom/index.html', method);
    expect([answer.status, await answer.text()]).toEqual([405, '']);
  });
});
