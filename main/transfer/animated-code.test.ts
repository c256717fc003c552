import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodeReceiver, encodeAnimatedCode, MAX_CODE_BYTES, MAX_PART_LENGTH, type CodeDensity } from './animated-code.ts';
import { encodeBytewords } from './bytewords.ts';

type Vectors = {
  vectors: { size: number; density: CodeDensity; fragments: number; parts: number; first: string; last: string; sha256: string }[];
};
const { vectors } = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/vectors/animated-code.json'), 'utf8')) as Vectors;
const message = (size: number): Buffer => createHash('shake256', { outputLength: size }).update(`animated ${size.toString()}`).digest();

function codeOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** A seeded shuffle, so that a failure can be run again. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return items
    .map((item) => ({ item, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function read(frames: Iterable<string>): CodeReceiver {
  const receiver = new CodeReceiver();
  for (const frame of frames) receiver.take(frame);
  return receiver;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/:'.match(/./g) ?? [];
const density = fc.constantFrom<CodeDensity>('coarse', 'fine');

describe('an animated code', () => {
  it('is what another implementation of BC-UR writes', () => {
    expect(vectors.length).toBeGreaterThan(5);
    for (const vector of vectors) {
      const { fragments, frames } = encodeAnimatedCode(message(vector.size), vector.density);
      expect([fragments, frames.length, frames[0]]).toEqual([vector.fragments, vector.parts, vector.first]);
      expect(createHash('sha256').update(frames.join('\n')).digest('hex'), vector.size.toString()).toBe(vector.sha256);
    }
  });

  it('can be read from what another implementation writes', () => {
    for (const { size, first, last, fragments, parts } of vectors) {
      const receiver = read([first, last]);
      expect(receiver.progress).toBeCloseTo(Math.min(parts, 2) / fragments);
      if (fragments === 1) expect(receiver.bytes?.equals(message(size))).toBe(true);
    }
  });

  it('needs no more than QR’s alphanumeric mode has', () => {
    for (const one of ['coarse', 'fine'] as const) {
      for (const frame of encodeAnimatedCode(message(5000), one).frames) expect(frame).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
    }
  });

  it('survives any loss of 30 %, any order and repetition, for 1 to 20,000 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20_000, size: 'max' }), density, fc.nat(), (bytes, how, seed) => {
        const { frames } = encodeAnimatedCode(bytes, how);
        // Two rounds of the loop, each with its own loss, as a camera meets them.
        const seen = [seed, seed + 1].flatMap((one) => shuffled(frames, one).slice(0, Math.ceil(frames.length * 0.7)));
        const receiver = read([...seen, ...seen.slice(0, 5)]);
        expect(receiver.bytes?.equals(bytes)).toBe(true);
        expect(receiver.progress).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it('of 4 kB is whole within one loop with 30 % lost, and soon', () => {
    const bytes = message(4096);
    for (const [how, most] of [
      ['coarse', 100],
      ['fine', 50],
    ] as const) {
      const { frames } = encodeAnimatedCode(bytes, how);
      for (let seed = 0; seed < 40; seed += 1) {
        const lost = new Set(shuffled([...frames.keys()], seed).slice(0, Math.floor(frames.length * 0.3)));
        const receiver = new CodeReceiver();
        const shown = frames.findIndex((frame, index) => {
          if (!lost.has(index)) receiver.take(frame);
          return receiver.bytes !== null;
        });
        expect(shown).toBeGreaterThan(0);
        expect(shown).toBeLessThan(most);
        expect(receiver.bytes?.equals(bytes)).toBe(true);
      }
    }
  });

  it('counts only what is new', () => {
    const { frames, fragments } = encodeAnimatedCode(message(4096), 'fine');
    const receiver = new CodeReceiver();
    const [first = '', second = ''] = frames;
    for (const frame of [first, first, first]) receiver.take(frame);
    expect(receiver.progress).toBeCloseTo(1 / fragments);
    receiver.take(second.toLowerCase());
    expect(receiver.progress).toBeCloseTo(2 / fragments);
    expect(receiver.bytes).toBeNull();
  });
});

describe('a damaged part', () => {
  it('is refused and changes nothing: never are the bytes wrong', () => {
    const bytes = message(1500);
    const { frames } = encodeAnimatedCode(bytes, 'coarse');
    fc.assert(
      fc.property(fc.nat(frames.length - 1), fc.nat(), fc.constantFrom(...LETTERS), (at, place, letter) => {
        const receiver = new CodeReceiver();
        const frame = frames[at] ?? '';
        const where = place % frame.length;
        const changed = frame.slice(0, where) + letter + frame.slice(where + 1);
        if (changed !== frame)
          expect(
            codeOf(() => {
              receiver.take(changed);
            }),
          ).toMatch(/^code-(damaged|not-ours|too-large)$/);
        for (const one of frames) receiver.take(one);
        expect(receiver.bytes?.equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('that was made with a right checksum of its own is found when the document is put together', () => {
    const { frames, fragments } = encodeAnimatedCode(message(900), 'coarse');
    const forged = encodeAnimatedCode(Buffer.alloc(900), 'coarse').frames[0] ?? '';
    // The forged fragment under the true message's length and checksum.
    const size = Math.ceil((900 + 3) / fragments);
    const head = partBody(frames[0] ?? '').subarray(0, -size);
    const sum = partBody(forged).subarray(-size);
    const mixed = `UR:BYTES/1-${fragments.toString()}/${encodeBytewords(Buffer.concat([head, sum]))}`;
    const receiver = read([mixed, ...frames.slice(1, fragments - 1)]);
    expect(
      codeOf(() => {
        receiver.take(frames[fragments - 1] ?? '');
      }),
    ).toBe('code-contradiction');
    expect([receiver.bytes, receiver.progress]).toEqual([null, 0]);
    for (const frame of frames) receiver.take(frame);
    expect(receiver.bytes?.equals(message(900))).toBe(true);
  });
});

describe('a receiver refuses', () => {
  const { frames } = encodeAnimatedCode(message(1500), 'coarse');
  const other = encodeAnimatedCode(Buffer.from('another document'.repeat(100)), 'coarse').frames;
  const single = encodeAnimatedCode(Buffer.from('short'), 'coarse').frames[0] ?? '';

  it('parts of another message, and goes on with the first', () => {
    const receiver = read(frames.slice(0, 3));
    const before = receiver.progress;
    expect(
      codeOf(() => {
        receiver.take(other[0] ?? '');
      }),
    ).toBe('code-another');
    expect(
      codeOf(() => {
        receiver.take(single);
      }),
    ).toBe('code-another');
    expect(
      codeOf(() => {
        receiver.take(encodeAnimatedCode(message(1500), 'fine').frames[0] ?? '');
      }),
    ).toBe('code-another');
    expect(receiver.progress).toBe(before);
    for (const frame of frames) receiver.take(frame);
    expect(receiver.bytes?.equals(message(1500))).toBe(true);
    expect(
      codeOf(() => {
        receiver.take(other[0] ?? '');
      }),
    ).toBe('code-another');
  });

  it('a second message after a single part', () => {
    const receiver = read([single, single]);
    expect(receiver.bytes?.toString()).toBe('short');
    for (const one of [frames[0] ?? '', encodeAnimatedCode(Buffer.from('other'), 'coarse').frames[0] ?? '']) {
      expect(
        codeOf(() => {
          receiver.take(one);
        }),
      ).toBe('code-another');
    }
  });

  it.each([
    ['nothing', ''],
    ['an address', 'https://coincover.com/'],
    ['another type', 'UR:CRYPTO-PSBT/HDCXLKAH'],
    ['a part without a number', 'UR:BYTES/-4/LPADAACF'],
    ['the number 0', (frames[0] ?? '').replace('/1-', '/0-')],
    ['more than a code holds', `UR:BYTES/${'AE'.repeat(MAX_PART_LENGTH)}`],
  ])('%s', (_name, text) => {
    expect(
      codeOf(() => {
        new CodeReceiver().take(text);
      }),
    ).toBe('code-not-ours');
  });

  it.each<[string, number[], string]>([
    ['a text', [0x61, 0x61], 'code-damaged'],
    ['nothing in it', [], 'code-damaged'],
    ['a longer head than needed', [0x58, 0x01, 0x61], 'code-damaged'],
    ['bytes behind the end', [0x41, 0x61, 0x61], 'code-damaged'],
    ['an endless string', [0x5f, 0x41, 0x61, 0xff], 'code-damaged'],
  ])('a message that is %s', (_name, body, code) => {
    expect(
      codeOf(() => {
        new CodeReceiver().take(`UR:BYTES/${encodeBytewords(Buffer.from(body))}`);
      }),
    ).toBe(code);
  });

  it.each<[string, string, number[], string]>([
    ['of four billion fragments', '1-4294967295', [0x85, 1, 0x1a, 0xff, 0xff, 0xff, 0xff, 0x19, 0x10, 0, 1, 0x41, 1], 'code-too-large'],
    ['of a gigabyte', '1-2', [0x85, 1, 2, 0x1a, 0x40, 0, 0, 0, 1, 0x41, 1], 'code-too-large'],
    ['whose number is another inside', '2-2', [0x85, 1, 2, 2, 1, 0x41, 1], 'code-damaged'],
    ['of more fragments than its message has', '1-3', [0x85, 1, 3, 2, 1, 0x41, 1], 'code-damaged'],
    ['without content', '1-2', [0x85, 1, 2, 2, 1, 0x40], 'code-damaged'],
    ['of four members', '1-2', [0x84, 1, 2, 2, 0x41, 1], 'code-damaged'],
    ['with a text for a number', '1-2', [0x85, 1, 2, 2, 0x61, 0x61, 0x41, 1], 'code-damaged'],
  ])('a part %s', (_name, sequence, body, code) => {
    expect(
      codeOf(() => {
        new CodeReceiver().take(`UR:BYTES/${sequence}/${encodeBytewords(Buffer.from(body))}`);
      }),
    ).toBe(code);
  });
});

describe('the largest document', () => {
  it('is 64 KiB', () => {
    const { frames } = encodeAnimatedCode(message(MAX_CODE_BYTES), 'coarse');
    expect(read(shuffled(frames, 7)).bytes?.equals(message(MAX_CODE_BYTES))).toBe(true);
    expect(codeOf(() => encodeAnimatedCode(Buffer.alloc(MAX_CODE_BYTES + 1), 'fine'))).toBe('code-too-large');
  });
});

/** The CBOR of a part, without its checksum. */
function partBody(frame: string): Buffer {
  const words = encodeBytewords(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
  const letters = frame.toLowerCase().split('/').at(-1) ?? '';
  const bytes = (letters.match(/../g) ?? []).map((pair) => {
    for (let byte = 0; byte < 256; byte += 1) if (words.slice(byte * 2, byte * 2 + 2) === pair) return byte;
    return 0;
  });
  return Buffer.from(bytes.slice(0, -4));
}
