/**
 * One thing that was noticed about a secret. `code` is stable kebab-case; `message` starts in lower case, says what and
 * where ("a capital letter in word 1") and never holds a character of the secret, so it may be shown, stored and sent.
 */
export type Finding = {
  readonly code: string;
  readonly message: string;
};

/** Shorthand, so that the tables of findings stay readable. */
export function finding(code: string, message: string): Finding {
  return { code, message };
}
