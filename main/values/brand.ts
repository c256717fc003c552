import { randomUUID } from 'node:crypto';

declare const brand: unique symbol;
/** The name as a member, not as a value: of two brands on one value both hold, where two values would make `never`. */
type Brand<Base, Name extends string> = Base & { readonly [brand]: Readonly<Record<Name, true>> };

/** 64 lowercase hex digits. */
export type Sha256 = Brand<string, 'Sha256'>;
/** A fingerprint as people confirm it: 64 lowercase hex digits (design.md, "Stations and the air gap"). */
export type Fingerprint = Sha256 & Brand<string, 'Fingerprint'>;
/** The `public_key` of an assignment exactly as delivered: hex of DER, in whatever case it came. */
export type HexPublicKey = Brand<string, 'HexPublicKey'>;
/** CoinCover's id of an assigned key: a uuid. */
export type KeyId = Brand<string, 'KeyId'>;
/** CoinCover's id of a stored backup: a uuid. */
export type BackupId = Brand<string, 'BackupId'>;
/** Our own uuid, version 4: of a document, an item, an assignment. */
export type Uuid = Brand<string, 'Uuid'>;
/** UTF-8 of a passphrase in NFC. Whoever made it wipes it. */
export type Passphrase = Brand<Buffer, 'Passphrase'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case uuid in its 36-character form, of any version. */
export function isUuid(text: unknown): text is Uuid {
  return typeof text === 'string' && UUID.test(text);
}

/** True for 64 lowercase hex digits. */
export function isSha256(text: unknown): text is Fingerprint {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}

export function newUuid(): Uuid {
  return randomUUID() as unknown as Uuid;
}
