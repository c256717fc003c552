import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import tls, { type SecureContext } from 'node:tls';
import { parseCall, pathOf, type CallKind } from '../../main/rehearsal/calls.ts';
import { sha256 } from '../../main/values/index.ts';

/** What the stand-in answered, before anything was done to it. */
export type Plain = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: Buffer };

/** What the proxy does to a connection. Left out: it passes everything on. */
export type Doing = {
  /** Before a byte was read; true: the connection is done with. */
  readonly atOnce?: (socket: Socket) => boolean;
  /** In place of TLS with the right certificate, where the proxy speaks TLS. */
  readonly context?: SecureContext;
  /** Once the request's header has come. */
  readonly act?: (exchange: Exchange) => Promise<void>;
};

/** A POST as the proxy saw it: every one whose first byte came, whole or not. */
export type SeenPost = { readonly call: CallKind; bodySha256: string | null };

/** One request on one connection, with its header read. */
export class Exchange {
  readonly socket: Socket;
  readonly call: CallKind;
  readonly #head: Head;
  readonly #reader: Reader;
  readonly #upstream: number;
  readonly #seen: SeenPost | null;

  constructor(socket: Socket, reader: Reader, head: Head, upstream: number, seen: SeenPost | null) {
    this.socket = socket;
    this.call = head.call;
    this.#reader = reader;
    this.#head = head;
    this.#upstream = upstream;
    this.#seen = seen;
  }

  /** The request's whole body. */
  async body(): Promise<Buffer> {
    const body = await this.#reader.take(this.#head.bodyBytes);
    if (this.#seen !== null) this.#seen.bodySha256 = sha256(body);
    return body;
  }

  /** Half of the request's body, or as much as a small one has. */
  halfOfBody(): Promise<Buffer> {
    return this.#reader.take(Math.floor(this.#head.bodyBytes / 2));
  }

  /** Has the stand-in carry the request out. */
  async carryOut(): Promise<Plain> {
    const body = await this.body();
    const { method, target, headers } = this.#head;
    return new Promise((done, failed) => {
      const request = http.request({ host: '127.0.0.1', port: this.#upstream, method, path: target, headers, agent: false }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.once('error', failed);
        answer.once('end', () => {
          done({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) });
        });
      });
      request.once('error', failed);
      request.end(body);
    });
  }

  /** Writes bytes as they are. @returns false once the other side is gone. */
  async write(bytes: string | Buffer): Promise<boolean> {
    if (this.socket.destroyed || !this.socket.writable) return false;
    if (this.socket.write(bytes)) return true;
    await new Promise<void>((drained) => {
      this.socket.once('drain', drained).once('close', drained);
    });
    return !this.socket.destroyed;
  }

  /** A whole answer of one's own. */
  async answer(status: number, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const all = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body).toString(),
      connection: 'close',
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    await this.write(`HTTP/1.1 ${status.toString()} Said So\r\n${lines.join('')}\r\n`);
    await this.write(body);
    this.socket.end();
  }

  async answerPlain({ status, headers, body }: Plain): Promise<void> {
    const kept = Object.entries(headers).filter(([name]) => !['connection', 'transfer-encoding', 'keep-alive', 'date'].includes(name));
    await this.answer(status, body, {
      ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      'content-length': body.length.toString(),
    });
  }

  /** Ends the connection as a router does that forgot it: with a reset. */
  cut(): void {
    cut(this.socket);
  }

  /** Says nothing more, and keeps the connection for as long as the other side does. */
  async silence(): Promise<void> {
    if (!this.socket.destroyed) await new Promise((closed) => this.socket.once('close', closed));
  }

  /** Byte after byte with a pause before each, until the other side has had enough. */
  async drip(bytes: string | Buffer, everyMs: number): Promise<void> {
    for (const byte of Buffer.from(bytes)) {
      await pause(everyMs);
      if (!(await this.write(Buffer.of(byte)))) return;
    }
  }
}

