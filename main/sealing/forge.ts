import forge from 'node-forge';

/*
 * node-forge as the second, independent implementation of the self-test (design.md, "Sealing formats"). It is pure
 * JavaScript and shares no code with node:crypto. It never sees a secret: only the self-test's own key and message.
 */

/** SHA-256 for the hash and for MGF1, no label: forge would take SHA-1 for MGF1 if it were not told. */
const oaep = () => ({ md: forge.md.sha256.create(), mgf1: { md: forge.md.sha256.create() } });

/** Reads a SubjectPublicKeyInfo in hex, and writes it again as PEM and as hex. */
export function forgePublicKey(spkiHex: string): { pem: string; hex: string } {
  const key = forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(forge.util.hexToBytes(spkiHex)));
  return { pem: forge.pki.publicKeyToPem(key), hex: forge.util.bytesToHex(forge.asn1.toDer(forge.pki.publicKeyToAsn1(key)).getBytes()) };
}

/** RSA-OAEP-256 with MGF1-SHA-256. */
export function forgeSealOaep(publicKeyPem: string, message: Buffer): Buffer {
  return Buffer.from(forge.pki.publicKeyFromPem(publicKeyPem).encrypt(message.toString('latin1'), 'RSA-OAEP', oaep()), 'latin1');
}

/** The reverse of {@link forgeSealOaep}; null where forge refuses. */
export function forgeOpenOaep(privateKeyPem: string, ciphertext: Buffer): Buffer | null {
  const key = forge.pki.privateKeyFromPem(privateKeyPem);
  try {
    return Buffer.from(key.decrypt(ciphertext.toString('latin1'), 'RSA-OAEP', oaep()), 'latin1');
  } catch {
    return null; // forge has no error class of its own for a refusal
  }
}

/** AES-GCM with a tag of 16 bytes, as lowercase hex; null where forge did not finish. */
export function forgeSealGcm(key: Buffer, nonce: Buffer, aad: Buffer, content: Buffer): { ciphertext: string; tag: string } | null {
  const cipher = forge.cipher.createCipher('AES-GCM', key.toString('latin1'));
  cipher.start({ iv: nonce.toString('latin1'), additionalData: aad.toString('latin1'), tagLength: 128 });
  cipher.update(forge.util.createBuffer(content.toString('latin1')));
  return cipher.finish() ? { ciphertext: cipher.output.toHex(), tag: cipher.mode.tag.toHex() } : null;
}
