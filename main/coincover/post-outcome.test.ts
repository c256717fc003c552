import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid } from '../values/index.ts';
import type { RawOutcome } from './http.ts';
import { judgeAssignOutcome, judgeStoreOutcome } from './post-outcome.ts';

const ID = '2c6f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f';
const CHECKSUM = 'ab'.repeat(32);
const answer = (status: number, body: string): RawOutcome => ({ kind: 'answer', status, headers: {}, body: Buffer.from(body) });
const stored = (more: object) => JSON.stringify({ backup_id: ID, backup_type: 'data', ...more });

/** What is so for both POSTs: all but the 2xx. */
const UNSETTLED: readonly [string, RawOutcome, string][] = [
  ['199', answer(199, stored({})), 'unknown'],
  ['300', answer(300, stored({})), 'unknown'],
  ['302', answer(302, '{"message":"moved"}'), 'unknown'],
  ['399', answer(399, '{"message":"no"}'), 'unknown'],
  ['400 in the contract’s words', answer(400, '{"message":"verification failed","error":"Bad Request"}'), 'refused'],
  ['400 keyed by field', answer(400, '{"checksum":["invalid"]}'), 'refused'],
  ['400 in other JSON', answer(400, '{"code":{"a":1}}'), 'unknown'],
  ['403 keyed by field, which only validation is', answer(403, '{"checksum":["invalid"]}'), 'unknown'],
  ['401', answer(401, '{"message":"no","error":"Unauthorized"}'), 'refused'],
  ['403 in HTML from a proxy', answer(403, '<html>'), 'unknown'],
  ['407 from a proxy', answer(407, ''), 'unknown'],
  ['408', answer(408, '{"message":"slow","error":"Timeout"}'), 'unknown'],
  ['409', answer(409, '{"message":"Key already assigned for this user and organisation"}'), 'refused'],
  ['413 empty', answer(413, ''), 'unknown'],
  ['429', answer(429, '{"message":"slow down","error":"Too Many"}'), 'refused'],
  ['499', answer(499, '{"message":"no"}'), 'refused'],
  ['500', answer(500, '{"message":"no","error":"no"}'), 'unknown'],
  ['503', answer(503, ''), 'unknown'],
  ['nothing sent', { kind: 'not-sent', code: 'ECONNREFUSED' }, 'not-sent'],
  ['a lost answer', { kind: 'lost', code: 'ECONNRESET', partial: null }, 'unknown'],
  [
    'a whole body of a lost answer',
    { kind: 'lost', code: 'UND_ERR_SOCKET', partial: { status: 200, body: Buffer.from(stored({})) } },
    'unknown',
  ],
  ['a refusal of a lost answer', { kind: 'lost', code: 'x', partial: { status: 401, body: Buffer.from('{"message":"no"}') } }, 'unknown'],
  ['200 in HTML', answer(200, '<html>'), 'unknown'],
  ['200 with nothing', answer(200, ''), 'unknown'],
  ['200 cut short', answer(200, stored({}).slice(0, -1)), 'unknown'],
  ['200 with a list', answer(200, `[${stored({})}]`), 'unknown'],
  ['200 with a member twice', answer(200, `{"backup_id":"${ID}","backup_id":"${ID}","backup_type":"data"}`), 'unknown'],
];

describe('judgeStoreOutcome', () => {
  it.each(UNSETTLED)('%s: %#', (_name, raw, state) => {
    expect(judgeStoreOutcome(raw, 'data').state).toBe(state);
  });

  it.each<[string, string, string]>([
    ['a uuid and the type', stored({}), 'stored'],
    ['no backup_id', '{"backup_type":"data"}', 'unknown'],
    ['a backup_id that is no uuid', stored({ backup_id: '../../x' }), 'unknown'],
    ['a backup_id in capitals', stored({ backup_id: ID.toUpperCase() }), 'unknown'],
    ['another type', stored({ backup_type: 'file' }), 'unknown'],
    ['no type', `{"backup_id":"${ID}"}`, 'unknown'],
  ])('200 with %s', (_name, body, state) => {
    expect(judgeStoreOutcome(answer(200, body), 'data').state).toBe(state);
  });

  it('takes 200 to 299, and the type that was asked for', () => {
    expect([200, 201, 299].map((status) => judgeStoreOutcome(answer(status, stored({})), 'data').state)).toEqual([
      'stored',
      'stored',
      'stored',
    ]);
    expect(judgeStoreOutcome(answer(200, stored({ backup_type: 'file' })), 'file').state).toBe('stored');
  });

  it('hands out checksum and size only in their form', () => {
    const facts = (more: object) => {
      const outcome = judgeStoreOutcome(answer(200, stored(more)), 'data');
      return outcome.state === 'stored' ? [outcome.backupId, outcome.checksum, outcome.dataSize] : null;
    };
    expect(facts({ checksum: CHECKSUM.toUpperCase(), data_size: 512 })).toEqual([ID, CHECKSUM, 512]);
    expect(facts({})).toEqual([ID, null, null]);
    expect(facts({ checksum: CHECKSUM.slice(1), data_size: -1 })).toEqual([ID, null, null]);
    expect(facts({ checksum: `${CHECKSUM}a`, data_size: 1.5 })).toEqual([ID, null, null]);
    expect(facts({ checksum: 7, data_size: '512' })).toEqual([ID, null, null]);
  });

  it('carries the status, the words and the failure', () => {
    expect(judgeStoreOutcome(answer(401, '{"message":"no"}'), 'data')).toEqual({
      state: 'refused',
      status: 401,
      message: 'no',
      failure: null,
    });
    expect(judgeStoreOutcome({ kind: 'lost', code: 'timed-out', partial: null }, 'data')).toEqual({
      state: 'unknown',
      status: null,
      message: null,
      failure: 'timed-out',
    });
  });

  it('says stored for nothing else, whatever comes', () => {
    const members = fc.record({
      backup_id: fc.oneof(fc.uuid(), fc.jsonValue()),
      backup_type: fc.oneof(fc.constantFrom('data', 'file'), fc.jsonValue()),
      checksum: fc.jsonValue(),
    });
    const bodies = fc.oneof(
      members.map((value) => JSON.stringify(value)),
      fc.string(),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), bodies, (status, body) => {
        const outcome = judgeStoreOutcome(answer(status, body), 'data');
        if (outcome.state === 'refused') expect(status >= 400 && status <= 499 && status !== 408).toBe(true);
        if (outcome.state !== 'stored') return;
        const json = JSON.parse(body) as Record<string, unknown>;
        expect(status >= 200 && status <= 299 && isUuid(outcome.backupId) && json['backup_type'] === 'data').toBe(true);
        expect(json['backup_id']).toBe(outcome.backupId);
      }),
    );
  });
});

describe('judgeAssignOutcome', () => {
  it.each(UNSETTLED.filter(([name]) => name !== '200 with a member twice'))('%s: %#', (_name, raw, state) => {
    expect(judgeAssignOutcome(raw).state).toBe(state);
  });
  it('is answered by any JSON object with a 2xx: attestation judges it', () => {
    expect(judgeAssignOutcome(answer(200, '{}'))).toEqual({ state: 'answered', status: 200 });
    expect(judgeAssignOutcome(answer(299, '{"a":1}')).state).toBe('answered');
    expect(judgeAssignOutcome(answer(200, '{"a":1,"a":2}')).state).toBe('unknown');
  });
});
