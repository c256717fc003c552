import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, createPrivateKey, privateDecrypt, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { discardKeptStandIn, openKeptStandIn, StandIn, type KeptStandIn, type KeptStandInOptions, type StandInAddress } from './index.ts';
import { fixedKeyPool, KEY_A, KEY_A_HEX, NOW_MS, oaepCase, Running } from './running-stand-in.fixture.ts';
import { expectRefusal } from './signed-answer.fixture.ts';

const known = oaepCase('32 bytes');
const key = randomBytes(32);
let folder: string;
let path: string;
const opened: KeptStandIn[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-stand-in-'));
  path = join(folder, 'rehearsal.box');
});
afterEach(async () => {
  for (const kept of opened.splice(0)) await kept.close();
  rmSync(folder, { recursive: true });
});

type Kept = KeptStandIn & { readonly running: Running };

async function open(options: Partial<KeptStandInOptions> = {}): Promise<Kept> {
  const kept = await openKeptStandIn({ path, key, clock: { now: () => NOW_MS }, keyPool: fixedKeyPool(KEY_A), ...options });
  opened.push(kept);
  return { ...kept, running: new Running(kept.standIn, kept.address) };
}

async function problemOf(act: Promise<unknown>): Promise<{ code: string; family: string; hint: string | null } | null> {
  try {
    await act;
    return null;
  } catch (error) {
    if (isColdroomError(error)) return error;
    throw error;
  }
}

/** Every answer that a client may ask for again. */
async function answersOf({ running }: Kept, ids: { keyId: string; backupIds: readonly string[] }): Promise<unknown> {
  const paths = ['/.well-known/jwks.json', `/v1/keys/${ids.keyId}/verify`, ...ids.backupIds.map((id) => `/v1/backups/${id}/verify`)];
  const replies = await Promise.all(paths.map((one) => running.get(one)));
  for (const reply of replies) expect(reply.status).toBe(200);
  return replies.map((reply) => reply.text);
}

/** A key with data and a file stored for it. */
async function fill({ running }: Kept): Promise<{ keyId: string; backupIds: string[] }> {
  const organisation = { customer_id: 'c-1' };
  const assigned = await running.assign({ organisation, sign_with: ['pulled_by_id', 'key_id'] });
  const replies = [
    await running.post('/v1/secure/data', { public_key: KEY_A_HEX, data: known.ciphertext }),
    await running.postFile(new Uint8Array([1, 2, 3]), { public_key: KEY_A_HEX }),
  ];
  return { keyId: String(assigned.json['key_id']), backupIds: replies.map((reply) => String(reply.json['backup_id'])) };
}

