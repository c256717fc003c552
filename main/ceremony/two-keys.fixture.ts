import { expect, it } from 'vitest';
import type { CheckResult } from '../ledger/index.ts';
import { backupId, CeremonyLedger, GOOD, itemId } from './ceremony-ledger.fixture.ts';
import type { FactValue } from './facts.ts';
import type { Attestation, JudgeContext, StepJudgement } from './judgement.ts';

export const AT = '2026-11-24T10:00:00.000Z';
const ENVIRONMENT_ID = 'e'.repeat(64);
export const ASSIGNMENT = '22222222-2222-4222-8222-222222222222';
export const KEYS = ['key-1', 'key-2'] as const;
export const TRUSTED: Attestation = {
  checks: [{ id: 'signature', result: 'passed', what: 'signed', rests_on: 'the enclave' }],
  problem: null,
};
export const REVOKED: Attestation = {
  checks: [{ id: 'signature', result: 'failed', what: 'no longer trusted', rests_on: 'signer-revoked' }],
  problem: 'signer-revoked',
};

/** What a judge is to say: the gate, the problem, and the result of each check that is named. */
type Expected = { gate: StepJudgement['gate']; problem?: string; checks?: Readonly<Record<string, string>> };
export type Row = { name: string; make: (room: Room) => void } & Expected;

/** A ledger with two keys and two items sealed for the first of them; `attested` is what the operation looked up beforehand. */
export class Room extends CeremonyLedger {
  readonly attested = new Map<string, Attestation>();

  constructor() {
    super('cold: seal');
    for (const key of KEYS) this.key(key);
    for (const item of [1, 2]) this.sealed(item);
    for (const key of KEYS) this.attested.set(key, TRUSTED);
  }

  key(id: string, assignmentId: string | null = null): void {
    this.append({
      type: assignmentId === null ? 'key-pack-imported' : 'key-pack-written',
      data: {
        assignment_id: assignmentId,
        key: {
          key_id: id,
          environment: 'rehearsal',
          environment_id: ENVIRONMENT_ID,
          account: 'institution',
          user_identifier: `wallet of ${id}`,
          key_environment: 'COLD',
          public_key: '00',
          fingerprint: fingerprintOf(id),
        },
        document: {
          document_id: `pack of ${id}`,
          kind: 'keypack',
          direction: 'imported',
          signer: 'b'.repeat(64),
          subject: id,
          writer_seq: 1,
          sha256: fingerprintOf(id),
          signed_sha256: fingerprintOf(id),
          text: '{}',
        },
      },
    });
  }

  brought(subjects: readonly string[], how: Partial<FactValue<'brought'>> = {}): void {
    this.fact('brought', { ...GOOD.brought, subjects: [...subjects], lists: [list(subjects.length)], ...how });
  }

  /** People have read these keys' words; `kept` is what they typed from the paper order. */
  read(ids: readonly string[], how: { kept?: 'HOT' | 'COLD' | null; fingerprint?: string } = {}): void {
    const keys = ids.map((id) => ({
      key_id: id,
      fingerprint: how.fingerprint ?? fingerprintOf(id),
      positions: [3, 9],
      kept: how.kept === undefined ? ('COLD' as const) : how.kept,
    }));
    this.fact('keys-read', { keys, at: AT });
  }

  /** A receipt came home for an item. */
  home(item: number, how: { checksum?: string | null; size?: number | null; key?: CheckResult; backup?: CheckResult } = {}): void {
    this.append({
      type: 'item-stored',
      data: {
        item_id: itemId(item),
        backup_id: backupId(item),
        backup_type: 'data',
        data_size: how.size === undefined ? 40 + item : how.size,
        returned_checksum: how.checksum === undefined ? 'd'.repeat(64) : how.checksum,
        stored_at: AT,
        basis: 'receipt',
      },
    });
    this.verified('key', 'key-1', how.key ?? 'valid');
    this.verified('backup', backupId(item), how.backup ?? 'valid');
  }

  override context(): JudgeContext {
    return { ...super.context(), attestations: this.attested };
  }
}

export function fingerprintOf(id: string): string {
  return id.slice(-1).repeat(64);
}

function list(listed: number, missing = 0): FactValue<'brought'>['lists'][number] {
  return { document_id: 'list-1', listed, missing };
}

