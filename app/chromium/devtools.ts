import type { Readable, Writable } from 'node:stream';

export type DevtoolsEvent = { readonly method: string; readonly params: Record<string, unknown>; readonly sessionId: string | null };

/** A connection to a browser's or one page's DevTools. */
export type Devtools = {
  /** @throws Error with the browser's own words, or when the connection is closed. */
  send(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  on(listener: (event: DevtoolsEvent) => void): void;
};

type Waiting = { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void };

type Message = {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  sessionId?: string;
  result?: Record<string, unknown>;
  error?: { message: string };
};

/**
 * DevTools over the two pipes of `--remote-debugging-pipe`: JSON messages, each ended by a zero byte. No port is opened, so
 * nobody else on this machine can attach.
 */
export class PipeDevtools implements Devtools {
  readonly #out: Writable;
  readonly #listeners: ((event: DevtoolsEvent) => void)[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #pieces: Buffer[] = [];
  #closed = false;

  constructor(out: Writable, incoming: Readable) {
    this.#out = out;
    incoming.on('data', (piece: Buffer) => {
      this.#take(piece);
    });
    incoming.on('close', () => {
      this.#end();
    });
    incoming.on('error', () => {
      this.#end(); // without a listener a broken pipe would end this process, in the middle of whatever it does
    });
    out.on('error', () => {
      this.#end(); // the browser went away in the middle of a message
    });
  }

  send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.#send(method, params, null);
  }

  on(listener: (event: DevtoolsEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** The same connection as one page sees it. */
  page(sessionId: string): Devtools {
    return {
      send: (method, params = {}) => this.#send(method, params, sessionId),
      on: (listener) => {
        this.on((event) => {
          if (event.sessionId === sessionId) listener(event);
        });
      },
    };
  }

  #send(method: string, params: Record<string, unknown>, sessionId: string | null): Promise<Record<string, unknown>> {
    if (this.#closed) return Promise.reject(new Error('the browser is gone'));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#out.write(`${JSON.stringify({ id, method, params, ...(sessionId === null ? {} : { sessionId }) })}\0`);
    });
  }

  #take(piece: Buffer): void {
    let rest = piece;
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      this.#pieces.push(rest.subarray(0, end));
      const text = Buffer.concat(this.#pieces).toString('utf8');
      this.#pieces = [];
      rest = rest.subarray(end + 1);
      this.#dispatch(JSON.parse(text) as Message);
    }
    if (rest.length > 0) this.#pieces.push(rest);
  }

  #dispatch(message: Message): void {
    if (message.id === undefined) {
      const event = { method: message.method ?? '', params: message.params ?? {}, sessionId: message.sessionId ?? null };
      for (const listener of this.#listeners) listener(event);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result ?? {});
    else waiting?.reject(new Error(message.error.message));
  }

  #end(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.values()) waiting.reject(new Error('the browser is gone'));
    this.#waiting.clear();
  }
}