describe('a kept stand-in', () => {
  it('goes on after it was closed: same address, same answers, same refusals', async () => {
    const first = await open();
    expect(first.resumed).toBe(false);
    const ids = await fill(first);
    const before = await answersOf(first, ids);
    const held = first.standIn.held();
    await first.close();
    await expect(fetch(first.address.jwks)).rejects.toThrow();

    const second = await open({ clock: { now: () => NOW_MS + 60_000 } });
    expect([second.resumed, second.address]).toEqual([true, first.address]);
    expect(await answersOf(second, ids)).toEqual(before);
    expect(second.standIn.held()).toEqual(held);
    expectRefusal(await second.running.assign({ organisation: { customer_id: 'c-1' } }), 409);
    expectRefusal(await second.running.get('/v1/keys').then(() => second.running.send('POST', '/v1/keys', {}, 'another token')), 401);
    expect((await second.running.post('/v1/partner/keys', {}, first.address.partnerToken)).status).toBe(400);
    expect((await second.running.assign()).status).toBe(200);
  });

  it('releases what was stored before, and it opens to the same bytes', async () => {
    const first = await open();
    const { keyId, backupIds } = await fill(first);
    await first.close();
    const { standIn } = await open();
    const pair = await generateKey({ type: 'curve25519', userIDs: [{ name: 'Recovery' }], format: 'armored' });
    const decryptionKeys = await readPrivateKey({ armoredKey: pair.privateKey });
    const packages = await standIn.release(keyId, pair.publicKey);
    expect(packages.map((one) => one.name)).toEqual(['private-key.pem.asc', ...backupIds.map((id) => `${id}.bin.asc`)]);
    const contents = await Promise.all(
      packages.map(async ({ armored }) => {
        const message: unknown = await decrypt({
          message: await readMessage({ armoredMessage: armored }),
          decryptionKeys,
          format: 'binary',
        });
        return Buffer.from((message as { data: Uint8Array }).data);
      }),
    );
    const [pem = Buffer.alloc(0), data = Buffer.alloc(0), file] = contents;
    expect([data.toString('base64'), file]).toEqual([known.ciphertext, Buffer.from([1, 2, 3])]);
    const privateKey = createPrivateKey(pem);
    const plaintext = privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, data);
    expect(plaintext.equals(known.plaintext)).toBe(true);
  });

  it('knows after a kill what it answered right before', async () => {
    const index = new URL('index.ts', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, index, path, key.toString('hex')]);
    const gone = once(child, 'exit');
    const before = await (async () => {
      try {
        const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
        const address = JSON.parse(line) as StandInAddress;
        // Only its calls are used: what this stand-in would say of itself is in the other process.
        const running = new Running(new StandIn({ now: () => NOW_MS }, { keyPool: fixedKeyPool(KEY_A) }), address);
        const assigned = await running.assign({ key_type: 'ed25519' });
        const jwks = await running.get('/.well-known/jwks.json');
        const stored = await running.postFile(new Uint8Array([7]), { public_key: String(assigned.json['public_key']) });
        return { address, jwks, stored };
      } finally {
        child.kill('SIGKILL');
      }
    })();
    expect([before.stored.status, await gone]).toEqual([200, [null, 'SIGKILL']]);

    const kept = await open();
    expect([kept.resumed, kept.address]).toEqual([true, before.address]);
    expect((await kept.running.get('/.well-known/jwks.json')).text).toBe(before.jwks.text);
    const verified = await kept.running.get(`/v1/backups/${String(before.stored.json['backup_id'])}/verify`);
    expect(verified.json['is_backup_valid']).toBe(true);
    expectRefusal(await kept.running.assign({ key_type: 'ed25519' }), 409);
  });

  it('keeps what a fault carried out and did not answer', async () => {
    const first = await open();
    await first.running.assign();
    first.standIn.setFault('drop-after-store', { times: 1 });
    await expect(first.running.postFile(new Uint8Array([9]), { public_key: KEY_A_HEX })).rejects.toThrow();
    const held = first.standIn.held();
    expect(held).toHaveLength(1);
    await first.close();
    expect((await open()).standIn.held()).toEqual(held);
  });

  it('lies in one private file that shows nothing of it', async () => {
    const kept = await open();
    await fill(kept);
    expect([readdirSync(folder), statSync(path).mode & 0o777]).toEqual([['rehearsal.box'], 0o600]);
    const file = readFileSync(path);
    const pkcs8 = KEY_A.export({ format: 'der', type: 'pkcs8' });
    for (const canary of [
      kept.address.token,
      kept.address.accountId,
      KEY_A_HEX,
      pkcs8,
      pkcs8.toString('base64'),
      known.ciphertext,
      'user-1',
    ]) {
      expect(file.includes(canary)).toBe(false);
    }
  });

  it('wipes what it was made of, and needs the caller’s key no more once it is open', async () => {
    const save = vi.spyOn(StandIn.prototype, 'save');
    const restore = vi.spyOn(StandIn, 'restore');
    const callersKey = Buffer.from(key);
    const first = await open({ key: callersKey });
    callersKey.fill(0);
    await first.running.assign();
    await first.close();
    const second = await open();
    await second.running.assign({ user_identifier: 'user-2' });
    const states = [...save.mock.results.map((result) => result.value as Buffer), ...restore.mock.calls.map(([bytes]) => bytes)];
    expect(states).toHaveLength(4);
    for (const state of states) expect([state.length > 500, state.every((byte) => byte === 0)]).toEqual([true, true]);
  });

  it('fails a call that it cannot keep, and knows nothing of it', async () => {
    const { running, close } = await open();
    rmSync(folder, { recursive: true });
    expectRefusal(await running.assign(), 500);
    folder = mkdtempSync(join(tmpdir(), 'kept-stand-in-'));
    await close();
    expect(running.standIn.save().toString('utf8')).toContain('"keys":[]');
  });

  it('is not made where it cannot be kept', async () => {
    const problem = await problemOf(open({ path: join(folder, 'missing', 'rehearsal.box') }));
    expect(problem?.code).toBe('output-unwritable');
  });

  it.each([0, 31, 33])('takes no key of %d bytes', async (length) => {
    await expect(open({ key: Buffer.alloc(length) })).rejects.toThrow(RangeError);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a file that is not right', () => {
  const flipped = (at: number) => (file: Buffer) => {
    const changed = Buffer.from(file);
    const position = (at + file.length) % file.length;
    changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
    return changed;
  };
  it.each<[string, (file: Buffer) => Buffer]>([
    ['with another first byte', flipped(0)],
    ['of another version', flipped(3)],
    ['with another nonce', flipped(4)],
    ['with another end of the nonce', flipped(15)],
    ['with another first byte of content', flipped(16)],
    ['with another byte in the middle', (file) => flipped(file.length >> 1)(file)],
    ['with another last byte of content', flipped(-17)],
    ['with another tag', flipped(-16)],
    ['with another last byte', flipped(-1)],
    ...[0, 1, 4, 15, 16, 31, 32, 33].map((size): [string, (file: Buffer) => Buffer] => [
      `cut to ${size.toString()} bytes`,
      (file) => file.subarray(0, size),
    ]),
    ['cut by one byte', (file) => file.subarray(0, -1)],
    ['with one byte more', (file) => Buffer.concat([file, Buffer.alloc(1)])],
    ['that is something else', () => Buffer.from('{"version":1}'.repeat(10))],
  ])('is refused: %s', async (_what, change) => {
    const kept = await open();
    await kept.running.assign({ key_type: 'ed25519' });
    await kept.close();
    const whole = readFileSync(path);
    const changed = change(whole);
    writeFileSync(path, changed);
    const problem = await problemOf(open());
    expect([problem?.family, problem?.code]).toEqual(['input', 'rehearsal-file-damaged']);
    expect(problem?.hint).toContain('discard the rehearsal and start a new one');
    expect(readFileSync(path).equals(changed)).toBe(true);
    writeFileSync(path, whole);
    expect((await open()).resumed).toBe(true);
  });

  it('is refused under another key', async () => {
    await (await open()).close();
    expect((await problemOf(open({ key: randomBytes(32) })))?.code).toBe('rehearsal-file-damaged');
    expect((await open()).resumed).toBe(true);
  });

  it('can be discarded, and a new rehearsal begins', async () => {
    const first = await open();
    await first.close();
    writeFileSync(path, 'damaged');
    await discardKeptStandIn(path);
    await discardKeptStandIn(path);
    const second = await open();
    expect([second.resumed, second.address.token === first.address.token]).toEqual([false, false]);
  });
});

