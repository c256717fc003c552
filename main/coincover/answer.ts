import { isJsonObject, parseJson, type Json, type JsonObject } from '../values/index.ts';
import { MAX_ANSWER_BYTES, type Answer } from './http.ts';

/** An answer's body as a JSON object with one reading, or null for anything else (HTML, empty, cut, duplicate members). */
export function jsonBody(answer: Pick<Answer, 'body'>): JsonObject | null {
  try {
    const json = parseJson(answer.body, { maxBytes: MAX_ANSWER_BYTES });
    return isJsonObject(json) ? json : null;
  } catch {
    return null; // "not JSON" is the answer; what follows from it is the caller's to say
  }
}

/**
 * True for an error in the contract's own JSON: `message` or `error` as text, or, for a 400, validation errors keyed by
 * field. Anything else with a 4xx came from somewhere on the way, and says nothing of what the service did.
 */
export function isContractError(status: number, json: JsonObject | null): boolean {
  if (json === null) return false;
  if (typeof json['message'] === 'string' || typeof json['error'] === 'string') return true;
  return status === 400 && fieldReasons(json) !== null;
}

/** The service's own words, or null. Untrusted text: whoever shows it quotes it. */
export function serviceMessage(json: JsonObject | null): string | null {
  if (json === null) return null;
  for (const text of [json['message'], json['error']]) if (typeof text === 'string') return text;
  return fieldReasons(json)?.join('; ') ?? null;
}

/** Validation errors keyed by field, as `field: reason`; null where the object is anything else. */
function fieldReasons(json: JsonObject): readonly string[] | null {
  const reasons: string[] = [];
  for (const [field, value] of Object.entries(json)) {
    const texts: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
    if (texts.length === 0) return null;
    for (const text of texts) {
      if (typeof text !== 'string') return null;
      reasons.push(`${field}: ${text}`);
    }
  }
  return reasons.length === 0 ? null : reasons;
}
