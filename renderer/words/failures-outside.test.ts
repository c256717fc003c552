import { describe, expect, it } from 'vitest';
import { FAILURES, fallbackFailure } from './failures.ts';
import { outsideCeremony } from './failures-outside.ts';

describe('a text outside a ceremony', () => {
  const families = ['bug', 'input', 'check', 'service', 'unreachable'];
  const texts = [
    ...Object.values(FAILURES),
    ...families.map((family) => fallbackFailure({ family, code: 'new-code', message: 'something', hint: null })),
  ];

  it('names the way out of a ceremony nowhere, and people in its place', () => {
    const naming = texts.filter((text) => JSON.stringify(text).includes('Stop and escalate'));
    expect(naming.length).toBeGreaterThan(20);
    for (const text of naming) {
      expect(JSON.stringify(outsideCeremony(text))).not.toContain('Stop and escalate');
      expect(outsideCeremony(text).doNow.join(' ')).toMatch(/[Tt]ell the people who answer for custody/);
    }
  });

  it('is the same where it names no such thing', () => {
    const others = texts.filter((text) => !JSON.stringify(text).includes('Stop and escalate'));
    expect(others.length).toBeGreaterThan(100);
    for (const text of others) expect(outsideCeremony(text)).toEqual(text);
  });

  it('stays a sentence', () => {
    const { doNow } = outsideCeremony({
      ...fallbackFailure({ family: 'check', code: 'new-code', message: 'something', hint: null }),
      doNow: ['If nobody can explain it, choose Stop and escalate.', 'Choose Stop and escalate, and ask CoinCover.'],
    });
    expect(doNow).toEqual([
      'If nobody can explain it, tell the people who answer for custody.',
      'Tell the people who answer for custody, and ask CoinCover.',
    ]);
  });
});
