import { createCipheriv, createDecipheriv, createHash, createPrivateKey, createPublicKey, scryptSync, sign, verify } from 'node:crypto';
import forge from 'node-forge';
import { isColdroomError } from '../values/index.ts';
import { parseAssignedKey } from './assigned-key.ts';
import { openOaep, sealOaep } from './oaep.ts';
import { KNOWN } from './self-test-data.ts';

export type SelfTestResult = {
  id: string;
  what: string;
  result: 'passed' | 'failed' | 'did-not-run';
};

export type SelfTestReport = { ok: boolean; count: number; checks: readonly SelfTestResult[] };

type Check = { readonly id: string; readonly what: string; readonly run: () => boolean };

/**
 * Every check, once. A new one is registered here and counted below: a list that lost an entry is a failed self-test, not a
 * shorter one.
 */
const CHECKS: readonly Check[] = [
  { id: 'sha-256', what: 'SHA-256 gives a known digest', run: () => createHash('sha256').update('abc').digest('hex') === KNOWN.sha256Abc },
  {
    id: 'key-form',
    what: 'a known key in hex gives a known PEM',
    run: () => parseAssignedKey(KNOWN.publicKeyHex).spkiPem === KNOWN.publicKeyPem,
  },
  { id: 'key-form-forge', what: 'node-forge reads the same key from the hex', run: forgeReadsTheSameKey },
  {
    id: 'oaep-known',
    what: 'a known RSA-OAEP ciphertext opens',
    run: () => openOaep(known('oaepCiphertext'), testKey()).equals(message()),
  },
  {
    id: 'oaep-forge-opens',
    what: 'node-forge opens what Node sealed',
    run: () => forgeOpen(sealOaep(message(), parseAssignedKey(KNOWN.publicKeyHex))),
  },
  { id: 'oaep-node-opens', what: 'Node opens what node-forge sealed', run: () => openOaep(forgeSeal(), testKey()).equals(message()) },
  {
    id: 'oaep-mgf1',
    what: 'a ciphertext with another MGF1 hash is refused',
    run: () => refuses(() => openOaep(known('mismatchedMgf1Ciphertext'), testKey())),
  },
  { id: 'gcm-known', what: 'AES-256-GCM gives a known answer', run: gcmKnownAnswer },
  { id: 'gcm-tamper', what: 'AES-256-GCM refuses a changed ciphertext', run: gcmRefusesTampering },
  { id: 'gcm-forge', what: 'node-forge agrees on AES-256-GCM', run: gcmForgeAgrees },
  { id: 'p-256', what: 'a known ECDSA P-256 signature holds, and not over other bytes', run: p256KnownAnswer },
  { id: 'ed25519', what: 'Ed25519 gives a known signature, which holds, and not over other bytes', run: ed25519KnownAnswer },
  { id: 'scrypt', what: 'scrypt at the box’s cost gives a known answer', run: scryptKnownAnswer },
];
const CHECK_COUNT = 13;

/**
 * Tests the cryptography of this very process. All checks run, also after a failure; one that did not run is a failure.
 * About a second, most of it scrypt and node-forge.
 */
export function runSelfTest(checks: readonly Check[] = CHECKS): SelfTestReport {
  const results = checks.map((check): SelfTestResult => ({ id: check.id, what: check.what, result: resultOf(check) }));
  const complete = results.length === CHECK_COUNT && new Set(results.map((one) => one.id)).size === CHECK_COUNT;
  return { ok: complete && results.every((one) => one.result === 'passed'), count: CHECK_COUNT, checks: results };
}

export { CHECKS as SELF_TEST_CHECKS };

function resultOf(check: Check): SelfTestResult['result'] {
  try {
    return check.run() ? 'passed' : 'failed';
  } catch {
    return 'did-not-run'; // whatever stopped it, the check gave no answer
  }
}

const message = () => Buffer.from(KNOWN.message, 'utf8');
const known = (name: 'oaepCiphertext' | 'mismatchedMgf1Ciphertext' | 'p256Signature') => Buffer.from(KNOWN[name], 'base64');
const testKey = () => createPrivateKey(KNOWN.testPrivateKeyPem);

function refuses(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    return isColdroomError(error) && error.code === 'cannot-open';
  }
}

