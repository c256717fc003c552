import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.ts';
import { answerPageRequest } from './page-files.ts';

const ORIGIN = 'https://coldroom.invalid';
let folder: string;
let page: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'window-page-'));
  page = join(folder, 'page');
  mkdirSync(join(page, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'page-beside'));
  for (const name of ['index.html', 'assets/a.js', 'assets/a.js.map', 'assets/.a.js', 'notes.txt', 'README']) {
    writeFileSync(join(page, name), `this is ${name}`);
  }
  writeFileSync(join(folder, 'secret.js'), 'secret');
  writeFileSync(join(folder, 'page-beside', 'secret.js'), 'secret');
  symlinkSync(join(folder, 'secret.js'), join(page, 'link.js'));
  symlinkSync(join(folder, 'page-beside'), join(page, 'beside'));
  symlinkSync(join(page, 'assets', 'a.js'), join(page, 'inside.js'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const get = (url: string, method = 'GET') => answerPageRequest({ method, url }, { origin: ORIGIN, folder: page });

describe('a file of the page', () => {
  it.each([
    ['/', 'index.html', 'text/html; charset=utf-8'],
    ['/index.html', 'index.html', 'text/html; charset=utf-8'],
    ['/assets/a.js', 'assets/a.js', 'text/javascript; charset=utf-8'],
    ['/assets/a.js?v=1#x', 'assets/a.js', 'text/javascript; charset=utf-8'],
    ['/inside.js', 'assets/a.js', 'text/javascript; charset=utf-8'],
  ])('%s is given whole, with its kind and the policy', async (path, name, type) => {
    const { status, headers, body } = await get(`${ORIGIN}${path}`);
    expect([status, body?.toString(), headers['Content-Type']]).toEqual([200, `this is ${name}`, type]);
    expect(headers['Content-Security-Policy']).toBe(CONTENT_SECURITY_POLICY);
    expect([headers['X-Content-Type-Options'], headers['Cache-Control']]).toEqual(['nosniff', 'no-store']);
  });
});

describe('what is no file of the page', () => {
  it.each([
    '/missing.js',
    '/assets',
    '/assets/',
    '/assets/a.js.map',
    '/assets/.a.js',
    '/notes.txt',
    '/README',
    '/link.js',
    '/beside/secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/..\\secret.js',
    '/assets/..%5c..%5csecret.js',
    '/index%2ehtml',
    '/index.html%00.js',
    '//index.html',
    '/./../page-beside/secret.js',
  ])('is not there: %s', async (path) => {
    expect(await get(`${ORIGIN}${path}`)).toMatchObject({ status: 404, body: null });
  });

  it.each([
    'https://coldroom.invalid.evil/index.html',
    'https://evil/index.html',
    'http://coldroom.invalid/index.html',
    'https://coldroom.invalid:444/index.html',
    'https://a@coldroom.invalid/index.html',
    'https://a:b@coldroom.invalid/index.html',
    'file:///index.html',
    'data:text/html,x',
    'no address',
    '',
  ])('is not there at another origin: %s', async (url) => {
    expect(await get(url)).toMatchObject({ status: 404, body: null });
  });

  it.each(['POST', 'PUT', 'HEAD', 'OPTIONS', 'get', ''])('cannot be asked for with %s', async (method) => {
    expect(await get(`${ORIGIN}/index.html`, method)).toMatchObject({ status: 405, body: null });
  });

  it('is never a file outside, whatever is asked', async () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '%5c',
      '\\',
      '/',
      'secret.js',
      'page-beside',
      'page',
      'beside',
      'assets',
      'a.js',
      '%00',
      ';',
      '?',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 7 }), async (pieces) => {
        const { status, body } = await get(`${ORIGIN}/${pieces.join('')}`);
        expect(body?.toString() ?? '').not.toContain('secret');
        expect([200, 404]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });
});
