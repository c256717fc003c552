/** Names that Windows keeps for devices, with any ending: what is written there is gone. */
const DEVICE_NAMES = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|$)/i;
/** What a file system or a shell somewhere reads as something else; a colon names a hidden stream on NTFS. */
const KEPT_CHARACTERS = /[\\/:*?"<>|\p{Cc}]/u;
/** Characters that show as nothing or turn the line round, and half of a surrogate pair: two such names look like one. */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
/** The longest name that every file system takes, in bytes of UTF-8, less what a temporary name adds. */
const MAX_NAME_BYTES = 200;

/**
 * True for a name that is one file's, in its folder, on every system: no path, no device, no stream, nothing that Windows drops from
 * its end, and nothing that people cannot see.
 */
export function isPlainFileName(name: string): boolean {
  if (name === '' || /[. ]$/.test(name) || DEVICE_NAMES.test(name)) return false;
  return !KEPT_CHARACTERS.test(name) && !UNSEEN.test(name) && Buffer.byteLength(name) <= MAX_NAME_BYTES;
}
