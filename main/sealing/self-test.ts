import { createCipheriv, createDecipheriv, createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { isColdroomError, type Passphrase } from '../values/index.ts';
import { parseAssignedKey } from './assigned-key.ts';
import { deriveBoxKey } from './box.ts';
import { forgeOpenOaep, forgePublicKey, forgeSealGcm, forgeSealOaep } from './forge.ts';
import { openOaep, sealOaep } from './oaep.ts';
import { runChecks, type Check, type SelfTestReport } from './self-checks.ts';
import { KNOWN } from './self-test-data.ts';

/**
 * Every check, once. A new one is registered here and counted below: a list that lost an entry is a failed self-test, not a
 * shorter one. scrypt stands first, so that its thread works while node-forge holds the main one.
 */
const CHECKS: readonly Check[] = [
  { id: 'scrypt', what: 'scrypt at the box’s cost gives a known answer', run: scryptKnown },
  { id: 'sha-256', what: 'SHA-256 gives a known digest', run: sha256Known },
  { id: 'key-form', what: 'a known key in hex gives a known PEM', run: keyForm },
  { id: 'key-form-forge', what: 'node-forge gives the same PEM, and the same hex again', run: keyFormForge },
  { id: 'oaep-known', what: 'a known RSA-OAEP ciphertext opens', run: () => opensHere(known('oaepCiphertext')) },
  { id: 'oaep-node-opens', what: 'what node-forge sealed opens', run: () => opensHere(forgeSealOaep(KNOWN.publicKeyPem, message())) },
  { id: 'oaep-forge-opens', what: 'node-forge opens what was sealed here', run: oaepForgeOpens },
  { id: 'oaep-mgf1', what: 'a ciphertext with another MGF1 hash is refused', run: oaepRefusesMgf1 },
  { id: 'oaep-mgf1-forge', what: 'node-forge refuses it too', run: oaepForgeRefusesMgf1 },
  { id: 'gcm-known', what: 'AES-256-GCM gives a known answer, and opens it', run: gcmKnown },
  { id: 'gcm-tamper', what: 'AES-256-GCM refuses a changed tag, ciphertext and additional data', run: gcmRefusesTampering },
  { id: 'gcm-forge', what: 'node-forge agrees on AES-256-GCM', run: gcmForgeAgrees },
  { id: 'p-256', what: 'a known ECDSA P-256 signature holds, and not over other bytes', run: p256Known },
  { id: 'ed25519', what: 'Ed25519 gives a known signature, which holds, and not over other bytes', run: ed25519Known },
];
const CHECK_COUNT = 14;

/**
 * Tests the cryptography of this very process, which is why nothing of it is kept: Electron's main process has BoringSSL, a
 * command line OpenSSL. All checks run, also after a failure; one that did not run is a failure. About a second.
 */
export function runSelfTest(): Promise<SelfTestReport> {
  // SECURITY(REQ-SELF-TEST): run in the very process that seals, whatever its cryptography library is.
  return runChecks(CHECKS, CHECK_COUNT);
}

const message = () => Buffer.from(KNOWN.message, 'utf8');
const known = (name: 'oaepCiphertext' | 'mismatchedMgf1Ciphertext' | 'p256Signature') => Buffer.from(KNOWN[name], 'base64');
const hex = (text: string) => Buffer.from(text, 'hex');
const testKey = () => createPrivateKey(KNOWN.testPrivateKeyPem);
const unless = (holds: boolean, detail: string) => (holds ? null : detail);

async function scryptKnown(): Promise<string | null> {
  const derived = await deriveBoxKey(Buffer.from(KNOWN.scryptPassphrase, 'utf8') as Passphrase, hex(KNOWN.scryptSalt));
  return unless(derived.toString('hex') === KNOWN.scryptDerived, 'another key was derived');
}

function sha256Known(): string | null {
  return unless(createHash('sha256').update('abc').digest('hex') === KNOWN.sha256Abc, 'another digest');
}

function keyForm(): string | null {
  return unless(parseAssignedKey(KNOWN.publicKeyHex).spkiPem === KNOWN.publicKeyPem, 'another PEM');
}

function keyFormForge(): string | null {
  const read = forgePublicKey(KNOWN.publicKeyHex);
  if (read.pem.replace(/\s/g, '') !== KNOWN.publicKeyPem.replace(/\s/g, '')) return 'another PEM';
  return unless(read.hex === KNOWN.publicKeyHex, 'another hex');
}

function opensHere(ciphertext: Buffer): string | null {
  return unless(openOaep(ciphertext, testKey()).equals(message()), 'another message came out');
}

function oaepForgeOpens(): string | null {
  const opened = forgeOpenOaep(KNOWN.testPrivateKeyPem, sealOaep(message(), parseAssignedKey(KNOWN.publicKeyHex)));
  return unless(opened?.equals(message()) === true, 'node-forge refused it, or another message came out');
}

function oaepRefusesMgf1(): string | null {
  try {
    openOaep(known('mismatchedMgf1Ciphertext'), testKey());
  } catch (error) {
    if (isColdroomError(error) && error.code === 'cannot-open') return null;
    throw error;
  }
  return 'it was opened';
}

function oaepForgeRefusesMgf1(): string | null {
  return unless(forgeOpenOaep(KNOWN.testPrivateKeyPem, known('mismatchedMgf1Ciphertext')) === null, 'node-forge opened it');
}

const GCM_OPTIONS = { authTagLength: 16 };

function gcmKnown(): string | null {
  const cipher = createCipheriv('aes-256-gcm', hex(KNOWN.gcm.key), hex(KNOWN.gcm.nonce), GCM_OPTIONS);
  cipher.setAAD(hex(KNOWN.gcm.aad));
  const ciphertext = Buffer.concat([cipher.update(hex(KNOWN.gcm.content)), cipher.final()]);
  if (ciphertext.toString('hex') !== KNOWN.gcm.ciphertext) return 'another ciphertext';
  if (cipher.getAuthTag().toString('hex') !== KNOWN.gcm.tag) return 'another tag';
  return unless(gcmOpens(KNOWN.gcm), 'it did not open again');
}

function gcmRefusesTampering(): string | null {
  for (const part of ['tag', 'ciphertext', 'aad'] as const) {
    if (gcmOpens({ ...KNOWN.gcm, [part]: withLastBitFlipped(KNOWN.gcm[part]) })) return `it took a changed ${part}`;
  }
  return null;
}

function gcmOpens({ ciphertext, tag, aad }: { ciphertext: string; tag: string; aad: string }): boolean {
  const decipher = createDecipheriv('aes-256-gcm', hex(KNOWN.gcm.key), hex(KNOWN.gcm.nonce), GCM_OPTIONS);
  decipher.setAAD(hex(aad));
  decipher.setAuthTag(hex(tag));
  const content = decipher.update(hex(ciphertext));
  try {
    decipher.final();
  } catch {
    return false; // refusing is an answer here; whether it is the right one is the caller's to say
  }
  return content.toString('hex') === KNOWN.gcm.content;
}

function withLastBitFlipped(text: string): string {
  const bytes = hex(text);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes.toString('hex');
}

function gcmForgeAgrees(): string | null {
  const sealed = forgeSealGcm(hex(KNOWN.gcm.key), hex(KNOWN.gcm.nonce), hex(KNOWN.gcm.aad), hex(KNOWN.gcm.content));
  return unless(sealed?.ciphertext === KNOWN.gcm.ciphertext && sealed.tag === KNOWN.gcm.tag, 'node-forge gave another answer');
}

function p256Known(): string | null {
  const key = createPublicKey(KNOWN.p256PublicKeyPem);
  if (!verify('sha256', message(), key, known('p256Signature'))) return 'it refused the known signature';
  return unless(!verify('sha256', Buffer.from('another message'), key, known('p256Signature')), 'it took the signature over other bytes');
}

/** PKCS#8 of an Ed25519 seed (RFC 8410 §7) before the 32 bytes of seed. */
const ED25519_PKCS8_PREFIX = '302e020100300506032b657004220420';

function ed25519Known(): string | null {
  const key = createPrivateKey({ key: hex(ED25519_PKCS8_PREFIX + KNOWN.ed25519.seed), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  if (raw.toString('hex') !== KNOWN.ed25519.publicKey) return 'another public key';
  const signature = sign(null, hex(KNOWN.ed25519.message), key);
  if (signature.toString('hex') !== KNOWN.ed25519.signature) return 'another signature';
  if (!verify(null, hex(KNOWN.ed25519.message), publicKey, signature)) return 'it refused its own signature';
  return unless(!verify(null, hex(KNOWN.ed25519.otherMessage), publicKey, signature), 'it took the signature over other bytes');
}
