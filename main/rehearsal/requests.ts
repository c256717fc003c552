import { decodeBase64, isJsonObject, parseJson, type Json, type JsonObject } from '../values/index.ts';
import type { CallKind } from './calls.ts';
import { anyObject, hex, object, oneOf, optional, readFields, text, texts } from './fields.ts';
import { invalidField, Refusal } from './refusal.ts';

/** The most that `file` may hold: the contract's 10 MB, read as 10,485,760 bytes. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** A file of 10 MB with the multipart around it, and enough above for a file that is too large to be told so. */
const MAX_FORM_BYTES = 16 * 1024 * 1024;
/** The largest JSON is a `secure/data` with 4096 hex digits, 512 bytes in base64, and some metadata. */
const MAX_JSON_BYTES = 1024 * 1024;

/** The most bytes of a request's body that are kept. */
export function maxBodyBytes(call: CallKind): number {
  return call === 'store-file' ? MAX_FORM_BYTES : MAX_JSON_BYTES;
}

export type KeyType = 'rsa4096' | 'secp256k1' | 'ed25519';
export type KeyEnvironment = 'HOT' | 'COLD';
export type SignedField =
  'external_customer_id' | 'external_package_id' | 'pulled_by_id' | 'pulled_by_type' | 'user_id' | 'key_id' | 'key_fingerprint';

/** A `POST /v1/keys` that can be carried out: every field of `signWith` can be resolved. */
export type Assignment = {
  readonly userIdentifier: string;
  readonly keyType: KeyType;
  readonly keyEnvironment: KeyEnvironment;
  readonly customer: { readonly id: string; readonly name: string | null } | null;
  readonly package: { readonly id: string; readonly name: string | null } | null;
  readonly signWith: readonly SignedField[] | null;
};

const signedField = oneOf<SignedField>(
  'external_customer_id',
  'external_package_id',
  'pulled_by_id',
  'pulled_by_type',
  'user_id',
  'key_id',
  'key_fingerprint',
);

const organisation = object({ customer_id: text, customer_name: optional(text) });
const packageOf = object({ package_id: text, package_name: optional(text) });
const keyEnvironment = oneOf('HOT', 'COLD');

const assignFields = {
  user_identifier: text,
  key_type: oneOf('rsa4096', 'secp256k1', 'ed25519'),
  key_environment: optional(keyEnvironment),
  organisation: optional(organisation),
  package: optional(packageOf),
  sign_with: optional((value, field) => texts(value, field).map((name) => signedField(name, field))),
};

const partnerAssignFields = { ...assignFields, key_environment: keyEnvironment, organisation, package: packageOf };

/**
 * Reads the body of `POST /v1/keys` or its partner form, which requires organisation, package and key environment.
 * @throws Refusal 400, with the errors keyed by field; a field of `sign_with` that cannot be resolved is one of them.
 */
export function readAssignment(bytes: Buffer, contentType: string, partner: boolean): Assignment {
  const asked = readFields(readJson(bytes, contentType), partner ? partnerAssignFields : assignFields);
  for (const [field, source] of [
    ['external_customer_id', asked.organisation],
    ['external_package_id', asked.package],
  ] as const) {
    if (source === null && asked.sign_with?.includes(field) === true) throw invalidField('sign_with', `cannot resolve ${field}`);
  }
  return {
    userIdentifier: asked.user_identifier,
    keyType: asked.key_type,
    // The trap that the contract warns of: left out, it is HOT.
    keyEnvironment: asked.key_environment ?? 'HOT',
    customer: asked.organisation && { id: asked.organisation.customer_id, name: asked.organisation.customer_name },
    package: asked.package && { id: asked.package.package_id, name: asked.package.package_name },
    signWith: asked.sign_with,
  };
}

/** A `POST /v1/secure/data`; `checksum` is 64 lowercase hex digits. */
export type DataRequest = {
  readonly publicKey: string;
  readonly ciphertext: Buffer;
  readonly checksum: string | null;
  readonly metadata: JsonObject;
};

