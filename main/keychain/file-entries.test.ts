import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEntries, MAX_CONTENT_BYTES, parseEntries } from './file-entries.ts';

const PATH = '/home/k.box';

function codeOf(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('the content of a keychain file', () => {
  it('is read as it was written, byte for byte', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}\/[A-Za-z0-9_-]{1,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 200 }))), (pairs) => {
        const entries = new Map(pairs.map(([key, value]) => [key, Buffer.from(value)]));
        const content = encodeEntries(entries);
        expect(new Map(parseEntries(content, PATH))).toEqual(entries);
        expect(encodeEntries(parseEntries(content, PATH))).toEqual(content);
      }),
    );
  });

  it('is what design says', () => {
    const content = encodeEntries(new Map([['s/mac-key', Buffer.from('abc')]]));
    expect(content.toString('utf8')).toBe('{"v":1,"entries":{"s/mac-key":"YWJj"}}');
  });

  it.each([
    ['no bytes', ''],
    ['no JSON', 'hunter2'],
    ['no object', '[]'],
    ['no version', '{"entries":{}}'],
    ['another version', '{"v":2,"entries":{}}'],
    ['no entries', '{"v":1}'],
    ['a list of entries', '{"v":1,"entries":[]}'],
    ['a member that is not known', '{"v":1,"entries":{},"x":1}'],
    ['an entry twice', '{"v":1,"entries":{"a/b":"","a/b":"YWJj"}}'],
    ['a value that is no text', '{"v":1,"entries":{"a/b":1}}'],
    ['a value that is no base64', '{"v":1,"entries":{"a/b":"YWJ"}}'],
    ['a name of another form', '{"v":1,"entries":{"a":"YWJj"}}'],
    ['a name that means something to JavaScript', '{"v":1,"entries":{"__proto__":"YWJj"}}'],
    ['a value that is too large', `{"v":1,"entries":{"a/b":"${Buffer.alloc(65_537).toString('base64')}"}}`],
  ])('is refused: %s', (_what, text) => {
    expect(codeOf(() => parseEntries(Buffer.from(text), PATH))).toBe('keychain-file-damaged');
  });

  it('is never made larger than it can be read', () => {
    const many = (count: number): Map<string, Buffer> =>
      new Map(Array.from({ length: count }, (_, n) => [`s/${n.toString()}`, randomBytes(65_536)]));
    const content = encodeEntries(many(47));
    expect(content.length).toBeLessThanOrEqual(MAX_CONTENT_BYTES);
    expect(parseEntries(content, PATH).size).toBe(47);
    expect(codeOf(() => encodeEntries(many(48)))).toBe('keychain-full');
  });
});
