import { describe, expect, it, vi } from 'vitest';
import { openOsKeychain, type OsKeychainOptions } from './os-keychain.ts';
import type { KeychainCall, KeychainChild } from './protocol.ts';

/** A child whose answers the test gives. A `reply` of undefined is silence. */
class FakeChild implements KeychainChild {
  readonly calls: KeychainCall[] = [];
  killed = false;
  readonly exited: Promise<void>;
  readonly #reply: (call: KeychainCall) => unknown;
  #exit: () => void = () => undefined;
  #listener: (message: unknown) => void = () => undefined;

  constructor(reply: (call: KeychainCall) => unknown) {
    this.#reply = reply;
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  send(message: KeychainCall): void {
    this.calls.push(message);
    const reply = this.#reply(message);
    if (reply !== undefined)
      queueMicrotask(() => {
        this.#listener(reply);
      });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  kill(): void {
    this.killed = true;
    this.#exit();
  }

  exit(): void {
    this.#exit();
  }
}

function openWith(reply: (call: KeychainCall) => unknown, options: Partial<OsKeychainOptions> = {}) {
  const children: FakeChild[] = [];
  const keychain = openOsKeychain({
    spawn: () => {
      const child = new FakeChild(reply);
      children.push(child);
      return child;
    },
    answerMs: 10_000,
    askingUserMs: null,
    ...options,
  });
  return { keychain, children };
}

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error as { code?: unknown }).code,
  );
const ok = ({ id }: KeychainCall): unknown => ({ id, ok: true, text: null });

describe('the OS keychain', () => {
  it('starts one child, at the first call, and ends it when closed', async () => {
    const { keychain, children } = openWith(ok);
    expect(keychain.kind).toBe('os');
    expect(children).toHaveLength(0);
    expect(await keychain.get('s/a')).toBeNull();
    await keychain.set('s/a', Buffer.from('x'));
    await keychain.delete('s/a');
    expect(children).toHaveLength(1);
    await keychain.close();
    expect(children[0]?.killed).toBe(true);
    await expect(keychain.get('s/a')).rejects.toThrow('closed');
    expect(children).toHaveLength(1);
  });

  it('has one call under way at a time, and no two steps of different calls between each other', async () => {
    const open = new Set<number>();
    const { keychain, children } = openWith((call) => {
      expect(open.size).toBe(0);
      open.add(call.id);
      queueMicrotask(() => open.delete(call.id));
      return ok(call);
    });
    await Promise.all([keychain.set('s/a', Buffer.from('x')), keychain.get('s/b'), keychain.set('s/c', Buffer.from('y'))]);
    expect(children[0]?.calls.map((call) => `${call.do} ${call.account}`)).toEqual(['get s/a', 'set s/a', 'get s/b', 'get s/c', 'set s/c']);
  });

  it.each(['a', 'a/b/c', 'a/b.c', ''])('takes no name like %j, and asks nobody', async (name) => {
    const { keychain, children } = openWith(ok);
    await expect(keychain.set(name, Buffer.alloc(1))).rejects.toThrow(RangeError);
    expect(children).toHaveLength(0);
  });

  it.each([
    ['none', 'keychain-none'],
    ['failed', 'keychain-locked'],
    ['signature-changed', 'keychain-signature-changed'],
  ])('says %s as %s, with what to do', async (reason, code) => {
    const { keychain } = openWith(({ id }) => ({ id, ok: false, reason }));
    const error: unknown = await keychain.get('s/a').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ family: 'input', code });
    expect((error as { hint: string }).hint).toMatch(reason === 'signature-changed' ? /password incorrect/ : /--keychain file/);
  });

  it.each([
    ['no message', null],
    ['another id', { id: 99, ok: true, text: null }],
    ['a text that is none', { id: 1, ok: true, text: 5 }],
    ['a reason that is not known', { id: 1, ok: false, reason: 'fine' }],
    ['a verdict that is none', { id: 1, ok: 'yes', text: null }],
  ])('ends a child that says %s', async (_what, reply) => {
    const { keychain, children } = openWith(() => reply);
    expect(await codeOf(keychain.get('s/a'))).toBe('keychain-no-answer');
    expect(children[0]?.killed).toBe(true);
  });

  it('tells at once when the child ends, and starts another at the next call', async () => {
    let silent = true;
    const { keychain, children } = openWith((call) => (silent ? undefined : ok(call)));
    const waiting = codeOf(keychain.get('s/a'));
    await vi.waitFor(() => {
      expect(children[0]?.calls).toHaveLength(1);
    });
    children[0]?.exit();
    expect(await waiting).toBe('keychain-no-answer');
    silent = false;
    expect(await keychain.get('s/a')).toBeNull();
    expect(children).toHaveLength(2);
  });

  it('is closed at once, even while the keychain hangs', async () => {
    const { keychain, children } = openWith(() => undefined);
    const waiting = codeOf(keychain.get('s/a'));
    await vi.waitFor(() => {
      expect(children[0]?.calls).toHaveLength(1);
    });
    await keychain.close();
    expect(await waiting).toBe('keychain-cancelled');
    expect(children[0]?.killed).toBe(true);
  });
});

describe('waiting for an answer', () => {
  /** Runs a `get` that nobody answers under a clock of the test's own. @returns its code once it has one, else null. */
  function hang(options: Partial<OsKeychainOptions>) {
    vi.useFakeTimers();
    const notes: string[] = [];
    const { keychain, children } = openWith(() => undefined, { onWaiting: (note) => notes.push(note), ...options });
    let code: unknown = null;
    void codeOf(keychain.get('s/a')).then((got) => (code = got));
    return {
      notes,
      children,
      after: async (ms: number): Promise<unknown> => {
        await vi.advanceTimersByTimeAsync(ms);
        return code;
      },
    };
  }

  it('takes 10 s where the OS asks nobody, and ends the child', async () => {
    const { notes, children, after } = hang({});
    expect(await after(9_999)).toBeNull();
    expect(children[0]?.killed).toBe(false);
    expect(await after(1)).toBe('keychain-no-answer');
    expect(children[0]?.killed).toBe(true);
    expect(notes).toEqual([]);
    vi.useRealTimers();
  });

  it('takes 3 minutes where it may be asking its user, and says so early', async () => {
    const { notes, after } = hang({ askingUserMs: 180_000 });
    expect(await after(1_499)).toBeNull();
    expect(notes).toEqual([]);
    expect(await after(1)).toBeNull();
    expect(notes).toEqual(['waiting for you to allow access in the system’s own window']);
    expect(await after(178_499)).toBeNull();
    expect(await after(1)).toBe('keychain-no-answer');
    expect(notes).toHaveLength(1);
    vi.useRealTimers();
  });

  it('can be cancelled, during a call and before one', async () => {
    const controller = new AbortController();
    const { children, after } = hang({ askingUserMs: 180_000, signal: controller.signal });
    expect(await after(5_000)).toBeNull();
    controller.abort();
    expect(await after(0)).toBe('keychain-cancelled');
    expect(children[0]?.killed).toBe(true);
    vi.useRealTimers();
    const later = openWith(ok, { signal: controller.signal });
    expect(await codeOf(later.keychain.get('s/a'))).toBe('keychain-cancelled');
    expect(later.children).toHaveLength(0);
  });
});