export function inRoom(work: (room: Room) => void): void {
  const room = new Room();
  try {
    work(room);
  } finally {
    room.remove();
  }
}

/** Runs a judge on what each row makes of the ledger; a check that is not named in the row must not have failed there. */
export function table(judge: (context: JudgeContext) => StepJudgement, rows: readonly Row[]): void {
  it.each(rows)('$name: $gate', ({ make, gate, problem = null, checks = {} }) => {
    inRoom((room) => {
      make(room);
      const judged = judge(room.context());
      const results = Object.fromEntries(judged.evidence.checks.map((one) => [one.id, one.result]));
      expect(judged).toMatchObject({ gate, problem });
      expect(results).toMatchObject(checks);
      const unnamed = Object.entries(results).filter(([id]) => !(id in checks));
      expect(unnamed.filter(([, result]) => result === 'failed')).toEqual([]);
      if (gate === 'open') expect(Object.values(results)).not.toContain('waits');
      if (gate === 'waits' || gate === 'stopped') expect(results).not.toSatisfy(allPassed);
      expect(judged.evidence.checks).toHaveLength(Object.keys(results).length);
    });
  });
}

/** True for checks that are there and of which none says why the step does not open. */
function allPassed(results: Record<string, string>): boolean {
  const values = Object.values(results);
  return values.length > 0 && values.every((one) => one === 'passed');
}

export const ITEMS = [itemId(1), itemId(2)];
export const UNKNOWN_ITEM = itemId(9);

/** What every step that brings documents says of how they came, whatever they are. */
export function carriedOver(subjects: readonly string[], prepare: (room: Room) => void): readonly Row[] {
  const bring = (how: Partial<FactValue<'brought'>>) => (at: Room) => {
    prepare(at);
    at.brought(subjects, how);
  };
  return [
    { name: 'nothing was looked for yet', make: prepare, gate: 'waits', checks: {} },
    {
      name: 'nothing was brought',
      make: (at) => {
        prepare(at);
        at.brought([]);
      },
      gate: 'waits',
    },
    {
      name: 'nothing but what was refused was brought',
      make: (at) => {
        prepare(at);
        at.brought([], { refused: 2 });
      },
      gate: 'waits',
    },
    { name: 'all of the list and nothing else', make: bring({}), gate: 'open', checks: { brought: 'passed', 'carry-list': 'passed' } },
    { name: 'no list', make: bring({ lists: [], unlisted: 2 }), gate: 'open', checks: { brought: 'passed', 'carry-list': 'amber' } },
    {
      name: 'one listed document is missing',
      make: bring({ lists: [list(3, 1)] }),
      gate: 'stopped',
      problem: 'carry-missing',
      checks: { brought: 'passed', 'carry-list': 'failed' },
    },
    {
      name: 'one document stands in no list',
      make: bring({ unlisted: 1 }),
      gate: 'stopped',
      problem: 'carry-extra',
      checks: { brought: 'passed', 'carry-list': 'failed' },
    },
    {
      name: 'one is missing and another too much',
      make: bring({ lists: [list(3, 1)], unlisted: 1 }),
      gate: 'stopped',
      problem: 'carry-missing',
      checks: { 'carry-list': 'failed' },
    },
    {
      name: 'one was refused',
      make: bring({ refused: 1 }),
      gate: 'stopped',
      problem: 'brought-refused',
      checks: { brought: 'failed', 'carry-list': 'passed' },
    },
    {
      name: 'one was refused and one is missing',
      make: bring({ refused: 1, lists: [list(3, 1)] }),
      gate: 'stopped',
      problem: 'brought-refused',
      checks: { brought: 'failed', 'carry-list': 'failed' },
    },
    {
      name: 'two lists, both whole',
      make: bring({ lists: [list(1), { ...list(1), document_id: 'list-2' }] }),
      gate: 'open',
      checks: { 'carry-list': 'passed' },
    },
    {
      name: 'two lists, and the second lacks one',
      make: bring({ lists: [list(1), { ...list(2, 1), document_id: 'list-2' }] }),
      gate: 'stopped',
      problem: 'carry-missing',
      checks: { 'carry-list': 'failed' },
    },
  ];
}