const forgeOaep = () => ({ md: forge.md.sha256.create(), mgf1: { md: forge.md.sha256.create() } });

function forgeReadsTheSameKey(): boolean {
  const key = forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(forge.util.hexToBytes(KNOWN.publicKeyHex)));
  const written = forge.util.bytesToHex(forge.asn1.toDer(forge.pki.publicKeyToAsn1(key)).getBytes());
  return written === KNOWN.publicKeyHex && forge.pki.publicKeyToPem(key).replace(/\s/g, '') === KNOWN.publicKeyPem.replace(/\s/g, '');
}

function forgeOpen(ciphertext: Buffer): boolean {
  const key = forge.pki.privateKeyFromPem(KNOWN.testPrivateKeyPem);
  return key.decrypt(ciphertext.toString('binary'), 'RSA-OAEP', forgeOaep()) === KNOWN.message;
}

function forgeSeal(): Buffer {
  const key = forge.pki.publicKeyFromPem(KNOWN.publicKeyPem);
  return Buffer.from(key.encrypt(KNOWN.message, 'RSA-OAEP', forgeOaep()), 'binary');
}

const ZERO_KEY = Buffer.alloc(32);
const ZERO_NONCE = Buffer.alloc(12);
const ZERO_BLOCK = Buffer.alloc(16);

function gcmKnownAnswer(): boolean {
  const cipher = createCipheriv('aes-256-gcm', ZERO_KEY, ZERO_NONCE, { authTagLength: 16 });
  const ciphertext = Buffer.concat([cipher.update(ZERO_BLOCK), cipher.final()]);
  return ciphertext.toString('hex') === KNOWN.gcmCiphertext && cipher.getAuthTag().toString('hex') === KNOWN.gcmTag;
}

function gcmRefusesTampering(): boolean {
  const opens = (tag: Buffer): boolean => {
    const decipher = createDecipheriv('aes-256-gcm', ZERO_KEY, ZERO_NONCE, { authTagLength: 16 });
    decipher.setAuthTag(tag);
    decipher.update(Buffer.from(KNOWN.gcmCiphertext, 'hex'));
    try {
      decipher.final();
      return true;
    } catch {
      return false; // refusing is the answer that is wanted for the changed tag
    }
  };
  const tag = Buffer.from(KNOWN.gcmTag, 'hex');
  const changed = Buffer.from(tag);
  changed[15] = (changed[15] ?? 0) ^ 1;
  return opens(tag) && !opens(changed);
}

function gcmForgeAgrees(): boolean {
  const cipher = forge.cipher.createCipher('AES-GCM', ZERO_KEY.toString('binary'));
  cipher.start({ iv: ZERO_NONCE.toString('binary'), tagLength: 128 });
  cipher.update(forge.util.createBuffer(ZERO_BLOCK.toString('binary')));
  return cipher.finish() && cipher.output.toHex() === KNOWN.gcmCiphertext && cipher.mode.tag.toHex() === KNOWN.gcmTag;
}

function p256KnownAnswer(): boolean {
  const holds = (data: Buffer) => verify('sha256', data, createPublicKey(KNOWN.p256PublicKeyPem), known('p256Signature'));
  return holds(message()) && !holds(Buffer.from('another message'));
}

function ed25519KnownAnswer(): boolean {
  const key = createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${KNOWN.ed25519Seed}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });
  const data = Buffer.from(KNOWN.ed25519Message, 'hex');
  const signature = sign(null, data, key);
  const publicKey = createPublicKey(key);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  return (
    raw === KNOWN.ed25519PublicKey &&
    signature.toString('hex') === KNOWN.ed25519Signature &&
    verify(null, data, publicKey, signature) &&
    !verify(null, Buffer.from('73', 'hex'), publicKey, signature)
  );
}

function scryptKnownAnswer(): boolean {
  const derived = scryptSync(KNOWN.scryptPassphrase, Buffer.from(KNOWN.scryptSalt, 'hex'), 44, {
    N: 2 ** 17,
    r: 8,
    p: 1,
    maxmem: 256 * 1024 * 1024,
  });
  return derived.toString('hex') === KNOWN.scryptDerived;
}
