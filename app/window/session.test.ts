import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OPERATIONS, WINDOW_CALLS, WINDOW_OPERATIONS, type Answer, type OperationContext } from '../../main/operations/index.ts';
import { StandIn } from '../../main/rehearsal/index.ts';
import { encodeAnimatedCode, writeDocument } from '../../main/transfer/index.ts';
import { inputError, quote, sha256, systemClock } from '../../main/values/index.ts';
import { ask, codeOf, must, OpenSessions } from './session.fixture.ts';
import type { Chooser, Session, SessionOptions } from './session.ts';

const PASSPHRASE = 'canary-4711 passphrase of the keychain';
const folder = mkdtempSync(join(tmpdir(), 'coldroom-session-'));
const home = join(folder, 'home');
const sessions = new OpenSessions();
const { events } = sessions;

afterEach(() => sessions.close());
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function open(options: Partial<SessionOptions> = {}): Session {
  return sessions.open({
    home,
    spawnKeychainChild: () => {
      throw new Error('canary-4711: this machine has no child');
    },
    ...options,
  });
}

const FIRST_START = { role: 'single', name: 'desk', keychain: 'file', passphrase: PASSPHRASE };

/** A station that a window made, locked. */
beforeAll(async () => {
  const session = open();
  expect(await must(session, 'window.state')).toMatchObject({ station: null, locked: false, shell: 'evaluation', native_dialogs: false });
  expect(await codeOf(session, 'status')).toBe('station-missing');
  await must(session, 'window.first-start', FIRST_START);
});

async function unlocked(options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = open(options);
  await must(session, 'window.unlock', { passphrase: PASSPHRASE });
  return session;
}

