import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { connectionFor, isUsableProxy, loadUndici, type Timeouts } from './connection.ts';
import type { Environment } from './environment.ts';
import { failureCode, type FailureCode } from './network-failure.ts';

/** The most bytes of an answer that are read; all of the contract's fit many times over. */
export const MAX_ANSWER_BYTES = 1024 * 1024;
const SEND_CHUNK_BYTES = 64 * 1024;
/** An upload slower than this is given up: 10 MiB then take 21 minutes. */
const SLOWEST_BYTES_PER_MS = 8;

export type HttpRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: Buffer;
  /** Told after each piece of the body was handed to the connection; it must not throw. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
};

/** A whole answer. Header names are in lower case. */
export type Answer = { status: number; headers: Readonly<Record<string, string>>; body: Buffer };

/**
 * What is known of a request that was made. `not-sent` is claimed only where no byte of it can have left, and so never of a
 * request without a body; everything short of a whole answer is `lost`, with what came of it.
 */
export type RawOutcome =
  | ({ kind: 'answer' } & Answer)
  | { kind: 'not-sent'; code: FailureCode }
  | { kind: 'lost'; code: FailureCode; partial: { status: number; body: Buffer } | null };

/** Whether the connection has asked for the request's body yet. */
type Trace = { bodyAsked: boolean };

/**
 * Makes one request on a connection of its own. Redirects are answers like any other and never followed. No condition of
 * the network throws.
 *
 * `not-sent` rests on this: over HTTP/1.1 undici asks a body for its first piece only when the connection stands, and writes
 * the header together with that piece; a body that was never asked for means that no byte left. Tests hold undici to it.
 */
export async function send(environment: Environment, wanted: HttpRequest, timeouts: Timeouts): Promise<RawOutcome> {
  if (!isUsableProxy(environment.proxy)) return { kind: 'not-sent', code: 'proxy-not-allowed' };
  const trace: Trace = { bodyAsked: false };
  let code: FailureCode;
  try {
    const connection = await connectionFor(environment, timeouts);
    try {
      return await exchange(connection, wanted, timeouts, trace);
    } finally {
      await connection.destroy().catch(() => undefined); // nothing more is wanted of the connection, however it ends
    }
  } catch (error) {
    code = failureCode(error);
  }
  // Judged only now that the connection is destroyed: nothing can be asked for any more. An empty body is never asked for.
  const hasBody = wanted.body !== undefined && wanted.body.length > 0;
  return hasBody && !trace.bodyAsked ? { kind: 'not-sent', code } : { kind: 'lost', code, partial: null };
}

async function exchange(connection: Dispatcher, wanted: HttpRequest, timeouts: Timeouts, trace: Trace): Promise<RawOutcome> {
  const { request } = await loadUndici();
  const response = await request(wanted.url, {
    dispatcher: connection,
    method: wanted.method,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Coldroom',
      ...wanted.headers,
      ...(wanted.body === undefined ? {} : { 'content-length': wanted.body.length.toString() }),
    },
    body: wanted.body === undefined ? null : Readable.from(piecesOf(wanted.body, trace, wanted.onProgress), { objectMode: false }),
    signal: endOf(wanted, timeouts),
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
    return { kind: 'lost', code: failureCode(error), partial: { status, body: Buffer.concat(pieces) } };
  }
  return { kind: 'answer', status, headers: flatHeaders(response.headers), body: Buffer.concat(pieces) };
}

/** Ends a request that the caller cancels, or that others draw out byte by byte, below every single timeout. */
function endOf(wanted: HttpRequest, { connectMs, answerMs }: Timeouts): AbortSignal {
  const uploadMs = Math.ceil((wanted.body?.length ?? 0) / SLOWEST_BYTES_PER_MS);
  const deadline = AbortSignal.timeout(3 * connectMs + uploadMs + 2 * answerMs);
  return wanted.signal === undefined ? deadline : AbortSignal.any([deadline, wanted.signal]);
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async generator, so that each piece waits for the one before
async function* piecesOf(body: Buffer, trace: Trace, onProgress: HttpRequest['onProgress']): AsyncGenerator<Buffer> {
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
