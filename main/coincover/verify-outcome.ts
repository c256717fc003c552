import { jsonBody, serviceMessage } from './answer.ts';
import type { RawOutcome } from './http.ts';

export type VerifyOutcome = { check: 'valid' | 'invalid' | 'not-checkable' | 'unknown'; message: string | null; status: number | null };

const MAX_MESSAGE_LENGTH = 500;

/**
 * Judges the answer to a verify call. `false` is invalid whatever its message or status; `true` counts only with a 200.
 * `not-checkable` only if the key is COLD, no boolean came, and the message speaks of offline; anything else is unknown.
 * design.md, "Storing"; contract, "Endpoints".
 */
export function judgeVerify(
  raw: RawOutcome,
  asked: { field: 'is_key_valid' | 'is_backup_valid'; keyEnvironment: 'HOT' | 'COLD' },
): VerifyOutcome {
  if (raw.kind !== 'answer') return { check: 'unknown', message: null, status: null };
  const json = jsonBody(raw);
  const said = json?.[asked.field];
  const message = serviceMessage(json)?.toWellFormed().slice(0, MAX_MESSAGE_LENGTH).toWellFormed() ?? null;
  return { check: judge(raw.status, said, message, asked.keyEnvironment), message, status: raw.status };
}

function judge(status: number, said: unknown, message: string | null, keyEnvironment: 'HOT' | 'COLD'): VerifyOutcome['check'] {
  if (said === false) return 'invalid';
  if (said === true) return status === 200 ? 'valid' : 'unknown';
  if (said !== undefined && said !== null) return 'unknown';
  return keyEnvironment === 'COLD' && message !== null && /\boffline\b/i.test(message) ? 'not-checkable' : 'unknown';
}
