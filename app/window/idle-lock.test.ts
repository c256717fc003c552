import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleLock, WARNING_MS } from './idle-lock.ts';

const AFTER_MS = 120_000;
const came: string[] = [];
let lock: IdleLock;

beforeEach(() => {
  vi.useFakeTimers();
  came.length = 0;
  lock = new IdleLock({
    afterMs: AFTER_MS,
    onSoon: (leftMs) => came.push(`soon ${leftMs.toString()}`),
    onLock: () => came.push('lock'),
  });
});
afterEach(() => {
  lock.close();
  vi.useRealTimers();
});

describe('a window that nobody uses', () => {
  it('warns once, then locks once', () => {
    lock.open();
    vi.advanceTimersByTime(AFTER_MS - WARNING_MS - 1000);
    expect(came).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(came).toEqual([`soon ${WARNING_MS.toString()}`]);
    vi.advanceTimersByTime(WARNING_MS - 1000);
    expect(lock.lockedAtMs).toBe(null);
    vi.advanceTimersByTime(1000);
    expect(lock.lockedAtMs).toBe(Date.now());
    vi.advanceTimersByTime(2 * AFTER_MS);
    lock.lock();
    expect(came).toEqual([`soon ${WARNING_MS.toString()}`, 'lock']);
  });

  it('stays open while somebody is there, also after a warning', () => {
    lock.open();
    for (let minute = 0; minute < 10; minute += 1) {
      vi.advanceTimersByTime(AFTER_MS - 1000);
      lock.active();
    }
    expect(came.includes('lock')).toBe(false);
  });

  it('is not opened by somebody who is merely there', () => {
    lock.open();
    lock.lock();
    lock.active();
    expect(lock.lockedAtMs).not.toBe(null);
    lock.open();
    expect(lock.lockedAtMs).toBe(null);
    vi.advanceTimersByTime(AFTER_MS);
    expect(came.filter((one) => one === 'lock')).toHaveLength(2);
  });

  it('has nothing to cover before it was opened', () => {
    vi.advanceTimersByTime(2 * AFTER_MS);
    lock.lock();
    expect(came).toEqual([]);
  });

  it('counts the time that the machine slept, and takes a clock that was set back for nothing', () => {
    lock.open();
    vi.setSystemTime(Date.now() - 365 * 24 * 3_600_000);
    vi.advanceTimersByTime(1000);
    expect(came).toEqual([]);
    lock.active();
    vi.setSystemTime(Date.now() + AFTER_MS);
    vi.advanceTimersByTime(1000);
    expect(came).toEqual(['lock']);
  });

  it('goes by another time once that is set', () => {
    lock.open();
    lock.setAfter(2 * AFTER_MS);
    vi.advanceTimersByTime(AFTER_MS + 1000);
    expect(lock.lockedAtMs).toBe(null);
    vi.advanceTimersByTime(AFTER_MS);
    expect(lock.lockedAtMs).not.toBe(null);
  });
});
