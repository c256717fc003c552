import './cheap-scrypt.mjs';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignProblem, storeProblem } from '../main/coincover/index.ts';
import { OPERATIONS, runOperation, type OperationContext, type OperationName } from '../main/operations/index.ts';
import { FAULTS, StandIn, type FaultName } from '../main/rehearsal/index.ts';
import { isColdroomError, unreachableError, type ColdroomError } from '../main/values/index.ts';
import { FAILURES, failureFor } from '../renderer/words/failures.ts';
import { keptKeys } from './kept-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldroom-words-'));
let laterMs = 0;
const clock = { now: () => Date.now() + laterMs };
const standIn = new StandIn(clock, {
  keyPool: keptKeys(),
});
const context: OperationContext = {
  home: join(folder, 'home'),
  clock,
  keychainPassphraseFile: join(folder, 'passphrase'),
  spawnKeychainChild: () => {
    throw new Error('a file keychain starts no child');
  },
  onProgress: () => undefined,
  onNote: () => undefined,
};

async function problemsOf(name: OperationName, input: unknown): Promise<readonly ColdroomError[]> {
  try {
    return (await runOperation(name, context, input)).problems;
  } catch (error) {
    if (isColdroomError(error)) return [error];
    throw error;
  }
}

/** The key of the text that the first problem gets; empty where there is no problem. */
function keyFor(problems: readonly ColdroomError[], step: string): string {
  const [first] = problems;
  if (first === undefined) return '';
  const text = failureFor(first, step);
  return Object.keys(FAILURES).find((key) => FAILURES[key] === text) ?? `fallback for ${first.code}`;
}

let count = 0;
const assign = () => {
  count += 1;
  laterMs += 11 * 60_000; // past what the list of signing keys may be kept for
  const out = join(folder, `${count.toString()}.keypack.json`);
  return problemsOf('assign', { environment: 'rehearsal', user: `wallet-${count.toString()}`, key_environment: 'COLD', out });
};
const heldLast = () => standIn.held().at(-1)?.backupId ?? '';
const sealed: string[] = [];
const itemFor = () => sealed.pop() ?? '';
const store = (file: string, more: object = {}) => problemsOf('store', { files: [file], out: join(folder, 'receipts'), ...more });

beforeAll(async () => {
  writeFileSync(join(folder, 'passphrase'), 'a passphrase of this test\n');
  const at = await standIn.listen();
  expect(await problemsOf('init', { role: 'single', keychain: 'file' })).toEqual([]);
  expect(await problemsOf('environment.set', { name: 'rehearsal', api: at.api, jwks: at.jwks })).toEqual([]);
  expect(await problemsOf('login', { environment: 'rehearsal', token: at.token })).toEqual([]);
  const shown = await OPERATIONS['trust.add'].run(context, { environment: 'rehearsal', source: 'fetch' });
  const fingerprint = shown.output.confirm?.[0]?.fingerprint ?? '';
  expect(keyFor(shown.problems, 'trust.add')).toBe('anchor-not-confirmed');
  expect(await problemsOf('trust.add', { environment: 'rehearsal', source: 'fetch', fingerprint })).toEqual([]);
  expect(await problemsOf('trust.add', { environment: 'rehearsal', account_id: at.accountId })).toEqual([]);
  expect(await assign()).toEqual([]);
  mkdirSync(join(folder, 'secrets'));
  for (let n = 0; n < 30; n += 1) writeFileSync(join(folder, 'secrets', `secret-${n.toString()}`), `worth nothing ${n.toString()}`);
  const { output } = await OPERATIONS.seal.run(context, {
    key: join(folder, '1.keypack.json'),
    in: join(folder, 'secrets'),
    out: join(folder, 'sealed'),
    mode: 'direct',
    send_name: false,
  });
  sealed.push(...output.items.map((item) => item.file ?? ''));
  expect(sealed).toHaveLength(30);
});
afterAll(async () => {
  await standIn.close();
  rmSync(folder, { recursive: true });
});