describe('a first start', () => {
  it('makes the station, private, and is open at once', async () => {
    const fresh = join(folder, 'fresh');
    const session = open({ home: fresh });
    expect(await must(session, 'window.first-start', FIRST_START)).toEqual({ note: null });
    expect(await must(session, 'window.state')).toMatchObject({
      station: { name: 'desk', role: 'single', keychain: 'file' },
      locked: false,
    });
    expect(await codeOf(session, 'environment.set', { name: 'sandbox' })).toBeNull();
    if (process.platform !== 'win32') expect(statSync(fresh).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['no passphrase', { ...FIRST_START, passphrase: null }, 'passphrase-empty'],
    ['an empty one', { ...FIRST_START, passphrase: '' }, 'passphrase-empty'],
    ['one of two lines', { ...FIRST_START, passphrase: 'a\nb' }, 'passphrase-characters'],
    ['another role', { ...FIRST_START, role: 'auditor' }, 'input-invalid'],
    ['a member too many', { ...FIRST_START, home: '/tmp/elsewhere' }, 'input-invalid'],
  ])('with %s makes nothing', async (_name, input, code) => {
    const session = open({ home: join(folder, 'never') });
    expect(await codeOf(session, 'window.first-start', input)).toBe(code);
    expect(existsSync(join(folder, 'never'))).toBe(false);
    expect(await must(session, 'window.state')).toMatchObject({ station: null, locked: false });
  });

  it('is not offered over a ledger that has lost its station.json, and is where nothing of a station is', async () => {
    const lost = join(folder, 'lost');
    await must(open({ home: lost }), 'window.first-start', FIRST_START);
    rmSync(join(lost, 'station.json'));
    expect(await codeOf(open({ home: lost }), 'window.state')).toBe('station-unfinished');
    rmSync(join(lost, 'ledger.sqlite'));
    expect(await must(open({ home: lost }), 'window.state')).toMatchObject({ station: null });
  });

  it('over a station changes nothing', async () => {
    const before = readdirSync(home).map((name) => [name, statSync(join(home, name)).mtimeMs]);
    expect(await codeOf(open(), 'window.first-start', FIRST_START)).toBe('station-exists');
    expect(readdirSync(home).map((name) => [name, statSync(join(home, name)).mtimeMs])).toEqual(before);
  });
});

describe('a locked station', () => {
  it('does nothing that needs its keychain, until the right passphrase comes', async () => {
    const session = open();
    expect(await must(session, 'window.state')).toMatchObject({ locked: true, station: { name: 'desk' } });
    expect(await codeOf(session, 'environment.set', { name: 'sandbox' })).toBe('keychain-passphrase-missing');
    const wrong = await ask(session, 'window.unlock', { passphrase: 'canary-4711 wrong' });
    expect(wrong).toMatchObject({ ok: false, error: { family: 'input', code: 'keychain-passphrase-wrong' } });
    expect(JSON.stringify(wrong)).not.toContain(folder);
    expect(JSON.stringify(wrong)).not.toContain('canary-4711');
    expect(await must(session, 'window.state')).toMatchObject({ locked: true });
    expect(await codeOf(session, 'window.unlock', { passphrase: '' })).toBe('passphrase-empty');
    expect(await codeOf(session, 'window.unlock', { passphrase: PASSPHRASE })).toBeNull();
    expect(await must(session, 'window.state')).toMatchObject({ locked: false });
    expect(await codeOf(session, 'environment.set', { name: 'sandbox' })).toBeNull();

    await must(session, 'window.lock');
    expect(await must(session, 'window.state')).toMatchObject({ locked: true });
    expect(await codeOf(session, 'environment.set', { name: 'sandbox' })).toBe('window-locked');
  });

  it('is unlocked by the last word, when two come at once', async () => {
    const session = open();
    const [wrong, right] = await Promise.all([
      codeOf(session, 'window.unlock', { passphrase: 'wrong' }),
      codeOf(session, 'window.unlock', { passphrase: PASSPHRASE }),
    ]);
    expect([wrong, right]).toEqual(['keychain-passphrase-wrong', null]);
    expect(await must(session, 'window.state')).toMatchObject({ locked: false });
  });
});

describe('a page that holds what is in no file', () => {
  it('makes the session busy until it is saved, or the page is another', async () => {
    const session = open();
    await must(session, 'window.unsaved', { on: true });
    expect(session.isBusy()).toBe(true);
    await must(session, 'window.unsaved', { on: false });
    expect(session.isBusy()).toBe(false);
    await must(session, 'window.unsaved', { on: true });
    await session.pageLoaded();
    expect(session.isBusy()).toBe(false);
  });

  it('gets a plan as its file has it, whatever folders its texts name', async () => {
    const chosen = join(folder, 'stick');
    mkdirSync(chosen, { recursive: true });
    const title = `Seeds in ${chosen}, and in "${join(chosen, 'x')}"`;
    const file = join(chosen, 'a.plan.json');
    const wallet = { customer_id: null, customer_name: null, package_id: null, package_name: null, items: [] };
    const plan = { plan: 1, title, environment: null, account: null, people: [], policy: null };
    writeFileSync(file, JSON.stringify({ ...plan, wallets: [{ user_identifier: file, key_environment: null, ...wallet }] }));
    const session = open({
      chooser: {
        openFiles: () => Promise.resolve([file]),
        openFolder: () => Promise.resolve(chosen),
        saveFile: () => Promise.resolve(null),
      },
    });
    await must(session, 'window.choose', { what: 'folder', title: '', name: '' });
    const { chosen: files } = (await must(session, 'window.choose', { what: 'file', title: '', name: '' })) as {
      chosen: { handle: string }[];
    };
    const opened = (await must(session, 'plan.open', { file: files[0]?.handle })) as {
      plan: { title: string; wallets: { user_identifier: string }[] };
    };
    expect(opened.plan.title).toBe(title);
    expect(opened.plan.wallets[0]?.user_identifier).toBe(file);
    // What goes wrong with it names no folder all the same.
    writeFileSync(file, 'no plan');
    const refused = await ask(session, 'plan.open', { file: files[0]?.handle });
    expect(refused).toMatchObject({ ok: false, error: { code: 'plan-not-json' } });
    expect(JSON.stringify(refused)).not.toContain(folder);
  });
});

describe('whatever the page sends', () => {
  const operation = fc.oneof(
    fc.constantFrom(...WINDOW_OPERATIONS, ...Object.keys(WINDOW_CALLS), ...Object.keys(OPERATIONS)),
    fc.constantFrom('__proto__', 'constructor', 'toString', '', 'ceremony', 'window.', 'WINDOW.STATE'),
    fc.string({ maxLength: 80 }),
    fc.string({ minLength: 5000, maxLength: 5000 }),
    fc.anything(),
  );
  const wild = fc.anything({
    withNullPrototype: true,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
  });
  const members = fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        'ceremony',
        'environment',
        'files',
        'folder',
        'passphrase',
        'id',
        'name',
        'handle',
        'input',
        '__proto__',
        'constructor',
      ),
      fc.string({ maxLength: 5 }),
    ),
    fc.oneof(wild, fc.constantFrom('rehearsal', 'production', 'x'.repeat(100_000), '\ud800', '../../etc/passwd')),
    { maxKeys: 5 },
  );
  const raw = fc.oneof(
    { weight: 1, arbitrary: wild },
    { weight: 6, arbitrary: fc.record({ operation, input: fc.oneof(wild, members) }) },
    { weight: 2, arbitrary: fc.record({ operation, input: members, more: fc.anything() }) },
    {
      weight: 2,
      arbitrary: fc
        .record({ operation, input: members })
        .map((one): unknown => JSON.parse(JSON.stringify({ ...one, input: { x: 1 } }).replace('"x"', '"__proto__"')))
        .filter((one) => one !== null),
    },
  );

  it('is answered by one of two forms, without a path, and never rejects', async () => {
    const empty = join(folder, 'empty');
    const session = open({ home: empty });
    await fc.assert(
      fc.asyncProperty(raw, async (message) => {
        const answer = (await session.receive(message)) as Answer<unknown>;
        if (answer.ok) expect(Object.keys(answer).toSorted()).toEqual(['notes', 'ok', 'output', 'problems']);
        else {
          expect(Object.keys(answer.error).toSorted()).toEqual(['code', 'family', 'hint', 'message']);
          expect(answer.error.code).toMatch(/^[a-z0-9-]+$/);
        }
        expect(JSON.stringify(answer)).not.toContain(folder);
      }),
      { numRuns: 300, examples: [[null], [undefined], [{ operation: 'window.state' }], [[]], ['window.state']] },
    );
    expect({}).not.toHaveProperty('x');
    expect(session.isBusy()).toBe(false);
  });

  it('and throws when it is looked at is a bug that says nothing', async () => {
    const trap = {
      operation: 'window.state',
      get input(): unknown {
        throw new Error('canary-4711');
      },
    };
    const answer = await open().receive(trap);
    expect(answer).toEqual({ ok: false, error: BUG });
  });

  it('and names an operation that is no page’s is refused', async () => {
    const session = open();
    const others = Object.keys(OPERATIONS).filter((name) => !WINDOW_OPERATIONS.some((one) => one === name));
    expect(others).toEqual(
      expect.arrayContaining(['init', 'seal', 'store', 'recover', 'inspect', 'assign', 'rehearse', 'ledger.rebuild', 'pair', 'carry']),
    );
    for (const name of [...others, '__proto__', 'hasOwnProperty'])
      expect([name, await codeOf(session, name)]).toEqual([name, 'operation-unknown']);
    expect(await codeOf(session, 'x'.repeat(65))).toBe('message-invalid');
  });

  it('cannot have a path of its own choice used', async () => {
    const session = await unlocked();
    writeFileSync(join(folder, 'ca.pem'), 'no certificate');
    expect(await codeOf(session, 'environment.set', { name: 'sandbox', ca: join(folder, 'ca.pem') })).toBe('handle-unknown');
    expect(await codeOf(session, 'ledger.export', { out: join(folder, 'out.json') })).toBe('handle-unknown');
    expect(await codeOf(session, 'window.browse', { folder: '/' })).toBe('input-invalid');
    expect(await codeOf(session, 'window.new-file', { folder: '/tmp', name: 'x' })).toBe('input-invalid');
    expect(existsSync(join(folder, 'out.json'))).toBe(false);
  });

  it('cannot have an environment that this shell withholds', async () => {
    const session = await unlocked();
    expect(await must(session, 'window.state')).toMatchObject({ withheld: ['production', 'custom'] });
    for (const name of ['production', 'custom']) {
      expect(await codeOf(session, 'environment.set', { name, api: 'https://a.example.com', jwks: 'https://a.example.com/jwks' })).toBe(
        'environment-withheld',
      );
      expect(await codeOf(session, 'login', { environment: name, token: 'canary-4711' })).toBe('environment-withheld');
      expect(await codeOf(session, 'ceremony.begin', { script: 'single-station backup', environment: name })).toBe('environment-withheld');
    }
    const packaged = await unlocked({ shell: 'electron' });
    expect(await must(packaged, 'window.state')).toMatchObject({ withheld: [], shell: 'electron' });
    expect(await codeOf(packaged, 'environment.set', { name: 'production' })).toBeNull();
  });
});

