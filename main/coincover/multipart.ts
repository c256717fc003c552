import type { HexPublicKey, JsonObject } from '../values/index.ts';

/** The one name a file ever has at CoinCover: the real one goes there as metadata, and only if the operator says so. */
const FILE_NAME = 'sealed.bin';

/**
 * The body of `POST /v1/secure/file`: multipart/form-data (RFC 7578) by Node's own encoder, made whole, so that its length is
 * known beforehand. Parts: `public_key`, `file` (application/octet-stream, or the service answers 415), and `metadata` as JSON
 * text only where there is any.
 */
export async function encodeMultipart(parts: {
  publicKey: HexPublicKey;
  ciphertext: Buffer;
  metadata: JsonObject | null;
}): Promise<{ contentType: string; body: Buffer }> {
  const form = new FormData();
  form.set('public_key', parts.publicKey);
  form.set('file', new Blob([new Uint8Array(parts.ciphertext)], { type: 'application/octet-stream' }), FILE_NAME);
  if (parts.metadata !== null) form.set('metadata', JSON.stringify(parts.metadata));
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type');
  if (contentType === null) throw new TypeError('a form was encoded without its boundary');
  return { contentType, body: Buffer.from(await encoded.arrayBuffer()) };
}
