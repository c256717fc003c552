import type { Message, PrivateKey } from 'openpgp';
import { checkError, inputError, quote, type ColdroomError } from '../values/index.ts';
import { LIMITS, openPgp } from './openpgp.ts';
import { textOf } from './openpgp-text.ts';

/** A ciphertext of the highest limit, in base64 inside and armoured outside, with room to spare. */
export const MAX_PACKAGE_BYTES = 32 * 1024 * 1024;

const BEGIN = '-----BEGIN PGP MESSAGE-----';

/**
 * Opens one package as CoinCover releases it: an OpenPGP message encrypted to a public key, armoured or binary, whoever made it, signed
 * or not (whose signature it is, is not asked). Nothing is returned before its integrity held.
 * @param bytes at most {@link MAX_PACKAGE_BYTES}; they are not changed.
 * @returns its content; the caller wipes it.
 * @throws input `openpgp-not-message`; check `openpgp-other-key`, `openpgp-unauthenticated` (only the oldest programs make such),
 *   `openpgp-cannot-open`: changed, cut, unpacking to more than is taken, or encrypted in a way that openpgp does not know. These
 *   last are one code on purpose.
 */
export async function openPackage(bytes: Buffer, privateKey: PrivateKey, file: string): Promise<Buffer> {
  const { decrypt, enums } = await openPgp();
  const message = await parse(bytes, file);
  if (tagsOf(message).includes(enums.packet.symmetricallyEncryptedData)) {
    throw checkError('openpgp-unauthenticated', `${quote(file)} has nothing that shows whether it was changed on its way`, {
      hint: 'ask for the release again, made with a current OpenPGP program',
    });
  }
  checkIsForKey(message, privateKey, file);
  try {
    const opened: { data: unknown } = await decrypt({ message, decryptionKeys: privateKey, format: 'binary', config: LIMITS });
    if (!(opened.data instanceof Uint8Array)) throw new TypeError('openpgp gave no bytes');
    return Buffer.from(opened.data.buffer, opened.data.byteOffset, opened.data.byteLength);
  } catch {
    // Dropped: it would tell, of a package that was changed, how far it opened.
    throw checkError('openpgp-cannot-open', `${quote(file)} does not open with this OpenPGP key: it was changed, cut or made unusually`, {
      hint: 'fetch it again; `gpg --decrypt` opens what older programs make',
    });
  }
}

async function parse(bytes: Buffer, file: string): Promise<Message<string | Uint8Array>> {
  const { enums, readMessage } = await openPgp();
  const armored = textOf(bytes);
  // One armoured message in a file: the library would read the first and pass over the rest.
  if (armored !== null && armored.split(BEGIN).length !== 2) throw notMessage(file);
  try {
    const message: Message<string | Uint8Array> = await (armored === null
      ? readMessage({ binaryMessage: bytes, config: LIMITS })
      : readMessage({ armoredMessage: armored, config: LIMITS }));
    const { symmetricallyEncryptedData, symEncryptedIntegrityProtectedData, aeadEncryptedData } = enums.packet;
    const encrypted: readonly number[] = [symmetricallyEncryptedData, symEncryptedIntegrityProtectedData, aeadEncryptedData];
    if (tagsOf(message).some((tag) => encrypted.includes(tag))) return message;
  } catch {
    throw notMessage(file); // the library's text may quote the file
  }
  throw notMessage(file);
}

/** The kinds of its packets, by their numbers. The library has them on its classes alone. */
function tagsOf(message: Message<string | Uint8Array>): number[] {
  return message.packets.map((packet) => (packet.constructor as unknown as { tag: number }).tag);
}

function notMessage(file: string): ColdroomError {
  return inputError('openpgp-not-message', `${quote(file)} is no encrypted OpenPGP message`, {
    hint: 'name a package that CoinCover released; if it is one, it was cut or damaged on its way: fetch it again',
  });
}

/** Whom a message is for stands in it, unless its maker hid that (an ID of zeros). @throws check `openpgp-other-key`. */
function checkIsForKey(message: Message<string | Uint8Array>, privateKey: PrivateKey, file: string): void {
  const own = privateKey.getKeyIDs();
  const wanted = message.getEncryptionKeyIDs();
  if (wanted.some((id) => /^0+$/.test(id.toHex()) || own.some((one) => one.equals(id)))) return;
  throw checkError('openpgp-other-key', `${quote(file)} is encrypted to another OpenPGP key than the one that was given`, {
    hint: 'check which key the release was asked for with',
  });
}
