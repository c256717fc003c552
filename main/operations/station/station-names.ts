/** What no screen shows and no person says: format characters (zero width, direction marks), variation selectors, fillers. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Whether people who read two names aloud would say the same. */
export function isSameName(one: string, other: string): boolean {
  return said(one) === said(other);
}

function said(name: string): string {
  // Upper case first: a letter that is two in capitals is the same as those two.
  return name.replace(UNSEEN, '').normalize('NFKC').toUpperCase().toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** Whether a name holds only what can be seen, and neither starts nor ends with a space. */
export function isPlainName(name: string): boolean {
  return name.search(UNSEEN) === -1 && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name) && name.trim() === name;
}
