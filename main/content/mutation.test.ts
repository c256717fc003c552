import { entropyToMnemonic } from '@scure/bip39';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/identifiers.json' with { type: 'json' };
import keystores from '../../test/vectors/published/keystore-v3.json' with { type: 'json' };
import shares from '../../test/vectors/published/slip39.json' with { type: 'json' };
import { inspectSecret, type Inspection, type IdentifierRequest, type Kind } from './index.ts';
import { encryptedKey, plainKeys } from './key-files.fixture.ts';
import { KINDS } from './kind.ts';
import { secondOpinion } from './second-opinion.fixture.ts';
import { WORD_LISTS } from './word-lists.ts';

/** All of them: `COLDROOM_MUTANTS=10000 vitest run main/content/mutation.test.ts`. The first of the same sequence otherwise. */
const MUTANTS = Number(process.env['COLDROOM_MUTANTS'] ?? 1500);
const SEED = 4711;

const phrases = WORD_LISTS.map(({ words }) => entropyToMnemonic(new Uint8Array(32).fill(0x3c), words));
const known = (kind: string): string[] => vectors.cases.filter((one) => one.valid && one.kind === kind).map(({ secret }) => secret);
const keys = plainKeys();
const seeds: Readonly<Record<Kind, readonly string[]>> = {
  bip39: phrases,
  slip39: shares.cases.flatMap((one) => (one.secret === '' ? [] : one.shares)),
  xprv: known('xprv'),
  wif: known('wif'),
  'hex-key': known('hex-key'),
  'pem-key': [...Object.values(keys), encryptedKey(keys.p256, []), encryptedKey(keys.ed25519, ['-scrypt'])],
  'keystore-v3': keystores.cases.map(({ file }) => file),
  opaque: ['what is this', ...phrases],
};

/** Asked where the kind is told, so that what is valid is opened too; of a phrase nothing, which spares PBKDF2. */
const asked: Readonly<Record<Kind, readonly IdentifierRequest[]>> = {
  bip39: [],
  slip39: [],
  xprv: [{ type: 'bitcoin-p2wpkh', path: 'm/0' }],
  wif: [{ type: 'public-key', path: null }],
  'hex-key': [{ type: 'bitcoin-p2tr', path: null }],
  'pem-key': [],
  'keystore-v3': [],
  opaque: [],
};

type Mutation = { readonly at: number; readonly cut: number; readonly put: Uint8Array };
const put = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc.constantFrom(' ', '\n', '\uFEFF', '\u3000', '\u201C', 'A', '0', '1', 'a', '9', '"').map((text) => Buffer.from(text)),
  fc.nat({ max: 20_000 }).map((count) => Buffer.alloc(count, 'a ')),
);
const anywhere = fc.record({ at: fc.nat({ max: 5000 }), cut: fc.nat({ max: 4 }), put });
/** One character for another, which leaves the form as it was and finds what only a check behind it sees. */
const inPlace = fc.record({
  at: fc.nat({ max: 5000 }),
  cut: fc.constant(1),
  put: fc.constantFrom(...Array.from('0123456789abcdefABCXYZ+/zk')).map((letter) => Buffer.from(letter)),
});
const mutations = fc.oneof(fc.array(anywhere, { minLength: 1, maxLength: 3 }), fc.array(inPlace, { minLength: 1, maxLength: 2 }));

function mutate(secret: Buffer, { at, cut, put: bytes }: Mutation): Buffer {
  const from = at % (secret.length + 1);
  return Buffer.concat([secret.subarray(0, from), bytes, secret.subarray(from + cut)]);
}

/** What may be said of any secret: plain ASCII, a sentence of ours with numbers in it. */
function checkAnswer(inspection: Inspection): void {
  if (!inspection.valid) expect(inspection.findings.length).toBeGreaterThan(0);
  for (const { code, message } of inspection.findings) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(message).toMatch(/^[a-z0-9][a-zA-Z0-9 .,:;"#-]+$/);
  }
}

describe('mutated secrets of each kind', () => {
  it.each(KINDS)('%s: an answer every time, without a piece of the secret, and never a false "valid"', async (kind) => {
    expect(seeds[kind].length).toBeGreaterThan(0);
    const saidValid: Buffer[] = [];
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds[kind]), mutations, fc.boolean(), async (seed, changes, isTold) => {
        const secret = changes.reduce(mutate, Buffer.from(seed));
        const before = Buffer.from(secret);
        const request = isTold ? { kind, identifiers: asked[kind] } : { identifiers: [] };
        const inspection = await inspectSecret(secret, { ...request, bip39Passphrase: null });
        checkAnswer(inspection);
        expect(inspection.identifiers).toHaveLength(inspection.valid ? request.identifiers.length : 0);
        expect(secret.equals(before)).toBe(true);
        if (!secret.equals(Buffer.from(seed))) changed += 1;
        if (inspection.valid && inspection.kind === kind) saidValid.push(secret);
        if (kind !== 'hex-key' && kind !== 'wif' && kind !== 'xprv') return;
        const said = JSON.stringify(inspection.findings);
        const pieces = Array.from({ length: seed.length - 5 }, (_, at) => seed.slice(at, at + 6));
        expect(pieces.some((piece) => said.includes(piece))).toBe(false);
      }),
      { numRuns: MUTANTS, seed: SEED },
    );
    expect(changed).toBeGreaterThan(MUTANTS / 2);
    const { judged } = secondOpinion(
      saidValid.map((secret) => ({ kind, secret })),
      [],
    );
    const refused = saidValid.filter((_, at) => judged[at] !== true);
    expect(refused.slice(0, 3).map((secret) => secret.toString().slice(0, 5000))).toEqual([]);
  });

  it('the second opinion tells right from wrong', () => {
    const right = KINDS.flatMap((kind) => seeds[kind].map((secret) => ({ kind, secret: Buffer.from(secret) })));
    const { judged } = secondOpinion(right, []);
    expect(right.filter((_, at) => judged[at] !== true).map(({ kind, secret }) => [kind, secret.toString()])).toEqual([]);
    const wrong = right.filter(({ kind }) => kind !== 'opaque').map(({ kind, secret }) => ({ kind, secret: secret.subarray(0, -3) }));
    expect(secondOpinion(wrong, []).judged.filter((one) => one)).toEqual([]);
  });
});
