import { describe, expect, it } from 'vitest';
import type { RawOutcome } from '../../coincover/index.ts';
import type { EventRecord, LedgerEvent } from '../../ledger/index.ts';
import { inputError } from '../../values/index.ts';
import { keepAnswer } from './keep-answer.ts';

const event: LedgerEvent = { type: 'store-ended', data: { item_id: 'i', state: 'unknown', reason: 'x' } };
const answer: RawOutcome = { kind: 'answer', status: 200, headers: {}, body: Buffer.from('{}') };

/** A ledger that fails the first times it is told something. */
function ledgerFailing(times: number) {
  const told: LedgerEvent[] = [];
  const append = (one: LedgerEvent): EventRecord => {
    told.push(one);
    if (told.length <= times) throw inputError('ledger-unwritable', 'the ledger cannot be written');
    return { ...one, v: 1, ledger_id: 'l', seq: 1, at: '', prev: '' };
  };
  return { told, append };
}

describe('keeping what came of a request', () => {
  it.each([0, 1, 2])('tries again after %d failures, and no further', (times) => {
    const ledger = ledgerFailing(times);
    keepAnswer(ledger, event, answer, null);
    expect(ledger.told).toHaveLength(times + 1);
  });

  it.each<[string, RawOutcome, string, string]>([
    ['an answer', answer, 'an answer came (status 200), and the ledger could not keep it', 'write this down: backup_id b;'],
    [
      'no whole answer',
      { kind: 'lost', code: 'ECONNRESET', partial: null },
      'the request left, no whole answer came, and the ledger could not keep that',
      'write this down: backup_id b;',
    ],
    [
      'a request that never left',
      { kind: 'not-sent', code: 'ECONNREFUSED' },
      'nothing was sent, and the ledger could not keep that',
      'trying again is safe',
    ],
  ])('says what is true of %s after three failures', (_name, raw, message, hint) => {
    const ledger = ledgerFailing(3);
    expect(() => {
      keepAnswer(ledger, event, raw, 'backup_id b');
    }).toThrow(
      expect.objectContaining({
        family: 'unreachable',
        code: 'answer-not-kept',
        message,
        hint: expect.stringContaining(hint) as string,
      }) as Error,
    );
    expect(ledger.told).toHaveLength(3);
  });
});
