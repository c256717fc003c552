import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { decodeBase64, parseJson } from '../values/index.ts';
import type { Assignment } from './enclave.ts';
import { Refusal } from './refusal.ts';

/** The most that is read of any request: a file of 10 MB and the multipart around it. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const MAX_FILE_BYTES = 10 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_REQUEST_BYTES) throw new Refusal(413, 'Payload Too Large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const text = z.string().min(1);
const party = (id: 'customer_id' | 'package_id', name: 'customer_name' | 'package_name') =>
  z.looseObject({ [id]: text, [name]: z.string().optional() });

const assignBody = z.looseObject({
  user_identifier: text,
  key_type: z.enum(['rsa4096', 'secp256k1', 'ed25519']),
  key_environment: z.enum(['HOT', 'COLD']).optional(),
  organisation: party('customer_id', 'customer_name').optional(),
  package: party('package_id', 'package_name').optional(),
  sign_with: z.array(text).optional(),
});

const dataBody = z.looseObject({
  public_key: z.string().regex(/^[0-9a-fA-F]{32,4096}$/),
  data: z.string().min(1),
  checksum: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .optional(),
  padding_type: z.literal('OAEP').optional(),
  metadata: z.looseObject({}).optional(),
});

/** @throws Refusal 415, 400 with the errors keyed by field. */
export function readAssignment(request: IncomingMessage, body: Buffer, partner: boolean): Assignment {
  const asked = parse(assignBody, jsonOf(request, body));
  if (partner) {
    const missing = (['organisation', 'package', 'key_environment'] as const).filter((member) => asked[member] === undefined);
    if (missing.length > 0)
      throw new Refusal(400, 'Validation failed', Object.fromEntries(missing.map((member) => [member, ['is required']])));
  }
  return {
    userIdentifier: asked.user_identifier,
    keyType: asked.key_type,
    // The trap that the contract warns of: left out, it is HOT.
    keyEnvironment: asked.key_environment ?? 'HOT',
    customer: partyOf(asked.organisation, 'customer_id', 'customer_name'),
    package: partyOf(asked.package, 'package_id', 'package_name'),
    signWith: asked.sign_with ?? null,
  };
}

function partyOf(
  given: Readonly<Record<string, unknown>> | undefined,
  id: string,
  name: string,
): { id: string; name: string | null } | null {
  if (given === undefined) return null;
  const named = given[name];
  return { id: String(given[id]), name: typeof named === 'string' ? named : null };
}

export type DataRequest = { publicKey: string; ciphertext: Buffer; checksum: string | null; metadata: Readonly<Record<string, unknown>> };

/** @throws Refusal 415, 400. */
export function readDataRequest(request: IncomingMessage, body: Buffer, partner: boolean): DataRequest {
  const asked = parse(dataBody, jsonOf(request, body));
  if (partner && asked.checksum === undefined) throw new Refusal(400, 'Validation failed', { checksum: ['is required'] });
  const ciphertext = decodeBase64(asked.data);
  if (ciphertext === null) throw new Refusal(400, 'Validation failed', { data: ['is not base64'] });
  return { publicKey: asked.public_key, ciphertext, checksum: asked.checksum ?? null, metadata: asked.metadata ?? {} };
}

export type FileRequest = { publicKey: string; ciphertext: Buffer; metadata: unknown };

/** @throws Refusal 415 for any other part type than application/octet-stream, 413 over 10 MB, 400. */
export async function readFileRequest(request: IncomingMessage, body: Buffer): Promise<FileRequest> {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(contentType)) throw new Refusal(415, 'Unsupported Media Type');
  const form = await formOf(contentType, body);
  const [file, publicKey, metadata] = [form.get('file'), form.get('public_key'), form.get('metadata')];
  if (typeof publicKey !== 'string' || publicKey === '') throw new Refusal(400, 'Validation failed', { public_key: ['is required'] });
  if (file === null || typeof file === 'string') throw new Refusal(400, 'Validation failed', { file: ['is required'] });
  if (file.type !== 'application/octet-stream') throw new Refusal(415, 'Unsupported Media Type');
  if (file.size > MAX_FILE_BYTES) throw new Refusal(413, 'Payload Too Large');
  return { publicKey, ciphertext: Buffer.from(await file.arrayBuffer()), metadata: metadataOf(metadata) };
}

async function formOf(contentType: string, body: Buffer): Promise<FormData> {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- a stand-in on loopback, with the body capped before
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new Refusal(400, 'the multipart body cannot be read');
  }
}

function metadataOf(metadata: string | File | null): unknown {
  if (metadata === null) return {};
  if (typeof metadata !== 'string') throw new Refusal(400, 'Validation failed', { metadata: ['is not a JSON string'] });
  return parseBytes(Buffer.from(metadata, 'utf8'));
}

const releaseBody = z.looseObject({ key_id: text, openpgp_public_key: text });

/** The rehearsal's own call, which plays what people do in CoinCover Control. */
export function readRelease(request: IncomingMessage, body: Buffer): { keyId: string; openPgpKey: string } {
  const asked = parse(releaseBody, jsonOf(request, body));
  return { keyId: asked.key_id, openPgpKey: asked.openpgp_public_key };
}

function jsonOf(request: IncomingMessage, body: Buffer): unknown {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new Refusal(415, 'Unsupported Media Type');
  return parseBytes(body);
}

function parseBytes(body: Buffer): unknown {
  try {
    return parseJson(body, { maxBytes: MAX_REQUEST_BYTES });
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string[]> = {};
  for (const issue of parsed.error.issues) (fields[String(issue.path[0] ?? 'body')] ??= []).push(issue.message);
  throw new Refusal(400, 'Validation failed', fields);
}
