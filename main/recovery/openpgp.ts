import type { PrivateKey } from 'openpgp';
import { checkError, inputError, quote } from '../values/index.ts';

/** Loaded when it is needed: it costs more to start than all the rest. */
const openPgp = () => import('openpgp');

/** An OpenPGP pair that lives in memory alone: what a rehearsal asks a release for. */
export type EphemeralOpenPgpKey = { publicKeyArmored: string; privateKey: PrivateKey };

/** Makes a Curve25519 pair without a passphrase, for use within one process. */
export async function makeEphemeralOpenPgpKey(name: string): Promise<EphemeralOpenPgpKey> {
  const { generateKey, readPrivateKey } = await openPgp();
  const { publicKey, privateKey } = await generateKey({ type: 'curve25519', userIDs: [{ name }], format: 'armored' });
  return { publicKeyArmored: publicKey, privateKey: await readPrivateKey({ armoredKey: privateKey }) };
}

/**
 * Opens one armoured OpenPGP message.
 * @returns its content; the caller wipes it. @throws input `openpgp-not-message`; check `openpgp-cannot-open`.
 */
export async function openOpenPgpMessage(armored: string, privateKey: PrivateKey, name: string): Promise<Buffer> {
  const { decrypt, readMessage } = await openPgp();
  const message = await readMessage({ armoredMessage: armored }).catch((cause: unknown) => {
    throw inputError('openpgp-not-message', `${quote(name)} is no OpenPGP message`, {
      hint: 'name a package that CoinCover released',
      cause,
    });
  });
  try {
    const opened: { data: unknown } = await decrypt({ message, decryptionKeys: privateKey, format: 'binary' });
    if (!(opened.data instanceof Uint8Array)) throw new TypeError('the library gave no bytes');
    return Buffer.from(opened.data.buffer, opened.data.byteOffset, opened.data.byteLength);
  } catch (cause) {
    throw checkError('openpgp-cannot-open', `${quote(name)} does not open with this OpenPGP key`, {
      hint: 'check which key the release was asked for with',
      cause,
    });
  }
}
