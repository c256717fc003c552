import { describe, expect, it } from 'vitest';
import { Changes } from './changes.ts';

/** A number that changes, and a keeping that the test lets end. */
function counted() {
  const seen = { value: 0, kept: [] as number[] };
  const ends: ((error?: Error) => void)[] = [];
  const keep = (): Promise<void> =>
    new Promise((done, failed) => {
      seen.kept.push(seen.value);
      ends.push((error) => {
        if (error === undefined) done();
        else failed(error);
      });
    });
  const changes = new Changes(keep);
  const add = (more: number): Promise<number> =>
    changes.make(() => {
      const before = seen.value;
      seen.value += more;
      const undo = (): void => {
        seen.value = before;
      };
      return { answer: seen.value, undo };
    });
  /** Lets the keeping that is under way end, once it has begun. */
  const end = async (error?: Error): Promise<void> => {
    while (ends.length === 0) await new Promise(setImmediate);
    ends.shift()?.(error);
  };
  return { changes, seen, add, end };
}

describe('changes', () => {
  it('are kept one by one, and each answers once it is kept', async () => {
    const { changes, seen, add, end } = counted();
    const answers: unknown[] = [];
    const all = [add(1), add(10), changes.look(() => `saw ${seen.value.toString()}`), add(100)].map(async (one) => answers.push(await one));
    await new Promise(setImmediate);
    expect([seen.kept, answers]).toEqual([[1], []]);
    await end();
    await end();
    await end();
    await Promise.all(all);
    expect([seen.kept, answers]).toEqual([
      [1, 11, 111],
      [1, 11, 'saw 11', 111],
    ]);
  });

  it('are undone where they are not kept, and those behind them go on', async () => {
    const { changes, seen, add, end } = counted();
    const [lost, kept] = [add(1), add(10)];
    const looked = changes.look(() => seen.value);
    const refused = expect(lost).rejects.toThrow('disk full');
    await end(new Error('disk full'));
    await refused;
    await end();
    expect([await kept, await looked, seen.kept]).toEqual([10, 10, [1, 10]]);
  });

  it('are not kept where they throw', async () => {
    const { changes, seen } = counted();
    await expect(
      changes.make<never>(() => {
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(seen.kept).toEqual([]);
  });

  it('end with close, which waits for the one under way; looking goes on', async () => {
    const { changes, seen, add, end } = counted();
    const [first, second] = [add(1), add(10)];
    await new Promise(setImmediate);
    let closed = false;
    const closing = changes.close().then(() => {
      closed = true;
    });
    const refused = expect(second).rejects.toThrow('the stand-in was closed');
    await new Promise(setImmediate);
    expect(closed).toBe(false);
    await end();
    await closing;
    await refused;
    expect([await first, await changes.look(() => seen.value), seen.kept]).toEqual([1, 1, [1]]);
    await expect(add(1)).rejects.toThrow('the stand-in was closed');
  });
});
