import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CeremonyLedger, GOOD, itemId, KEY_FINGERPRINT, walkTo } from './ceremony-ledger.fixture.ts';

let room: CeremonyLedger;
beforeEach(() => {
  room = new CeremonyLedger();
});
afterEach(() => {
  room.remove();
});
const now = () => room.now();
const resultOf = (id: string) => room.resultOf(id);
const factOf = (name: string) => room.factOf(name);

describe('the self-test', () => {
  beforeEach(() => {
    walkTo(room, 'self-test');
  });

  it.each([
    [
      'a check failed',
      { checks: [{ id: 'key-form', what: 'x', result: 'failed' as const, detail: 'another PEM' }], ok: false },
      'self-test-failed',
    ],
    [
      'a check did not run',
      { checks: [{ id: 'key-form', what: 'x', result: 'did-not-run' as const, detail: null }], ok: false },
      'self-test-failed',
    ],
    ['the ledger does not hold', { ledger_ok: false, ok: false }, 'ledger-chain-broken'],
  ])('stops where %s', (_name, change, problem) => {
    room.fact('self-test', { ...GOOD['self-test'], ...change });
    expect(now()).toEqual({ step: 'self-test', gate: 'stopped', problem });
    expect(room.view().evidence.checks.some((one) => one.result === 'failed')).toBe(true);
  });
});

describe('the self-check', () => {
  const line = (id: string, result: 'ok' | 'warn' | 'failed' | 'not-checkable') => ({
    id,
    result,
    what: id,
    rests_on: 'x',
    to_do: result === 'ok' ? null : 'mend it',
  });
  const shown = (...lines: ReturnType<typeof line>[]) => {
    room.fact('self-test', {
      ...GOOD['self-test'],
      ok: lines.every((one) => one.result !== 'failed'),
      machine: { version: '0.1.0', build: 'f'.repeat(64), lines },
    });
    return room.view();
  };
  beforeEach(() => {
    walkTo(room, 'self-test');
  });

  it('lets a step be signed over amber lines, and shows each as what it is', () => {
    const view = shown(line('free-space', 'ok'), line('swap', 'warn'), line('core-dumps', 'not-checkable'));
    expect(view).toMatchObject({ gate: 'open', problem: null });
    const results = Object.fromEntries(view.evidence.checks.map((one) => [one.id, one.result]));
    expect(results).toMatchObject({ 'free-space': 'passed', swap: 'amber', 'core-dumps': 'amber' });
    expect(view.evidence.facts).toContainEqual({ name: 'build', value: 'f'.repeat(64), kind: 'hex' });
  });

  it('holds the step over one that failed', () => {
    expect(shown(line('free-space', 'ok'), line('home-private', 'failed'))).toMatchObject({
      gate: 'stopped',
      problem: 'self-check-failed',
    });
  });

  it('of an earlier version is none: its step shows what it showed, and its initials hold', () => {
    const before = Object.fromEntries(Object.entries(GOOD['self-test']).filter(([member]) => member !== 'machine'));
    room.fact('self-test', before as (typeof GOOD)['self-test']);
    const view = room.view();
    expect(view.gate).toBe('open');
    expect(view.evidence.checks.map((one) => one.id)).toEqual(['key-form', 'oaep-mgf1', 'ledger-holds', 'keychain-there']);
    expect(view.evidence.facts.map((one) => one.name)).toEqual(['self-test']);
  });
});

describe('signing in', () => {
  beforeEach(() => {
    walkTo(room, 'sign-in');
    room.anchor();
    room.note('environment', 'signer');
  });

  it('waits for an API key', () => {
    room.hasToken = false;
    expect(now().gate).toBe('waits');
    expect(resultOf('api-key')).toBe('waits');
  });

  it('waits for a name that was typed for these very hosts', () => {
    room.fact('environment', { ...GOOD.environment, environment_id: 'f'.repeat(64) });
    expect(now().gate).toBe('waits');
    expect(resultOf('environment-typed')).toBe('waits');
  });

  it('waits for a signing key that stands: not for one that was revoked since', () => {
    room.revoke();
    expect(now().gate).toBe('waits');
    expect(resultOf('signer-compared')).toBe('waits');
    expect(factOf('signer')).toBeUndefined();
  });

  it('is amber, and open, while no account is confirmed', () => {
    expect([now().gate, resultOf('account-confirmed')]).toEqual(['open', 'amber']);
    room.append({ type: 'account-confirmed', data: { environment: 'rehearsal', account_id: 'acme' } });
    expect([now().gate, resultOf('account-confirmed')]).toEqual(['open', 'passed']);
  });
});

