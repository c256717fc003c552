import { checkError } from '../values/index.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const AMBER_DAYS = 7;
const LIMIT_DAYS = 30;

/**
 * A key pack rests on a list of signing keys fetched at a moment; a revocation since then is not known here.
 * A list from the future by this machine's clock is no refusal, since clocks of cold machines drift, but over a day of it is
 * amber: its age is then not known at all.
 * @param at `keyId` for the hint; times in milliseconds since 1970 (the witnessed offset added by the caller), the limit in days.
 * @returns `amber` when the list is older than 7 days. @throws check `key-pack-too-old` over the limit (30 days unless the
 *   policy says otherwise), or where a time is no number. design.md, "Trust".
 */
export function judgeKeyPackAge(at: { jwksFetchedAtMs: number; nowMs: number; limitDays?: number; keyId?: string }): 'fresh' | 'amber' {
  const ageDays = (at.nowMs - at.jwksFetchedAtMs) / DAY_MS;
  const limitDays = at.limitDays ?? LIMIT_DAYS;
  // Written so that NaN, from a date that could not be read, lands in the refusal.
  if (!(ageDays <= limitDays)) {
    throw checkError('key-pack-too-old', `the key pack’s list of signing keys is not known to be newer than ${limitDays.toString()} days`, {
      hint: `have it made anew at the online station: \`coldroom assign --recheck ${at.keyId ?? 'KEY_ID'} --out FILE\``,
    });
  }
  return ageDays > AMBER_DAYS || ageDays < -1 ? 'amber' : 'fresh';
}
