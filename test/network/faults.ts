import { gzipSync } from 'node:zlib';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallKind } from '../../main/rehearsal/calls.ts';
import { atOnce, harmless, lost, UNREACHABLE, type Act, type Fault } from './fault.ts';
import { cut, type Exchange, type Plain } from './fault-proxy.ts';

const POSTS: readonly CallKind[] = ['assign', 'store-data', 'store-file'];
const STORES: readonly CallKind[] = ['store-data', 'store-file'];

const head = (status: number, headers: string): string =>
  `HTTP/1.1 ${status.toString()} Said So\r\ncontent-type: application/json\r\n${headers}\r\n`;

/** The answer's JSON as text, changed. Every object of the contract is flat at its top. */
const rewritten =
  (change: (text: string, plain: Plain) => string | Buffer): Act =>
  async (exchange) => {
    const plain = await exchange.carryOut();
    await exchange.answer(plain.status, change(plain.body.toString('utf8'), plain));
  };

const members = (text: string): [string, unknown][] => Object.entries(JSON.parse(text) as Record<string, unknown>);
const object = (pairs: readonly (readonly [string, unknown])[]): string =>
  `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;

const JWKS_TEXT = 'jwks-not-json';
const asText = { jwks: JWKS_TEXT } as const;

const REFUSAL = '{"message":"Slow down","error":"Too Many Requests"}';
const GIGABYTE = 1024 * 1024 * 1024;

async function flood(exchange: Exchange, sizeBytes: number, piece: Buffer): Promise<void> {
  for (let sent = 0; sent < sizeBytes; sent += piece.length) if (!(await exchange.write(piece))) return;
  exchange.socket.end();
}

/** Everything but TLS. */
export const FAULTS: readonly Fault[] = [
  ...atOnce('dropped before the request', {
    'reset as soon as it is connected': (socket) => {
      cut(socket);
    },
    'ended as soon as it is connected': (socket) => {
      socket.end();
    },
    'reset at the first byte': (socket) => {
      socket.once('data', () => {
        cut(socket);
      });
    },
  }),
  ...lost('dropped during the request', false, {
    'reset after the header': (exchange) => {
      exchange.cut();
      return Promise.resolve();
    },
    'ended after the header': (exchange) => {
      exchange.socket.end();
      return Promise.resolve();
    },
    'reset in the middle of the body': async (exchange) => {
      await exchange.halfOfBody();
      exchange.cut();
    },
    'reset once the body has come, before anything is done': async (exchange) => {
      await exchange.body();
      exchange.cut();
    },
    'ended without an answer, before anything is done': async (exchange) => {
      await exchange.body();
      exchange.socket.end();
    },
  }),
  ...lost('dropped after the request', true, {
    'reset once it is done': async (exchange) => {
      await exchange.carryOut();
      exchange.cut();
    },
    'ended once it is done': async (exchange) => {
      await exchange.carryOut();
      exchange.socket.end();
    },
    'reset in the middle of the status line': async (exchange) => {
      await exchange.carryOut();
      await exchange.write('HTTP/1.1 20');
      exchange.cut();
    },
    'reset in the middle of the answer’s header': async (exchange) => {
      await exchange.carryOut();
      await exchange.write('HTTP/1.1 200 OK\r\ncontent-type: appl');
      exchange.cut();
    },
    'reset after the answer’s header': async (exchange) => {
      const { body } = await exchange.carryOut();
      await exchange.write(head(200, `content-length: ${body.length.toString()}\r\n`));
      exchange.cut();
    },
    'reset one byte before the answer’s end': async (exchange) => {
      const { body } = await exchange.carryOut();
      await exchange.write(head(200, `content-length: ${body.length.toString()}\r\n`));
      await exchange.write(body.subarray(0, -1));
      await pause(20);
      exchange.cut();
    },
    'a chunked answer that never says its end': async (exchange) => {
      const { body } = await exchange.carryOut();
      await exchange.write(head(200, 'transfer-encoding: chunked\r\n'));
      await exchange.write(`${body.length.toString(16)}\r\n${body.toString('latin1')}\r\n`);
      exchange.socket.end();
    },
  }),
  ...atOnce('half open', { 'connected, and never read from': () => undefined }, { waits: true, post: 'unknown' }),
  ...lost(
    'half open',
    false,
    { 'silent after the request': (exchange) => exchange.body().then(() => exchange.silence()) },
    { waits: true },
  ),
  ...lost(
    'half open',
    true,
    {
      'silent once it is done': (exchange) => exchange.carryOut().then(() => exchange.silence()),
      'silent in the middle of the answer': async (exchange) => {
        const { body } = await exchange.carryOut();
        await exchange.write(head(200, `content-length: ${body.length.toString()}\r\n`));
        await exchange.write(body.subarray(0, 10));
        await exchange.silence();
      },
      'a byte now and then, the header': async (exchange, { everyMs }) => {
        await exchange.carryOut();
        await exchange.drip(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(2000)}`, everyMs);
      },
      'a byte now and then, the body': async (exchange, { everyMs }) => {
        const { body } = await exchange.carryOut();
        const padded = Buffer.concat([Buffer.alloc(1000, ' '), body]);
        await exchange.write(head(200, `content-length: ${padded.length.toString()}\r\n`));
        await exchange.drip(padded, everyMs);
      },
      'early hints without end': async (exchange, { everyMs }) => {
        await exchange.carryOut();
        while (await exchange.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')) await pause(everyMs);
      },
    },
    { waits: true },
  ),
  ...Object.entries({
    'without Retry-After': null,
    'with a second of Retry-After': '1',
    'with a date as Retry-After': 'Thu, 01 Jan 2026 00:00:00 GMT',
    'with nonsense as Retry-After': '-1e9, soon',
  }).flatMap(([name, after]) =>
    lost(
      '429',
      false,
      {
        [`429 ${name}`]: (exchange) =>
          exchange.body().then(() => exchange.answer(429, REFUSAL, after === null ? {} : { 'retry-after': after })),
      },
      { post: 'refused' },
    ),
  ),
  ...lost('429', false, {
    '429 in HTML': (exchange) =>
      exchange.body().then(() => exchange.answer(429, '<html>slow down</html>', { 'content-type': 'text/html' })),
  }),
  ...lost(
    '429',
    false,
    {
      '429 with years of Retry-After': (exchange) =>
        exchange.body().then(() => exchange.answer(429, REFUSAL, { 'retry-after': '99999999' })),
    },
    { post: 'refused', only: POSTS },
  ),
  ...[500, 502, 503, 504, 520, 599].flatMap((status) =>
    lost('5xx storm', status % 2 === 0, {
      [`${status.toString()} again and again`]: async (exchange) => {
        if (status % 2 === 0) await exchange.carryOut();
        else await exchange.body();
        await exchange.answer(status, '{"message":"Internal server error","error":"Internal"}');
      },
    }),
  ),
  {
    name: 'a storm of 5xx that ends with the third request',
    group: '5xx storm',
    carriedOut: false,
    post: 'unknown',
    verify: 'valid',
    jwks: null,
    do: () => {
      let came = 0;
      return {
        act: async (exchange) => {
          came += 1;
          if (came < 3) await exchange.body().then(() => exchange.answer(503, ''));
          else await exchange.answerPlain(await exchange.carryOut());
        },
      };
    },
  },
  ...[301, 302, 303, 307, 308].flatMap((status) =>
    lost(
      'redirect',
      false,
      {
        [`redirect ${status.toString()}`]: (exchange, { elsewhere }) =>
          exchange.body().then(() => exchange.answer(status, '{"message":"over there"}', { location: elsewhere })),
      },
      { jwks: 'jwks-redirected' },
    ),
  ),
  ...lost(
    'redirect',
    true,
    {
      'a 200 with a Location and a Refresh': async (exchange, { elsewhere }) => {
        const { body } = await exchange.carryOut();
        await exchange.answer(200, body, { location: elsewhere, refresh: `0; url=${elsewhere}` });
      },
    },
    { post: 'done', verify: 'valid', jwks: null },
  ),
  ...lost(
    'HTML',
    true,
    {
      '200 in HTML': (exchange) =>
        exchange.carryOut().then(() => exchange.answer(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' })),
      '200 with nothing': (exchange) => exchange.carryOut().then(() => exchange.answer(200, '')),
    },
    asText,
  ),
  ...lost('HTML', false, {
    '403 in HTML': (exchange) =>
      exchange.body().then(() => exchange.answer(403, '<html>blocked by policy</html>', { 'content-type': 'text/html' })),
  }),
  ...lost('HTML', true, {
    '204 with nothing': (exchange) =>
      exchange
        .carryOut()
        .then(() => exchange.write('HTTP/1.1 204 No Content\r\n\r\n'))
        .then(() => void exchange.socket.end()),
  }),
  ...lost('too large', true, {
    'a gigabyte, announced': async (exchange) => {
      await exchange.carryOut();
      await exchange.write(head(200, `content-length: ${GIGABYTE.toString()}\r\n`));
      await flood(exchange, GIGABYTE, Buffer.alloc(65_536, ' '));
    },
    'a gigabyte in chunks, never announced': async (exchange) => {
      await exchange.carryOut();
      await exchange.write(head(200, 'transfer-encoding: chunked\r\n'));
      await flood(exchange, GIGABYTE, Buffer.from(`4000\r\n${'['.repeat(0x4000)}\r\n`));
    },
    'a gigabyte of header': async (exchange) => {
      await exchange.carryOut();
      await exchange.write('HTTP/1.1 200 OK\r\nx: ');
      await flood(exchange, GIGABYTE, Buffer.alloc(65_536, 'y'));
    },
    'a gigabyte until the connection ends': async (exchange) => {
      await exchange.carryOut();
      await exchange.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
      await flood(exchange, GIGABYTE, Buffer.alloc(65_536, '{'));
    },
  }),
  ...lost(
    'too large',
    true,
    {
      'a compressed answer that nobody asked for': (exchange) =>
        exchange
          .carryOut()
          .then(({ body }) =>
            exchange.answer(200, gzipSync(body), { 'content-encoding': 'gzip', 'content-length': gzipSync(body).length.toString() }),
          ),
    },
    asText,
  ),
  ...lost('wrong length', true, {
    'a length that is one too long': (exchange) =>
      exchange.carryOut().then(({ body }) => exchange.answer(200, body, { 'content-length': (body.length + 1).toString() })),
    'two lengths': (exchange) =>
      exchange
        .carryOut()
        .then(({ body }) => exchange.answer(200, body, { 'content-length': `${body.length.toString()}\r\ncontent-length: 3` })),
    'a length and chunks': (exchange) =>
      exchange.carryOut().then(({ body }) => exchange.answer(200, body, { 'transfer-encoding': 'chunked' })),
    'a length below zero': (exchange) => exchange.carryOut().then(({ body }) => exchange.answer(200, body, { 'content-length': '-5' })),
    'a length past every number': (exchange) =>
      exchange.carryOut().then(({ body }) => exchange.answer(200, body, { 'content-length': '99999999999999999999999' })),
  }),
  ...lost(
    'wrong length',
    true,
    {
      'a length that is one too short': (exchange) =>
        exchange.carryOut().then(({ body }) => exchange.answer(200, body, { 'content-length': (body.length - 1).toString() })),
      'a length of nothing': (exchange) => exchange.carryOut().then(({ body }) => exchange.answer(200, body, { 'content-length': '0' })),
    },
    // What comes after the announced end may be seen as an answer that is none, or not be seen any more.
    { jwks: [JWKS_TEXT, UNREACHABLE] },
  ),
  ...lost('no HTTP', false, {
    'another protocol’s greeting': (exchange) =>
      exchange
        .body()
        .then(() => exchange.write('SSH-2.0-OpenSSH_9.2p1\r\n'))
        .then(() => void exchange.socket.end()),
    'HTTP/2 all of a sudden': (exchange) =>
      exchange
        .body()
        .then(() => exchange.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'))
        .then(() => void exchange.socket.end()),
    zeros: (exchange) =>
      exchange
        .body()
        .then(() => exchange.write(Buffer.alloc(4096)))
        .then(() => void exchange.socket.end()),
  }),
  ...harmless('JSON', {
    're-ordered members': rewritten((text) => object(members(text).toReversed())),
    'members that nobody knows': rewritten((text) => object([['x', { y: [1, null] }], ...members(text), ['constructor', 'z']])),
    'white space all over': rewritten((text) => JSON.stringify(JSON.parse(text), null, 4)),
    'every letter escaped': rewritten((text) =>
      text.replace(/[a-z](?=[^"]*":)/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ),
  }),
  ...lost(
    'JSON',
    true,
    {
      'every member twice, the same': rewritten((text) => object([...members(text), ...members(text)])),
      'a byte order mark': rewritten((text) => `\uFEFF${text}`),
      'text after the end': rewritten((text) => `${text}{}`),
      'cut in the middle, whole by its length': rewritten((text) => text.slice(0, Math.ceil(text.length / 2))),
      'a hundred thousand brackets': rewritten((text) =>
        object([...members(text)]).replace(/}$/, `,"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      ),
      'half of a surrogate pair': rewritten((text) => text.replace(/}$/, ',"x":"\\ud800"}')),
      'UTF-16': rewritten((text) => Buffer.from(text, 'utf16le')),
      'a byte that is no UTF-8': rewritten((text) =>
        Buffer.concat([Buffer.from(text.replace(/}$/, ',"x":"')), Buffer.of(0xff), Buffer.from('"}')]),
      ),
      'JavaScript, not JSON': rewritten((text) => text.replace(/"([a-z_]+)":/g, '$1:')),
    },
    { jwks: [JWKS_TEXT, 'jwks-duplicate-member'] },
  ),
  ...lost(
    'JSON',
    true,
    {
      'a list around it': rewritten((text) => `[${text}]`),
      'text around it': rewritten((text) => JSON.stringify(text)),
      null: rewritten(() => 'null'),
    },
    { jwks: 'jwks-invalid' },
  ),
  ...lost(
    'JSON',
    true,
    {
      'a member of the answer twice, the second another': rewritten((text) =>
        text.replace(
          /}$/,
          `,"backup_id":"00000000-0000-4000-8000-000000000000","is_key_valid":false,"is_backup_valid":false,"key_id":"x"}`,
        ),
      ),
    },
    { only: ['store-data', 'store-file', 'verify-key', 'verify-backup', 'assign'] },
  ),
  ...lost(
    'JSON',
    true,
    {
      'truth as text': rewritten((text) => text.replaceAll(':true', ':"true"')),
      'truth as one': rewritten((text) => text.replaceAll(':true', ':1')),
      'truth within': rewritten((text) => `{"data":${text}}`),
    },
    { only: ['verify-key', 'verify-backup'] },
  ),
  ...lost(
    'JSON',
    true,
    {
      'a backup_id with a path': rewritten((text) =>
        object(members(text).map(([name, value]) => [name, name === 'backup_id' ? '../../etc/passwd' : value])),
      ),
      'a backup_id that is a list': rewritten((text) =>
        object(members(text).map(([name, value]) => [name, name === 'backup_id' ? [value] : value])),
      ),
      'a backup_id in braces': rewritten((text) =>
        object(members(text).map(([name, value]) => [name, name === 'backup_id' ? `{${String(value)}}` : value])),
      ),
      'the other backup_type': rewritten((text) =>
        text.replace(/"backup_type":"(data|file)"/, (_, type) => `"backup_type":"${type === 'data' ? 'file' : 'data'}"`),
      ),
      'no backup_id': rewritten((text) => object(members(text).filter(([name]) => name !== 'backup_id'))),
    },
    { only: STORES },
  ),
];