describe('the assignment', () => {
  beforeEach(() => {
    walkTo(room, 'assign');
    room.note('assignment');
    room.assignmentBegun();
  });

  it('is to be settled while nobody knows what became of it', () => {
    expect(now()).toEqual({ step: 'assign', gate: 'settle', problem: 'assignment-unknown-outcome' });
    room.append({
      type: 'assignment-ended',
      data: { assignment_id: GOOD.assignment.assignment_id, state: 'unknown', reason: 'process-died' },
    });
    expect(now()).toEqual({ step: 'assign', gate: 'settle', problem: 'assignment-unknown-outcome' });
  });

  it.each([
    ['refused', 'settle'],
    ['not-sent', 'settle'],
    ['quarantined', 'stopped'],
  ] as const)('that ended %s is at %s, and says why', (state, gate) => {
    room.append({ type: 'assignment-ended', data: { assignment_id: GOOD.assignment.assignment_id, state, reason: 'the-reason' } });
    expect(now()).toEqual({ step: 'assign', gate, problem: 'the-reason' });
    expect(room.view().evidence.checks.map((one) => one.result)).toEqual(['failed']);
  });

  it('waits until the words of this very key were read', () => {
    room.assigned();
    expect([now().gate, resultOf('words')]).toEqual(['waits', 'waits']);
    room.fact('words', { ...GOOD.words, fingerprint: '0'.repeat(64) });
    expect([now().gate, resultOf('words')]).toEqual(['waits', 'waits']);
    room.note('words');
    expect([now().gate, resultOf('words'), factOf('key-fingerprint')]).toEqual(['open', 'passed', KEY_FINGERPRINT]);
  });

  it('stops where the key is no longer trusted, though its words were read', () => {
    room.assigned();
    room.note('words');
    room.attestation = {
      checks: [{ id: 'signature', result: 'failed', what: 'x', rests_on: 'anchor-revoked' }],
      problem: 'anchor-revoked',
    };
    expect(now()).toEqual({ step: 'assign', gate: 'stopped', problem: 'anchor-revoked' });
  });
});

describe('the secrets and their sealing', () => {
  it('waits for at least one file', () => {
    walkTo(room, 'secrets');
    room.fact('secrets', { ...GOOD.secrets, files: [] });
    expect(now().gate).toBe('waits');
  });

  it.each([8, 9])('names %i files each, or their number and a digest over all names and sizes', (count) => {
    walkTo(room, 'secrets');
    const files = Array.from({ length: count }, (_, at) => ({
      item_id: itemId(1),
      name: `f${at.toString()}`,
      size_bytes: at + 1,
      path: '/p',
      key_id: null,
      made_up: false,
    }));
    room.fact('secrets', { ...GOOD.secrets, files });
    const names = room.view().evidence.facts.map((one) => one.name);
    expect(names).toEqual(count === 8 ? Array<string>(8).fill('file') : ['files', 'file-list']);
    const before = room.view().evidenceSha256;
    room.fact('secrets', { ...GOOD.secrets, files: files.map((file, at) => (at === count - 1 ? { ...file, size_bytes: 99 } : file)) });
    expect(room.view().evidenceSha256).not.toBe(before);
  });

  it('shows no path', () => {
    walkTo(room, 'secrets');
    room.note('secrets');
    expect(JSON.stringify(room.judge())).not.toContain('/s/1');
  });

  it('waits until every file is sealed and the last word was noted', () => {
    walkTo(room, 'seal');
    room.sealed(1);
    expect([now().gate, resultOf('sealed')]).toEqual(['waits', 'waits']);
    room.sealed(2);
    expect([now().gate, resultOf('sealed')]).toEqual(['waits', 'passed']);
    room.note('sealing');
    expect(now().gate).toBe('open');
  });
});
