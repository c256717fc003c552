import type { KeyObject } from 'node:crypto';
import { makeEphemeralOpenPgpKey, openPackage } from '../../recovery/index.ts';
import type { ReleasePackage } from '../../rehearsal/index.ts';
import { parsePrivateKey } from '../../sealing/index.ts';
import { checkError, quote } from '../../values/index.ts';

const PRIVATE_KEY = 'private-key.pem.asc';

/** What a rehearsal's stand-in released, opened: the private key at once, each ciphertext when it is asked for. */
export type OpenedRelease = {
  readonly privateKey: KeyObject;
  /** @throws check `release-incomplete`. */
  ciphertext(backupId: string): Promise<Buffer>;
};

/**
 * Asks for a release, as CoinCover's people would grant one, to an OpenPGP key made for it, and opens it.
 * @param release gives the packages, encrypted to the armoured public key.
 * @throws check `release-incomplete`, and what opening throws.
 */
export async function openRelease(release: (armoredPublicKey: string) => Promise<readonly ReleasePackage[]>): Promise<OpenedRelease> {
  const openPgp = await makeEphemeralOpenPgpKey('Coldroom rehearsal');
  const packages = await release(openPgp.publicKeyArmored);
  const open = (name: string): Promise<Buffer> => {
    const found = packages.find((one) => one.name === name);
    if (found === undefined) throw checkError('release-incomplete', `the stand-in released no ${quote(name)}`);
    return openPackage(Buffer.from(found.armored, 'latin1'), openPgp.privateKey, name);
  };
  const pem = await open(PRIVATE_KEY);
  const privateKey = parsePrivateKey(pem, null);
  pem.fill(0);
  return { privateKey, ciphertext: (backupId) => open(`${backupId}.bin.asc`) };
}