describe('the kept port', () => {
  it('in use by another program is said, and taken once it is free', async () => {
    const first = await open();
    await first.close();
    const other = createServer();
    await new Promise<void>((ready) => other.listen(first.address.port, '127.0.0.1', ready));
    const before = readFileSync(path);
    const problem = await problemOf(open());
    expect([problem?.family, problem?.code]).toEqual(['input', 'port-taken']);
    expect(problem?.hint).toContain('or discard the rehearsal');
    expect(problem?.hint).not.toContain('--port');
    expect(readFileSync(path).equals(before)).toBe(true);
    await new Promise((done) => other.close(done));
    expect((await open()).address).toEqual(first.address);
  });

  it('keeps a second process out', async () => {
    const first = await open();
    expect((await problemOf(open()))?.code).toBe('port-taken');
    expect((await first.running.assign()).status).toBe(200);
  });
});

describe('discard', () => {
  it('ends it and removes the file, also what a killed write left, and nothing of others', async () => {
    const kept = await open();
    await fill(kept);
    const others = ['rehearsal.box.bak', '.rehearsal.box.tmp', '.rehearsal.box.7fffffff89abcdef.tmp2', '.other.box.7fffffff89abcdef.tmp'];
    for (const name of [...others, '.rehearsal.box.7fffffff89abcdef.tmp']) writeFileSync(join(folder, name), 'x');
    await kept.discard();
    expect(readdirSync(folder).sort()).toEqual(others.sort());
    await expect(fetch(kept.address.jwks)).rejects.toThrow();
    await kept.discard();
    expect((await open()).resumed).toBe(false);
  });

  it('is not undone by a call that was under way', async () => {
    let give = (): void => undefined;
    const made = new Promise<void>((done) => {
      give = done;
    });
    const kept = await open({ keyPool: { ...fixedKeyPool(KEY_A), take: () => made.then(() => KEY_A) } });
    const cut = expect(kept.running.assign()).rejects.toThrow();
    while (kept.standIn.requests.length === 0) await new Promise((resume) => setTimeout(resume, 5));
    await kept.discard();
    give();
    await cut;
    await new Promise((resume) => setTimeout(resume, 50));
    expect(existsSync(path)).toBe(false);
  });
});

/** Opens a kept stand-in in a process of its own, says where, and goes on until it is killed. */
const CHILD = `
const [, index, path, key] = process.argv;
const { openKeptStandIn } = await import(index);
const kept = await openKeptStandIn({ path, key: Buffer.from(key, 'hex'), clock: { now: () => Date.now() } });
process.stdout.write(JSON.stringify(kept.address) + '\\n');
`;
