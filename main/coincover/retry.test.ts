import { describe, expect, it } from 'vitest';
import type { RawOutcome } from './http.ts';
import { retrySafely } from './retry.ts';

const NOW_MS = Date.parse('2026-11-24T12:00:00Z');
const answer = (status: number, headers: Record<string, string> = {}): RawOutcome => ({
  kind: 'answer',
  status,
  headers,
  body: Buffer.from('{}'),
});

async function run(outcomes: readonly RawOutcome[], random = 0.5, signal?: AbortSignal) {
  const slept: number[] = [];
  let made = 0;
  const last = await retrySafely(
    () => {
      const outcome = outcomes[Math.min(made, outcomes.length - 1)];
      made += 1;
      return outcome === undefined ? Promise.reject(new Error('no outcome')) : Promise.resolve(outcome);
    },
    {
      now: () => NOW_MS,
      sleep: (ms) => {
        slept.push(ms);
        return Promise.resolve();
      },
      random: () => random,
      signal,
    },
  );
  return { made, slept, last };
}

describe('retrySafely', () => {
  it.each<[string, RawOutcome, number]>([
    ['200', answer(200), 1],
    ['302', answer(302), 1],
    ['401', answer(401), 1],
    ['404', answer(404), 1],
    ['408', answer(408), 3],
    ['429', answer(429), 3],
    ['499', answer(499), 1],
    ['500', answer(500), 3],
    ['503', answer(503), 3],
    ['a lost answer', { kind: 'lost', code: 'ECONNRESET', partial: null }, 3],
    ['no connection', { kind: 'not-sent', code: 'ECONNREFUSED' }, 3],
    ['a cancelled call', { kind: 'lost', code: 'cancelled', partial: null }, 1],
    ['an address that is not allowed', { kind: 'not-sent', code: 'address-not-allowed' }, 1],
    ['no token', { kind: 'not-sent', code: 'no-token' }, 1],
  ])('after %s: %#', async (_name, outcome, tries) => {
    expect((await run([outcome])).made).toBe(tries);
  });

  it('stops at the first answer that stands', async () => {
    const { made, last } = await run([answer(503), answer(200)]);
    expect([made, last.kind === 'answer' && last.status]).toEqual([2, 200]);
  });

  it.each([
    [0, [250, 500]],
    [0.5, [500, 1000]],
    [1, [750, 1500]],
  ])('doubles its pauses, with jitter %d', async (random, pauses) => {
    expect((await run([answer(503)], random)).slept).toEqual(pauses);
  });

  it.each([
    ['7', 7000],
    ['29', 29_000],
    ['30', 30_000],
    ['31', 30_000],
    ['3600', 30_000],
    ['0', 500],
    ['-5', 500],
    ['soon', 500],
    ['Tue, 24 Nov 2026 12:00:09 GMT', 9000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 500],
  ])('honours Retry-After %s, up to half a minute', async (value, pauseMs) => {
    expect((await run([answer(429, { 'retry-after': value }), answer(200)])).slept).toEqual([pauseMs]);
  });

  it('makes no further try once cancelled', async () => {
    expect((await run([answer(503)], 0.5, AbortSignal.abort())).made).toBe(1);
  });
});
