import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../values/index.ts';
import { evidenceDigest, type Evidence, type EvidenceCheck, type EvidenceFact } from './evidence.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const check: fc.Arbitrary<EvidenceCheck> = fc.record({
  id: text,
  result: fc.constantFrom('passed', 'amber', 'failed', 'waits'),
  what: text,
  rests_on: text,
});
const fact: fc.Arbitrary<EvidenceFact> = fc.record({ name: text, value: text, kind: fc.constantFrom('text', 'id', 'hex', 'time') });
const evidence: fc.Arbitrary<Evidence> = fc.record({
  checks: fc.array(check, { minLength: 1, maxLength: 4 }),
  facts: fc.array(fact, { minLength: 1, maxLength: 4 }),
});

describe('the digest of what is shown', () => {
  it('is of RFC 8785, so that anybody can make it again', () => {
    const shown: Evidence = {
      checks: [{ id: 'c', result: 'passed', what: 'w', rests_on: 'r' }],
      facts: [{ name: 'n', value: 'v', kind: 'hex' }],
    };
    expect(evidenceDigest('ceremony', 'step', shown)).toBe(
      sha256(
        '{"ceremony":"ceremony","checks":[{"id":"c","rests_on":"r","result":"passed","what":"w"}],"facts":[{"name":"n","value":"v"}],"step":"step"}',
      ),
    );
  });

  it('changes with any shown value', () => {
    const where = fc.constantFrom('ceremony', 'step', 'id', 'result', 'what', 'rests_on', 'name', 'value', 'order', 'more', 'less');
    fc.assert(
      fc.property(evidence, where, fc.nat(), (shown, changed, at) => {
        const before = evidenceDigest('ceremony', 'step', shown);
        expect(change(shown, changed, at)).not.toBe(before);
        expect(evidenceDigest('ceremony', 'step', structuredClone(shown))).toBe(before);
      }),
    );
  });

  it('does not run values together', () => {
    const one: Evidence = { checks: [], facts: [{ name: 'a', value: 'b:c', kind: 'text' }] };
    const two: Evidence = { checks: [], facts: [{ name: 'a:b', value: 'c', kind: 'text' }] };
    expect(evidenceDigest('x', 'y', one)).not.toBe(evidenceDigest('x', 'y', two));
    expect(evidenceDigest('x', 'y', { checks: [], facts: [] })).not.toBe(evidenceDigest('xy', '', { checks: [], facts: [] }));
  });
});

/** The digest after one change; where a change would change nothing (two equal neighbours swapped) another is made. */
function change(shown: Evidence, what: string, at: number): string {
  const checks = shown.checks.map((one) => ({ ...one }));
  const facts = shown.facts.map((one) => ({ ...one }));
  const theCheck = checks[at % checks.length];
  const theFact = facts[at % facts.length];
  if (theCheck === undefined || theFact === undefined) throw new Error('nothing is shown');
  switch (what) {
    case 'ceremony':
      return evidenceDigest('another', 'step', shown);
    case 'step':
      return evidenceDigest('ceremony', 'another', shown);
    case 'result':
      theCheck.result = theCheck.result === 'passed' ? 'amber' : 'passed';
      break;
    case 'id':
    case 'what':
    case 'rests_on':
      theCheck[what] += 'x';
      break;
    case 'name':
    case 'value':
      theFact[what] += 'x';
      break;
    case 'order':
      facts.reverse();
      if (
        canonicalJson(facts.map(({ name, value }) => ({ name, value }))) ===
        canonicalJson(shown.facts.map(({ name, value }) => ({ name, value })))
      )
        facts.pop();
      break;
    case 'more':
      facts.push({ name: 'n', value: 'v', kind: 'text' });
      break;
    default:
      checks.pop();
  }
  return evidenceDigest('ceremony', 'step', { checks, facts });
}
