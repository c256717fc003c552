import type { SecureContext } from 'node:tls';
import { Authority, selfSigned } from './certificates.ts';
import { cut } from './fault-proxy.ts';
import type { Fault } from './fault.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The lane's own authority, and everything that is wrong with what a server may show in its place. Nothing is ever sent over these. */
export function tlsFaults(): { faults: readonly Fault[]; secure: { context: SecureContext; caPem: string } } {
  const ours = new Authority('an authority that the station was told of');
  const theirs = new Authority('an authority that nobody told it of');
  const shown: Readonly<Record<string, SecureContext>> = {
    'a certificate for another host': ours.context({ names: [{ type: 2, value: 'service.example' }] }),
    'a certificate for another address': ours.context({ names: [{ type: 7, ip: '127.0.0.2' }] }),
    'a certificate for the address as a name': ours.context({ names: [{ type: 2, value: '127.0.0.1' }] }),
    'a certificate for no host': ours.context({ names: [{ type: 2, value: '' }] }),
    'an expired certificate': ours.context({ fromMs: -9 * DAY_MS, untilMs: -DAY_MS }),
    'a certificate of tomorrow': ours.context({ fromMs: DAY_MS, untilMs: 9 * DAY_MS }),
    'a self-signed certificate': selfSigned(),
    'a certificate of another authority': theirs.context(),
    'a certificate signed by one that may not': ours.context({}, { isAuthority: false }),
    'a certificate through an expired authority': ours.context({}, { isAuthority: true, fromMs: -9 * DAY_MS, untilMs: -DAY_MS }),
    'a client’s certificate': ours.context({ purpose: 'clientAuth' }),
  };
  const common = { group: 'TLS', carriedOut: false, post: 'not-sent', verify: 'unknown', jwks: 'jwks-unreachable', early: true } as const;
  return {
    secure: { context: ours.context(), caPem: ours.pem },
    faults: [
      ...Object.entries(shown).map(([name, context]): Fault => ({ ...common, name, do: () => ({ context }) })),
      {
        ...common,
        name: 'a handshake that is cut',
        do: () => ({
          atOnce: (socket) => {
            socket.once('data', () => {
              cut(socket);
            });
            return true;
          },
        }),
      },
      {
        ...common,
        name: 'an answer in the clear',
        do: () => ({
          atOnce: (socket) => {
            socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
            return true;
          },
        }),
      },
      { ...common, name: 'a handshake that never ends', waits: true, do: () => ({ atOnce: () => true }) },
    ],
  };
}
