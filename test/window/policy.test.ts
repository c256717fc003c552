import '../cheap-scrypt.mjs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWindow, type OpenWindow } from './open-window.ts';
import { Place } from './station.ts';

describe('what the page may do', () => {
  const place = new Place();
  let window: OpenWindow;
  let server: Server;
  let outside: string;
  let asked = 0;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'image/svg+xml' });
      response.end('<svg xmlns="http://www.w3.org/2000/svg"/>');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    outside = `http://127.0.0.1:${(server.address() as AddressInfo).port.toString()}`;
    window = await openWindow({ home: place.home });
    await window.page.getByRole('heading', { level: 1 }).waitFor();
  });

  afterAll(async () => {
    await window.close();
    await new Promise((done) => server.close(done));
    place.remove();
  });

  it('has met no violation by itself, up to here', () => {
    expect(window.violations).toEqual([]);
  });

  it('runs no script that was put into it, inline or by a string', async () => {
    const result = await window.page.evaluate(async () => {
      const violated: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective));
      const script = document.createElement('script');
      try {
        script.text = 'globalThis.injected = true';
      } catch {
        violated.push('trusted-types'); // the browser refuses the string itself
      }
      document.body.append(script);
      const button = document.createElement('button');
      try {
        button.setAttribute('onclick', 'globalThis.injected = true');
      } catch {
        violated.push('trusted-types of a handler');
      }
      document.body.append(button);
      button.click();
      let evaluated = false;
      // Later, on the page's own account: what DevTools runs directly may evaluate strings.
      setTimeout(() => {
        try {
          evaluated = (globalThis as unknown as { eval: (text: string) => boolean }).eval('true');
        } catch {
          violated.push('eval');
        }
      });
      await new Promise((done) => setTimeout(done, 200));
      button.remove();
      script.remove();
      return { injected: 'injected' in globalThis, evaluated, violated };
    });
    expect(result.injected).toBe(false);
    expect(result.evaluated).toBe(false);
    expect(result.violated).toEqual(expect.arrayContaining(['trusted-types', 'trusted-types of a handler', 'eval']));
  });

  it('loads no image, style or frame from outside', async () => {
    const directives = await window.page.evaluate(async (url) => {
      const violated: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective));
      const added = [document.createElement('img'), document.createElement('link'), document.createElement('iframe')] as const;
      added[0].src = `${url}/image.svg`;
      added[1].rel = 'stylesheet';
      added[1].href = `${url}/style.css`;
      added[2].src = `${url}/frame`;
      document.body.append(...added);
      await new Promise((done) => setTimeout(done, 500));
      for (const one of added) one.remove();
      return violated.toSorted();
    }, outside);
    expect(directives).toEqual(['frame-src', 'img-src', 'style-src-elem']);
  });

  it('reaches nobody: not by fetch, XMLHttpRequest, WebSocket, beacon, WebRTC, or its own origin', async () => {
    const reached = await window.page.evaluate(async (url) => {
      const got: string[] = [];
      const attempt = async (name: string, work: () => Promise<unknown>): Promise<void> => {
        try {
          await work();
          got.push(name);
        } catch {
          // refused, which is what is wanted
        }
      };
      await attempt('fetch', () => fetch(url));
      await attempt('fetch of its own origin', () => fetch('/index.html'));
      await attempt(
        'XMLHttpRequest',
        () =>
          new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.onload = resolve;
            request.onerror = reject;
            request.open('GET', url);
            request.send();
          }),
      );
      await attempt(
        'WebSocket',
        () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket(url.replace('http', 'ws'));
            socket.onopen = resolve;
            socket.onerror = reject;
          }),
      );
      navigator.sendBeacon(url, 'x');
      if ('RTCPeerConnection' in globalThis) got.push('WebRTC');
      return got;
    }, outside);
    expect(reached).toEqual([]);
    expect(asked).toBe(0);
    // The server is there and would have answered.
    expect((await fetch(outside)).status).toBe(200);
    expect(asked).toBe(1);
  });

  it('stays where it is when it is led elsewhere', async () => {
    const before = window.page.url();
    await window.page.evaluate((url) => {
      location.href = url;
    }, outside);
    await window.page.waitForTimeout(500);
    expect(window.page.url()).toBe(before);
    expect(await window.page.getByRole('heading', { level: 1 }).innerText()).toBe('Set up this station');
  });

  it('was given the policy that is written down, and no other', async () => {
    const answered = window.page.waitForResponse((response) => response.url().endsWith('/'));
    await window.page.reload();
    const policy = (await (await answered).allHeaders())['content-security-policy'] ?? '';
    const directives = new Map(policy.split('; ').map((one) => [one.split(' ')[0] ?? '', one.split(' ').slice(1).join(' ')]));
    expect(directives.get('default-src')).toBe("'none'");
    expect(directives.get('script-src')).toBe("'self'");
    expect(directives.get('connect-src')).toBe("'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:|http/);
  });
});
