import { describe, expect, it } from 'vitest';
import { assignProblem, storeProblem } from './post-problem.ts';
import type { Unsettled } from './post-outcome.ts';

const refused = (status: number, message: string | null = 'no'): Unsettled => ({ state: 'refused', status, message, failure: null });
const unknown = (more: Partial<Unsettled>): Unsettled => ({ state: 'unknown', status: null, message: null, failure: null, ...more });

describe('the error of an outcome', () => {
  it.each([400, 401, 403, 404, 409, 413, 415, 429])('names the refusal %d and what to do', (status) => {
    for (const problem of [storeProblem(refused(status)), assignProblem(refused(status))]) {
      expect(problem).toMatchObject({ family: 'service', code: `service-${status.toString()}` });
      expect(problem.hint).toBeTruthy();
      expect(problem.message).toContain(`(status ${status.toString()}): "no"`);
      expect(problem.message).not.toMatch(/^[a-z]*[.]$|\.$/);
    }
  });
  it('speaks of what was asked for: a key, or an item', () => {
    for (const status of [400, 403, 404, 409, 413, 415]) {
      const [assigning, storing] = [assignProblem(refused(status)), storeProblem(refused(status))];
      expect(assigning.message).not.toBe(storing.message);
      expect(`${assigning.message} ${assigning.hint ?? ''}`).not.toMatch(/\b(?:item|file|seal(?:ed)?|octet-stream)\b/);
      expect(`${storing.message} ${storing.hint ?? ''}`).not.toMatch(/user_identifier|assigned a key|request for a key/);
    }
  });
  it('has one code for every other refusal', () => {
    expect([402, 418, 499].map((status) => storeProblem(refused(status)).code)).toEqual([
      'service-refused',
      'service-refused',
      'service-refused',
    ]);
  });
  it('quotes the service, which may say anything', () => {
    const { message } = storeProblem(refused(400, `no\u001b[31m\nexit 0 ${'x'.repeat(500)}`));
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(200);
    expect(storeProblem(refused(400, null)).message).toMatch(/\(status 400\)$/);
  });
  it('is unreachable, with its own code, when nothing was sent', () => {
    const problem = storeProblem({ state: 'not-sent', status: null, message: null, failure: 'CERT_HAS_EXPIRED' });
    expect(problem).toMatchObject({ family: 'unreachable', code: 'not-sent' });
    expect(problem.message).toContain('has expired (CERT_HAS_EXPIRED)');
  });
  it('is unreachable when nobody knows, and says what is not known', () => {
    const problem = storeProblem(unknown({ failure: 'ECONNRESET' }));
    expect(problem).toMatchObject({ family: 'unreachable', code: 'outcome-unknown' });
    expect(problem.message).toContain('whether CoinCover stored the item: no whole answer came, the connection was cut (ECONNRESET)');
    expect(problem.hint).toContain('--resolve-unknown');
    expect(assignProblem(unknown({ status: 503 })).message).toContain('whether CoinCover assigned a key: the answer (status 503)');
    expect(assignProblem(unknown({})).message).toContain('no whole answer came');
  });
});
