import { describe, expect, it } from 'vitest';
import { judgeKeyPackAge } from './freshness.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const nowMs = Date.parse('2026-11-24T12:00:00Z');
const judgeAge = (ageMs: number, limitDays?: number) =>
  judgeKeyPackAge({ jwksFetchedAtMs: nowMs - ageMs, nowMs, ...(limitDays === undefined ? {} : { limitDays }) });

describe('judgeKeyPackAge', () => {
  it.each([
    [0, 'fresh'],
    [7 * DAY_MS - 1, 'fresh'],
    [7 * DAY_MS, 'fresh'],
    [7 * DAY_MS + 1, 'amber'],
    [30 * DAY_MS, 'amber'],
    [-DAY_MS, 'fresh'],
    [-DAY_MS - 1, 'amber'],
  ])('%d ms old: %s', (ageMs, verdict) => {
    expect(judgeAge(ageMs)).toBe(verdict);
  });
  it('a policy may set another limit', () => {
    expect(judgeAge(2 * DAY_MS, 2)).toBe('fresh');
    expect(judgeAge(90 * DAY_MS, 90)).toBe('amber');
  });
  it.each([
    ['one millisecond over the limit', 30 * DAY_MS + 1, undefined],
    ['over a shorter limit', 2 * DAY_MS + 1, 2],
    ['a time that is no number', NaN, undefined],
    ['a limit that is no number', 0, NaN],
  ])('%s is a stop', (_name, ageMs, limitDays) => {
    expect(() => judgeAge(ageMs, limitDays)).toThrow(expect.objectContaining({ code: 'key-pack-too-old', family: 'check' }));
  });
});
