import { describe, expect, it } from 'vitest';
import { redactToken } from './redact-token.ts';

const TOKEN = 'canary-token-e7c1-20';

describe('redactToken', () => {
  it('overwrites every copy, of an answer and of a lost one', () => {
    const body = () => Buffer.from(`{"message":"${TOKEN}${TOKEN} is no good, ${TOKEN}"}`);
    const stars = `{"message":"${'*'.repeat(40)} is no good, ${'*'.repeat(20)}"}`;
    const answer = redactToken({ kind: 'answer', status: 401, headers: {}, body: body() }, TOKEN);
    const lost = redactToken({ kind: 'lost', code: 'ECONNRESET', partial: { status: 401, body: body() } }, TOKEN);
    expect(answer.kind === 'answer' && answer.body.toString()).toBe(stars);
    expect(lost.kind === 'lost' && lost.partial?.body.toString()).toBe(stars);
  });
  it('leaves alone what holds no token, and tokens that could be words', () => {
    const body = Buffer.from('{"message":"valid token"}');
    for (const token of [TOKEN, 'valid', 'x'.repeat(19)]) {
      redactToken({ kind: 'answer', status: 401, headers: {}, body }, token);
      expect(body.toString()).toBe('{"message":"valid token"}');
    }
    expect(redactToken({ kind: 'not-sent', code: 'ECONNREFUSED' }, TOKEN)).toEqual({ kind: 'not-sent', code: 'ECONNREFUSED' });
  });
});
