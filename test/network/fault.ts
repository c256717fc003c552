import type { Socket } from 'node:net';
import type { CallKind } from '../../main/rehearsal/calls.ts';
import type { Doing, Exchange } from './fault-proxy.ts';

/** How a POST ends, and what follows for scripts. */
export type PostEnd = 'done' | 'refused' | 'not-sent' | 'unknown';

/**
 * One thing that a network or a service in disorder does, and how each kind of call has to end. `carriedOut`: the service did what a
 * POST asked for, whatever was heard of it; `maybe` where it depends on which side was quicker.
 */
export type Fault = {
  readonly name: string;
  readonly group: string;
  readonly carriedOut: boolean;
  readonly post: PostEnd | 'not-sent-or-unknown';
  /** Of `verify` calls: an answer that counts, or none. */
  readonly verify: 'valid' | 'unknown';
  /** Of the list of signing keys: null where it is fetched, else the code of the refusal. */
  readonly jwks: string | readonly string[] | null;
  /** It ends only when the client has waited long enough. */
  readonly waits?: true;
  /** Met as soon as somebody connects, before it is known which call of the API it will be. */
  readonly early?: true;
  /** The calls that it makes sense for; left out, all of them. */
  readonly only?: readonly CallKind[];
  readonly do: (means: Means) => Doing;
};

/** `everyMs` between the bytes of what drips; `elsewhere` is where redirects lead. */
export type Means = { readonly everyMs: number; readonly elsewhere: string };

/** The refusal where the list of signing keys cannot be had. */
export const UNREACHABLE = 'jwks-unreachable';

/** What becomes of one call that the proxy has read whole. */
export type Act = (exchange: Exchange, means: Means) => Promise<void>;
type Same = Partial<Pick<Fault, 'waits' | 'only' | 'jwks' | 'verify' | 'post'>>;

/** Nothing trustworthy comes back. */
export const lost = (group: string, carriedOut: boolean, entries: Readonly<Record<string, Act>>, more: Same = {}): Fault[] =>
  Object.entries(entries).map(([name, act]) => ({
    name,
    group,
    carriedOut,
    post: 'unknown',
    verify: 'unknown',
    jwks: UNREACHABLE,
    ...more,
    do: (means) => ({ act: (exchange) => act(exchange, means) }),
  }));

/** Odd, and all in order. */
export const harmless = (group: string, entries: Readonly<Record<string, Act>>, more: Same = {}): Fault[] =>
  lost(group, true, entries, { post: 'done', verify: 'valid', jwks: null, ...more });

/** Before the request was read. */
export const atOnce = (group: string, entries: Readonly<Record<string, (socket: Socket) => void>>, more: Same = {}): Fault[] =>
  Object.entries(entries).map(([name, act]) => ({
    name,
    group,
    carriedOut: false,
    post: 'not-sent-or-unknown',
    verify: 'unknown',
    jwks: UNREACHABLE,
    early: true,
    ...more,
    do: () => ({
      atOnce: (socket) => {
        act(socket);
        return true;
      },
    }),
  }));