const BUG = {
  family: 'bug',
  code: 'bug',
  message: 'something went wrong in Coldroom itself',
  hint: 'nothing more was done; look at the ledger before you go on',
};

describe('an error', () => {
  it('that is a bug says nothing of its cause', async () => {
    const run = vi.spyOn(OPERATIONS['ledger.head'], 'run');
    const session = open();
    run.mockRejectedValueOnce(new Error(`canary-4711 in ${home}`));
    expect(await ask(session, 'ledger.head')).toEqual({ ok: false, error: BUG });
    run.mockRejectedValueOnce('canary-4711');
    expect(await ask(session, 'ledger.head')).toEqual({ ok: false, error: BUG });
    run.mockResolvedValueOnce({ output: { secret: 'canary-4711' } as never, problems: [] });
    expect(await ask(session, 'ledger.head')).toEqual({ ok: false, error: BUG });
    expect(await ask(session, 'window.keychain')).toEqual({ ok: false, error: BUG });
  });

  it('that is none says what it says, without folders', async () => {
    const run = vi.spyOn(OPERATIONS['ledger.head'], 'run');
    const session = open();
    run.mockRejectedValueOnce(
      inputError('x-y', `cannot read ${quote(join(folder, 'sub', 'seed.txt'))} in ${home}`, { hint: `see ${home}` }),
    );
    expect(await ask(session, 'ledger.head')).toEqual({
      ok: false,
      error: { family: 'input', code: 'x-y', message: 'cannot read "seed.txt" in home', hint: 'see home' },
    });
  });
});

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
    const standIn = new StandIn(systemClock);
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
      expect(performance.now() - began).toBeLessThan(3000);
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

