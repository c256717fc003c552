import { opendir } from 'node:fs/promises';
import { inputError, quote, systemCode } from '../values/index.ts';

/** The kinds of documents that a medium carries, by the ends of their names. */
const SUFFIXES = {
  '.keypack.json': 'keypack',
  '.sealed.json': 'sealed',
  '.receipt.json': 'receipt',
  '.station.json': 'station',
  '.carry.json': 'carry',
} as const;

export type CarriedKind = (typeof SUFFIXES)[keyof typeof SUFFIXES];

export interface MediumView {
  /** Regular files that are named like documents. What is in them has not been looked at. */
  readonly documents: readonly { readonly name: string; readonly kind: CarriedKind }[];
  /** Everything else, folders too. */
  readonly others: readonly string[];
  /** The folder holds more than was looked at. */
  readonly cut: boolean;
}

/** The most entries that are looked at. */
const MAX_ENTRIES = 10_000;

/** What systems leave on a stick by themselves; `._NAME` is macOS' second half of a file on a foreign file system. */
const LEFTOVERS =
  /^(\._.*|\.DS_Store|\.Trashes|\.Trash-\d+|\.fseventsd|\.Spotlight-V100|\.TemporaryItems|\.DocumentRevisions-V100|\.apdisk|System Volume Information|\$RECYCLE\.BIN|Thumbs\.db|desktop\.ini|lost\+found)$/i;

/**
 * Lists one folder of a medium, nothing below it, and opens nothing in it. Names come sorted and well formed; making them safe to show is
 * the caller's work. A name that is not well formed by itself is no document: it could not be opened by the name given here.
 * @throws input `folder-missing` (also where it is a file), `folder-unreadable`.
 */
export async function lookAtMedium(folder: string): Promise<MediumView> {
  const documents: { name: string; kind: CarriedKind }[] = [];
  const others: string[] = [];
  let seen = 0;
  try {
    for await (const entry of await opendir(folder)) {
      if (seen >= MAX_ENTRIES) return sorted(documents, others, true);
      seen += 1;
      const name = entry.name.toWellFormed();
      if (LEFTOVERS.test(name)) continue;
      // Bytes that are no UTF-8 have become this character.
      const kind = entry.isFile() && !name.includes('\ufffd') ? kindByName(name) : null;
      if (kind === null) others.push(name);
      else documents.push({ name, kind });
    }
  } catch (cause) {
    throw folderError(folder, cause);
  }
  return sorted(documents, others, false);
}

function sorted(documents: { name: string; kind: CarriedKind }[], others: string[], cut: boolean): MediumView {
  return { documents: documents.sort((a, b) => (a.name < b.name ? -1 : 1)), others: others.sort(), cut };
}

/** By the end of the name, in any case: some systems change it on FAT. */
function kindByName(name: string): CarriedKind | null {
  const lower = name.toLowerCase();
  const suffix = Object.entries(SUFFIXES).find(([end]) => lower.endsWith(end) && lower.length > end.length);
  return suffix?.[1] ?? null;
}

function folderError(folder: string, cause: unknown): unknown {
  const code = systemCode(cause);
  if (code === null) return cause;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return inputError('folder-missing', `the folder ${quote(folder)} does not exist`, {
      hint: 'put the medium in, or name another folder',
      cause,
    });
  }
  return inputError('folder-unreadable', `the folder ${quote(folder)} cannot be looked into (${code})`, {
    hint: 'check who may read it, or use another medium',
    cause,
  });
}
