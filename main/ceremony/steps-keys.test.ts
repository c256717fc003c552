import { describe, expect, it } from 'vitest';
import { GOOD } from './ceremony-ledger.fixture.ts';
import { judgeKeys, judgePacks, judgeWallets } from './steps-keys.ts';
import { carriedOver, AT, ASSIGNMENT, KEYS, TRUSTED, REVOKED, type Room, fingerprintOf, inRoom, table } from './two-keys.fixture.ts';

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
    inRoom((room) => {
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
});
