/** What the tests of this room talk to: real servers on this machine, plain, with TLS, and as a proxy. Product code never imports it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

type Closable = { close: () => unknown; closeAllConnections?: () => void };
const open: Closable[] = [];
const sockets = new Set<net.Socket>();

/** Ends every server that was started since the last call, and every connection to one. */
export function closeServers(): void {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
  for (const socket of sockets) socket.destroy();
  sockets.clear();
}

export type Identity = { key: Buffer; cert: Buffer };

/** A self-signed P-256 certificate for one subjectAltName (`IP:127.0.0.1`), made by the openssl command. */
export function makeIdentity(altName: string): Identity {
  const folder = mkdtempSync(join(tmpdir(), 'coincover-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const subject = ['-days', '2', '-subj', '/CN=test', '-addext', `subjectAltName=${altName}`];
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Listens on a free port of 127.0.0.1 until closeServers. @returns the port. */
export async function listen(server: net.Server): Promise<number> {
  open.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

/** @returns the server's base URL. */
export async function serve(listener: RequestListener, identity?: Identity): Promise<string> {
  const server = identity === undefined ? http.createServer(listener) : https.createServer(identity, listener);
  const port = await listen(server);
  return `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${port.toString()}`;
}

/** The base URL of a port where nobody listens any more. */
export async function deadAddress(): Promise<string> {
  const server = net.createServer();
  const port = await listen(server);
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port.toString()}`;
}

/** A CONNECT proxy that tunnels, refuses or keeps silent, and notes where to. */
export async function proxy(how: 'tunnel' | 'refuse' | 'silent', identity?: Identity): Promise<{ url: string; tunnels: string[] }> {
  const tunnels: string[] = [];
  const server = identity === undefined ? http.createServer() : https.createServer(identity);
  server.on('connect', (request: IncomingMessage, socket: net.Socket) => {
    tunnels.push(request.url ?? '');
    socket.on('error', () => socket.destroy());
    if (how === 'silent') return;
    if (how === 'refuse') {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const onward = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    socket.on('close', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  const port = await listen(server);
  return { url: `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${port.toString()}`, tunnels };
}

export function environmentAt(api: string, more: Partial<Environment> = {}): Environment {
  return { name: 'rehearsal', api, jwks: `${api}/jwks.json`, proxy: null, caPem: null, ...more };
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Answers once the whole request has come. */
export function answering(status: number, body: string | Buffer, headers: Record<string, string> = {}): RequestListener {
  return (request, response: ServerResponse) => {
    void readBody(request).then(() => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body));
  };
}
