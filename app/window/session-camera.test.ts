import '../../test/cheap-scrypt.mjs';
import { generateKeyPairSync, sign } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeAnimatedCode, writeDocument } from '../../main/transfer/index.ts';
import { sha256 } from '../../main/values/index.ts';
import { madeStation } from './made-station.fixture.ts';
import { codeOf, must } from './session.fixture.ts';
import type { Session, SessionOptions } from './session.ts';

const { folder, home, open, unlocked } = madeStation();

describe('the camera', () => {
  const watched = (): { options: Partial<SessionOptions>; told: boolean[] } => {
    const told: boolean[] = [];
    return {
      told,
      options: {
        allowCamera: (on) => {
          told.push(on);
          return Promise.resolve();
        },
      },
    };
  };

  it('is allowed when the page asks, and no longer when it says so', async () => {
    const { options, told } = watched();
    const session = await unlocked(options);
    for (const on of [false, true, true, false, false]) await must(session, 'window.camera', { on });
    expect(told).toEqual([true, false]);
    expect(await codeOf(session, 'window.camera', { on: 'yes' })).toBe('input-invalid');
  });

  it('is off in the end when "on" and "off" come at once', async () => {
    const { options, told } = watched();
    const session = await unlocked(options);
    await Promise.all([true, false, true, false].map((on) => must(session, 'window.camera', { on })));
    expect(told).toEqual([true, false, true, false]);
  });

  it('goes off when the page is loaded anew, and when the station is locked', async () => {
    const { options, told } = watched();
    const session = await unlocked(options);
    await must(session, 'window.camera', { on: true });
    await session.pageLoaded();
    expect(told).toEqual([true, false]);
    await must(session, 'window.camera', { on: true });
    await must(session, 'window.lock');
    expect(told).toEqual([true, false, true, false]);
  });

  it('is not for a locked station, nor for one that is not set up', async () => {
    const { options, told } = watched();
    for (const session of [open(options), open({ ...options, home: join(folder, 'never') })]) {
      expect(await codeOf(session, 'window.camera', { on: true })).toBe('window-locked');
      expect(await codeOf(session, 'window.code-part', { part: 'UR:BYTES/AE' })).toBe('window-locked');
    }
    expect(told).toEqual([]);
  });
});

describe('codes that the camera reads', () => {
  const received = join(home, 'received');
  const card = writtenCard();
  const { frames } = encodeAnimatedCode(card, 'coarse');

  async function read(session: Session, parts: readonly string[]): Promise<Record<string, unknown>> {
    let last: Record<string, unknown> = {};
    for (const part of parts) last = await must(session, 'window.code-part', { part });
    return last;
  }

  it('become a private file whose handle any operation takes, byte for byte', async () => {
    const session = await unlocked();
    const fragments = Number(/-(\d+)/.exec(frames[0] ?? '')?.[1]);
    expect(await read(session, frames.slice(0, 2))).toEqual({ progress: 2 / fragments, received: null });
    const whole = await read(session, frames.slice(2, fragments));
    const name = `station-${sha256(card).slice(0, 12)}.json`;
    expect(whole).toMatchObject({ progress: 1, received: { kind: 'station', name } });
    expect(JSON.stringify(whole)).not.toContain(folder);
    const file = join(received, name);
    expect(readFileSync(file).equals(card)).toBe(true);
    if (process.platform !== 'win32') expect([statSync(file).mode & 0o777, statSync(received).mode & 0o777]).toEqual([0o600, 0o700]);

    // The same one again is the same file.
    expect(await read(session, frames.slice(0, fragments))).toEqual(whole);
    expect(readdirSync(received)).toEqual([name]);
    // A file that took its place is not written over.
    writeFileSync(file, 'something else');
    await read(session, frames.slice(0, fragments - 1));
    expect(await codeOf(session, 'window.code-part', { part: frames[fragments - 1] })).toBe('output-exists');
    expect(readFileSync(file, 'utf8')).toBe('something else');
    rmSync(file);
  });

  it('of another document change nothing until the page starts over', async () => {
    const session = await unlocked();
    const other = encodeAnimatedCode(Buffer.alloc(900, 'x'), 'coarse').frames;
    await read(session, frames.slice(0, 2));
    expect(await codeOf(session, 'window.code-part', { part: other[0] })).toBe('code-another');
    expect((await read(session, frames.slice(1, 2)))['progress']).toBeGreaterThan(0.1);
    await must(session, 'window.code-reset');
    await read(session, other.slice(0, 1));
    expect(await codeOf(session, 'window.code-part', { part: frames[0] })).toBe('code-another');
    await session.pageLoaded();
    await read(session, frames.slice(0, 1));
  });

  it.each<[string, Buffer, string]>([
    ['is no document', Buffer.from('hello'), 'document-not-json'],
    ['was changed', Buffer.from(card.toString().replace('vault-2', 'vault-3')), 'document-signature'],
  ])('and what they come to %s: nothing is written, and the next one can be read', async (_name, bytes, code) => {
    const session = await unlocked();
    const codes = encodeAnimatedCode(bytes, 'fine');
    await read(session, codes.frames.slice(0, codes.fragments - 1));
    expect(await codeOf(session, 'window.code-part', { part: codes.frames[codes.fragments - 1] })).toBe(code);
    expect(readdirSync(received)).toEqual([]);
    await read(session, frames.slice(0, 1));
  });

  it('are at most 4096 characters each', async () => {
    const session = await unlocked();
    expect(await codeOf(session, 'window.code-part', { part: 'A'.repeat(4096) })).toBe('code-not-ours');
    expect(await codeOf(session, 'window.code-part', { part: 'A'.repeat(4097) })).toBe('input-invalid');
  });
});

/** A station card of some other station. */
function writtenCard(): Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const station = { id: sha256(raw), name: 'vault-2', role: 'cold' as const, public_key: raw.toString('base64') };
  const draft = { coldroom: 'station/1' as const, to: [], ceremony: null, answers: null, environment_id: null };
  const signer = { station, sign: (bytes: Uint8Array) => sign(null, bytes, privateKey) };
  const { text } = writeDocument({ ...draft, body: { reads: ['keypack/1'] } }, signer, { seq: 1, head: sha256('head') }, Date.now());
  return Buffer.from(text, 'utf8');
}
