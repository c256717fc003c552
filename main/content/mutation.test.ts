import { entropyToMnemonic } from '@scure/bip39';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/identifiers.json' with { type: 'json' };
import { inspectSecret, type Inspection, type IdentifierRequest, type Kind } from './index.ts';
import { KINDS } from './kind.ts';
import { WORD_LISTS } from './word-lists.ts';

const MOST_MS = 300;
const phrases = WORD_LISTS.map(({ words }) => entropyToMnemonic(new Uint8Array(32).fill(0x3c), words));
const keys = vectors.cases.filter((known) => known.valid);
const seeds: Readonly<Record<Kind, readonly string[]>> = {
  bip39: phrases,
  xprv: keys.filter(({ kind }) => kind === 'xprv').map(({ secret }) => secret),
  wif: keys.filter(({ kind }) => kind === 'wif').map(({ secret }) => secret),
  'hex-key': keys.filter(({ kind }) => kind === 'hex-key').map(({ secret }) => secret),
  opaque: ['what is this', ...phrases],
};

/** Asked where the kind is told, so that what is valid is opened too; of a phrase nothing, which spares PBKDF2. */
const asked: Readonly<Record<Kind, readonly IdentifierRequest[]>> = {
  bip39: [],
  xprv: [{ type: 'bitcoin-p2wpkh', path: 'm/0' }],
  wif: [{ type: 'public-key', path: null }],
  'hex-key': [{ type: 'bitcoin-p2tr', path: null }],
  opaque: [],
};

type Mutation = { readonly at: number; readonly cut: number; readonly put: Uint8Array };
const put = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc.constantFrom(' ', '\n', '\uFEFF', '\u3000', '\u201C', 'A', '0', '1').map((text) => Buffer.from(text)),
  fc.nat({ max: 20_000 }).map((count) => Buffer.alloc(count, 'a ')),
);
const mutations = fc.array(fc.record({ at: fc.nat({ max: 2000 }), cut: fc.nat({ max: 4 }), put }), { minLength: 1, maxLength: 3 });

function mutate(secret: Buffer, { at, cut, put: bytes }: Mutation): Buffer {
  const from = at % (secret.length + 1);
  return Buffer.concat([secret.subarray(0, from), bytes, secret.subarray(from + cut)]);
}

/** What may be said of any secret: plain ASCII, a sentence of ours with numbers in it. */
function checkAnswer(inspection: Inspection): void {
  if (!inspection.valid) expect(inspection.findings.length).toBeGreaterThan(0);
  for (const { code, message } of inspection.findings) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(message).toMatch(/^[a-z0-9][a-zA-Z0-9 ,:;-]+$/);
  }
}

describe('2,000 mutated secrets of each kind', () => {
  it.each(KINDS)('%s: an answer every time, in time, without a piece of the secret', async (kind) => {
    expect(seeds[kind].length).toBeGreaterThan(0);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds[kind]), mutations, fc.boolean(), async (seed, changes, isTold) => {
        const secret = changes.reduce(mutate, Buffer.from(seed));
        const before = Buffer.from(secret);
        const request = isTold ? { kind, identifiers: asked[kind] } : { identifiers: [] };
        const startedAt = performance.now();
        const inspection = await inspectSecret(secret, { ...request, bip39Passphrase: null });
        expect(performance.now() - startedAt).toBeLessThan(MOST_MS);
        checkAnswer(inspection);
        expect(inspection.identifiers).toHaveLength(inspection.valid ? request.identifiers.length : 0);
        expect(secret.equals(before)).toBe(true);
        if (kind !== 'hex-key' && kind !== 'wif' && kind !== 'xprv') return;
        const said = JSON.stringify(inspection.findings);
        const pieces = Array.from({ length: seed.length - 5 }, (_, at) => seed.slice(at, at + 6));
        expect(pieces.some((piece) => said.includes(piece))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
