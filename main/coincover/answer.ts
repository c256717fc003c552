import { isJsonObject, parseJson, type JsonObject } from '../values/index.ts';
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
  const values = Object.values(json);
  const isReason = (value: unknown) => typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
  return status === 400 && values.length > 0 && values.every(isReason);
}

/** The service's own words, for a message; the caller quotes them. */
export function serviceMessage(json: JsonObject | null): string | null {
  const text = json?.['message'] ?? json?.['error'];
  return typeof text === 'string' ? text : null;
}
