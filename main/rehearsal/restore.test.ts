import { describe, expect, it } from 'vitest';
import { StandIn, type StandInOptions } from './index.ts';
import { fixedKeyPool, KEY_A, KEY_A_HEX, NOW_MS, oaepCase, Running, withStandIn } from './running-stand-in.fixture.ts';
import { expectRefusal, fetchSigningEntry, isSigned } from './signed-answer.fixture.ts';

const clock = { now: () => NOW_MS };
const known = oaepCase('32 bytes');
const data = { public_key: KEY_A_HEX, data: known.ciphertext };

/** Saves a stand-in and runs `use` with the one that comes of it. */
async function withRestored(
  { standIn }: Running,
  use: (restored: Running) => Promise<void>,
  options: Omit<StandInOptions, 'clock'> = {},
): Promise<void> {
  const restored = StandIn.restore(standIn.save(), { now: () => NOW_MS + 1000 }, { keyPool: fixedKeyPool(KEY_A), ...options });
  try {
    await use(new Running(restored, await restored.listen()));
  } finally {
    await restored.close();
  }
}

describe('StandIn.restore', () => {
  it('gives one that saves the same, but for where it listens', async () => {
    await withStandIn(async (running) => {
      await running.assign();
      await running.post('/v1/secure/data', data);
      const before = running.standIn.save();
      const restored = StandIn.restore(before, clock, { keyPool: fixedKeyPool(KEY_A) });
      expect([restored.lastPort, restored.save().equals(before)]).toEqual([running.at.port, true]);
      const { port } = await restored.listen();
      expect([port === running.at.port, restored.lastPort]).toEqual([false, port]);
      await restored.close();
    });
  });

  it('says that it never listened where it never did', () => {
    const never = new StandIn(clock, { keyPool: fixedKeyPool(KEY_A) });
    expect([never.lastPort, StandIn.restore(never.save(), clock).lastPort]).toEqual([null, null]);
  });

  it('shows no fault but its own, and has seen no request', async () => {
    await withStandIn(
      async (running) => {
        expectRefusal(await running.assign(), 503);
        await withRestored(running, async (restored) => {
          expect(restored.standIn.requests).toEqual([]);
          expect((await restored.assign()).status).toBe(200);
        });
        await withRestored(
          running,
          async (restored) => {
            expectRefusal(await restored.assign(), 502);
          },
          { fault: 'status-502' },
        );
      },
      { fault: 'status-503' },
    );
  });

  it('knows the signing key of the last rotation, also of one in the middle of an assignment', async () => {
    await withStandIn(async (running) => {
      const first = await fetchSigningEntry(running);
      await running.standIn.rotate();
      running.standIn.setFault('rotated-key', { times: 1 });
      const { json } = await running.assign();
      const last = await fetchSigningEntry(running);
      expect([isSigned(json, first), isSigned(json, last)]).toEqual([false, true]);
      await withRestored(running, async (restored) => {
        expect(await fetchSigningEntry(restored)).toEqual(last);
      });
    });
  });

  it('leaves a user free whose key was still being made', async () => {
    let give = (): void => undefined;
    const made = new Promise<void>((done) => {
      give = done;
    });
    const keyPool = { ...fixedKeyPool(KEY_A), take: () => made.then(() => KEY_A) };
    await withStandIn(
      async (running) => {
        const waiting = running.assign();
        while (running.standIn.requests.length === 0) await new Promise((resume) => setTimeout(resume, 5));
        expect((await running.assign({ key_type: 'ed25519', user_identifier: 'user-2' })).status).toBe(200);
        await withRestored(running, async (restored) => {
          expect((await restored.assign()).status).toBe(200);
          expectRefusal(await restored.assign({ user_identifier: 'user-2' }), 409);
        });
        give();
        expect((await waiting).status).toBe(200);
      },
      { keyPool },
    );
  });
});

