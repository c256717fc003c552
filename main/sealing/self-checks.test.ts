import { describe, expect, it } from 'vitest';
import { checkError } from '../values/index.ts';
import { runChecks, type Check } from './self-checks.ts';

const passing = (id: string): Check => ({ id, what: `what ${id} says`, run: () => null });
const throwing = (id: string, error: unknown): Check => ({
  ...passing(id),
  run: () => {
    throw error;
  },
});

describe('runChecks', () => {
  it('is content when as many different checks passed as there have to be', async () => {
    const report = await runChecks([passing('a'), { ...passing('b'), run: () => Promise.resolve(null) }], 2);
    expect(report).toEqual({
      ok: true,
      count: 2,
      checks: [
        { id: 'a', what: 'what a says', result: 'passed', detail: null },
        { id: 'b', what: 'what b says', result: 'passed', detail: null },
      ],
    });
  });

  it('tells a wrong answer and a refusal of ours from none, and runs what follows', async () => {
    const nodeError = Object.assign(new Error('secret library text'), { code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS' });
    const report = await runChecks(
      [
        { ...passing('wrong'), run: () => 'another digest' },
        throwing('refused', checkError('cannot-open', 'x')),
        throwing('stopped', nodeError),
        throwing('odd', 'a string'),
        { ...passing('late'), run: () => Promise.reject(new TypeError('x')) },
        passing('last'),
      ],
      6,
    );
    expect(report.ok).toBe(false);
    expect(report.checks.map(({ id, result, detail }) => [id, result, detail])).toEqual([
      ['wrong', 'failed', 'another digest'],
      ['refused', 'failed', 'refused with cannot-open'],
      ['stopped', 'did-not-run', 'stopped by Error ERR_CRYPTO_INVALID_SCRYPT_PARAMS'],
      ['odd', 'did-not-run', 'stopped by something that is no error'],
      ['late', 'did-not-run', 'stopped by TypeError'],
      ['last', 'passed', null],
    ]);
  });

  it.each([
    ['none', []],
    ['one too few', [passing('a')]],
    ['one twice', [passing('a'), passing('a')]],
    ['one too many', [passing('a'), passing('b'), passing('c')]],
  ])('is not content with %s, though all passed', async (_what, checks) => {
    const report = await runChecks(checks, 2);
    expect(report.ok).toBe(false);
    expect(report.checks.at(-1)).toMatchObject({ id: 'list', result: 'did-not-run' });
  });
});
