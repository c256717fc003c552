import { checkError, decodeBase64, quote, sha256 } from '../values/index.ts';
import type { ColdroomDocument, SealedItem } from './schema.ts';

/**
 * Digests and members of one document that must agree with each other, whoever signed it.
 * @throws check `document-inconsistent`.
 */
export function checkConsistent(document: ColdroomDocument, name: string): void {
  const complaint = findContradiction(document);
  if (complaint !== null) {
    throw checkError('document-inconsistent', `${quote(name)} contradicts itself: ${complaint}`, {
      hint: 'stop; the station that wrote it is faulty or lies',
    });
  }
}

function findContradiction(document: ColdroomDocument): string | null {
  switch (document.coldroom) {
    case 'keypack/1':
      if (document.answers !== null) return 'a key pack answers nothing';
      return sha256(document.body.jwks) === document.body.jwks_sha256 ? null : 'jwks_sha256 is not the digest of jwks';
    case 'sealed/1':
      return contradictionInSealed(document.body);
    case 'receipt/1':
      return document.body.backup_type === 'data' || document.body.checksum === null ? null : 'a file’s receipt has no checksum';
    case 'station/1':
      return document.to.length === 0 && document.answers === null && document.environment_id === null
        ? null
        : 'a station card is for nobody and answers nothing';
    case 'carry/1':
      if (document.answers !== null || document.environment_id !== null) return 'a carry list answers nothing and has no environment';
      return new Set(document.body.documents.map((one) => one.id)).size === document.body.documents.length
        ? null
        : 'it lists one document twice';
  }
}

function contradictionInSealed(body: SealedItem['body']): string | null {
  const ciphertext = decodeBase64(body.ciphertext);
  if (ciphertext === null || sha256(ciphertext) !== body.ciphertext_sha256) return 'ciphertext_sha256 is not the digest of ciphertext';
  const isEnvelope = body.mode.startsWith('envelope');
  if (isEnvelope !== (body.checksum === null)) return 'checksum and mode do not go together';
  if (!isEnvelope && ciphertext.length !== 512) return 'the ciphertext has not the length of one RSA block';
  return null;
}
