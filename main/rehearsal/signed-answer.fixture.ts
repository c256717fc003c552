import { deepEqual } from 'node:assert/strict';
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import type { Reply, Running } from './running-stand-in.fixture.ts';

export async function fetchSigningEntry(running: Running): Promise<JsonWebKey> {
  const { json } = await running.send('GET', '/.well-known/jwks.json', {}, null);
  const [entry] = json['keys'] as JsonWebKey[];
  if (entry === undefined) throw new Error('the JWKS is empty');
  return entry;
}

/** Whether an assignment's answer is signed, in DER, by the entry: over `signed_payload`, or without one over the hex string. */
export function isSigned(answer: Reply['json'], entry: JsonWebKey): boolean {
  const { signature, signed_payload: payload = answer['public_key'] } = answer;
  if (typeof signature !== 'string' || typeof payload !== 'string') throw new Error('the answer has no signature');
  const key = createPublicKey({ format: 'jwk', key: entry });
  return verify('sha256', Buffer.from(payload, 'utf8'), { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'));
}

/** Throws unless it is the contract's error body: text in `message` and `error`, and the fields at fault, if any, as its other members. */
export function expectRefusal(reply: Reply, status: number, fields: readonly string[] = []): void {
  deepEqual([reply.status, reply.headers.get('content-type')], [status, 'application/json']);
  const { message, error, ...byField } = reply.json;
  deepEqual([typeof message, typeof error], ['string', 'string']);
  deepEqual(Object.keys(byField).sort(), [...fields].sort());
}