describe('the camera', () => {
  const watched = (): { options: Partial<SessionOptions>; told: boolean[] } => {
    const told: boolean[] = [];
    return {
      told,
      options: {
        allowCamera: (on) => {
          told.push(on);
          return Promise.resolve();
        },
      },
    };
  };

  it('is allowed when the page asks, and no longer when it says so', async () => {
    const { options, told } = watched();
    const session = await unlocked(options);
    for (const on of [false, true, true, false, false]) await must(session, 'window.camera', { on });
    expect(told).toEqual([true, false]);
    expect(await codeOf(session, 'window.camera', { on: 'yes' })).toBe('input-invalid');
  });

  it('is off in the end when "on" and "off" come at once', async () => {
    const { options, told } = watched();
    const session = await unlocked(options);
    await Promise.all([true, false, true, false].map((on) => must(session, 'window.camera', { on })));
    expect(told).toEqual([true, false, true, false]);
  });

  it('goes off when the page is loaded anew, and when the station is locked', async () => {
    const { options, told } = watched();
    const session = await unlocked(options);
    await must(session, 'window.camera', { on: true });
    await session.pageLoaded();
    expect(told).toEqual([true, false]);
    await must(session, 'window.camera', { on: true });
    await must(session, 'window.lock');
    expect(told).toEqual([true, false, true, false]);
  });

  it('is not for a locked station, nor for one that is not set up', async () => {
    const { options, told } = watched();
    for (const session of [open(options), open({ ...options, home: join(folder, 'never') })]) {
      expect(await codeOf(session, 'window.camera', { on: true })).toBe('window-locked');
      expect(await codeOf(session, 'window.code-part', { part: 'UR:BYTES/AE' })).toBe('window-locked');
    }
    expect(told).toEqual([]);
  });
});

