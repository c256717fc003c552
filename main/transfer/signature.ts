import { verify } from 'node:crypto';
import { canonicalJson, decodeBase64, isJsonObject, stationKeyOf, type Json, type JsonObject } from '../values/index.ts';

/** What signs for a station: its Ed25519 key, held by whoever unlocked the keychain. */
export interface StationSigner {
  readonly station: {
    readonly id: string;
    readonly name: string;
    readonly role: 'single' | 'cold' | 'online';
    readonly public_key: string;
  };
  /** Ed25519 (RFC 8032) over `bytes`: 64 bytes. */
  sign(bytes: Uint8Array): Buffer;
}

/** What a document's signature stands over: RFC 8785 of everything but `signature`, in UTF-8. */
export function signedBytes(document: JsonObject): Buffer {
  const members = Object.entries(document).filter(([member]) => member !== 'signature');
  return Buffer.from(canonicalJson(Object.fromEntries(members)), 'utf8');
}

/**
 * True when the document is signed by the key it names, and the station's id is that key's fingerprint. Who that station
 * is, and whether it is to be trusted, is another question.
 */
export function isSignedByItsStation(document: Json): boolean {
  if (!isJsonObject(document) || !isJsonObject(document['station'])) return false;
  const { id, public_key: publicKey } = document['station'];
  const { signature } = document;
  const key = stationKeyOf({ id, public_key: publicKey });
  const signatureBytes = typeof signature === 'string' ? decodeBase64(signature) : null;
  if (key === null || signatureBytes?.length !== 64) return false;
  return verify(null, signedBytes(document), key, signatureBytes);
}
