import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fingerprintOf, sha256, type Json } from '../values/index.ts';
import { checkImport, type ImportContext } from './rules.ts';
import { readDocument, readDocumentOf } from './read.ts';
import type { StationSigner } from './signature.ts';
import { writeDocument } from './write.ts';

function makeSigner(): StationSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    station: { id: fingerprintOf(raw), name: 'vault-2', role: 'single', public_key: raw.toString('base64') },
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

const signer = makeSigner();
const stranger = makeSigner();
const uuid = (digit: string) => `00000000-0000-4000-8000-00000000000${digit}`;
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const now = Date.parse('2026-11-24T10:00:00.000Z');
const head = { seq: 218, head: digest('head') };
const ciphertext = Buffer.alloc(512, 9);

const drafts = {
  keypack: {
    coldroom: 'keypack/1' as const,
    to: [signer.station.id],
    ceremony: null,
    answers: null,
    environment_id: digest('environment'),
    body: {
      environment: 'rehearsal' as const,
      account: 'institution' as const,
      request: '{}',
      response: '{}',
      jwks: '{"keys":[]}',
      jwks_sha256: digest('{"keys":[]}'),
      jwks_fetched_at: '2026-11-24T09:59:00.000Z',
    },
  },
  sealed: {
    coldroom: 'sealed/1' as const,
    to: [signer.station.id],
    ceremony: null,
    answers: digest('key pack'),
    environment_id: digest('environment'),
    body: {
      item_id: uuid('1'),
      environment: 'rehearsal' as const,
      key_id: uuid('2'),
      public_key: 'ab'.repeat(550),
      mode: 'direct' as const,
      size_bytes: 93,
      ciphertext: ciphertext.toString('base64'),
      ciphertext_sha256: createHash('sha256').update(ciphertext).digest('hex'),
      checksum: digest('secret'),
      name: 'phrase.txt',
      send_name: false,
      asset: null,
      supersedes: null,
    },
  },
  receipt: {
    coldroom: 'receipt/1' as const,
    to: [signer.station.id],
    ceremony: null,
    answers: digest('sealed item'),
    environment_id: digest('environment'),
    body: {
      item_id: uuid('1'),
      environment: 'rehearsal' as const,
      backup_id: uuid('3'),
      backup_type: 'data' as const,
      key_id: uuid('2'),
      sealed_ciphertext_sha256: digest('ciphertext'),
      checksum: digest('secret'),
      data_size: 512,
      stored_at: '2026-11-24T10:00:00.000Z',
      key_check: 'valid' as const,
      backup_check: 'not-checkable' as const,
    },
  },
  station: { coldroom: 'station/1' as const, to: [], ceremony: null, answers: null, environment_id: null, body: { reads: ['keypack/1'] } },
};

