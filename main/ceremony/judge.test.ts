import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupId, CeremonyLedger, CEREMONY, GOOD, PEOPLE, policyFact, READY, walkTo } from './ceremony-ledger.fixture.ts';
import { findScript, type StepId } from './script.ts';
import { readCeremony } from './state.ts';

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
