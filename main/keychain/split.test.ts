import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteSplit, ENTRY_LENGTH, getSplit, setSplit, type EntryStore } from './split.ts';

/** Entries in memory. `fail` stands for the moment a process is killed: before or after the step it falls on. */
class MemoryStore implements EntryStore {
  readonly entries = new Map<string, string>();
  steps = 0;
  failAt: { step: number; done: boolean } | null = null;

  get(account: string): Promise<string | null> {
    return this.#step(() => this.entries.get(account) ?? null);
  }

  set(account: string, text: string): Promise<void> {
    return this.#step(() => void this.entries.set(account, text));
  }

  delete(account: string): Promise<void> {
    return this.#step(() => void this.entries.delete(account));
  }

  #step<Result>(work: () => Result): Promise<Result> {
    this.steps += 1;
    const failing = this.failAt?.step === this.steps;
    if (failing && this.failAt?.done === false) return Promise.reject(new Error('cut off'));
    const result = work();
    return failing ? Promise.reject(new Error('cut off')) : Promise.resolve(result);
  }
}

const NAME = 'scope/item';
const code = (error: unknown): unknown => (error as { code?: unknown }).code;
/** Lengths on both sides of every boundary: in one entry up to 891 bytes, then in parts of 900 bytes with a 16-byte tag. */
const LENGTHS = [0, 1, 890, 891, 892, 1783, 1784, 1785, 2684, 2685, 65_535, 65_536];

describe('setSplit and getSplit', () => {
  it.each(LENGTHS)('give back %i bytes, in entries that Windows takes', async (length) => {
    const store = new MemoryStore();
    const value = randomBytes(length);
    await setSplit(store, NAME, value);
    expect((await getSplit(store, NAME))?.equals(value)).toBe(true);
    for (const [account, text] of store.entries) {
      expect(text.length).toBeLessThanOrEqual(ENTRY_LENGTH);
      expect(`${account}${text}`).toMatch(/^[\x20-\x7e]+$/);
    }
  });

  it.each([
    [891, 1],
    [892, 3],
    [1784, 3],
    [1785, 4],
  ])('keep %i bytes in %i entries', async (length, entries) => {
    const store = new MemoryStore();
    await setSplit(store, NAME, randomBytes(length));
    expect(store.entries.size).toBe(entries);
  });

  it('refuse a byte more than the most, and store nothing', async () => {
    const store = new MemoryStore();
    const error = await setSplit(store, NAME, Buffer.alloc(65_537)).catch((caught: unknown) => caught);
    expect(code(error)).toBe('keychain-value-too-large');
    expect(store.entries.size).toBe(0);
  });

  it('give null for what was never set', async () => {
    expect(await getSplit(new MemoryStore(), NAME)).toBeNull();
  });

  it('leave nothing of a long value that a short one replaced, or that was deleted', async () => {
    const store = new MemoryStore();
    await setSplit(store, NAME, randomBytes(5000));
    await setSplit(store, NAME, Buffer.from('short'));
    expect([...store.entries.keys()]).toEqual([NAME]);
    await setSplit(store, NAME, randomBytes(5000));
    await deleteSplit(store, NAME);
    expect(store.entries.size).toBe(0);
  });
});

const lengths = fc.constantFrom(0, 20, 891, 892, 2000, 3000);

describe('a write cut off at any step', () => {
  it('reads as the old value or the new one, and the next write succeeds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(lengths), fc.option(lengths), fc.nat(20), fc.boolean(), async (oldLength, newLength, step, done) => {
        const store = new MemoryStore();
        const before = oldLength === null ? null : randomBytes(oldLength);
        const after = newLength === null ? null : randomBytes(newLength);
        if (before !== null) await setSplit(store, NAME, before);
        store.steps = 0;
        store.failAt = { step: step + 1, done };
        const work = after === null ? deleteSplit(store, NAME) : setSplit(store, NAME, after);
        const failed = await work.then(
          () => false,
          () => true,
        );
        store.failAt = null;
        const read = await getSplit(store, NAME);
        expect([before, after]).toContainEqual(read);
        if (!failed) expect(read).toEqual(after);
        const last = randomBytes(2000);
        await setSplit(store, NAME, last);
        expect(await getSplit(store, NAME)).toEqual(last);
      }),
      { numRuns: 400 },
    );
  });

  it('leaves behind nothing that opens without the index', async () => {
    const secret = Buffer.alloc(3000, 'coldroom-canary-');
    const pieces = [secret.toString('latin1', 0, 32), secret.toString('base64').slice(0, 60)];
    for (let step = 1; step <= 6; step += 1) {
      const store = new MemoryStore();
      store.failAt = { step, done: true };
      await setSplit(store, NAME, secret).catch(() => undefined);
      await deleteSplit(store, NAME);
      for (const text of store.entries.values()) for (const piece of pieces) expect(text).not.toContain(piece);
      expect(await getSplit(store, NAME)).toBeNull();
    }
  });
});

