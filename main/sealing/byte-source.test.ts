import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSource } from './byte-source.ts';

async function* chunked(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield chunk;
  }
}

describe('ByteSource', () => {
  it('gives the same bytes however they were cut, and fewer at the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9 })), fc.array(fc.nat({ max: 12 })), async (chunks, lengths) => {
        const all = Buffer.concat(chunks);
        const source = new ByteSource(chunked(...chunks));
        let at = 0;
        for (const length of lengths) {
          expect((await source.take(length)).equals(all.subarray(at, at + length))).toBe(true);
          at += length;
        }
      }),
    );
  });

  it('gives null at the end, again and again', async () => {
    const source = new ByteSource(chunked(Buffer.from('ab'), Buffer.alloc(0), Buffer.from('c')));
    expect((await source.some(1))?.toString()).toBe('a');
    expect((await source.some(9))?.toString()).toBe('b');
    expect((await source.some(9))?.toString()).toBe('c');
    expect(await source.some(9)).toBeNull();
    expect(await source.some(9)).toBeNull();
  });

  it('takes copies, since a source may reuse its buffer', async () => {
    const buffer = Buffer.from('ab');
    async function* reusing(): AsyncGenerator<Uint8Array> {
      yield buffer;
      await Promise.resolve();
      buffer.write('cd');
      yield buffer;
    }
    const source = new ByteSource(reusing());
    const first = await source.take(2);
    expect((await source.take(2)).toString()).toBe('cd');
    expect(first.toString()).toBe('ab');
  });

  it('closes a source that was not read to its end', async () => {
    let closed = false;
    async function* open(): AsyncGenerator<Uint8Array> {
      try {
        await Promise.resolve();
        yield Buffer.from('a');
        yield Buffer.from('b');
      } finally {
        closed = true;
      }
    }
    const source = new ByteSource(open());
    await source.take(1);
    await source.close();
    expect(closed).toBe(true);
  });
});
