import { getCACertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { Environment } from './environment.ts';

/** Loaded with the first request: it is a large part of what starting costs, and most commands make none. */
export const loadUndici = async () => (await import('undici')).default; // CommonJS: bundled, it has no other export

/** How long is waited, in milliseconds. */
export type Timeouts = {
  /** For a connection: name, TCP and TLS together; with a proxy, for each of its legs. */
  connectMs: number;
  /** For the answer to begin, and between two pieces of it. */
  answerMs: number;
};

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, answerMs: 60_000 };

/** True for no proxy or an http or https URL: undici would take a SOCKS proxy too, which nobody here has tried. */
export function isUsableProxy(proxy: string | null): boolean {
  return proxy === null || /^https?:$/.test(URL.parse(proxy)?.protocol ?? '');
}

/**
 * What one request is sent over: a connection of its own, never one kept alive, so that a connection that failed says for
 * certain that nothing left. A rehearsal goes straight to this machine, whatever proxy is set. The caller destroys it.
 */
export async function connectionFor(environment: Environment, { connectMs, answerMs }: Timeouts): Promise<Dispatcher> {
  const { Agent, Pool, ProxyAgent } = await loadUndici();
  const tls = {
    // SECURITY(REQ-TLS): written out, since NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise switch verification off.
    rejectUnauthorized: true,
    // `ca` replaces Node's roots, hence both.
    ...(environment.caPem === null ? {} : { ca: [...getCACertificates('default'), environment.caPem] }),
    // HTTP/2 sends a request's header before its body is asked for, and the proof of `not-sent` (http.ts) rests on the body.
    allowH2: false,
    timeout: connectMs,
  };
  const common = { allowH2: false, pipelining: 0, headersTimeout: answerMs, bodyTimeout: answerMs };
  if (environment.proxy === null || environment.name === 'rehearsal') return new Agent({ ...common, connect: tls });
  return new ProxyAgent({
    ...common,
    uri: environment.proxy,
    proxyTunnel: true, // never the proxy's own reading of the request
    proxyTls: tls,
    requestTls: tls,
    // A proxy that takes CONNECT and says nothing is a connection that did not come about.
    clientFactory: (origin, options) => new Pool(origin, { ...options, allowH2: false, headersTimeout: connectMs }),
  });
}
