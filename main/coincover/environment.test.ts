import { describe, expect, it } from 'vitest';
import { ColdroomError, sha256 } from '../values/index.ts';
import { checkEnvironment, environmentId, isAllowedUrl, KNOWN_HOSTS, type EnvironmentName } from './environment.ts';

function failure(act: () => unknown): ColdroomError | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof ColdroomError) return error;
    throw error;
  }
}

describe('checkEnvironment', () => {
  it.each<[string, string, string | null]>([
    ['production', 'https://service.keys.coincover.com', null],
    ['production', 'http://service.keys.coincover.com', 'environment-not-https'],
    ['Production', 'https://service.keys.coincover.com', 'environment-name'],
    ['', 'https://service.keys.coincover.com', 'environment-name'],
    ['sandbox', 'https://127.0.0.1:8080', null],
    ['custom', 'http://127.0.0.1:80', 'environment-not-https'],
    ['custom', 'https://user:pass@host', 'environment-url'],
    ['custom', 'https://user@host', 'environment-url'],
    ['custom', 'https://host/?a=1', 'environment-url'],
    ['custom', 'https://host/?', 'environment-url'],
    ['custom', 'https://host/#a', 'environment-url'],
    ['custom', 'https://host/#', 'environment-url'],
    ['custom', 'ftp://host', 'environment-url'],
    ['custom', 'host', 'environment-url'],
    ['custom', '', 'environment-url'],
    ['custom', 'https://service.keys.coincover.com/base', 'environment-is-production'],
    ['custom', 'https://Policies.keys.coincover.com.', 'environment-is-production'],
    ['sandbox', 'https://service.keys.coincover.com:8443', 'environment-is-production'],
    ['sandbox', 'https://service.keys.coincover.com.example.com', null],
    ['rehearsal', 'http://127.0.0.1:8080', null],
    ['rehearsal', 'http://127.9.9.9:8080', null],
    ['rehearsal', 'http://2130706433', null], // the same 127.0.0.1, as URL reads it
    ['rehearsal', 'http://[::1]:8080', null],
    ['rehearsal', 'https://localhost:8080', null],
    ['rehearsal', 'http://10.0.0.1', 'environment-not-loopback'],
    ['rehearsal', 'http://128.0.0.1', 'environment-not-loopback'],
    ['rehearsal', 'http://[::2]', 'environment-not-loopback'],
    ['rehearsal', 'http://127.0.0.1.example.com', 'environment-not-loopback'],
    ['rehearsal', 'http://localhost.example.com', 'environment-not-loopback'],
    ['rehearsal', 'https://service.keys.coincover.com', 'environment-not-loopback'],
  ])('%s at %s: %s', (name, url, code) => {
    const good = name === 'rehearsal' ? 'http://127.0.0.1' : 'https://good.example';
    expect(failure(() => checkEnvironment(name, url, good))?.code ?? null).toBe(code);
    expect(failure(() => checkEnvironment(name, good, url))?.code ?? null).toBe(code);
  });

  it.each(['https://user:hunter2@host', 'https:///user:hunter2@', 'nonsense hunter2@host'])('never repeats a password: %s', (url) => {
    const error = failure(() => checkEnvironment('custom', url, 'https://host'));
    expect(error?.code).toBe('environment-url');
    expect(`${error?.message ?? ''}${error?.hint ?? ''}`).not.toContain('hunter2');
  });

  it('brings URLs into one form', () => {
    expect(checkEnvironment('custom', 'HTTPS://Host.Example:443/base//', 'https://Host.Example/j')).toEqual({
      name: 'custom',
      api: 'https://host.example/base',
      jwks: 'https://host.example/j',
    });
  });

  it('leaves the hosts that CoinCover published as they are', () => {
    for (const name of ['production', 'sandbox'] as const) {
      const { api, jwks } = KNOWN_HOSTS[name];
      expect(checkEnvironment(name, api, jwks)).toEqual({ name, api, jwks });
    }
  });
});

describe('environmentId', () => {
  const id = (name: EnvironmentName, api: string, jwks: string) => environmentId(checkEnvironment(name, api, jwks));
  it('is the digest of exactly name, api and jwks', () => {
    const more = { name: 'custom' as const, jwks: 'https://b.example/j', api: 'https://a.example', proxy: 'http://p', caPem: null };
    expect(environmentId(more)).toBe(sha256('{"api":"https://a.example","jwks":"https://b.example/j","name":"custom"}'));
  });
  it('tells apart every name and both hosts, and does not heed a slash at the end', () => {
    const base = id('custom', 'https://a.example', 'https://b.example/j');
    expect(id('custom', 'https://a.example/', 'https://b.example/j')).toBe(base);
    const others = [
      id('sandbox', 'https://a.example', 'https://b.example/j'),
      id('custom', 'https://c.example', 'https://b.example/j'),
      id('custom', 'https://a.example', 'https://b.example/k'),
    ];
    expect(new Set([base, ...others]).size).toBe(4);
  });
});

describe('isAllowedUrl', () => {
  it.each<[EnvironmentName, string, boolean]>([
    ['production', 'https://host', true],
    ['production', 'http://127.0.0.1', false],
    ['production', 'ftp://host', false],
    ['rehearsal', 'http://127.0.0.1', true],
    ['rehearsal', 'https://[::1]', true],
    ['rehearsal', 'https://host', false],
    ['rehearsal', 'ftp://127.0.0.1', false],
    ['custom', 'nonsense', false],
  ])('%s, %s: %s', (name, url, allowed) => {
    expect(isAllowedUrl({ name }, url)).toBe(allowed);
  });
});