describe('onChange', () => {
  it('is awaited after every change and before its answer, and for nothing else', async () => {
    let letGo = (): void => undefined;
    const savedAt: number[] = [];
    const onChange = (standIn: StandIn): Promise<void> => {
      savedAt.push(standIn.save().length);
      return new Promise((done) => {
        letGo = done;
      });
    };
    await withStandIn(
      async (running) => {
        const changes: (() => Promise<unknown>)[] = [
          () => running.assign(),
          () => running.post('/v1/secure/data', data),
          () => running.postFile(new Uint8Array(3), { public_key: KEY_A_HEX }),
          () => running.standIn.rotate(),
        ];
        for (const [done, change] of changes.entries()) {
          let answered = 0;
          const count = (): void => {
            answered += 1;
          };
          const answer = change().then(count);
          while (savedAt.length === done) await new Promise((resume) => setTimeout(resume, 5));
          // Nor does anything else answer from what is not kept yet.
          const look = fetchSigningEntry(running).then(count);
          await new Promise((resume) => setTimeout(resume, 60));
          expect(answered).toBe(0);
          letGo();
          await Promise.all([answer, look]);
        }
        const [assigned = 0, stored = 0, filed = 0] = savedAt;
        expect([assigned < stored, stored < filed]).toEqual([true, true]);
        await running.get('/v1/keys/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/verify');
        expectRefusal(await running.assign(), 409);
        expectRefusal(await running.post('/v1/secure/data', { ...data, public_key: 'ab'.repeat(32) }), 404);
        expectRefusal(await running.assign({ user_identifier: '' }), 400, ['user_identifier']);
        expect(savedAt).toHaveLength(4);
      },
      { onChange },
    );
  });

  it('holds no other change that is not kept yet', async () => {
    const keysSaved: number[] = [];
    const onChange = async (standIn: StandIn): Promise<void> => {
      await new Promise((resume) => setTimeout(resume, 20));
      keysSaved.push((JSON.parse(standIn.save().toString('utf8')) as { keys: unknown[] }).keys.length);
    };
    await withStandIn(
      async (running) => {
        await Promise.all(['a', 'b', 'c'].map((user) => running.assign({ key_type: 'ed25519', user_identifier: user })));
        expect(keysSaved).toEqual([1, 2, 3]);
      },
      { onChange },
    );
  });

  it('that throws makes the call fail with 500, and nothing is claimed', async () => {
    let fails = true;
    const onChange = () => (fails ? Promise.reject(new Error('disk full')) : Promise.resolve());
    await withStandIn(
      async (running) => {
        const before = running.standIn.save();
        expectRefusal(await running.assign(), 500);
        running.standIn.setFault('rotated-key', { times: 1 });
        expectRefusal(await running.assign(), 500);
        await expect(running.standIn.rotate()).rejects.toThrow('disk full');
        expect(running.standIn.save().equals(before)).toBe(true);
        fails = false;
        expect((await running.assign()).status).toBe(200);
        const assigned = running.standIn.save();
        fails = true;
        expectRefusal(await running.post('/v1/secure/data', data), 500);
        expectRefusal(await running.postFile(new Uint8Array(3), { public_key: KEY_A_HEX }), 500);
        expect([running.standIn.held(), running.standIn.save().equals(assigned)]).toEqual([[], true]);
        fails = false;
        expect((await running.post('/v1/secure/data', data)).status).toBe(200);
      },
      { onChange },
    );
  });

  it('ends before close does, and is not called afterwards', async () => {
    let calls = 0;
    let ended = false;
    const onChange = async (): Promise<void> => {
      calls += 1;
      await new Promise((resume) => setTimeout(resume, 100));
      ended = true;
    };
    let give = (): void => undefined;
    const made = new Promise<void>((done) => {
      give = done;
    });
    const keyPool = { ...fixedKeyPool(KEY_A), take: () => made.then(() => KEY_A) };
    await withStandIn(
      async (running) => {
        const calling = [running.assign({ key_type: 'ed25519' }), running.assign({ user_identifier: 'user-2' })];
        const cut = Promise.all(calling.map((one) => expect(one).rejects.toThrow()));
        while (calls === 0) await new Promise((resume) => setTimeout(resume, 5));
        await running.standIn.close();
        expect(ended).toBe(true);
        await cut;
        give(); // the key that user-2's call waits for comes too late
        await new Promise((resume) => setTimeout(resume, 50));
        expect(calls).toBe(1);
      },
      { keyPool, onChange },
    );
  });
});
