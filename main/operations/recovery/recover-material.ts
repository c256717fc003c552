import type { KeyObject } from 'node:crypto';
import { readBoundedFile } from '../../files/index.ts';
import {
  MAX_PACKAGE_BYTES,
  openPackage,
  readCiphertext,
  readRecoveryKey,
  recognise,
  refuseArchive,
  type CiphertextAtHand,
  type Expectation,
  type KeyAtHand,
  type Released,
  type ReleasedKind,
} from '../../recovery/index.ts';
import { parseAssignedKey, parsePrivateKey, type Mode } from '../../sealing/index.ts';
import { MAX_DOCUMENT_BYTES, readDocumentOf, type SealedItem } from '../../transfer/index.ts';
import { checkError, inputError, quote, sha256, type Passphrase } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { readNamedPassphrase } from '../sealing/passphrase.ts';
import { readStationFile } from '../station/home.ts';
import { askOwnLedger } from '../ledger/own-ledger.ts';

const MAX_PEM_BYTES = 64 * 1024;
const MAX_OPENPGP_KEY_BYTES = 1024 * 1024;
/** What all packages together may come to: their contents are in memory at once. */
const MAX_ALL_PACKAGES_BYTES = 256 * 1024 * 1024;

/** A package that was opened. `released` is wiped by {@link wipeOpened}. */
export type OpenedPackage = { readonly file: string; readonly released: Released };

/** `passphrase` is the OpenPGP key's, and the caller's to wipe. */
export type PackageSource = { readonly packages: readonly string[]; readonly key: string; readonly passphrase: Passphrase | null };

/**
 * Opens what CoinCover released, with the private OpenPGP key of the request, and says what each package holds.
 * @returns what the caller wipes with {@link wipeOpened}, each under its file's path.
 * @throws the errors of reading files, `readRecoveryKey`, `openPackage` and `recognise`; input `openpgp-packages-too-large`.
 */
export async function openPackages(source: PackageSource): Promise<OpenedPackage[]> {
  const key = await readOpenPgpKey(source.key, source.passphrase);
  const opened: OpenedPackage[] = [];
  let totalBytes = 0;
  try {
    for (const file of source.packages) {
      const bytes = await readBoundedFile(file, { maxBytes: MAX_PACKAGE_BYTES, what: 'the package' });
      totalBytes += bytes.length;
      if (totalBytes > MAX_ALL_PACKAGES_BYTES) {
        throw inputError('openpgp-packages-too-large', 'the packages are too large to be opened together', {
          hint: 'name the one with the private key and the one with the ciphertext, and no others',
        });
      }
      opened.push({ file, released: keepRecognised(await openPackage(bytes, key, file), file) });
    }
    return opened;
  } catch (error) {
    wipeOpened(opened);
    throw error;
  }
}

/** What is kept of a content is wiped later; the rest of it now. */
function keepRecognised(content: Buffer, file: string): Released {
  let kept: Buffer | null = null;
  try {
    const released = recognise(content, file);
    kept = 'bytes' in released ? released.bytes : null;
    return released;
  } finally {
    if (kept !== content) content.fill(0);
  }
}

export function wipeOpened(opened: readonly OpenedPackage[]): void {
  for (const { released } of opened) if ('bytes' in released) released.bytes.fill(0);
}

export function foundIn(opened: readonly OpenedPackage[]): { package: string; what: ReleasedKind }[] {
  return opened.map(({ file, released }) => ({ package: file, what: released.what }));
}

async function readOpenPgpKey(path: string, passphrase: Passphrase | null) {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_OPENPGP_KEY_BYTES, what: 'the OpenPGP key' });
  try {
    return await readRecoveryKey(bytes, passphrase, path);
  } finally {
    bytes.fill(0);
  }
}

/**
 * Every private key at hand: those of the packages, and the one in a file.
 * @param passphrase of those that are encrypted; the caller wipes it.
 * @throws the errors of parsePrivateKey and of reading a file; input `released-is-archive`, `private-key-not-encrypted` where there is a passphrase for none.
 */
async function keysAtHand(opened: readonly OpenedPackage[], file: string | null, passphrase: Passphrase | null): Promise<KeyAtHand[]> {
  const keys: KeyAtHand[] = [];
  // Beside another that it may be meant for, a passphrase is not held against a key in the clear.
  const isForAnother = file !== null || opened.some(({ released }) => released.what === 'encrypted-private-key');
  for (const { file: from, released } of opened) {
    if (released.what === 'private-key') keys.push({ from, key: parsePrivateKey(released.bytes, isForAnother ? null : passphrase) });
    if (released.what === 'encrypted-private-key') keys.push({ from, key: parsePrivateKey(released.bytes, passphrase) });
  }
  if (file !== null) keys.push({ from: file, key: await readPrivateKeyFile(file, passphrase) });
  return keys;
}

