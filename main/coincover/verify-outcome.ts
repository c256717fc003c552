import { jsonBody, serviceMessage } from './answer.ts';
import type { RawOutcome } from './http.ts';

export type VerifyOutcome = {
  check: 'valid' | 'invalid' | 'not-checkable' | 'unknown';
  /** The service's words, at most 500 characters, well-formed; untrusted text: whoever shows it quotes it. */
  message: string | null;
  status: number | null;
};

const MAX_MESSAGE_LENGTH = 500;

/** These say that the service could not be asked, not that the material lies offline, whatever words come with them. */
const SERVICE_AWAY: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** "held offline", "off-line", and the console's "can't be checked" (contract, "Endpoints"). */
const SPEAKS_OF_OFFLINE = /\boff-?line\b|\bcan(?:['’]t|not| not) be checked\b/i;

/**
 * Judges the answer to a verify call. `false` is invalid whatever its message or status; `true` counts only with a 200.
 * `not-checkable` only if the key is COLD, no boolean came, and the message speaks of offline; anything else is unknown.
 * design.md, "Storing"; contract, "Endpoints".
 * @param asked.keyEnvironment null where it is not known: then nothing is excused as offline.
 */
export function judgeVerify(
  raw: RawOutcome,
  asked: { field: 'is_key_valid' | 'is_backup_valid'; keyEnvironment: 'HOT' | 'COLD' | null },
): VerifyOutcome {
  // SECURITY(REQ-FALSE-STOPS): a false is a false, whatever the message beside it says.
  if (raw.kind !== 'answer') return { check: 'unknown', message: null, status: null };
  const json = jsonBody(raw);
  const said = json?.[asked.field] ?? null;
  const message = serviceMessage(json)?.toWellFormed().slice(0, MAX_MESSAGE_LENGTH).toWellFormed() ?? null;
  const result = { message, status: raw.status };
  if (said === false) return { check: 'invalid', ...result };
  if (said === true) return { check: raw.status === 200 ? 'valid' : 'unknown', ...result };
  // Text or a number where a boolean belongs is no answer that words could explain.
  const offline = said === null && asked.keyEnvironment === 'COLD' && message !== null && SPEAKS_OF_OFFLINE.test(message);
  return { check: offline && !SERVICE_AWAY.has(raw.status) ? 'not-checkable' : 'unknown', ...result };
}
