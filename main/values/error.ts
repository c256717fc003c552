/**
 * What went wrong, in the five ways a caller must tell apart. The command line's exit codes follow from it
 * (design.md, "Command line"): `bug` 1, `input` 2, `check` 3, `service` 4, `unreachable` 5.
 */
export type ErrorFamily = 'bug' | 'input' | 'check' | 'service' | 'unreachable';

export interface ErrorDetail {
  /** What the person can do now: one sentence, lower case, no full stop. */
  readonly hint?: string;
  /** The error underneath, for the developer; it is never printed. */
  readonly cause?: unknown;
}

/**
 * The one error of Coldroom. `code` is stable kebab-case and is what scripts and tests rely on; `message` starts in
 * lower case, quotes untrusted input with {@link quote} and never holds a secret.
 */
export class ColdroomError extends Error {
  readonly family: ErrorFamily;
  readonly code: string;
  readonly hint: string | null;

  constructor(family: ErrorFamily, code: string, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ColdroomError';
    this.family = family;
    this.code = code;
    this.hint = detail.hint ?? null;
  }
}

/** Bad input or usage: exit 2. */
export function inputError(code: string, message: string, detail?: ErrorDetail): ColdroomError {
  return new ColdroomError('input', code, message, detail);
}

/** A check refused: stop and escalate, exit 3. */
export function checkError(code: string, message: string, detail?: ErrorDetail): ColdroomError {
  return new ColdroomError('check', code, message, detail);
}

/** The service said no: exit 4. */
export function serviceError(code: string, message: string, detail?: ErrorDetail): ColdroomError {
  return new ColdroomError('service', code, message, detail);
}

/** Nobody answered, or the outcome is unknown: exit 5. */
export function unreachableError(code: string, message: string, detail?: ErrorDetail): ColdroomError {
  return new ColdroomError('unreachable', code, message, detail);
}

export function isColdroomError(value: unknown): value is ColdroomError {
  return value instanceof ColdroomError;
}

/** The `code` of a Node system error (`ENOENT`, `ECONNREFUSED`), or null. */
export function systemCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

const QUOTED_LENGTH = 80;

/** The first names of a list, quoted or not by the caller, and how many more there are. */
export function firstNames(names: readonly string[], most: number): string {
  const told = names.slice(0, most).join(', ');
  return names.length > most ? `${told} and ${(names.length - most).toString()} more` : told;
}

/**
 * Untrusted text as it may stand in a message: JSON-quoted, control, format and bidi characters escaped, cut at 80
 * code points, so that a file name or an answer cannot forge a line of our own output.
 */
export function quote(text: string): string {
  const points = Array.from(text);
  const shown = points.slice(0, QUOTED_LENGTH).join('') + (points.length > QUOTED_LENGTH ? '…' : '');
  return JSON.stringify(shown).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16) ?? '?'}}`);
}
