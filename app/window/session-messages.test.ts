import '../../test/cheap-scrypt.mjs';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { OPERATIONS, WINDOW_CALLS, WINDOW_OPERATIONS, type Answer } from '../../main/operations/index.ts';
import { inputError, quote } from '../../main/values/index.ts';
import { madeStation } from './made-station.fixture.ts';
import { ask, codeOf, must } from './session.fixture.ts';

const { folder, home, open, unlocked } = madeStation();

const BUG = {
  family: 'bug',
  code: 'bug',
  message: 'something went wrong in Coldroom itself',
  hint: 'nothing more was done; look at the ledger before you go on',
};

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
