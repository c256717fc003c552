import { describe, expect, it } from 'vitest';
import { sha256 } from '../values/index.ts';
import { cachedJwks, keepJwks } from './jwks-cache.ts';

const NOW_MS = Date.parse('2026-11-24T12:00:00Z');
let count = 0;
/** How long an answer with these headers is kept, to the millisecond, found by halving. */
function keptForMs(headers: Record<string, string>): number {
  const id = sha256(`environment ${(count += 1).toString()}`);
  keepJwks(id, { bytes: Buffer.from('{}'), fetchedAtMs: NOW_MS }, headers);
  let [low, high] = [0, 10_000_000];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (cachedJwks(id, NOW_MS + middle) === null) high = middle;
    else low = middle + 1;
  }
  return low;
}

describe('the cache of signing keys', () => {
  it.each<[Record<string, string>, number]>([
    [{ 'cache-control': 'max-age=600, must-revalidate' }, 600_000],
    [{ 'cache-control': 'must-revalidate,Max-Age=60' }, 60_000],
    [{ 'cache-control': 'max-age=599' }, 599_000],
    [{ 'cache-control': 'max-age=601' }, 600_000],
    [{ 'cache-control': 'max-age=86400' }, 600_000],
    [{ 'cache-control': 'max-age=0' }, 0],
    [{ 'cache-control': 'max-age=-1' }, 0],
    [{ 'cache-control': 'max-age=soon' }, 0],
    [{ 'cache-control': 's-maxage=60' }, 0],
    [{ 'cache-control': 'no-store, max-age=600' }, 0],
    [{ 'cache-control': 'max-age=600, no-cache' }, 0],
    [{ 'cache-control': 'max-age=600', age: '590' }, 10_000],
    [{ 'cache-control': 'max-age=600', age: '601' }, 0],
    [{ 'cache-control': 'max-age=600', age: 'x' }, 0],
    [{}, 0],
  ])('%j: %d ms', (headers, ms) => {
    expect(keptForMs(headers)).toBe(ms);
  });

  it('is not believed when the clock went back', () => {
    const id = sha256('clock');
    keepJwks(id, { bytes: Buffer.from('{}'), fetchedAtMs: NOW_MS }, { 'cache-control': 'max-age=600' });
    expect(cachedJwks(id, NOW_MS)).not.toBeNull();
    expect(cachedJwks(id, NOW_MS - 1)).toBeNull();
  });

  it('is no other environment’s, and nobody can write in it', () => {
    const [one, two] = [sha256('one'), sha256('two')];
    const bytes = Buffer.from('{"keys":[1]}');
    keepJwks(one, { bytes, fetchedAtMs: NOW_MS }, { 'cache-control': 'max-age=600' });
    bytes.fill(0);
    cachedJwks(one, NOW_MS)?.bytes.fill(0);
    expect(cachedJwks(one, NOW_MS)?.bytes.toString()).toBe('{"keys":[1]}');
    expect(cachedJwks(two, NOW_MS)).toBeNull();
  });
});
