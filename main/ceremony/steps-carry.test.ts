import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckResult } from '../ledger/index.ts';
import { backupId, CeremonyLedger, GOOD, itemId } from './ceremony-ledger.fixture.ts';
import type { FactName, FactValue } from './facts.ts';
import type { Attestation, JudgeContext, StepJudgement } from './judgement.ts';
import {
  judgeCarry,
  judgeItems,
  judgeKeys,
  judgeNetworkStep,
  judgePacks,
  judgeReceipts,
  judgeSigner,
  judgeWallets,
} from './steps-carry.ts';

const AT = '2026-11-24T10:00:00.000Z';
const ENVIRONMENT_ID = 'e'.repeat(64);
const ASSIGNMENT = '22222222-2222-4222-8222-222222222222';
const KEYS = ['key-1', 'key-2'] as const;
const TRUSTED: Attestation = { checks: [{ id: 'signature', result: 'passed', what: 'signed', rests_on: 'the enclave' }], problem: null };
const REVOKED: Attestation = {
  checks: [{ id: 'signature', result: 'failed', what: 'no longer trusted', rests_on: 'signer-revoked' }],
  problem: 'signer-revoked',
};

/** What a judge is to say: the gate, the problem, and the result of each check that is named. */
type Expected = { gate: StepJudgement['gate']; problem?: string; checks?: Readonly<Record<string, string>> };
type Row = { name: string; make: (room: Room) => void } & Expected;

