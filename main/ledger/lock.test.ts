import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock, takeLockWaiting } from './index.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'locks', 'item.lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Holds the lock while `work` runs. */
async function whileHeld(work: (release: () => void) => Promise<void>): Promise<void> {
  const release = takeLock(path, 0);
  if (release === null) throw new Error('the lock was not free');
  let held = true;
  const once = (): void => {
    if (held) release();
    held = false;
  };
  try {
    await work(once);
  } finally {
    once();
  }
}

describe('takeLock', () => {
  it.skipIf(process.platform === 'win32')('makes files for the owner alone, whatever the umask is', async () => {
    const before = process.umask(0o022);
    try {
      await whileHeld(() => {
        const locks = join(folder, 'locks');
        const modes = [locks, ...readdirSync(locks).map((name) => join(locks, name))].map((one) => statSync(one).mode & 0o077);
        expect(modes.length).toBeGreaterThan(1);
        expect(modes.every((mode) => mode === 0)).toBe(true);
        return Promise.resolve();
      });
    } finally {
      process.umask(before);
    }
  });
});

describe('takeLockWaiting', () => {
  it('takes a lock that is free at once, also where it may not wait or was cancelled', async () => {
    for (const [waitMs, signal] of [
      [0, undefined],
      [10_000, AbortSignal.abort()],
    ] as const) {
      const release = await takeLockWaiting(path, waitMs, signal);
      expect([release === null, takeLock(path, 0)]).toEqual([false, null]);
      release?.();
    }
  });

  it('lets the process go on while it waits, and gets the lock from a holder in the same process', async () => {
    await whileHeld(async (release) => {
      let ticks = 0;
      const ticking = setInterval(() => (ticks += 1), 10);
      setTimeout(release, 300);
      const taken = await takeLockWaiting(path, 10_000);
      clearInterval(ticking);
      expect(taken).not.toBeNull();
      expect(ticks).toBeGreaterThan(2);
      expect(takeLock(path, 0)).toBeNull();
      taken?.();
    });
  });

  it('gives null once the time is up, and not before', async () => {
    await whileHeld(async () => {
      for (const waitMs of [0, 20, 200]) {
        const from = performance.now();
        expect(await takeLockWaiting(path, waitMs)).toBeNull();
        const took = performance.now() - from;
        expect([took >= waitMs - 2, took < waitMs + 20_000]).toEqual([true, true]);
      }
    });
  });

  it('gives null once it is cancelled, long before the time is up', async () => {
    await whileHeld(async () => {
      const from = performance.now();
      expect(await takeLockWaiting(path, 60_000, AbortSignal.timeout(100))).toBeNull();
      expect(await takeLockWaiting(path, 60_000, AbortSignal.abort())).toBeNull();
      expect(performance.now() - from).toBeLessThan(30_000);
    });
  });

  it('gives the lock to one of many at a time', async () => {
    let inside = 0;
    const most: number[] = [];
    const one = async (): Promise<void> => {
      const release = await takeLockWaiting(path, 30_000);
      inside += 1;
      most.push(inside);
      await new Promise((resume) => setTimeout(resume, 10));
      inside -= 1;
      release?.();
    };
    await Promise.all(Array.from({ length: 6 }, one));
    expect(most).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('passes on what is no waiting at all', async () => {
    await expect(takeLockWaiting(folder, 1000)).rejects.toMatchObject({ code: 'home-unusable' });
  });
});
