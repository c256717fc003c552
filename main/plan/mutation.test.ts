import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isColdroomError, sha256, type Json } from '../values/index.ts';
import { checkPlan } from './check.ts';
import { encodePlan } from './plan.ts';
import { PLAN } from './plan.fixture.ts';
import { RULES } from './rules.fixture.ts';
import { walletsOfCsv } from './wallets-csv.ts';

const put = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc.constantFrom('null', '[]', '{}', '"', ',', '0', 'HOT', '\u202E', '1e9', 'true', '"x":1,').map((text) => Buffer.from(text)),
);
const changes = fc.array(fc.record({ at: fc.nat({ max: 6000 }), cut: fc.nat({ max: 12 }), put }), { minLength: 1, maxLength: 3 });
type Change = { readonly at: number; readonly cut: number; readonly put: Uint8Array };
const mutate = (bytes: Buffer, { at, cut, put: piece }: Change): Buffer => {
  const from = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(from + cut)]);
};
const original = encodePlan(PLAN);

describe('mutated plans', () => {
  it('have an answer every time, and a digest only as what they say, and only without findings', () => {
    let right = 0;
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = list.reduce(mutate, original);
        try {
          const { plan, findings, digest, remarks } = checkPlan(bytes, 'x', RULES);
          expect(digest === null).toBe(findings.length > 0);
          for (const { code, message } of [...findings, ...remarks]) expect(`${code} ${message}`).toMatch(/^plan-[a-z-]+ \S/);
          if (digest === null) return;
          right += 1;
          expect(digest).toBe(sha256(canonicalJson(JSON.parse(bytes.toString()) as Json)));
          expect(plan).toEqual(JSON.parse(bytes.toString()));
        } catch (error) {
          if (!isColdroomError(error)) throw error;
          expect(['plan-not-json', 'plan-not-ours']).toContain(error.code);
        }
      }),
      { numRuns: 3000, seed: 4711 },
    );
    expect(right).toBeGreaterThan(0);
  });

  it('so do lists of wallets', () => {
    const list = Buffer.from(
      'user_identifier,key_environment,item_name,kind,mode,size_min,size_max\nw,HOT,"a, b",opaque,envelope,1,2\r\nv,COLD,c,bip39,direct,,\n',
    );
    fc.assert(
      fc.property(changes, (mutations) => {
        try {
          const wallets = walletsOfCsv(mutations.reduce(mutate, list).toString());
          expect(wallets.length).toBeGreaterThan(0);
          for (const { items } of wallets) expect(items.length).toBeGreaterThan(0);
        } catch (error) {
          if (!isColdroomError(error)) throw error;
          expect(error.code).toMatch(/^wallets-csv-(form|columns|value)$/);
        }
      }),
      { numRuns: 3000, seed: 4711 },
    );
  });
});
