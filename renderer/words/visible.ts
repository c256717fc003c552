/**
 * A name from outside as people may compare it with paper: characters that show as nothing or turn the line round are written
 * out, so that a file cannot pass for another one. For showing alone; what is sent or kept stays as it is.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (c) => `⟨U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** Controls, bidi marks, embeddings and isolates, zero-width spaces; not the joiners, which some scripts are written with. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
