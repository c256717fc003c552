import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { PipeDevtools, type DevtoolsEvent } from './devtools.ts';

let sent: string;
let incoming: PassThrough;
let out: Writable;
let devtools: PipeDevtools;

beforeEach(() => {
  sent = '';
  incoming = new PassThrough();
  out = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      sent += chunk.toString('utf8');
      done();
    },
  });
  devtools = new PipeDevtools(out, incoming);
});

const soon = () => new Promise((done) => setImmediate(done));
const frame = (message: unknown) => Buffer.from(`${JSON.stringify(message)}\0`, 'utf8');
const messages = () =>
  sent
    .split('\0')
    .slice(0, -1)
    .map((text): unknown => JSON.parse(text));

describe('a call', () => {
  it('is one JSON message with a zero byte behind it, numbered from one', () => {
    void devtools.send('Page.enable');
    void devtools.page('s1').send('Page.navigate', { url: 'x\u0000é' });
    expect(messages()).toEqual([
      { id: 1, method: 'Page.enable', params: {} },
      { id: 2, method: 'Page.navigate', params: { url: 'x\u0000é' }, sessionId: 's1' },
    ]);
  });

  it('gets its own answer, in whatever order they come', async () => {
    const calls = [devtools.send('A'), devtools.send('B'), devtools.send('C')];
    incoming.write(Buffer.concat([frame({ id: 3, result: { n: 3 } }), frame({ id: 1, result: { n: 1 } }), frame({ id: 2 })]));
    expect(await Promise.all(calls)).toEqual([{ n: 1 }, {}, { n: 3 }]);
  });

  it('fails with the browser’s own words', async () => {
    const calls = [devtools.send('A'), devtools.send('B')];
    incoming.write(frame({ id: 1, error: { message: 'no such page', code: -1 } }));
    incoming.write(frame({ id: 2, result: {} }));
    await expect(calls[0]).rejects.toThrow('no such page');
    await expect(calls[1]).resolves.toEqual({});
  });

  it('is not answered twice, and an answer to nobody hurts nobody', async () => {
    const call = devtools.send('A');
    for (const message of [
      { id: 7, result: {} },
      { id: 1, result: { n: 1 } },
      { id: 1, result: { n: 2 } },
      { id: 1, error: { message: 'late' } },
    ]) {
      incoming.write(frame(message));
    }
    expect(await call).toEqual({ n: 1 });
  });
});

describe('messages', () => {
  it('may be split and joined across pieces in any way', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((one) => one.isWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 8 }), async (texts, cuts) => {
        const pipe = new PassThrough();
        const connection = new PipeDevtools(
          new Writable({
            write: (_chunk, _encoding, done) => {
              done();
            },
          }),
          pipe,
        );
        const seen: unknown[] = [];
        connection.on((event) => seen.push(event.params['text']));
        const bytes = Buffer.concat(texts.map((one) => frame({ method: 'e', params: { text: one } })));
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
        for (let at = 1; at < places.length; at += 1) {
          const piece = bytes.subarray(places[at - 1], places[at]);
          if (piece.length > 0) pipe.write(piece);
          await soon();
        }
        expect(seen).toEqual(texts);
      }),
      { numRuns: 25 },
    );
  });

  it('byte by byte, in the middle of a character', async () => {
    const call = devtools.send('A');
    for (const byte of frame({ id: 1, result: { text: 'é€😀' } })) incoming.write(Buffer.from([byte]));
    expect(await call).toEqual({ text: 'é€😀' });
  });
});

describe('events', () => {
  it('go to everybody who listens to the browser, and to the listeners of their own page alone', async () => {
    const seen: Record<string, DevtoolsEvent[]> = { all: [], one: [], two: [] };
    devtools.on((event) => seen['all']?.push(event));
    devtools.page('s1').on((event) => seen['one']?.push(event));
    devtools.page('s2').on((event) => seen['two']?.push(event));
    incoming.write(
      Buffer.concat([
        frame({ method: 'a', sessionId: 's1', params: { n: 1 } }),
        frame({ method: 'b' }),
        frame({ method: 'c', sessionId: 's2' }),
      ]),
    );
    await soon();
    expect(seen['all']).toEqual([
      { method: 'a', params: { n: 1 }, sessionId: 's1' },
      { method: 'b', params: {}, sessionId: null },
      { method: 'c', params: {}, sessionId: 's2' },
    ]);
    expect([seen['one']?.map((event) => event.method), seen['two']?.map((event) => event.method)]).toEqual([['a'], ['c']]);
  });
});

describe('a browser that goes away', () => {
  it.each([
    [
      'closes its pipe',
      () => {
        incoming.destroy();
      },
    ],
    [
      'ends its pipe',
      () => {
        incoming.end();
        incoming.resume();
      },
    ],
    [
      'breaks its pipe',
      () => {
        incoming.destroy(new Error('ECONNRESET'));
      },
    ],
    [
      'takes nothing more',
      () => {
        out.destroy(new Error('EPIPE'));
      },
    ],
  ])('and %s fails every call, those under way and those to come', async (_name, act) => {
    const calls = [devtools.send('A'), devtools.page('s1').send('B')];
    const failed = Promise.allSettled(calls);
    act();
    for (const one of await failed) expect(one).toMatchObject({ status: 'rejected', reason: { message: 'the browser is gone' } });
    const before = sent;
    await expect(devtools.send('C')).rejects.toThrow('the browser is gone');
    expect(sent).toBe(before);
  });
});