const checksum = hex(64, 64);
const dataFields = {
  public_key: hex(32, 4096),
  data: text,
  checksum: optional(checksum),
  padding_type: optional(oneOf('OAEP')),
  metadata: optional(object({ description: optional(text), content_type: optional(text), original_filename: optional(text) })),
};
const partnerDataFields = { ...dataFields, checksum };

/** Reads the body of `POST /v1/secure/data` or its partner form, which requires the checksum. @throws Refusal 400. */
export function readDataRequest(bytes: Buffer, contentType: string, partner: boolean): DataRequest {
  const body = readJson(bytes, contentType);
  const asked = readFields(body, partner ? partnerDataFields : dataFields);
  const ciphertext = decodeBase64(asked.data);
  if (ciphertext === null) throw invalidField('data', 'must be base64');
  const metadata = body['metadata'];
  return {
    publicKey: asked.public_key,
    ciphertext,
    checksum: asked.checksum?.toLowerCase() ?? null,
    metadata: isJsonObject(metadata) ? metadata : {},
  };
}

export type FileRequest = { readonly publicKey: string; readonly ciphertext: Buffer; readonly metadata: JsonObject };

/**
 * Reads the body of `POST /v1/secure/file`.
 * @throws Refusal 415 where it is no form or the part is not exactly `application/octet-stream`; 413 over 10,485,760 bytes; 400.
 */
export async function readFileRequest(bytes: Buffer, contentType: string): Promise<FileRequest> {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) throw new Refusal(415);
  const form = await readForm(bytes, contentType);
  const publicKey = hex(32, 4096)(textPart(form, 'public_key'), 'public_key');
  const file = onePart(form, 'file');
  if (file === undefined) throw invalidField('file', 'is required');
  if (typeof file === 'string') throw invalidField('file', 'must be a file');
  if (file.type !== 'application/octet-stream') throw new Refusal(415);
  if (file.size > MAX_FILE_BYTES) throw new Refusal(413);
  if (file.size === 0) throw invalidField('file', 'must not be empty');
  const metadata = textPart(form, 'metadata');
  return {
    publicKey,
    ciphertext: Buffer.from(await file.arrayBuffer()),
    metadata: metadata === undefined ? {} : anyObject(parseAny(Buffer.from(metadata, 'utf8'), 'metadata'), 'metadata'),
  };
}

/** Reads the rehearsal's own call, which plays what people do in CoinCover Control. @throws Refusal 400. */
export function readRelease(bytes: Buffer, contentType: string): { readonly keyId: string; readonly openPgpKey: string } {
  const asked = readFields(readJson(bytes, contentType), { key_id: text, openpgp_public_key: text });
  return { keyId: asked.key_id, openPgpKey: asked.openpgp_public_key };
}

async function readForm(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    // Node's types call formData() unfit for servers, since it buffers the body: ours is in memory and bounded already.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- no-deprecated: see the line above
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new Refusal(400, 'the multipart body cannot be read'); // the parser's reason is of no use to a client
  }
}

/** The one part of this name. Two would have two readings. */
function onePart(form: FormData, name: string): string | File | undefined {
  const [part, ...more] = form.getAll(name);
  if (more.length > 0) throw invalidField(name, 'must be given once');
  return part;
}

function textPart(form: FormData, name: string): string | undefined {
  const part = onePart(form, name);
  if (part !== undefined && typeof part !== 'string') throw invalidField(name, 'must be text');
  return part;
}

function readJson(bytes: Buffer, contentType: string): JsonObject {
  if (!/^application\/json\s*(;|$)/i.test(contentType)) throw new Refusal(400, 'the content type must be application/json');
  return anyObject(parseAny(bytes, 'body'), 'body');
}

function parseAny(bytes: Buffer, field: string): Json {
  try {
    return parseJson(bytes, { maxBytes: MAX_JSON_BYTES });
  } catch {
    throw invalidField(field, 'must be JSON'); // the parser's reason is of no use to a client
  }
}
