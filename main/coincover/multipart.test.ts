import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HexPublicKey } from '../values/index.ts';
import { encodeMultipart } from './multipart.ts';

const publicKey = 'ABcd' as HexPublicKey;

/** A second reading of RFC 7578: parts as [header lines, content in latin1]. */
async function partsOf(request: Parameters<typeof encodeMultipart>[0]): Promise<[string[], string][]> {
  const { contentType, body } = await encodeMultipart(request);
  const boundary = /^multipart\/form-data; boundary=([-\w]+)$/.exec(contentType)?.[1] ?? '';
  expect(boundary).not.toBe('');
  const pieces = body.toString('latin1').split(`--${boundary}`);
  expect([pieces[0], pieces.at(-1)?.trimEnd()]).toEqual(['', '--']);
  return pieces.slice(1, -1).map((piece) => {
    const end = piece.indexOf('\r\n\r\n');
    expect([piece.slice(0, 2), piece.slice(-2)]).toEqual(['\r\n', '\r\n']);
    return [piece.slice(2, end).split('\r\n'), piece.slice(end + 4, -2)];
  });
}

describe('encodeMultipart', () => {
  it('writes key, file and metadata, and keeps every byte', async () => {
    const ciphertext = Buffer.concat([randomBytes(5000), Buffer.from('\r\n--x\r\n')]);
    const parts = await partsOf({ publicKey, ciphertext, metadata: { original_filename: 'é "x".txt' } });
    expect(parts).toEqual([
      [['Content-Disposition: form-data; name="public_key"'], 'ABcd'],
      [
        ['Content-Disposition: form-data; name="file"; filename="sealed.bin"', 'Content-Type: application/octet-stream'],
        ciphertext.toString('latin1'),
      ],
      [['Content-Disposition: form-data; name="metadata"'], Buffer.from('{"original_filename":"é \\"x\\".txt"}').toString('latin1')],
    ]);
  });
  it('leaves metadata out where there is none', async () => {
    const parts = await partsOf({ publicKey, ciphertext: Buffer.alloc(0), metadata: null });
    expect(parts.map(([headers]) => headers[0])).toEqual([
      'Content-Disposition: form-data; name="public_key"',
      'Content-Disposition: form-data; name="file"; filename="sealed.bin"',
    ]);
    expect(parts[1]?.[1]).toBe('');
  });
});