/** A ledger with two keys and two items sealed for the first of them; `attested` is what the operation looked up beforehand. */
class Room extends CeremonyLedger {
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

function fingerprintOf(id: string): string {
  return id.slice(-1).repeat(64);
}

function list(listed: number, missing = 0): FactValue<'brought'>['lists'][number] {
  return { document_id: 'list-1', listed, missing };
}

let room: Room;

beforeEach(() => {
  room = new Room();
});
afterEach(() => {
  room.remove();
});

/** Runs a judge on what each row makes of the ledger; a check that is not named in the row must not have failed there. */
function table(judge: (context: JudgeContext) => StepJudgement, rows: readonly Row[]): void {
  it.each(rows)('$name: $gate', ({ make, gate, problem, checks = {} }) => {
    make(room);
    const judged = judge(room.context());
    const results = Object.fromEntries(judged.evidence.checks.map((one) => [one.id, one.result]));
    expect({ gate: judged.gate, problem: judged.problem, checks: results }).toEqual({
      gate,
      problem: problem ?? null,
      checks: { ...results, ...checks },
    });
    if (gate === 'open') expect(Object.values(results).filter((one) => one === 'waits')).toEqual([]);
    if (gate === 'waits' || gate === 'stopped') expect(results).not.toSatisfy(allPassed);
    expect(judged.evidence.checks).toHaveLength(Object.keys(results).length);
  });
}

/** True for checks that are there and of which none says why the step does not open. */
function allPassed(results: Record<string, string>): boolean {
  const values = Object.values(results);
  return values.length > 0 && values.every((one) => one === 'passed');
}

const ITEMS = [itemId(1), itemId(2)];
const UNKNOWN_ITEM = itemId(9);

/** What every step that brings documents says of how they came, whatever they are. */
function carriedOver(subjects: readonly string[], prepare: (room: Room) => void): readonly Row[] {
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

describe('the network', () => {
  const seen = (how: Partial<FactValue<'network'>>) => (at: Room) => {
    at.fact('network', { ...GOOD.network, ...how });
  };
  const override = { reason: 'a cable that nobody can pull', initials: ['AB', 'CD'] };
  table(judgeNetworkStep, [
    { name: 'nobody looked', make: () => undefined, gate: 'waits' },
    { name: 'nothing is up', make: seen({}), gate: 'open', checks: { 'network-gate': 'passed', 'network-policy': 'passed' } },
    {
      name: 'live, and the policy shows it',
      make: seen({ gate: 'warn', reasons: ['interface-up:eth0'] }),
      gate: 'open',
      checks: { 'network-gate': 'amber' },
    },
    {
      name: 'what could not be read, and the policy shows it',
      make: seen({ gate: 'warn', reasons: ['network-unknown'] }),
      gate: 'open',
      checks: { 'network-gate': 'amber' },
    },
    {
      name: 'live, and the policy stops',
      make: seen({ gate: 'stop', policy: 'stop', reasons: ['interface-up:eth0'] }),
      gate: 'stopped',
      problem: 'network-live',
      checks: { 'network-gate': 'failed' },
    },
    {
      name: 'what could not be read, and the policy stops',
      make: seen({ gate: 'stop', policy: 'stop', reasons: ['network-unknown'] }),
      gate: 'stopped',
      problem: 'network-live',
      checks: { 'network-gate': 'failed' },
    },
    {
      name: 'live, the policy stops, and two people go on',
      make: seen({ gate: 'stop', policy: 'stop', reasons: ['interface-up:eth0'], override }),
      gate: 'open',
      checks: { 'network-gate': 'failed', 'network-override': 'amber' },
    },
    {
      name: 'off by now, with an override of before',
      make: seen({ policy: 'stop', override }),
      gate: 'open',
      checks: { 'network-gate': 'passed' },
    },
  ]);
});

describe('the signing key', () => {
  const signer = (at: Room) => {
    at.note('signer');
  };
  const waiting = { gate: 'waits', checks: { 'signer-compared': 'waits' } } as const;
  table(judgeSigner, [
    {
      name: 'nobody compared it',
      make: (at) => {
        at.anchor();
      },
      ...waiting,
    },
    { name: 'compared, but no anchor', make: signer, ...waiting },
    {
      name: 'compared, but an anchor of another environment',
      make: (at) => {
        signer(at);
        at.environment('sandbox');
        at.anchor('sandbox');
      },
      ...waiting,
    },
    {
      name: 'compared, and revoked since',
      make: (at) => {
        signer(at);
        at.anchor();
        at.revoke();
      },
      ...waiting,
    },
    {
      name: 'compared and an anchor, but no environment typed',
      make: (at) => {
        signer(at);
        at.anchor();
      },
      gate: 'waits',
      checks: { 'environment-typed': 'waits', 'signer-compared': 'passed' },
    },
    {
      name: 'compared and an anchor, and the environment typed',
      make: (at) => {
        at.note('environment', 'signer');
        at.anchor();
      },
      gate: 'open',
      checks: { 'environment-typed': 'passed', 'signer-compared': 'passed' },
    },
  ]);
});

describe('the wallets, and a key for each', () => {
  const wallets =
    (...ids: (string | null)[]) =>
    (at: Room) => {
      const [wallet] = GOOD.wallets.wallets;
      if (wallet === undefined) throw new Error('no wallet');
      at.fact('wallets', {
        wallets: ids.map((id, index) => ({ ...wallet, user_identifier: `wallet-${index.toString()}`, assignment_id: id })),
        at: AT,
      });
    };
  describe('typed', () => {
    table(judgeWallets, [
      { name: 'none', make: () => undefined, gate: 'waits' },
      { name: 'an empty list', make: wallets(), gate: 'waits' },
      { name: 'two', make: wallets(null, null), gate: 'open', checks: { 'kept-typed': 'passed' } },
    ]);
  });
  describe('assigned', () => {
    const asked = (at: Room) => {
      at.assignmentBegun();
      wallets(ASSIGNMENT)(at);
    };
    const assigned = (then: (at: Room) => void) => (at: Room) => {
      asked(at);
      at.key('key-3', ASSIGNMENT);
      at.attested.set('key-3', TRUSTED);
      then(at);
    };
    const ended = (state: 'refused' | 'not-sent' | 'unknown' | 'quarantined', reason: string) => (at: Room) => {
      asked(at);
      at.append({ type: 'assignment-ended', data: { assignment_id: ASSIGNMENT, state, reason } });
    };
    table(judgeKeys, [
      {
        name: 'in quarantine',
        make: ended('quarantined', 'binding-mismatch'),
        gate: 'stopped',
        problem: 'binding-mismatch',
        checks: { assigned: 'waits' },
      },
      { name: 'there, and not read', make: assigned(() => undefined), gate: 'waits', checks: { assigned: 'passed', words: 'waits' } },
      {
        name: 'there, and read',
        make: assigned((at) => {
          at.read(['key-3'], { kept: null });
        }),
        gate: 'open',
        checks: { assigned: 'passed', signature: 'passed', words: 'passed' },
      },
      {
        name: 'there and read, but not judged',
        make: assigned((at) => {
          at.read(['key-3'], { kept: null });
          at.attested.delete('key-3');
        }),
        gate: 'waits',
        checks: { assigned: 'passed', signature: 'waits' },
      },
      {
        name: 'there and read, and no longer trusted',
        make: assigned((at) => {
          at.read(['key-3'], { kept: null });
          at.attested.set('key-3', REVOKED);
        }),
        gate: 'stopped',
        problem: 'signer-revoked',
        checks: { signature: 'failed' },
      },
      { name: 'no wallet', make: () => undefined, gate: 'waits' },
      { name: 'not asked for', make: wallets(null), gate: 'waits', checks: { assigned: 'waits' } },
      { name: 'on its way', make: asked, gate: 'settle', problem: 'assignment-unknown-outcome', checks: { assigned: 'waits' } },
      {
        name: 'unknown',
        make: ended('unknown', 'x'),
        gate: 'settle',
        problem: 'assignment-unknown-outcome',
        checks: { assigned: 'waits' },
      },
      { name: 'refused', make: ended('refused', 'service-409'), gate: 'settle', problem: 'service-409', checks: { assigned: 'waits' } },
      { name: 'not sent', make: ended('not-sent', 'unreachable'), gate: 'settle', problem: 'unreachable', checks: { assigned: 'waits' } },
    ]);
  });
});

describe('key packs that were brought', () => {
  const readAll = (at: Room) => {
    at.read(KEYS);
  };
  table(judgePacks, carriedOver(KEYS, readAll));
  const bring = (prepare: (at: Room) => void) => (at: Room) => {
    at.brought(KEYS);
    prepare(at);
  };
  table(judgePacks, [
    {
      name: 'trusted and read',
      make: bring(readAll),
      gate: 'open',
      checks: { signature: 'passed', words: 'passed', 'kept-order': 'passed' },
    },
    { name: 'no words were read', make: bring(() => undefined), gate: 'waits', checks: { words: 'waits', 'kept-order': 'waits' } },
    {
      name: 'the words of one of two were read',
      make: bring((at) => {
        at.read(['key-1']);
      }),
      gate: 'waits',
      checks: { words: 'waits', 'kept-order': 'waits' },
    },
    {
      name: 'the words of another fingerprint were read',
      make: bring((at) => {
        at.read(KEYS, { fingerprint: 'f'.repeat(64) });
      }),
      gate: 'waits',
      checks: { words: 'waits', 'kept-order': 'waits' },
    },
    {
      name: 'read, but HOT or COLD was not typed',
      make: bring((at) => {
        at.read(KEYS, { kept: null });
      }),
      gate: 'waits',
      checks: { words: 'passed', 'kept-order': 'waits' },
    },
    {
      name: 'the paper order says otherwise',
      make: bring((at) => {
        at.read(KEYS, { kept: 'HOT' });
      }),
      gate: 'stopped',
      problem: 'kept-differs',
      checks: { 'kept-order': 'failed' },
    },
    {
      name: 'one is no longer trusted',
      make: bring((at) => {
        readAll(at);
        at.attested.set('key-2', REVOKED);
      }),
      gate: 'stopped',
      problem: 'signer-revoked',
      checks: { signature: 'failed' },
    },
    {
      name: 'one was not judged',
      make: bring((at) => {
        readAll(at);
        at.attested.delete('key-2');
      }),
      gate: 'waits',
      checks: { signature: 'waits' },
    },
    {
      name: 'none was judged',
      make: bring((at) => {
        readAll(at);
        at.attested.clear();
      }),
      gate: 'waits',
      checks: { signature: 'waits' },
    },
    {
      name: 'one is in no ledger',
      make: (at) => {
        at.brought([...KEYS, 'key-9']);
        at.read([...KEYS, 'key-9']);
      },
      gate: 'waits',
      checks: { signature: 'waits', words: 'waits', 'kept-order': 'waits' },
    },
  ]);

  it('names a few fingerprints, and counts many with the digest of their list', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `key-${(index + 1).toString()}`);
    for (const id of ids.slice(2)) room.key(id);
    room.brought(KEYS);
    expect(judgePacks(room.context()).evidence.facts.map((one) => one.value)).toEqual(KEYS.map(fingerprintOf));
    room.brought(ids);
    const facts = judgePacks(room.context()).evidence.facts;
    expect(facts.map((one) => one.name)).toEqual(['keys', 'keys-list']);
    expect(facts[0]?.value).toBe('9');
    expect(facts[1]?.value).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('sealed items that were brought', () => {
  table(
    judgeItems,
    carriedOver(ITEMS, () => undefined),
  );
  const bring =
    (prepare: (at: Room) => void, items = ITEMS) =>
    (at: Room) => {
      at.brought(items);
      prepare(at);
    };
  table(judgeItems, [
    { name: 'for a key that is trusted', make: bring(() => undefined), gate: 'open', checks: { 'keys-still-trusted': 'passed' } },
    {
      name: 'for a key that is no longer trusted',
      make: bring((at) => {
        at.attested.set('key-1', REVOKED);
      }),
      gate: 'stopped',
      problem: 'signer-revoked',
      checks: { 'keys-still-trusted': 'failed' },
    },
    {
      name: 'for a key that was not judged',
      make: bring((at) => {
        at.attested.delete('key-1');
      }),
      gate: 'waits',
      checks: { 'keys-still-trusted': 'waits' },
    },
    {
      name: 'one is in no ledger',
      make: bring(() => undefined, [...ITEMS, UNKNOWN_ITEM]),
      gate: 'waits',
      checks: { 'keys-still-trusted': 'waits' },
    },
    {
      name: 'none is in the ledger',
      make: bring(() => undefined, [UNKNOWN_ITEM]),
      gate: 'waits',
      checks: { 'keys-still-trusted': 'waits' },
    },
  ]);
});

describe('receipts that were brought home', () => {
  const both = (at: Room) => {
    for (const item of [1, 2]) at.home(item);
  };
  table(judgeReceipts, carriedOver(ITEMS, both));
  const bring =
    (first: Parameters<Room['home']>[1], second: Parameters<Room['home']>[1] = {}) =>
    (at: Room) => {
      at.brought(ITEMS);
      at.home(1, first);
      at.home(2, second);
    };
  table(judgeReceipts, [
    {
      name: 'what was sealed, held and valid',
      make: bring({}),
      gate: 'open',
      checks: {
        'receipt-key': 'passed',
        'receipt-checksum': 'passed',
        'receipt-size': 'passed',
        'key-valid': 'passed',
        'backup-valid': 'passed',
      },
    },
    { name: 'the size of the ciphertext', make: bring({ size: 512 }), gate: 'open', checks: { 'receipt-size': 'passed' } },
    { name: 'a byte more than the ciphertext', make: bring({ size: 513 }), gate: 'open', checks: { 'receipt-size': 'amber' } },
    { name: 'another size', make: bring({ size: 7 }), gate: 'open', checks: { 'receipt-size': 'amber' } },
    { name: 'a size that nobody said', make: bring({ size: null }), gate: 'open', checks: { 'receipt-size': 'amber' } },
    { name: 'sizes that nobody said', make: bring({ size: null }, { size: null }), gate: 'open', checks: { 'receipt-size': 'amber' } },
    {
      name: 'one size that nobody said and another that differs',
      make: bring({ size: null }, { size: 7 }),
      gate: 'open',
      checks: { 'receipt-size': 'amber' },
    },
    {
      name: 'another checksum',
      make: bring({}, { checksum: 'f'.repeat(64) }),
      gate: 'stopped',
      problem: 'checksum-differs',
      checks: { 'receipt-checksum': 'failed' },
    },
    { name: 'no checksum', make: bring({ checksum: null }), gate: 'open', checks: { 'receipt-checksum': 'amber' } },
    {
      name: 'a key that is not valid',
      make: bring({}, { key: 'invalid' }),
      gate: 'stopped',
      problem: 'key-invalid',
      checks: { 'key-valid': 'failed' },
    },
    {
      name: 'a backup that is not valid',
      make: bring({ backup: 'invalid' }),
      gate: 'stopped',
      problem: 'backup-invalid',
      checks: { 'backup-valid': 'failed' },
    },
    { name: 'a key of which nobody knows', make: bring({}, { key: 'unknown' }), gate: 'open', checks: { 'key-valid': 'amber' } },
    { name: 'a backup of which nobody knows', make: bring({ backup: 'unknown' }), gate: 'open', checks: { 'backup-valid': 'amber' } },
    { name: 'a key that is held offline', make: bring({}, { key: 'not-checkable' }), gate: 'open', checks: { 'key-valid': 'amber' } },
    { name: 'a backup that is held offline', make: bring({ backup: 'not-checkable' }), gate: 'open', checks: { 'backup-valid': 'amber' } },
    {
      name: 'not valid beside unknown',
      make: bring({ backup: 'unknown' }, { backup: 'invalid' }),
      gate: 'stopped',
      problem: 'backup-invalid',
      checks: { 'backup-valid': 'failed' },
    },
    {
      name: 'one has no backup here',
      make: (at) => {
        at.brought(ITEMS);
        at.home(1);
      },
      gate: 'waits',
      checks: { 'receipt-key': 'waits', 'receipt-checksum': 'amber', 'receipt-size': 'amber', 'backup-valid': 'amber' },
    },
    {
      name: 'one is of an item that is in no ledger',
      make: (at) => {
        both(at);
        at.brought([...ITEMS, UNKNOWN_ITEM]);
      },
      gate: 'waits',
      checks: { 'receipt-key': 'waits', 'receipt-checksum': 'amber' },
    },
    {
      name: 'none is of an item in the ledger',
      make: (at) => {
        at.brought([UNKNOWN_ITEM]);
      },
      gate: 'waits',
      checks: {
        'receipt-key': 'waits',
        'receipt-checksum': 'amber',
        'receipt-size': 'amber',
        'key-valid': 'amber',
        'backup-valid': 'amber',
      },
    },
  ]);

  it('of an envelope has no checksum, and a size a little over its content', () => {
    room.sealed(3, { mode: 'envelope', checksum: null });
    room.brought([itemId(3)]);
    room.home(3, { checksum: null, size: 43 + 2048 });
    const result = (id: string) => judgeReceipts(room.context()).evidence.checks.find((one) => one.id === id)?.result;
    expect([result('receipt-checksum'), result('receipt-size')]).toEqual(['amber', 'passed']);
  });

  it.each([42, 43 + 2049])('of an envelope of 43 bytes that counts %i is amber', (size) => {
    room.sealed(3, { mode: 'envelope', checksum: null });
    room.brought([itemId(3)]);
    room.home(3, { checksum: null, size });
    expect(judgeReceipts(room.context()).evidence.checks.find((one) => one.id === 'receipt-size')?.result).toBe('amber');
  });
});

describe('what was carried', () => {
  const carried = (how: Partial<FactValue<'carried'>>) => (at: Room) => {
    at.fact('carried', { ...GOOD.carried, ...how });
  };
  table(judgeCarry, [
    { name: 'nothing yet', make: () => undefined, gate: 'waits' },
    { name: 'by a medium, read back', make: carried({}), gate: 'open', checks: { carried: 'passed' } },
    {
      name: 'by codes, of which nobody here knows what arrived',
      make: carried({ via: 'code', list_sha256: null }),
      gate: 'open',
      checks: { carried: 'amber' },
    },
  ]);
});

it('takes back a fact as if it had never been', () => {
  const names: readonly [FactName, (context: JudgeContext) => StepJudgement][] = [
    ['network', judgeNetworkStep],
    ['wallets', judgeWallets],
    ['brought', judgePacks],
    ['brought', judgeItems],
    ['brought', judgeReceipts],
    ['carried', judgeCarry],
  ];
  for (const [name, judge] of names) {
    room.note(name);
    room.fact(name, null);
    expect([name, judge(room.context())]).toEqual([name, { gate: 'waits', problem: null, evidence: { checks: [], facts: [] } }]);
  }
});
