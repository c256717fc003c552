/** A word of ours with its article: "an online station", "a cold one". Not for words that others chose. */
export function withArticle(word: string): string {
  return `${/^[aeio]/.test(word) ? 'an' : 'a'} ${word}`;
}
