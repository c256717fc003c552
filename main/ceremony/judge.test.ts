import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  backupId,
  CeremonyLedger,
  CEREMONY,
  GOOD,
  itemId,
  KEY_FINGERPRINT,
  PEOPLE,
  policyFact,
  READY,
  walkTo,
} from './ceremony-ledger.fixture.ts';
import { findScript, type StepId } from './script.ts';
import { readCeremony } from './state.ts';

let room: CeremonyLedger;

beforeEach(() => {
  room = new CeremonyLedger();
});
afterEach(() => {
  room.remove();
});

/** What the lit step says, in short. */
function now(): { step: string; gate: string; problem: string | null } {
  const { step, gate, problem } = room.view();
  return { step, gate, problem };
}

const resultOf = (id: string) => room.view().evidence.checks.find((one) => one.id === id)?.result;
const factOf = (name: string) => room.view().evidence.facts.find((one) => one.name === name)?.value;

/** Nobody was asked yet is no answer either; to close there is nothing more to do. */
const BEFORE: Partial<Record<StepId, string>> = { verify: 'settle', close: 'open' };

describe('a ceremony that goes well', () => {
  it('has every step of the script among the steps that the test can make ready', () => {
    expect(READY.map((one) => one.step)).toEqual(findScript('rehearsal').steps.map((one) => one.id));
  });

  it.each(READY.map((one) => one.step))('waits at %s until it is made ready, then opens, and is done when both have signed', (step) => {
    walkTo(room, step);
    expect(now()).toMatchObject({ step, gate: BEFORE[step] ?? 'waits' });
    READY.find((one) => one.step === step)?.make(room);
    expect(now()).toEqual({ step, gate: 'open', problem: null });
    expect(room.statuses()[step]).toBe('now');
    const { evidenceSha256 } = room.view();
    const half = { ceremony_id: CEREMONY, step, role: 'witness' as const, initials: 'CD', evidence_sha256: evidenceSha256 };
    room.append({ type: 'ceremony-signed', data: half });
    expect(room.statuses()[step]).toBe('now');
    room.append({ type: 'ceremony-signed', data: { ...half, role: 'administrator', initials: 'AB' } });
    expect(room.statuses()[step]).toBe('done');
  });

  it.each(['wallet', 'verify'] as const)('does not take initials under %s for done while its gate is not open', (step) => {
    walkTo(room, step);
    room.sign(); // as another program might write them
    expect(room.statuses()[step]).toBe('now');
  });

  it('locks every step after the one that is lit, and shows nothing of them', () => {
    walkTo(room, 'wallet');
    const { steps } = room.judge();
    expect(steps.map((one) => one.status)).toEqual(['done', 'done', 'done', 'now', ...Array<string>(8).fill('locked')]);
    expect(steps.map((one) => one.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(steps.filter((one) => one.status === 'locked').every((one) => one.signed.length === 0)).toBe(true);
  });
});

describe('the people', () => {
  it.each([
    [90, 'passed', 'within 90 seconds'],
    [-90, 'passed', 'within 90 seconds'],
    [91, 'amber', '91 seconds behind'],
    [-91, 'amber', '91 seconds ahead'],
  ])('sign with a clock that is off by %i seconds, which is named', (seconds, result, restsOn) => {
    room.note('people');
    room.fact('clock', { ...GOOD.clock, offset_seconds: seconds });
    expect(now().gate).toBe('open');
    expect(room.view().evidence.checks.find((one) => one.id === 'clock')).toMatchObject({ result, rests_on: restsOn });
  });

  it('show the policy that the ceremony runs under from the start, and initials commit to it', () => {
    room.fact('policy', { ...policyFact({ network_gate: 'stop' }), administrator: 'Ann Baker' });
    expect(now()).toMatchObject({ step: 'people', gate: 'waits' });
    expect(factOf('policy')).toBe(policyFact({ network_gate: 'stop' }).sha256);
    expect(room.view().evidence.checks).toMatchObject([{ id: 'policy', result: 'passed', rests_on: 'set by Ann Baker' }]);
    room.note('people', 'clock');
    room.sign();
    expect(room.statuses().people).toBe('done');
    room.note('policy');
    expect(now()).toMatchObject({ step: 'people', gate: 'open' });
    expect(room.view().evidence.checks[0]?.rests_on).toContain('nobody set one');
  });

  it('wait for the least numbers of the policy, and of each role', () => {
    room.fact('policy', policyFact({ people: { administrator: 1, operator: 1, witness: 2, auditor: 1 } }));
    room.note('people', 'clock');
    expect([now().gate, resultOf('people')]).toEqual(['waits', 'waits']);
    const more = [
      { name: 'Eva Falk', initials: 'EF', role: 'witness' as const },
      { name: 'Gus Hahn', initials: 'GH', role: 'operator' as const },
      { name: 'Ida Jung', initials: 'IJ', role: 'auditor' as const },
    ];
    for (const without of more) {
      room.fact('people', { ...PEOPLE, people: [...PEOPLE.people, ...more.filter((one) => one !== without)] });
      expect([without.role, now().gate]).toEqual([without.role, 'waits']);
    }
    room.fact('people', { ...PEOPLE, people: [...PEOPLE.people, ...more] });
    expect([now().gate, factOf('auditor'), factOf('operator')]).toEqual(['open', 'Ida Jung (IJ)', 'Gus Hahn (GH)']);
  });

  it('of an earlier version sign what they signed then: no policy is among it', () => {
    room.note('people', 'clock');
    expect(room.view().evidence.checks.map((one) => [one.id, one.rests_on])).toEqual([
      ['people', '2 people'],
      ['clock', 'within 90 seconds'],
    ]);
    expect(factOf('policy')).toBeUndefined();
  });

  it('cannot be shown under a policy that is not what its digest says', () => {
    const { rules } = policyFact({ network_gate: 'stop' });
    room.fact('policy', { ...policyFact(), rules });
    expect(() => room.view()).toThrow(expect.objectContaining({ code: 'ceremony-damaged' }));
  });

  it('are not ready without the witness’s clock', () => {
    room.note('people');
    expect(now()).toMatchObject({ step: 'people', gate: 'waits' });
  });
});

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

describe('the store', () => {
  beforeEach(() => {
    walkTo(room, 'store');
  });

  it('waits for all items', () => {
    room.sending(1);
    room.stored(1);
    expect([now().gate, resultOf('stored')]).toEqual(['waits', 'waits']);
  });

  it.each([
    [
      'is being sent',
      () => {
        room.sending(2);
      },
      'outcome-unknown',
    ],
    [
      'ended unknown',
      () => {
        room.sending(2);
        room.ended(2, 'unknown', 'process-died');
      },
      'outcome-unknown',
    ],
    [
      'came back with a known backup_id',
      () => {
        room.sending(2);
        room.ended(2, 'unknown', 'backup-id-known');
      },
      'backup-id-known',
    ],
    [
      'was refused',
      () => {
        room.sending(2);
        room.ended(2, 'refused', 'service-409');
      },
      'service-409',
    ],
    [
      'was not sent',
      () => {
        room.sending(2);
        room.ended(2, 'not-sent', 'connect-refused');
      },
      'connect-refused',
    ],
  ])('is to be settled where an item %s, though the other is stored', (_name, make, problem) => {
    room.sending(1);
    room.stored(1);
    make();
    expect(now()).toEqual({ step: 'store', gate: 'settle', problem });
  });

  it.each([
    ['another checksum', '0'.repeat(64), 'answer'],
    ['none in an answer', null, 'answer'],
  ] as const)('stops where one item came back with %s', (_name, returned, basis) => {
    room.stored(1);
    room.stored(2, returned, basis);
    expect(now()).toEqual({ step: 'store', gate: 'stopped', problem: 'checksum-differs' });
    expect(resultOf('checksum')).toBe('failed');
  });

  it('is open, and amber, where nothing can be compared', () => {
    room.stored(1, null, 'claim');
    room.stored(2, null, 'claim');
    expect([now().gate, resultOf('checksum')]).toEqual(['open', 'amber']);
  });
});

describe('the verification', () => {
  beforeEach(() => {
    walkTo(room, 'verify');
  });

  function verified(key: Parameters<CeremonyLedger['verified']>[2], ...backups: Parameters<CeremonyLedger['verified']>[2][]): void {
    room.verified('key', 'key-1', key);
    for (const [at, check] of backups.entries()) room.verified('backup', backupId(at + 1), check);
  }

  it.each([
    ['a key that is not valid', ['invalid', 'valid', 'valid'], 'stopped', 'key-invalid'],
    ['one backup that is not valid', ['valid', 'valid', 'invalid'], 'stopped', 'backup-invalid'],
    ['a backup not valid behind one that is unknown', ['valid', 'unknown', 'invalid'], 'stopped', 'backup-invalid'],
    ['a key that is unknown', ['unknown', 'valid', 'valid'], 'settle', 'key-check-unknown'],
    ['one backup that is unknown', ['valid', 'not-checkable', 'unknown'], 'settle', 'backup-check-unknown'],
    ['a backup that was not asked about', ['valid', 'valid'], 'settle', 'backup-check-unknown'],
    ['all valid', ['valid', 'valid', 'valid'], 'open', null],
    ['held offline', ['not-checkable', 'not-checkable', 'valid'], 'open', null],
  ] as const)('with %s', (_name, [key, ...backups], gate, problem) => {
    verified(key, ...backups);
    expect(now()).toEqual({ step: 'verify', gate, problem });
  });

  it('goes by the last answer', () => {
    verified('invalid', 'invalid', 'invalid');
    verified('valid', 'valid', 'valid');
    expect(now().gate).toBe('open');
  });

  it('is amber, not passed, for what is held offline', () => {
    verified('not-checkable', 'valid', 'not-checkable');
    expect([resultOf('key-valid'), resultOf('backup-valid')]).toEqual(['amber', 'amber']);
  });
});

describe('the recovery of a rehearsal', () => {
  it('is amber, and open, where the stand-in releases nothing', () => {
    walkTo(room, 'recover');
    room.fact('recovery', { ...GOOD.recovery, items: [] });
    expect([now().gate, resultOf('recovered')]).toEqual(['open', 'amber']);
  });

  it.each([
    [
      'one that differs',
      [
        { item_id: itemId(1), same: true },
        { item_id: itemId(2), same: false },
      ],
    ],
  ])('stops with %s', (_name, items) => {
    walkTo(room, 'recover');
    room.fact('recovery', { ...GOOD.recovery, items });
    expect(now()).toEqual({ step: 'recover', gate: 'stopped', problem: 'rehearsal-differs' });
  });
});

describe('the checklist', () => {
  const allNo = { ...GOOD.checklist, answers: GOOD.checklist.answers.map((one) => ({ ...one, yes: false })) };

  it('shows what Coldroom checked before anybody answered', () => {
    walkTo(room, 'checklist');
    expect(room.view().evidence.checks.map((one) => one.result)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed']);
  });

  it('does not hold a rehearsal, whatever is open', () => {
    walkTo(room, 'checklist');
    room.fact('checklist', allNo);
    expect(now()).toEqual({ step: 'checklist', gate: 'open', problem: null });
    expect(room.view().evidence.facts.every((one) => one.value === 'no: open point')).toBe(true);
  });

  it('stops where the self-test lacks a check that it rests on', () => {
    walkTo(room, 'checklist');
    // As after another version's self-test: the step itself passed.
    const { checks } = GOOD['self-test'];
    room.fact('self-test', { ...GOOD['self-test'], checks: checks.filter((one) => one.id !== 'oaep-mgf1') });
    walkBack('self-test');
    room.note('checklist');
    expect(now()).toEqual({ step: 'checklist', gate: 'stopped', problem: 'checklist-failed' });
  });

  it('stops where another of HOT and COLD was sent than people have typed', () => {
    walkTo(room, 'checklist');
    room.fact('wallet', { ...GOOD.wallet, key_environment: 'HOT' });
    walkBack('wallet');
    room.note('checklist');
    expect(now()).toEqual({ step: 'checklist', gate: 'stopped', problem: 'checklist-failed' });
    expect(room.view().evidence.checks).toContainEqual(expect.objectContaining({ id: 'kept-sent', result: 'failed' }));
  });
});

/** Signs whatever is lit again, from a step whose facts changed up to the one that is not ready. */
function walkBack(from: StepId): void {
  expect(now().step).toBe(from);
  room.sign();
}

describe('a production ceremony', () => {
  let production: CeremonyLedger;
  beforeEach(() => {
    production = new CeremonyLedger('single-station backup', 'production');
    for (const { step, make } of READY) {
      if (step === 'checklist') break;
      if (step === 'recover') continue;
      if (step === 'sign-in') {
        production.anchor('production');
        production.note('environment', 'signer');
      } else make(production);
      production.sign();
    }
  });
  afterEach(() => {
    production.remove();
  });

  it.each(['host-confirmed', 'kept-as-ordered', 'other-copies'])('is held by an open point that must be closed: %s', (id) => {
    const answers = GOOD.checklist.answers.map((one) => ({ ...one, yes: one.id !== id }));
    production.fact('checklist', { ...GOOD.checklist, answers });
    expect(production.view()).toMatchObject({ step: 'checklist', gate: 'waits', problem: 'checklist-open' });
    production.note('checklist');
    expect(production.view()).toMatchObject({ step: 'checklist', gate: 'open', problem: null });
  });

  it('says in amber that nothing was rehearsed, until a rehearsal was closed', () => {
    const rehearsed = () => production.view().evidence.checks.find((one) => one.id === 'rehearsed');
    expect(rehearsed()).toMatchObject({ result: 'amber' });
    const other = '99999999-9999-4999-8999-999999999999';
    production.append({ type: 'ceremony-begun', data: { ceremony_id: other, number: 2, script: 'rehearsal', environment: 'rehearsal' } });
    production.append({ type: 'ceremony-ended', data: { ceremony_id: other, state: 'escalated', reason: 'x' } });
    expect(rehearsed()).toMatchObject({ result: 'amber' });
    const closed = '99999999-9999-4999-8999-999999999998';
    production.append({ type: 'ceremony-begun', data: { ceremony_id: closed, number: 3, script: 'rehearsal', environment: 'rehearsal' } });
    production.append({ type: 'ceremony-ended', data: { ceremony_id: closed, state: 'closed', reason: null } });
    expect(rehearsed()).toMatchObject({ result: 'passed', rests_on: 'ceremony 3' });
  });
});

describe('facts that change after they were signed', () => {
  it.each([
    [
      'people',
      'people',
      () => {
        room.fact('people', { ...PEOPLE, place: 'another room' });
      },
    ],
    [
      'people',
      'clock',
      () => {
        room.fact('clock', { ...GOOD.clock, witness_read: '10:01' });
      },
    ],
    [
      'self-test',
      'self-test',
      () => {
        room.fact('self-test', { ...GOOD['self-test'], ledger_events: 99 });
      },
    ],
    [
      'sign-in',
      'hosts',
      () => {
        room.environment('rehearsal', 'f'.repeat(64));
      },
    ],
    [
      'sign-in',
      'API key',
      () => {
        room.hasToken = false;
      },
    ],
    [
      'sign-in',
      'signer',
      () => {
        room.revoke();
      },
    ],
    [
      'sign-in',
      'account',
      () => {
        room.append({ type: 'account-confirmed', data: { environment: 'rehearsal', account_id: 'x' } });
      },
    ],
    [
      'wallet',
      'wallet',
      () => {
        room.fact('wallet', { ...GOOD.wallet, key_environment: 'HOT' });
      },
    ],
    [
      'assign',
      'words',
      () => {
        room.fact('words', { ...GOOD.words, positions: [1, 2] });
      },
    ],
    [
      'assign',
      'trust',
      () => {
        room.attestation = { checks: [], problem: 'anchor-revoked' };
      },
    ],
    [
      'secrets',
      'files',
      () => {
        room.fact('secrets', { ...GOOD.secrets, files: GOOD.secrets.files.slice(1) });
      },
    ],
  ] as const)('void the sign-off of %s: %s', (step, _what, change) => {
    walkTo(room, 'seal');
    expect(room.statuses()[step]).toBe('done');
    change();
    const { steps } = room.judge();
    const at = steps.findIndex((one) => one.id === step);
    expect(steps.map((one) => one.status)).toEqual(steps.map((_, index) => (index < at ? 'done' : index === at ? 'now' : 'locked')));
    expect(steps[at]?.signed).toEqual([]);
  });

  it('leave a sign-off standing when they come back to what they were', () => {
    walkTo(room, 'seal');
    room.hasToken = false;
    expect(now().step).toBe('sign-in');
    room.hasToken = true;
    expect(now().step).toBe('seal');
  });

  it('are signed again, and the later steps with unchanged facts stand', () => {
    walkTo(room, 'seal');
    room.fact('people', { ...PEOPLE, place: 'another room' });
    room.sign();
    expect(now().step).toBe('seal');
  });

  it('void a verification that turned to false after it was signed', () => {
    walkTo(room, 'checklist');
    room.verified('backup', backupId(1), 'invalid');
    expect(now()).toEqual({ step: 'verify', gate: 'stopped', problem: 'backup-invalid' });
    expect([room.statuses().recover, room.statuses().checklist]).toEqual(['locked', 'locked']);
  });

  it('void the close for an exception that came meanwhile', () => {
    walkTo(room, 'close');
    const before = room.view().evidenceSha256;
    room.append({ type: 'ceremony-exception', data: { ceremony_id: CEREMONY, step: 'close', text: 'x', initials: 'AB' } });
    expect(room.view().evidenceSha256).not.toBe(before);
  });
});

describe('an ended ceremony', () => {
  it.each(['closed', 'escalated'] as const)('that was %s has no step that is lit, and keeps its sign-offs whatever changes', (how) => {
    walkTo(room, 'wallet');
    room.end(how);
    const before = room.judge();
    expect(before.view).toBeNull();
    expect(before.steps.map((one) => one.status)).toEqual(['done', 'done', 'done', ...Array<string>(9).fill('locked')]);
    room.hasToken = false;
    room.revoke();
    const { steps } = room.judge();
    expect(steps).toEqual(before.steps);
    expect(steps[2]?.signed.map((one) => one.initials)).toEqual(['AB', 'CD']);
  });
});

describe('reading a ceremony', () => {
  it('refuses an id that the ledger does not know', () => {
    expect(() => readCeremony(room.queries, 'x')).toThrow(expect.objectContaining({ code: 'ceremony-unknown' }));
  });

  it.each([
    ['a name that no version had', 'colour', 'blue'],
    ['a name of every object', 'constructor', {}],
    ['a value of another form', 'wallet', { user_identifier: 1 }],
    ['a member too many', 'storing', { at: 'x', more: 1 }],
  ])('refuses facts with %s', (_name, name, value) => {
    room.append({ type: 'ceremony-fact', data: { ceremony_id: CEREMONY, step: 'wallet', name, value } });
    expect(() => room.state()).toThrow(expect.objectContaining({ code: 'ceremony-damaged' }));
  });

  it('takes a fact that was taken back as one that is not there', () => {
    room.note('wallet');
    room.fact('wallet', null);
    expect(room.state().facts.wallet).toBeUndefined();
  });

  it('refuses a script of another version', () => {
    const other = '99999999-9999-4999-8999-999999999999';
    room.append({ type: 'ceremony-begun', data: { ceremony_id: other, number: 9, script: 'drill', environment: 'rehearsal' } });
    expect(() => readCeremony(room.queries, other)).toThrow(expect.objectContaining({ code: 'script-unknown' }));
  });
});
