import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupId, CeremonyLedger, GOOD, itemId, READY, walkTo } from './ceremony-ledger.fixture.ts';
import type { StepId } from './script.ts';

let room: CeremonyLedger;
beforeEach(() => {
  room = new CeremonyLedger();
});
afterEach(() => {
  room.remove();
});
const now = () => room.now();
const resultOf = (id: string) => room.resultOf(id);

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

/** Signs whatever is lit again, from a step whose facts changed up to the one that is not ready. */
function walkBack(from: StepId): void {
  expect(now().step).toBe(from);
  room.sign();
}

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