describe('codes that the camera reads', () => {
  const received = join(home, 'received');
  const card = writtenCard();
  const { frames } = encodeAnimatedCode(card, 'coarse');

  async function read(session: Session, parts: readonly string[]): Promise<Record<string, unknown>> {
    let last: Record<string, unknown> = {};
    for (const part of parts) last = await must(session, 'window.code-part', { part });
    return last;
  }

  it('become a private file whose handle any operation takes, byte for byte', async () => {
    const session = await unlocked();
    const fragments = Number(/-(\d+)/.exec(frames[0] ?? '')?.[1]);
    expect(await read(session, frames.slice(0, 2))).toEqual({ progress: 2 / fragments, received: null });
    const whole = await read(session, frames.slice(2, fragments));
    const name = `station-${sha256(card).slice(0, 12)}.json`;
    expect(whole).toMatchObject({ progress: 1, received: { kind: 'station', name } });
    expect(JSON.stringify(whole)).not.toContain(folder);
    const file = join(received, name);
    expect(readFileSync(file).equals(card)).toBe(true);
    if (process.platform !== 'win32') expect([statSync(file).mode & 0o777, statSync(received).mode & 0o777]).toEqual([0o600, 0o700]);

    // The same one again is the same file.
    expect(await read(session, frames.slice(0, fragments))).toEqual(whole);
    expect(readdirSync(received)).toEqual([name]);
    // A file that took its place is not written over.
    writeFileSync(file, 'something else');
    await read(session, frames.slice(0, fragments - 1));
    expect(await codeOf(session, 'window.code-part', { part: frames[fragments - 1] })).toBe('output-exists');
    expect(readFileSync(file, 'utf8')).toBe('something else');
    rmSync(file);
  });

  it('of another document change nothing until the page starts over', async () => {
    const session = await unlocked();
    const other = encodeAnimatedCode(Buffer.alloc(900, 'x'), 'coarse').frames;
    await read(session, frames.slice(0, 2));
    expect(await codeOf(session, 'window.code-part', { part: other[0] })).toBe('code-another');
    expect((await read(session, frames.slice(1, 2)))['progress']).toBeGreaterThan(0.1);
    await must(session, 'window.code-reset');
    await read(session, other.slice(0, 1));
    expect(await codeOf(session, 'window.code-part', { part: frames[0] })).toBe('code-another');
    await session.pageLoaded();
    await read(session, frames.slice(0, 1));
  });

  it.each<[string, Buffer, string]>([
    ['is no document', Buffer.from('hello'), 'document-not-json'],
    ['was changed', Buffer.from(card.toString().replace('vault-2', 'vault-3')), 'document-signature'],
  ])('and what they come to %s: nothing is written, and the next one can be read', async (_name, bytes, code) => {
    const session = await unlocked();
    const codes = encodeAnimatedCode(bytes, 'fine');
    await read(session, codes.frames.slice(0, codes.fragments - 1));
    expect(await codeOf(session, 'window.code-part', { part: codes.frames[codes.fragments - 1] })).toBe(code);
    expect(readdirSync(received)).toEqual([]);
    await read(session, frames.slice(0, 1));
  });

  it('are at most 4096 characters each', async () => {
    const session = await unlocked();
    expect(await codeOf(session, 'window.code-part', { part: 'A'.repeat(4096) })).toBe('code-not-ours');
    expect(await codeOf(session, 'window.code-part', { part: 'A'.repeat(4097) })).toBe('input-invalid');
  });
});

/** A station card of some other station. */
function writtenCard(): Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const station = { id: sha256(raw), name: 'vault-2', role: 'cold' as const, public_key: raw.toString('base64') };
  const draft = { coldroom: 'station/1' as const, to: [], ceremony: null, answers: null, environment_id: null };
  const signer = { station, sign: (bytes: Uint8Array) => sign(null, bytes, privateKey) };
  const { text } = writeDocument({ ...draft, body: { reads: ['keypack/1'] } }, signer, { seq: 1, head: sha256('head') }, Date.now());
  return Buffer.from(text, 'utf8');
}

