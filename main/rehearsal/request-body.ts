import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** What was read of a request: its size, and its bytes unless there were more than the limit. */
export type RequestBody = { readonly sizeBytes: number; readonly bytes: Buffer | null };

/** Reading on past the limit lets a client finish sending and then read its 413. It has to end somewhere. */
const MAX_DRAINED_BYTES = 32 * 1024 * 1024;

/**
 * Reads a request to its end and keeps at most `maxBytes` of it.
 * @throws Refusal 413 for a body that goes on past 32 MiB: it is read no further, and no other request can follow on its connection.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<RequestBody> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes <= maxBytes) pieces.push(piece);
    else pieces.length = 0;
    if (sizeBytes > MAX_DRAINED_BYTES) throw new Refusal(413);
  }
  return { sizeBytes, bytes: sizeBytes > maxBytes ? null : Buffer.concat(pieces) };
}
