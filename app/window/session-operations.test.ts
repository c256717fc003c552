import '../../test/cheap-scrypt.mjs';
import { describe, expect, it, vi } from 'vitest';
import { OPERATIONS, type OperationContext } from '../../main/operations/index.ts';
import { StandIn } from '../../main/rehearsal/index.ts';
import { systemClock } from '../../main/values/index.ts';
import { madeStation } from './made-station.fixture.ts';
import { ask, codeOf, must } from './session.fixture.ts';

const { events, home, open, unlocked } = madeStation();

describe('operations', () => {
  /** Takes over an operation whose output is `{ledger_id, seq, head}`. */
  function instead(work: (context: OperationContext) => Promise<void>): void {
    vi.spyOn(OPERATIONS['ledger.head'], 'run').mockImplementation(async (context) => {
      await work(context);
      return { output: { ledger_id: 'x', seq: 1, head: '0'.repeat(64) } as never, problems: [] };
    });
  }

  it('are run one after the other, in the order they came, also after one that failed', async () => {
    const log: string[] = [];
    let number = 0;
    instead(async () => {
      number += 1;
      const own = number;
      log.push(`begin ${own.toString()}`);
      await new Promise((done) => setTimeout(done, 5));
      log.push(`end ${own.toString()}`);
      if (own === 2) throw new Error('x');
    });
    const session = open();
    const answers = await Promise.all([1, 2, 3].map(() => ask(session, 'ledger.head')));
    expect(answers.map((answer) => answer.ok)).toEqual([true, false, true]);
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  it('make the session busy while they run, and the window’s own calls do not wait for them', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((done) => {
      finish = done;
    });
    instead(() => finished);
    const session = open();
    const answer = ask(session, 'ledger.head');
    expect(await must(session, 'window.state')).toMatchObject({ station: { name: 'desk' } });
    expect(session.isBusy()).toBe(true);
    finish();
    expect((await answer).ok).toBe(true);
    expect(session.isBusy()).toBe(false);
  });

  it('tell their progress at most ten times a second, and their end always', async () => {
    instead((context) => {
      for (let done = 0; done <= 5000; done += 1) context.onProgress({ step: 'seal', subject: 's', done, total: 5000 });
      for (let done = 0; done < 5000; done += 1) context.onProgress({ step: 'assign', subject: 's', done, total: null });
      return Promise.resolve();
    });
    await ask(open(), 'ledger.head');
    const progress = events.filter((event) => event.event === 'progress');
    expect(progress.length).toBeLessThan(15);
    expect(progress).toContainEqual({ event: 'progress', step: 'seal', subject: 's', done: 5000, total: 5000 });
  });

  it('give their notes with their own answer, without folders', async () => {
    instead((context) => {
      context.onNote(`look at ${home}`);
      return Promise.resolve();
    });
    const session = open();
    expect(await ask(session, 'ledger.head')).toMatchObject({ ok: true, notes: ['look at home'] });
  });

  it('can be cancelled, and the next one is not', async () => {
    const standIn = new StandIn(systemClock, { slowMs: 120_000 });
    const at = await standIn.listen();
    try {
      const session = await unlocked();
      await must(session, 'environment.set', { name: 'rehearsal', api: at.api, jwks: at.jwks });
      standIn.setFault('slow');
      const fetched = ask(session, 'trust.add', { environment: 'rehearsal', source: 'fetch' });
      const began = performance.now();
      while (standIn.requests.length === 0) await new Promise((done) => setTimeout(done, 10));
      await must(session, 'window.cancel');
      expect((await fetched).ok).toBe(false);
      expect(performance.now() - began).toBeLessThan(60_000);
      standIn.setFault(null);
      const again = await ask(session, 'trust.add', { environment: 'rehearsal', source: 'fetch' });
      expect(again).toMatchObject({ ok: true, problems: [{ code: 'anchor-not-confirmed' }] });
      expect(await codeOf(session, 'window.cancel')).toBeNull(); // nothing runs
      expect(await codeOf(session, 'status')).toBeNull();
    } finally {
      await standIn.close();
    }
  });

  it('that run when the window is closed are cancelled and waited for', async () => {
    let aborted = false;
    const began = Promise.withResolvers<undefined>();
    instead(
      (context) =>
        new Promise((done) => {
          began.resolve(undefined);
          context.signal?.addEventListener('abort', () => {
            setTimeout(() => {
              aborted = true;
              done();
            }, 20);
          });
        }),
    );
    const session = open();
    const answer = ask(session, 'ledger.head');
    await began.promise;
    await session.close();
    expect(aborted).toBe(true);
    expect((await answer).ok).toBe(true);
  });
});
