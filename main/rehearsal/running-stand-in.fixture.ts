import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createStandIn, type KeyPool, type StandIn, type StandInAddress, type StandInOptions } from './index.ts';

/** The RSA-4096 key that test/vectors/oaep.json is for. */
export const KEY_A = createPrivateKey(readFileSync(new URL('../../test/vectors/rsa4096-a.key.pem', import.meta.url), 'utf8'));
export const KEY_A_HEX = createPublicKey(KEY_A).export({ format: 'der', type: 'spki' }).toString('hex');

export const NOW_MS = Date.parse('2026-11-24T10:00:00.000Z');

const vectorsSchema = z.object({
  cases: z.array(z.object({ name: z.string(), ciphertext: z.string(), opens: z.boolean(), plaintext_hex: z.string().optional() })),
});
const vectorsText = readFileSync(new URL('../../test/vectors/oaep.json', import.meta.url), 'utf8');
export const OAEP_CASES = vectorsSchema.parse(JSON.parse(vectorsText)).cases;

/** Hands out these keys over and over, so that no test waits for RSA-4096. */
export function fixedKeyPool(...keys: readonly KeyObject[]): KeyPool {
  let taken = 0;
  return {
    prepare: () => undefined,
    stop: () => undefined,
    take: () => {
      const key = keys[taken % keys.length];
      taken += 1;
      return key === undefined ? Promise.reject(new Error('no key')) : Promise.resolve(key);
    },
  };
}

export type Reply = { status: number; headers: Headers; text: string; json: Record<string, unknown> };

/** A stand-in that listens, with calls to it over real HTTP. */
export class Running {
  readonly standIn: StandIn;
  readonly at: StandInAddress;

  constructor(standIn: StandIn, at: StandInAddress) {
    this.standIn = standIn;
    this.at = at;
  }

  async send(method: string, path: string, init: RequestInit = {}, token: string | null = this.at.token): Promise<Reply> {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(`${this.at.api}${path}`, { redirect: 'manual', ...init, method, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: objectOf(text) };
  }

  get(path: string): Promise<Reply> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown, token?: string | null): Promise<Reply> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.send('POST', path, { body: text, headers: { 'content-type': 'application/json' } }, token);
  }

  /** Sends no field `file` where the content is null. */
  postFile(file: Uint8Array<ArrayBuffer> | null, fields: Record<string, string>, partType = 'application/octet-stream'): Promise<Reply> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    if (file !== null) form.set('file', new Blob([file], { type: partType }), 'sealed.bin');
    return this.send('POST', '/v1/secure/file', { body: form });
  }

  assign(more: Record<string, unknown> = {}): Promise<Reply> {
    return this.post('/v1/keys', { user_identifier: 'user-1', key_type: 'rsa4096', key_environment: 'COLD', ...more });
  }
}

/** Runs `use` with a stand-in of its own, whose RSA keys are key A unless the options say otherwise. */
export async function withStandIn(use: (running: Running) => Promise<void>, options: Partial<StandInOptions> = {}): Promise<void> {
  const standIn = createStandIn({ clock: { now: () => NOW_MS }, keyPool: fixedKeyPool(KEY_A), ...options });
  try {
    await use(new Running(standIn, await standIn.listen()));
  } finally {
    await standIn.close();
  }
}

/** The ciphertext of an oaep.json case, in base64. */
export function oaepCase(name: string): { ciphertext: string; plaintext: Buffer } {
  const found = OAEP_CASES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`oaep.json has no case ${name}`);
  return { ciphertext: found.ciphertext, plaintext: Buffer.from(found.plaintext_hex ?? '', 'hex') };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // HTML and nothing at all are among the answers that tests look at
  }
}