describe('choosing files', () => {
  const chooser = (paths: readonly string[]): Chooser => ({
    openFiles: ({ many }) => Promise.resolve(many ? paths : paths.slice(0, 1)),
    openFolder: () => Promise.resolve(paths[0] ?? null),
    saveFile: ({ suggestedName }) => Promise.resolve(paths[0] === undefined ? null : join(paths[0], suggestedName)),
  });
  const choose = (what: string, name = '') => ({ what, title: 'Choose', name });

  it('in the system’s dialogs tells names and sizes, and the handles lead to what was chosen', async () => {
    const files = ['a.txt', 'b.txt'].map((name) => join(folder, name));
    for (const file of files) writeFileSync(file, 'four');
    const session = open({ chooser: chooser(files) });
    const answer = await must(session, 'window.choose', choose('files'));
    expect(answer['chosen']).toMatchObject([
      { name: 'a.txt', size_bytes: 4 },
      { name: 'b.txt', size_bytes: 4 },
    ]);
    expect(JSON.stringify(answer)).not.toContain(folder);
    expect((await must(session, 'window.choose', choose('file')))['chosen']).toHaveLength(1);
    const export_ = open({ chooser: chooser([folder]) });
    const [saved] = (await must(export_, 'window.choose', choose('save', 'ledger.json')))['chosen'] as {
      handle: string;
      name: string;
      size_bytes: null;
    }[];
    expect([saved?.name, saved?.size_bytes]).toEqual(['ledger.json', null]);
    const exported = await must(export_, 'ledger.export', { out: saved?.handle });
    expect([exported['file'], existsSync(join(folder, 'ledger.json'))]).toEqual(['ledger.json', true]);
    // A handle of one window is nothing in another.
    expect(await codeOf(session, 'ledger.export', { out: saved?.handle })).toBe('handle-unknown');
  });

  it('may be given up', async () => {
    const session = open({ chooser: chooser([]) });
    for (const what of ['files', 'file', 'folder', 'save'])
      expect(await must(session, 'window.choose', choose(what))).toEqual({ chosen: [] });
  });

  it('is done in one way: no browser beside the system’s dialogs, and no dialogs where there are none', async () => {
    const native = open({ chooser: chooser([folder]) });
    const [one] = (await must(native, 'window.choose', choose('folder')))['chosen'] as { handle: string }[];
    expect(await codeOf(native, 'window.browse', { folder: null })).toBe('no-browser');
    expect(await codeOf(native, 'window.browse', { folder: one?.handle })).toBe('no-browser');
    expect(await codeOf(native, 'window.new-file', { folder: one?.handle, name: 'x' })).toBe('no-browser');
    expect(await codeOf(open(), 'window.choose', choose('files'))).toBe('no-native-dialogs');
  });

  it('in the window makes a new file’s name of a plain name alone', async () => {
    vi.stubEnv('HOME', folder);
    mkdirSync(join(folder, 'out'), { recursive: true });
    const session = open();
    const top = await must(session, 'window.browse', { folder: null });
    const out = (top['entries'] as { handle: string; name: string }[]).find((entry) => entry.name === 'out');
    for (const name of [
      '../x',
      'a/b',
      'a\\b',
      '..',
      '.',
      'a\nb',
      'a\0b',
      'nul',
      'COM1.csv',
      'ledger.csv.',
      'ledger.csv ',
      'a:b',
      'a\u202evsc.b',
    ]) {
      expect([name, await codeOf(session, 'window.new-file', { folder: out?.handle, name })]).toEqual([name, 'file-name']);
    }
    expect(await codeOf(session, 'window.new-file', { folder: out?.handle, name: '' })).toBe('input-invalid');
    const { handle } = await must(session, 'window.new-file', { folder: out?.handle, name: 'ledger.csv' });
    expect(await must(session, 'ledger.export', { format: 'csv', out: handle })).toEqual({ file: 'ledger.csv', format: 'csv' });
    expect(readdirSync(join(folder, 'out'))).toEqual(['ledger.csv']);
    vi.unstubAllEnvs();
  });
});

describe('the window’s own calls', () => {
  it('reach the shell', async () => {
    const told: unknown[] = [];
    const session = open({
      onReady: () => told.push('ready'),
      onClose: () => told.push('close'),
      protectContent: (on) => {
        told.push(on);
        return on;
      },
      copyText: (text) => told.push(text),
    });
    await must(session, 'window.ready');
    expect(await must(session, 'window.protect', { on: true })).toEqual({ is_private: true });
    expect(await must(session, 'window.protect', { on: false })).toEqual({ is_private: false });
    expect(await must(session, 'window.copy', { text: 'abc' })).toEqual({ copied: true });
    await must(session, 'window.close');
    expect(told).toEqual(['ready', true, false, 'abc', 'close']);
    expect(await must(open(), 'window.protect', { on: true })).toEqual({ is_private: false });
    expect(await must(open(), 'window.copy', { text: 'abc' })).toEqual({ copied: false });
  });

  it.each(Object.keys(WINDOW_CALLS))('%s refuses what is no input of its', async (name) => {
    const session = open();
    for (const input of [null, 5, 'x', [], { more: 1 }])
      expect([input, await codeOf(session, name, input)]).toEqual([input, 'input-invalid']);
  });
});