/** The keys for an assignment and a store; null where the fault touches none of its calls. */
const POSTS: Readonly<Partial<Record<FaultName, readonly [string | null, string | null]>>> = {
  'status-400': ['assign/service-400', 'store/service-400'],
  'status-401': ['assign/service-401', 'store/service-401'],
  'status-403': ['assign/service-403', 'store/service-403'],
  'status-404': ['assign/service-404', 'store/service-404'],
  'status-408': ['assign/outcome-unknown:status-408', 'store/outcome-unknown:status-408'],
  'status-409': ['assign/service-409', 'store/service-409'],
  'status-413': ['assign/service-413', 'store/service-413'],
  'status-415': ['assign/service-415', 'store/service-415'],
  'status-429': ['assign/service-429', 'store/service-429'],
  'status-500': ['assign/outcome-unknown:server-error', 'store/outcome-unknown:server-error'],
  'status-502': ['assign/outcome-unknown:server-error', 'store/outcome-unknown:server-error'],
  'status-503': ['assign/outcome-unknown:server-error', 'store/outcome-unknown:server-error'],
  'html-502': ['assign/outcome-unknown:server-error', 'store/outcome-unknown:server-error'],
  'html-200': ['assign/outcome-unknown:unreadable', 'store/outcome-unknown:unreadable'],
  'empty-answer': ['assign/outcome-unknown:unreadable', 'store/outcome-unknown:unreadable'],
  'cut-answer': ['assign/outcome-unknown:cut', 'store/outcome-unknown:cut'],
  'drop-before-store': [null, 'store/outcome-unknown:cut'],
  'drop-after-store': [null, 'store/outcome-unknown:cut'],
  'wrong-checksum': [null, 'store/checksum-differs'],
  'not-a-uuid': [null, 'store/outcome-unknown:unreadable'],
  'bad-signature': ['assign.quarantine/signature-invalid', null],
  'wrong-purpose': ['assign/jwks-no-usable-key:wrong-purpose', null],
  'not-yet-valid-key': ['assign/jwks-no-usable-key:not-yet-valid', null],
  'redirecting-jwks': ['jwks-redirected', null],
  'p1363-signature': ['assign.quarantine/signature-encoding', null],
  'uppercase-fingerprint': ['assign.quarantine/binding-mismatch:spelling', null],
  'reordered-fields': ['assign.quarantine/fields-differ', null],
  'swapped-key': ['assign.quarantine/binding-mismatch:public_key', null],
  'key-2048': ['assign.quarantine/key-not-4096-bits', null],
  'pkcs1-key': ['', null],
  'false-key-verify': [null, 'key-invalid'],
  'false-backup-verify': [null, 'backup-invalid'],
  'cold-not-checkable': [null, ''],
  // The last: from here on the enclave signs with a key that nobody confirmed.
  'rotated-key': ['assign.quarantine/signer-not-confirmed', null],
};

describe('each fault of the stand-in', () => {
  it('is in the table', () => {
    expect(Object.keys(FAULTS).filter((fault) => fault !== 'slow' && !Object.hasOwn(POSTS, fault))).toEqual([]);
  });

  it.each(Object.entries(POSTS))('%s gets the text of its own', async (fault, [assigning, storing]) => {
    standIn.setFault(fault as FaultName);
    try {
      if (assigning !== null) expect(keyFor(await assign(), 'assign')).toBe(assigning);
      if (storing !== null) expect(keyFor(await store(itemFor()), 'store')).toBe(storing);
    } finally {
      standIn.setFault(null);
    }
  });
});