describe('readers and writers at once', () => {
  it('read one whole value and never an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), lengths, lengths, lengths, async (scheduler, first, second, third) => {
        const inner = new MemoryStore();
        const values = [first, second, third].map((length) => randomBytes(length));
        const [before, a, b] = values as [Buffer, Buffer, Buffer];
        await setSplit(inner, NAME, before);
        const store: EntryStore = {
          get: scheduler.scheduleFunction((account: string) => inner.get(account)),
          set: scheduler.scheduleFunction((account: string, text: string) => inner.set(account, text)),
          delete: scheduler.scheduleFunction((account: string) => inner.delete(account)),
        };
        const work = Promise.all([getSplit(store, NAME), setSplit(store, NAME, a), setSplit(store, NAME, b), getSplit(store, NAME)]);
        await scheduler.waitFor(work);
        const [early, , , late] = await work;
        expect(values).toContainEqual(early);
        expect(values).toContainEqual(late);
        expect([a, b]).toContainEqual(await getSplit(inner, NAME));
      }),
      { numRuns: 150 },
    );
  });
});

describe('a damaged entry', () => {
  const damages: [string, (store: MemoryStore) => void][] = [
    ['an index that is no JSON', (store) => store.entries.set(NAME, 'hunter2')],
    ['an index that is no object', (store) => store.entries.set(NAME, '[]')],
    ['an index without members', (store) => store.entries.set(NAME, '{}')],
    ['a value that is no base64', (store) => store.entries.set(NAME, '{"value":"?"}')],
    [
      'a generation of another form',
      (store) => {
        edit(store, (index) => ({ ...index, gen: '../x' }));
      },
    ],
    [
      'no parts',
      (store) => {
        edit(store, (index) => ({ ...index, parts: 0 }));
      },
    ],
    [
      'more parts than a value has',
      (store) => {
        edit(store, (index) => ({ ...index, parts: 101 }));
      },
    ],
    [
      'one part fewer',
      (store) => {
        edit(store, (index) => ({ ...index, parts: 2 }));
      },
    ],
    [
      'a key of 43 bytes',
      (store) => {
        edit(store, (index) => ({ ...index, key: Buffer.alloc(43).toString('base64') }));
      },
    ],
    [
      'a key of 45 bytes',
      (store) => {
        edit(store, (index) => ({ ...index, key: Buffer.alloc(45).toString('base64') }));
      },
    ],
    [
      'another key',
      (store) => {
        edit(store, (index) => ({ ...index, key: Buffer.alloc(44).toString('base64') }));
      },
    ],
    ['a part that is gone', (store) => store.entries.delete(partOf(store))],
    ['a part that was changed', (store) => store.entries.set(partOf(store), `AAAA${(store.entries.get(partOf(store)) ?? '').slice(4)}`)],
    ['a part that is no base64', (store) => store.entries.set(partOf(store), '?')],
  ];

  function edit(store: MemoryStore, change: (index: object) => object): void {
    store.entries.set(NAME, JSON.stringify(change(JSON.parse(store.entries.get(NAME) ?? '') as object)));
  }

  function partOf(store: MemoryStore): string {
    return [...store.entries.keys()].find((account) => account.endsWith('.0')) ?? '';
  }

  it.each(damages)('%s is refused when read; it can be replaced and deleted', async (_what, damage) => {
    const store = new MemoryStore();
    await setSplit(store, NAME, randomBytes(2000));
    damage(store);
    const error = await getSplit(store, NAME).catch((caught: unknown) => caught);
    expect(code(error)).toBe('keychain-entry-damaged');
    expect(JSON.stringify(error)).not.toContain('hunter2');
    const value = randomBytes(2000);
    await setSplit(store, NAME, value);
    expect(await getSplit(store, NAME)).toEqual(value);
    damage(store);
    await deleteSplit(store, NAME);
    expect(await getSplit(store, NAME)).toBeNull();
  });
});