const written = {
  keypack: writeDocument(drafts.keypack, signer, head, now),
  sealed: writeDocument(drafts.sealed, signer, head, now),
  receipt: writeDocument(drafts.receipt, signer, head, now),
  station: writeDocument(drafts.station, signer, head, now),
};
const kinds = Object.keys(written) as (keyof typeof written)[];
const bytesOf = (kind: keyof typeof written) => Buffer.from(written[kind].text, 'utf8');
const codeOf = (act: () => unknown): string | null => {
  try {
    act();
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** Signs a changed document again, as a station that lies would. */
function resign(document: Record<string, Json>, by: StationSigner = signer): Buffer {
  const rest = without(document, 'signature', { station: by.station });
  const signature = by.sign(Buffer.from(canonicalJson(rest), 'utf8')).toString('base64');
  return Buffer.from(JSON.stringify({ ...rest, signature }));
}
function without(document: Record<string, Json>, member: string, more: Record<string, Json> = {}): Record<string, Json> {
  return Object.fromEntries(Object.entries({ ...document, ...more }).filter(([name]) => name !== member));
}
const parsed = (kind: keyof typeof written) => JSON.parse(written[kind].text) as Record<string, Json> & { body: Record<string, Json> };

describe('a document', () => {
  it.each(kinds)('reads back as it was written: %s', (kind) => {
    const read = readDocument(bytesOf(kind), 'file');
    expect(read.document).toEqual(written[kind].document);
    expect(read.sha256).toBe(sha256(written[kind].text));
    expect(read.signedSha256).toBe(written[kind].signedSha256);
  });

  it('is the same signed thing in another layout, and another file', () => {
    const compact = readDocument(Buffer.from(JSON.stringify(written.sealed.document)), 'file');
    expect(compact.signedSha256).toBe(written.sealed.signedSha256);
    expect(compact.sha256).not.toBe(written.sealed.sha256);
  });

  it('of another kind than wanted is named', () => {
    expect(codeOf(() => readDocumentOf(bytesOf('receipt'), 'file', 'sealed/1'))).toBe('document-kind');
  });
});

describe('tampering without the key', () => {
  /** Every place that holds a value, as a path; each is changed to another value of its own type. */
  const places = kinds.flatMap((kind) => leaves(parsed(kind)).map((path) => ({ kind, path, name: `${kind}: ${path.join('.')}` })));

  it('covers every member of every document', () => {
    expect(places.length).toBeGreaterThan(70);
  });

  it.each(places.filter(({ path }) => path[0] !== 'coldroom'))('is refused: $name', ({ kind, path }) => {
    const document = parsed(kind);
    change(document, path);
    expect(codeOf(() => readDocument(Buffer.from(JSON.stringify(document)), 'file'))).toBe('document-signature');
  });

  it.each(kinds)('of the signature of one document under another is refused: %s', (kind) => {
    const document = { ...parsed(kind), signature: written[kind === 'sealed' ? 'receipt' : 'sealed'].document.signature };
    expect(codeOf(() => readDocument(Buffer.from(JSON.stringify(document)), 'file'))).toBe('document-signature');
  });

  it('of any one byte is never taken', () => {
    const original = bytesOf('receipt');
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(original);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        if (codeOf(() => readDocument(bytes, 'file')) !== null) return;
        // White space between members may change; what is signed may not.
        expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(original.toString()));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('bad input', () => {
  const sealed = parsed('sealed');
  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'document-not-json'],
    ['text', 'hello', 'document-not-json'],
    ['a byte order mark', `\uFEFF${written.sealed.text}`, 'document-not-json'],
    ['text after the end', `${written.sealed.text}x`, 'document-not-json'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'document-not-json'],
    ['a fraction', written.sealed.text.replace('"size_bytes": 93', '"size_bytes": 93.5'), 'document-not-json'],
    ['an exponent', written.sealed.text.replace('"size_bytes": 93', '"size_bytes": 9e1'), 'document-not-json'],
    ['a lone surrogate', written.sealed.text.replace('phrase.txt', '\\ud800'), 'document-not-json'],
    ['a member twice', written.sealed.text.replace('"ceremony": null', '"ceremony": null, "ceremony": null'), 'document-not-json'],
    [
      'a member twice, spelt differently',
      written.sealed.text.replace('"ceremony": null', '"ceremony": null, "c\\u0065remony": null'),
      'document-not-json',
    ],
    ['an array', '[]', 'document-not-ours'],
    ['JSON of others', '{"a":1}', 'document-not-ours'],
    ['a later version', JSON.stringify({ ...sealed, coldroom: 'sealed/2' }), 'document-version'],
    ['a name from the prototype', resign({ ...sealed, coldroom: 'constructor' }).toString(), 'document-version'],
    ['an unknown member', JSON.stringify({ ...sealed, extra: 1 }), 'document-members'],
    ['an unknown member in the body', JSON.stringify({ ...sealed, body: { ...sealed.body, extra: 1 } }), 'document-members'],
    ['a missing member', JSON.stringify({ ...sealed, body: {} }), 'document-members'],
  ])('%s', (_name, content, code) => {
    expect(codeOf(() => readDocument(Buffer.from(content), 'file'))).toBe(code);
  });

  it.each(['receipt/1', 'keypack/1'])('that only says it is %s was changed after it was signed', (coldroom) => {
    expect(codeOf(() => readDocument(Buffer.from(JSON.stringify({ ...sealed, coldroom })), 'file'))).toBe('document-signature');
  });

  it('a value that breaks the schema under a good signature is bad input, not tampering', () => {
    expect(codeOf(() => readDocument(resign({ ...sealed, body: { ...sealed.body, mode: 'rot13' } }), 'file'))).toBe('document-values');
  });

  const ofLength = (bytes: number) => ({
    ciphertext: Buffer.alloc(bytes).toString('base64'),
    ciphertext_sha256: createHash('sha256').update(Buffer.alloc(bytes)).digest('hex'),
  });

  it.each<[string, keyof typeof written, Record<string, Json>]>([
    ['another ciphertext', 'sealed', { ciphertext: Buffer.alloc(512, 1).toString('base64') }],
    ['an envelope with a checksum', 'sealed', { mode: 'envelope' }],
    ['a direct item without one', 'sealed', { checksum: null }],
    ['a direct item of one byte less than a block', 'sealed', ofLength(511)],
    ['a direct item of one byte more', 'sealed', ofLength(513)],
    ['another jwks', 'keypack', { jwks: '{}' }],
    ['a checksum for a file', 'receipt', { backup_type: 'file' }],
  ])('a contradiction under a good signature is refused: %s', (_name, kind, members) => {
    const document = parsed(kind);
    expect(codeOf(() => readDocument(resign({ ...document, body: { ...document.body, ...members } }), 'file'))).toBe(
      'document-inconsistent',
    );
  });

  it('signed by another key under this station’s id is refused', () => {
    const document = parsed('sealed');
    const rest = without(document, 'signature');
    const forged = { ...rest, signature: stranger.sign(Buffer.from(canonicalJson(rest), 'utf8')).toString('base64') };
    expect(codeOf(() => readDocument(Buffer.from(JSON.stringify(forged)), 'file'))).toBe('document-signature');
  });

  it('of 16 MiB and one byte is not read at all', () => {
    expect(codeOf(() => readDocument(Buffer.alloc(16 * 1024 * 1024 + 1, 0x20), 'file'))).toBe('document-not-json');
  });
});

describe('the import rules', () => {
  const read = readDocument(bytesOf('sealed'), 'file');
  const context: ImportContext = {
    self: signer.station.id,
    paired: [],
    followed: [],
    former: [],
    keptSha256: null,
    highestWriterSeq: null,
    writerSeqTaken: false,
    environmentId: drafts.sealed.environment_id,
  };

  it('take a new document from this very station', () => {
    expect(checkImport(read, context, 'file')).toBe('new');
  });
  it('take the very bytes again without a change', () => {
    expect(checkImport(read, { ...context, keptSha256: read.sha256 }, 'file')).toBe('already-kept');
  });
  it.each([
    [{ role: 'online', name: 'vault-2' }, 'document-wrong-role'],
    [{ role: 'single', name: 'vault-3' }, 'document-other-name'],
  ] as const)('refuse a paired station that says it is another than %o', (said, code) => {
    const known = { ...context, self: stranger.station.id, paired: [{ id: signer.station.id, ...said }] };
    expect(codeOf(() => checkImport(read, known, 'file'))).toBe(code);
  });
  it.each([
    ['keypack', { single: null, online: null, cold: 'document-wrong-role' }],
    ['sealed', { single: null, online: 'document-wrong-role', cold: null }],
    ['receipt', { single: null, online: null, cold: 'document-wrong-role' }],
    ['station', { single: null, online: null, cold: null }],
  ] as const)('take a %s from stations of the roles that write such, and from no other', (kind, codes) => {
    for (const [role, code] of Object.entries(codes) as [StationSigner['station']['role'], string | null][]) {
      const station = { ...signer.station, role };
      const known = { ...context, self: stranger.station.id, paired: [{ id: station.id, role, name: station.name }] };
      const to = kind === 'station' ? [] : [stranger.station.id];
      const { text } = writeDocument({ ...drafts[kind], to }, { ...signer, station }, head, now);
      expect([role, codeOf(() => checkImport(readDocument(Buffer.from(text), 'file'), { ...known, environmentId: null }, 'file'))]).toEqual(
        [role, code],
      );
    }
  });
  it.each(['unpaired', 'succeeded'] as const)('say by name that a station was %s', (state) => {
    const former = [{ id: signer.station.id, role: 'single', name: 'vault-2', state }] as const;
    expect(() => checkImport(read, { ...context, self: stranger.station.id, former }, 'file')).toThrow(/"vault-2"/);
  });
  it('take a paired station’s document that is addressed to us', () => {
    const other = stranger.station.id;
    expect(
      codeOf(() =>
        checkImport(read, { ...context, self: other, paired: [{ id: signer.station.id, role: 'single', name: 'vault-2' }] }, 'file'),
      ),
    ).toBe('document-not-for-us');
    const forBoth = writeDocument({ ...drafts.sealed, to: [signer.station.id, other] }, signer, head, now);
    expect(
      checkImport(
        readDocument(Buffer.from(forBoth.text), 'file'),
        { ...context, self: other, paired: [{ id: signer.station.id, role: 'single', name: 'vault-2' }] },
        'file',
      ),
    ).toBe('new');
  });
  it.each<[string, Partial<ImportContext>, string]>([
    ['of a place in its writer’s ledger that another document has', { writerSeqTaken: true }, 'document-forked'],
    ['a stranger’s', { self: stranger.station.id }, 'document-unknown-signer'],
    ['the same id with other bytes', { keptSha256: digest('other') }, 'document-other-bytes'],
    ['another environment', { environmentId: digest('production') }, 'document-environment'],
    [
      'another environment, though the very bytes are kept',
      { environmentId: digest('production'), keptSha256: read.sha256 },
      'document-environment',
    ],
    ['an older one on the same subject', { highestWriterSeq: 219 }, 'document-replayed'],
  ])('refuse %s', (_name, change_, code) => {
    expect(codeOf(() => checkImport(read, { ...context, ...change_ }, 'file'))).toBe(code);
  });
  it('take one as old as the newest known', () => {
    expect(checkImport(read, { ...context, highestWriterSeq: 218 }, 'file')).toBe('new');
  });
});

function leaves(value: Json, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value as Record<string, Json>).flatMap(([name, one]) => leaves(one, [...path, name]));
  return inner.length === 0 ? [path] : inner;
}

function change(document: Record<string, Json>, path: readonly string[]): void {
  let at = document as Record<string, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  at[last] = changed(at[last]);
}

function changed(value: unknown): unknown {
  if (typeof value === 'string')
    return /^[0-9]/.test(value)
      ? `${value.startsWith('1') ? '2' : '1'}${value.slice(1)}`
      : `${value.startsWith('a') ? 'b' : 'a'}${value.slice(1)}`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value === null) return digest('something');
  return [digest('someone')];
}