/**
 * As {@link keysAtHand}, with the passphrase of a private key that is encrypted from a file of its own; it is wiped.
 * @throws as keysAtHand, and those of reading a passphrase's file.
 */
export async function keysNamed(
  opened: readonly OpenedPackage[],
  named: { readonly private_key?: string | undefined; readonly private_key_passphrase_file?: string | undefined },
): Promise<KeyAtHand[]> {
  const passphrase = await readNamedPassphrase(named.private_key_passphrase_file, 'the private key’s passphrase file');
  try {
    return await keysAtHand(opened, named.private_key ?? null, passphrase);
  } finally {
    passphrase?.fill(0);
  }
}

async function readPrivateKeyFile(path: string, passphrase: Passphrase | null): Promise<KeyObject> {
  const pem = await readBoundedFile(path, { maxBytes: MAX_PEM_BYTES, what: 'the private key' });
  try {
    refuseArchive(pem, path);
    return parsePrivateKey(pem, passphrase);
  } finally {
    pem.fill(0);
  }
}

/** What the person named beside the packages, or null. */
export type NamedSource = { readonly sealed: string } | { readonly ciphertext: string } | null;

/**
 * Every ciphertext that may be meant, with what the sealed item or this station's ledger knows of it. One that the person named is
 * meant alone; where CoinCover released ciphertexts too, it must be among them, since otherwise something else was released.
 * @throws the errors of reading files and documents; check `released-ciphertext-differs`.
 */
export async function ciphertextsAtHand(
  context: OperationContext,
  opened: readonly OpenedPackage[],
  named: NamedSource,
): Promise<CiphertextAtHand[]> {
  const released: CiphertextAtHand[] = [];
  for (const { file, released: one } of opened) {
    if (one.what === 'ciphertext') released.push(await bare(context, file, one.bytes));
    if (one.what === 'sealed') released.push(await fromSealed(context, file, one.document));
  }
  if (named === null) return released;
  const wanted =
    'sealed' in named
      ? await fromSealed(context, named.sealed, await readSealed(named.sealed))
      : await bare(context, named.ciphertext, await readCiphertextFile(named.ciphertext));
  if (released.length > 0 && !released.some(({ ciphertext }) => ciphertext.equals(wanted.ciphertext))) {
    throw checkError('released-ciphertext-differs', `what was released is not the ciphertext of ${quote(wanted.from)}`, {
      hint: 'ask CoinCover which backup was released; to open the one you named, leave out the package with the other ciphertext',
    });
  }
  return [wanted];
}

async function readSealed(path: string): Promise<SealedItem> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the sealed item' });
  return readDocumentOf(bytes, path, 'sealed/1').document;
}

/** The ciphertext in a file; `recover-large.ts` opens larger ones, which CoinCover does not store. */
async function readCiphertextFile(path: string): Promise<Buffer> {
  return readCiphertext(await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the ciphertext' }), path);
}

async function fromSealed(context: OperationContext, from: string, document: SealedItem): Promise<CiphertextAtHand> {
  if ((await readStationFile(context.home))?.id !== document.station.id) {
    context.onNote(
      `the sealed item was signed by the station ${document.station.id}, which is not this one: its signature holds, who it is you must know`,
    );
  }
  const { mode, checksum, name, ciphertext_sha256: ciphertextSha256, public_key: publicKey } = document.body;
  const ciphertext = Buffer.from(document.body.ciphertext, 'base64');
  const known = await lookUp(context, ciphertextSha256);
  // What this station wrote into its own ledger goes before what a document says.
  return {
    from,
    ciphertext,
    expected: known?.expected ?? { mode, checksum, ciphertextSha256 },
    sealedFor: parseAssignedKey(publicKey).spkiDer,
    name,
  };
}

async function bare(context: OperationContext, from: string, ciphertext: Buffer): Promise<CiphertextAtHand> {
  const known = await lookUp(context, sha256(ciphertext));
  return { from, ciphertext, expected: known?.expected ?? null, sealedFor: known?.sealedFor ?? null };
}

function lookUp(context: OperationContext, ciphertextSha256: string): Promise<{ expected: Expectation; sealedFor: Buffer | null } | null> {
  return askOwnLedger(context, (queries) => {
    const item = queries.itemByCiphertext(ciphertextSha256);
    if (item === null) return null;
    const key = queries.assignedKey(item.key_id);
    return {
      expected: { mode: item.mode as Mode, checksum: item.checksum, ciphertextSha256 },
      sealedFor: key === null ? null : parseAssignedKey(key.public_key).spkiDer,
    };
  });
}
