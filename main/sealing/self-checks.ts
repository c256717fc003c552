import { isColdroomError } from '../values/index.ts';

/** One check of the self-test: null when the answer was right, else what was wrong with it, in fixed words. */
export type Check = {
  readonly id: string;
  /** What holds when it passes. */
  readonly what: string;
  readonly run: () => string | null | Promise<string | null>;
};

export type SelfTestResult = {
  readonly id: string;
  readonly what: string;
  /** `failed`: it ran, and the answer was wrong. `did-not-run`: it gave no answer, or was not there to be run. */
  readonly result: 'passed' | 'failed' | 'did-not-run';
  /** Null when it passed. Holds no secret: the self-test knows none. */
  readonly detail: string | null;
};

export type SelfTestReport = {
  /** True only when every check of a complete list passed. */
  readonly ok: boolean;
  /** How many checks there have to be. */
  readonly count: number;
  readonly checks: readonly SelfTestResult[];
};

/**
 * Runs every check, whatever became of the others, and all at once: the slow one is off the main thread. A list that is not
 * complete is itself a result, so that a check that got lost cannot pass for one that passed.
 * @param count how many different checks the list must have.
 */
export async function runChecks(checks: readonly Check[], count: number): Promise<SelfTestReport> {
  const results = await Promise.all(checks.map(resultOf));
  const different = new Set(checks.map((check) => check.id)).size;
  if (checks.length !== count || different !== count) {
    const detail = `${checks.length.toString()} checks are registered, ${different.toString()} of them different; ${count.toString()} are wanted`;
    results.push({ id: 'list', what: 'every check is registered once', result: 'did-not-run', detail });
  }
  return { ok: results.every((one) => one.result === 'passed'), count, checks: results };
}

async function resultOf({ id, what, run }: Check): Promise<SelfTestResult> {
  try {
    const detail = await run();
    return { id, what, result: detail === null ? 'passed' : 'failed', detail };
  } catch (error) {
    // Our own refusal is an answer, and a wrong one. Anything else says that the primitive could not be asked.
    if (isColdroomError(error)) return { id, what, result: 'failed', detail: `refused with ${error.code}` };
    return { id, what, result: 'did-not-run', detail: `stopped by ${nameOf(error)}` };
  }
}

/** Class and code alone: the library's texts differ from build to build. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}