describe('what is told by more than the code', () => {
  it('an item that is unknown: not sent by itself, sent again in vain, a backup ID refused', async () => {
    const file = itemFor();
    standIn.setFault('drop-after-store');
    expect(keyFor(await store(file), 'store')).toBe('store/outcome-unknown:cut');
    const resend = { resolve_unknown: { how: 'resend' } };
    expect(keyFor(await store(file, resend), 'store')).toBe('store/outcome-unknown:resent-unknown');
    standIn.setFault('status-401');
    expect(keyFor(await store(file, resend), 'store')).toBe('store/outcome-unknown:resent');
    standIn.setFault('false-backup-verify');
    const claim = { resolve_unknown: { how: 'backup-id', backup_id: '0d1f9a52-6a0e-4b7f-8f5e-31c2a7b4e6d9' } };
    expect(keyFor(await store(file, claim), 'store')).toBe('claim-not-confirmed');
    standIn.setFault('cold-not-checkable');
    expect(keyFor(await store(file, { resolve_unknown: { how: 'backup-id', backup_id: heldLast() } }), 'store')).toBe(
      'claim-not-checkable',
    );
    standIn.setFault(null);
    expect(keyFor(await store(file), 'store')).toBe('store/outcome-unknown:earlier');
  });

  it('a 409 after an assignment that ended unknown', async () => {
    const ask = (name: string) =>
      problemsOf('assign', { environment: 'rehearsal', user: 'lost', key_environment: 'COLD', out: join(folder, name) });
    standIn.setFault('html-200');
    expect(keyFor(await ask('lost-1.json'), 'assign')).toBe('assign/outcome-unknown:unreadable');
    standIn.setFault(null);
    expect(keyFor(await ask('lost-2.json'), 'assign')).toBe('assign/service-409:after-unknown');
  });

  it('a file that could not be written after the work was kept', async () => {
    const file = itemFor();
    const { body } = JSON.parse(readFileSync(file, 'utf8')) as { body: { item_id: string } };
    standIn.setFault('slow');
    const posts = () => standIn.requests.filter((one) => one.method === 'POST').length;
    const before = posts();
    const storing = store(file);
    // Once the item is on its way, the place of its receipt was looked at; how long that takes is this machine's affair.
    while (posts() === before) await pause(50);
    writeFileSync(join(folder, 'receipts', `${body.item_id}.receipt.json`), 'in the way');
    expect(keyFor(await storing, 'store')).toBe('store/output-exists:kept');
    expect(keyFor(await store(itemFor(), { out: join(folder, 'passphrase') }), 'store')).toBe('output-not-folder');
    standIn.setFault(null);
    // The other two beginnings of that hint stand in main's sources.
    expect(readFileSync(join(import.meta.dirname, '../main/operations/sealing/sealer.ts'), 'utf8')).toContain(
      "'the item is sealed and kept'",
    );
    expect(readFileSync(join(import.meta.dirname, '../main/operations/service/assignment.ts'), 'utf8')).toContain(
      "'the key is assigned and kept'",
    );
  });

  it('what came of a request and could not be kept', () => {
    const main = readFileSync(join(import.meta.dirname, '../main/operations/service/keep-answer.ts'), 'utf8');
    const text = (message: string) => {
      expect(main).toContain(message);
      return keyFor([unreachableError('answer-not-kept', message)], 'store');
    };
    expect(text('the ledger could not keep it')).toBe('answer-not-kept');
    expect(text('nothing was sent, and the ledger could not keep that')).toBe('answer-not-kept:not-sent');
    expect(text('the request left, no whole answer came, and the ledger could not keep that')).toBe('answer-not-kept:lost');
  });

  it('requests that did not leave, answers from elsewhere, and CoinCover’s words', () => {
    const text = (step: string, problem: ColdroomError) => keyFor([problem], step);
    const unsettled = { status: null, message: null, failure: null };
    for (const [failure, key] of [
      ['ECONNREFUSED', 'not-sent'],
      ['CERT_HAS_EXPIRED', 'not-sent:certificate'],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'not-sent:certificate'],
      ['cancelled', 'not-sent:cancelled'],
      ['no-token', 'not-sent:no-token'],
    ] as const) {
      expect(text('assign', assignProblem({ ...unsettled, state: 'not-sent', failure }))).toBe(`assign/${key}`);
      expect(text('store', storeProblem({ ...unsettled, state: 'not-sent', failure }))).toBe(`store/${key}`);
    }
    for (const [status, failure, key] of [
      [302, null, 'redirected'],
      [404, null, 'not-coincover'],
      [null, 'cancelled', 'cancelled'],
      [200, 'UND_ERR_SOCKET', 'cut'],
    ] as const) {
      expect(text('store', storeProblem({ ...unsettled, state: 'unknown', status, failure }))).toBe(`store/outcome-unknown:${key}`);
    }
    const refused = (message: string) => text('store', storeProblem({ status: 400, message, failure: null, state: 'refused' }));
    expect(refused('verification failed: the checksum is not that of the decrypted data')).toBe('store/service-400:verification-failed');
    expect(refused('it is not known whether CoinCover stored the item: the answer (status 408)')).toBe('store/service-400');
    expect(text('store', storeProblem({ status: 418, message: null, failure: null, state: 'refused' }))).toBe('store/service-refused');
  });
});
