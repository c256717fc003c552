import { checkError } from '../values/index.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const AMBER_DAYS = 7;
const LIMIT_DAYS = 30;

/**
 * A key pack rests on a list of signing keys fetched at a moment; a revocation since then is not known here.
 * @returns `amber` when the list is older than 7 days. @throws check `key-pack-too-old` over the limit (30 days unless the
 *   policy says otherwise). design.md, "Trust".
 */
export function judgeKeyPackAge(at: { jwksFetchedAtMs: number; nowMs: number; limitDays?: number }): 'fresh' | 'amber' {
  const ageDays = (at.nowMs - at.jwksFetchedAtMs) / DAY_MS;
  const limitDays = at.limitDays ?? LIMIT_DAYS;
  if (ageDays > limitDays) {
    throw checkError('key-pack-too-old', `the key pack’s list of signing keys is older than ${limitDays.toString()} days`, {
      hint: 'assign again, or have the key pack judged and written anew at the online station',
    });
  }
  return ageDays > AMBER_DAYS ? 'amber' : 'fresh';
}
