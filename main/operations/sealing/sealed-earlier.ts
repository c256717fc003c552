import { lstat, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ItemRow } from '../../ledger/index.ts';
import { readBoundedFile } from '../../files/index.ts';
import { hasPassphrase, type Mode } from '../../sealing/index.ts';
import { MAX_DOCUMENT_BYTES, readDocumentOf, type SealedItem } from '../../transfer/index.ts';
import { ColdroomError, inputError, quote, sha256 } from '../../values/index.ts';
import { MAX_SECRET_BYTES } from './secret-size.ts';
import type { Station } from '../station/station.ts';

/** What this run would make of a secret: an item made otherwise is not taken for it. */
export type Wanted = {
  readonly keyId: string;
  readonly mode: Mode;
  readonly sendName: boolean;
  /** The digest of the plan that it is sealed by, or null. */
  readonly plan: string | null;
};

/**
 * The item that an earlier run over the same folder left at `out`, so that a run cut short goes on where it stopped; null where
 * nothing is there. It has to be this station's own document, byte for byte as the ledger keeps it, for the same key, name, size and
 * mode, and its secret unchanged since: by its digest for `direct`, else by the time the file was last changed. Under a passphrase
 * nothing is taken over: nobody could tell whether it was the same one.
 * @throws input `sealed-otherwise`: something else is there.
 */
export async function sealedEarlier(station: Station, source: string, out: string, wanted: Wanted): Promise<ItemRow | null> {
  if (!(await isThere(out))) return null;
  const kept = await readKept(station, out);
  const isOfPlan = kept !== null && (station.queries.plannedOfItem(kept.item.item_id)?.plan ?? null) === wanted.plan;
  const fits = isOfPlan && isAsWanted(kept, basename(source).toWellFormed(), wanted) && (await isUnchanged(source, kept));
  if (fits) return kept.item;
  throw inputError('sealed-otherwise', `${quote(out)} is there, and is not what sealing ${quote(basename(source))} now would make`, {
    hint: 'nothing is overwritten: move it away, or seal the rest from and into folders of their own',
  });
}

type Kept = { readonly item: ItemRow; readonly body: SealedItem['body']; readonly sealedAt: number };

/** As the ledger keeps it; null: it is another station's, or no sealed item. */
async function readKept(station: Station, out: string): Promise<Kept | null> {
  try {
    const bytes = await readBoundedFile(out, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the sealed item' });
    const { document } = readDocumentOf(bytes, out, 'sealed/1');
    const item = station.queries.item(document.body.item_id);
    if (item === null || station.queries.documentText(item.document_id) !== bytes.toString('utf8')) return null;
    return { item, body: document.body, sealedAt: Date.parse(document.created_at) };
  } catch (error) {
    if (error instanceof ColdroomError) return null;
    throw error;
  }
}

function isAsWanted({ item, body }: Kept, name: string, wanted: Wanted): boolean {
  return (
    !hasPassphrase(wanted.mode) &&
    item.key_id === wanted.keyId &&
    item.mode === wanted.mode &&
    item.name === name &&
    body.send_name === wanted.sendName
  );
}

async function isUnchanged(source: string, { item, sealedAt }: Kept): Promise<boolean> {
  const found = await stat(source);
  if (found.size !== item.size_bytes) return false;
  // A file put in its place may bring an old date along; when it was put there it cannot.
  if (item.checksum === null) return Math.max(found.mtimeMs, found.ctimeMs) <= sealedAt;
  const secret = await readBoundedFile(source, { maxBytes: MAX_SECRET_BYTES, what: 'the secret' });
  try {
    return sha256(secret) === item.checksum;
  } finally {
    secret.fill(0);
  }
}

/** Whether anything is at a path, a dangling link too. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
