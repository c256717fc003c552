import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { Agent, errors, ProxyAgent, request, type Dispatcher } from 'undici';
import { systemCode } from '../values/index.ts';
import { isLoopback, type Environment } from './environment.ts';

/** The most bytes of an answer that are read; all of the contract's fit many times over. */
export const MAX_ANSWER_BYTES = 1024 * 1024;
const SEND_CHUNK_BYTES = 64 * 1024;

export type Timeouts = { connectMs: number; answerMs: number };
export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, answerMs: 60_000 };

export type HttpRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: Buffer;
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
};

export type Answer = { status: number; headers: Readonly<Record<string, string>>; body: Buffer };

/**
 * What is known of a request that was made. `not-sent` is claimed only where no byte of it can have left; everything short
 * of a whole answer is `lost`, with what came of it.
 */
export type RawOutcome =
  | ({ kind: 'answer' } & Answer)
  | { kind: 'not-sent'; code: string }
  | { kind: 'lost'; code: string; partial: { status: number; body: Buffer } | null };

/**
 * Makes one request on a connection of its own. Redirects are answers like any other and never followed. SECURITY:
 * certificates are verified whatever the process environment says.
 *
 * `not-sent` rests on this: undici asks a body for its first piece only when the connection stands and the request is
 * written, header and first piece together; a body that was never asked means that no byte left. Tests hold undici to it.
 */
export async function send(environment: Environment, wanted: HttpRequest, timeouts: Timeouts): Promise<RawOutcome> {
  const trace = { bodyAsked: false };
  const dispatcher = connectionTo(environment, timeouts);
  try {
    return await exchange(dispatcher, wanted, timeouts, trace);
  } catch (error) {
    const code = errorCode(error);
    return wanted.body === undefined || trace.bodyAsked ? { kind: 'lost', code, partial: null } : { kind: 'not-sent', code };
  } finally {
    await dispatcher.destroy().catch(() => undefined); // nothing more is wanted of the connection, however it ends
  }
}

function connectionTo(environment: Environment, timeouts: Timeouts): Agent | ProxyAgent {
  const tls = {
    rejectUnauthorized: true,
    ...(environment.caPem === null ? {} : { ca: [...rootCertificates, environment.caPem] }),
  };
  const common = { pipelining: 0, headersTimeout: timeouts.answerMs, bodyTimeout: timeouts.answerMs };
  if (environment.proxy === null) return new Agent({ ...common, connect: { ...tls, timeout: timeouts.connectMs } });
  return new ProxyAgent({
    ...common,
    uri: environment.proxy,
    requestTls: { ...tls, timeout: timeouts.connectMs },
    proxyTls: tls,
    proxyTunnel: true,
  });
}

async function exchange(
  dispatcher: Dispatcher,
  wanted: HttpRequest,
  timeouts: Timeouts,
  trace: { bodyAsked: boolean },
): Promise<RawOutcome> {
  const signal = AbortSignal.any([
    AbortSignal.timeout(2 * timeouts.answerMs + timeouts.connectMs),
    ...(wanted.signal === undefined ? [] : [wanted.signal]),
  ]);
  const response = await request(wanted.url, {
    dispatcher,
    method: wanted.method,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Coldroom',
      ...wanted.headers,
      ...(wanted.body === undefined ? {} : { 'content-length': wanted.body.length.toString() }),
    },
    body: wanted.body === undefined ? null : Readable.from(chunksOf(wanted.body, trace, wanted.onProgress), { objectMode: false }),
    signal,
  });
  const status = response.statusCode;
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of response.body as AsyncIterable<Buffer>) {
      sizeBytes += piece.length;
      if (sizeBytes > MAX_ANSWER_BYTES) return { kind: 'lost', code: 'answer-too-large', partial: { status, body: Buffer.concat(pieces) } };
      pieces.push(piece);
    }
  } catch (error) {
    return { kind: 'lost', code: errorCode(error), partial: { status, body: Buffer.concat(pieces) } };
  }
  return { kind: 'answer', status, headers: flatHeaders(response.headers), body: Buffer.concat(pieces) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- undici reports progress only through an async body
async function* chunksOf(
  body: Buffer,
  trace: { bodyAsked: boolean },
  onProgress?: (sentBytes: number, totalBytes: number) => void,
): AsyncGenerator<Buffer> {
  trace.bodyAsked = true;
  for (let at = 0; at < body.length; at += SEND_CHUNK_BYTES) {
    const end = Math.min(at + SEND_CHUNK_BYTES, body.length);
    yield body.subarray(at, end);
    onProgress?.(end, body.length);
  }
}

function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

/** A short stable word for what happened; the error's own text may hold addresses and is not passed on. */
function errorCode(error: unknown): string {
  if (error instanceof errors.UndiciError) return error.code;
  if (error instanceof Error && error.name === 'TimeoutError') return 'TIMEOUT';
  if (error instanceof Error && error.name === 'AbortError') return 'CANCELLED';
  if (error instanceof Error && error.cause !== undefined) return systemCode(error.cause) ?? error.name;
  return systemCode(error) ?? 'UNKNOWN';
}

/** https, or this machine itself. Asked again at the very place where a request leaves. */
export function isAllowedUrl(environment: Environment, url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && (parsed.protocol === 'https:' || (environment.name === 'rehearsal' && isLoopback(parsed.hostname)));
}