/** A reset where the system can send one: over TLS the socket below is not ours to reset. */
export function cut(socket: Socket): void {
  if (socket instanceof tls.TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

type Head = { method: string; target: string; call: CallKind; headers: http.OutgoingHttpHeaders; bodyBytes: number };

/** Takes a connection's bytes piece by piece; what nobody asks for stays unread. */
class Reader {
  readonly #socket: Socket;
  #held = Buffer.alloc(0);
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    for (const end of ['end', 'close', 'error'] as const) socket.once(end, () => (this.#ended = true));
  }

  async take(bytes: number): Promise<Buffer> {
    while (this.#held.length < bytes) await this.#more();
    const taken = this.#held.subarray(0, bytes);
    this.#held = this.#held.subarray(bytes);
    return taken;
  }

  /** Up to and with a mark. */
  async takeTo(mark: string): Promise<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at >= 0) return this.take(at + mark.length);
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    for (;;) {
      const piece = this.#socket.read() as Buffer | null;
      if (piece !== null) {
        this.#held = Buffer.concat([this.#held, piece]);
        return;
      }
      if (this.#ended || this.#socket.destroyed) throw new Gone();
      await new Promise<void>((woken) => {
        const wake = (): void => {
          for (const event of ['readable', 'end', 'close', 'error'] as const) this.#socket.off(event, wake);
          woken();
        };
        for (const event of ['readable', 'end', 'close', 'error'] as const) this.#socket.on(event, wake);
      });
    }
  }
}

/** The other side went away in the middle: nothing that a proxy minds. */
class Gone extends Error {}

/**
 * A man in the middle on loopback: real TCP, and real TLS where it is given a certificate. One port for the API and one for the list
 * of signing keys, so that each can be out of order by itself. Its count of what came is nobody's word but its own.
 */
export class FaultProxy {
  readonly posts: SeenPost[] = [];
  /** Requests that came to any address that a redirect named. */
  visits = 0;
  /** Connections that met what was to be done to them. */
  met = 0;
  /** Told when the header of a POST has come, before any of its body is read. */
  onPost: (call: CallKind) => void = () => undefined;
  readonly #upstream: number;
  readonly #secure: SecureContext | null;
  readonly #servers: net.Server[] = [];
  readonly #sockets = new Set<Socket>();
  #doing: { readonly on: CallKind; readonly what: Doing } | null = null;
  api = '';
  jwks = '';
  /** Where redirects lead; whoever comes there followed one. */
  elsewhere = '';

  constructor(upstream: number, secure: SecureContext | null = null) {
    this.#upstream = upstream;
    this.#secure = secure;
  }

  async listen(): Promise<void> {
    const scheme = this.#secure === null ? 'http' : 'https';
    this.api = `${scheme}://127.0.0.1:${(
      await this.#serve((socket) => {
        this.#connected(socket, false);
      })
    ).toString()}`;
    this.jwks = `${scheme}://127.0.0.1:${(
      await this.#serve((socket) => {
        this.#connected(socket, true);
      })
    ).toString()}/.well-known/jwks.json`;
    const elsewhere = await this.#serve((socket) => {
      this.visits += 1;
      cut(socket);
    });
    this.elsewhere = `${scheme}://127.0.0.1:${elsewhere.toString()}/elsewhere`;
  }

  /** Does so to every call of one kind from now on, until told otherwise; null passes everything on. */
  do(on: CallKind, what: Doing | null): void {
    this.#doing = what === null ? null : { on, what };
    this.met = 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((closed) => server.close(closed))));
  }

  async #serve(take: (socket: Socket) => void): Promise<number> {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.#sockets.delete(socket));
      take(socket);
    });
    this.#servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return (server.address() as AddressInfo).port;
  }

  #connected(plain: Socket, isJwks: boolean): void {
    // Of a port it is known before the first byte whose it is, of the API's calls only afterwards.
    const doing = this.#doing !== null && (this.#doing.on === 'jwks') === isJwks ? this.#doing : null;
    if (doing?.what.atOnce?.(plain) === true) {
      this.met += 1;
      return;
    }
    if (doing?.what.context !== undefined) this.met += 1;
    const secureContext = doing?.what.context ?? this.#secure;
    const socket = secureContext === null ? plain : new tls.TLSSocket(plain, { isServer: true, secureContext });
    socket.on('error', () => socket.destroy());
    this.#exchange(socket).catch((error: unknown) => {
      socket.destroy();
      if (!(error instanceof Gone) && !isNetworkError(error)) throw error;
    });
  }

  async #exchange(socket: Socket): Promise<void> {
    const reader = new Reader(socket);
    const first = await reader.takeTo(' ');
    let seen: SeenPost | null = null;
    if (first.toString('latin1') === 'POST ') {
      seen = { call: 'unknown', bodySha256: null };
      this.posts.push(seen);
    }
    const head = parseHead(first.toString('latin1') + (await reader.takeTo('\r\n\r\n')).toString('latin1'));
    if (seen !== null) {
      Object.assign(seen, { call: head.call });
      this.onPost(head.call);
    }
    const exchange = new Exchange(socket, reader, head, this.#upstream, seen);
    const act = this.#doing?.on === head.call ? this.#doing.what.act : undefined;
    if (act === undefined) {
      await exchange.answerPlain(await exchange.carryOut());
      return;
    }
    this.met += 1;
    await act(exchange);
  }
}

function parseHead(text: string): Head {
  const [line = '', ...rest] = text.trimEnd().split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  const headers = Object.fromEntries(
    rest.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()]),
  );
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host' && name !== 'connection'));
  return {
    method,
    target,
    call: parseCall(method, pathOf(target) ?? '').kind,
    headers: kept,
    bodyBytes: Number(headers['content-length'] ?? 0),
  };
}

function isNetworkError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^(E[A-Z]+|ERR_STREAM|ERR_SSL|ERR_TLS|HPE)/.test(error.code)
  );
}
