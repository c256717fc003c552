import { describe, expect, it } from 'vitest';
import { itemId } from './ceremony-ledger.fixture.ts';
import { judgeItems, judgeReceipts } from './steps-brought.ts';
import { carriedOver, REVOKED, ITEMS, UNKNOWN_ITEM, type Room, inRoom, table } from './two-keys.fixture.ts';

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
    inRoom((room) => {
      room.sealed(3, { mode: 'envelope', checksum: null });
      room.brought([itemId(3)]);
      room.home(3, { checksum: null, size: 43 + 2048 });
      const result = (id: string) => judgeReceipts(room.context()).evidence.checks.find((one) => one.id === id)?.result;
      expect([result('receipt-checksum'), result('receipt-size')]).toEqual(['amber', 'passed']);
    });
  });

  it.each([42, 43 + 2049])('of an envelope of 43 bytes that counts %i is amber', (size) => {
    inRoom((room) => {
      room.sealed(3, { mode: 'envelope', checksum: null });
      room.brought([itemId(3)]);
      room.home(3, { checksum: null, size });
      expect(judgeReceipts(room.context()).evidence.checks.find((one) => one.id === 'receipt-size')?.result).toBe('amber');
    });
  });
});
