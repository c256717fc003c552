import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupId, CeremonyLedger, GOOD, itemId } from './ceremony-ledger.fixture.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { judgeBackups, judgeReleased, judgeRequest, judgeResult, judgeWipe, MOST_WRONG_TRIES } from './steps-recovery.ts';

const AT = '2026-11-24T10:00:00.000Z';

let room: CeremonyLedger;
beforeEach(() => {
  room = new CeremonyLedger('recovery');
  room.assignmentBegun();
  room.assigned();
  for (const item of [1, 2]) {
    room.sealed(item);
    room.sending(item);
    room.stored(item);
  }
});
afterEach(() => {
  room.remove();
});

function said(judge: (context: JudgeContext) => StepJudgement): { gate: string; problem: string | null; checks: Record<string, string> } {
  const { gate, problem, evidence } = judge(room.context());
  return { gate, problem, checks: Object.fromEntries(evidence.checks.map((one) => [one.id, one.result])) };
}

describe('which backups', () => {
  it('waits until they are chosen, and names each by its ID', () => {
    expect(said(judgeBackups)).toEqual({ gate: 'waits', problem: null, checks: {} });
    room.note('recovering');
    expect(said(judgeBackups)).toEqual({ gate: 'open', problem: null, checks: { 'backups-known': 'passed' } });
    const ids = judgeBackups(room.context()).evidence.facts.filter(({ name }) => name === 'backup-id');
    expect(ids.map(({ value }) => value)).toEqual([backupId(1), backupId(2)]);
  });

  it('says so where this station has no receipt', () => {
    room.sealed(3);
    room.fact('recovering', { ...GOOD.recovering, items: [{ item_id: itemId(3) }] });
    expect(said(judgeBackups).checks).toEqual({ 'backups-known': 'passed', 'backups-unsure': 'amber' });
  });

  it('counts what are too many to name', () => {
    room.fact('recovering', { ...GOOD.recovering, items: Array.from({ length: 9 }, () => ({ item_id: itemId(1) })) });
    expect(judgeBackups(room.context()).evidence.facts.find(({ name }) => name === 'backups')?.value).toBe('9 backups');
  });
});

describe('the request', () => {
  it('takes the pair, and then people’s word', () => {
    expect(said(judgeRequest).gate).toBe('waits');
    room.note('request');
    expect(said(judgeRequest)).toEqual({ gate: 'waits', problem: null, checks: { 'pair-made': 'passed', 'request-raised': 'waits' } });
    room.note('raised');
    expect(said(judgeRequest)).toEqual({ gate: 'open', problem: null, checks: { 'pair-made': 'passed', 'request-raised': 'passed' } });
  });

  it('is amber where a stand-in played it', () => {
    room.note('request');
    room.fact('raised', { ...GOOD.raised, played: true });
    expect(said(judgeRequest).checks['request-raised']).toBe('amber');
  });
});

describe('what was released', () => {
  it('waits, opens, and ends after three wrong passphrases', () => {
    room.note('recovering');
    expect(said(judgeReleased).gate).toBe('waits');
    room.fact('released-tries', { wrong: MOST_WRONG_TRIES - 1, at: AT });
    expect(said(judgeReleased).gate).toBe('waits');
    room.fact('released-tries', { wrong: MOST_WRONG_TRIES, at: AT });
    expect(said(judgeReleased)).toEqual({ gate: 'stopped', problem: 'recovery-tries-spent', checks: { tries: 'failed' } });
    // What was opened before the third stays open.
    room.note('released');
    expect(said(judgeReleased)).toMatchObject({ gate: 'open', checks: { 'backups-released': 'passed' } });
  });

  it('names what was not released, and what nobody asked for', () => {
    room.note('recovering');
    room.fact('released', { ...GOOD.released, held: [itemId(1)], others: 2 });
    expect(said(judgeReleased).checks).toMatchObject({ 'backups-released': 'amber', 'other-backups': 'amber' });
  });

  it('shows each package by what it holds', () => {
    room.note('recovering', 'released');
    const facts = judgeReleased(room.context()).evidence.facts.map(({ name, value }) => [name, value]);
    expect(facts).toEqual([
      ['found-private-key', 'one.asc'],
      ['found-ciphertext', 'two.asc'],
    ]);
  });
});

describe('the secrets back', () => {
  const item = (n: number, more: object = {}) => ({ ...GOOD.recovered.items[n - 1], ...more }) as (typeof GOOD.recovered.items)[number];

  it('waits for all of them, and opens', () => {
    room.note('recovering');
    expect(said(judgeResult)).toEqual({ gate: 'waits', problem: null, checks: {} });
    room.fact('recovered', { items: [item(1)], at: AT });
    expect(said(judgeResult)).toEqual({ gate: 'waits', problem: null, checks: { 'secrets-back': 'waits' } });
    room.note('recovered');
    expect(said(judgeResult)).toEqual({ gate: 'open', problem: null, checks: { 'secrets-back': 'passed' } });
  });

  it.each([
    ['another checksum', { checksum: 'differs', name: null }],
    ['other bytes than were sealed', { same: false, name: null }],
  ])('stops at %s', (_, more) => {
    room.note('recovering');
    room.fact('recovered', { items: [item(1), item(2, more)], at: AT });
    expect(said(judgeResult)).toEqual({ gate: 'stopped', problem: 'checksum-differs', checks: { 'secrets-back': 'failed' } });
  });

  it('ends after three wrong passphrases, unless all is back', () => {
    room.note('recovering');
    room.fact('result-tries', { wrong: MOST_WRONG_TRIES, at: AT });
    expect(said(judgeResult)).toMatchObject({ gate: 'stopped', problem: 'recovery-tries-spent' });
    room.note('recovered');
    expect(said(judgeResult).gate).toBe('open');
  });
});

describe('what is left', () => {
  it('wants an answer to each point, and keeps those that are open', () => {
    expect(said(judgeWipe).gate).toBe('waits');
    room.note('wiped');
    expect(said(judgeWipe)).toEqual({ gate: 'open', problem: null, checks: { 'wipe-points': 'passed' } });
    room.fact('wiped', { ...GOOD.wiped, answers: GOOD.wiped.answers.map((one, n) => ({ ...one, yes: n > 0 })) });
    expect(said(judgeWipe)).toEqual({ gate: 'open', problem: null, checks: { 'wipe-points': 'amber' } });
  });
});
