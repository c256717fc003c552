import { describe, expect, it } from 'vitest';
import { canonicalJson, isColdroomError, type Json } from '../values/index.ts';
import { deriveBody } from './derive.ts';
import { chainOf, type LedgerRow } from './rows.ts';

const CEREMONY = '11111111-1111-4111-8111-111111111111';
const STATION = { id: 'a'.repeat(64), name: 'desk', role: 'single' as const, public_key: '' };

function rowOf(seq: number, type: string, data: Record<string, Json>): LedgerRow {
  const record = { v: 1, ledger_id: 'x', seq, at: '2026-11-24T10:00:00.000Z', type, data, prev: '0'.repeat(64) };
  return { seq, bytes: canonicalJson(record), mac: Buffer.alloc(32) };
}

const SUMMARY = { software: { version: '1', sha256: null }, host: null, keys: [], items: [] };

function rows(people: Json): LedgerRow[] {
  return [
    rowOf(1, 'ceremony-begun', { ceremony_id: CEREMONY, number: 1, script: 'rehearsal', environment: 'rehearsal' }),
    rowOf(2, 'ceremony-fact', { ceremony_id: CEREMONY, step: 'people', name: 'people', value: people }),
    rowOf(3, 'ceremony-ended', { ceremony_id: CEREMONY, state: 'aborted', reason: 'x', summary: SUMMARY }),
    rowOf(4, 'checkpoint', { seq: 3, head: 'a'.repeat(64), signature: '' }),
  ];
}

const codeOf = (people: Json): string => {
  try {
    deriveBody(STATION, 'x', chainOf(rows(people), CEREMONY));
    return 'none';
  } catch (error) {
    return isColdroomError(error) ? error.code : 'untyped';
  }
};

describe('what a report tells', () => {
  it('of people who are not kept as people is a refusal with a code', () => {
    expect(codeOf({ people: [], place: 'the vault' })).toBe('none');
    for (const people of [{}, [], 'x', { people: [{ name: 'Ann' }], place: 'the vault' }, { people: [] }]) {
      expect([people, codeOf(people)]).toEqual([people, 'report-rows']);
    }
  });
});
