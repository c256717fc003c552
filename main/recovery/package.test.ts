import fc from 'fast-check';
import {
  AEADEncryptedDataPacket,
  createMessage,
  encrypt,
  generateKey,
  generateSessionKey,
  encryptSessionKey,
  enums,
  LiteralDataPacket,
  PacketList,
  readKey,
  readMessage,
  SymmetricallyEncryptedDataPacket,
  unarmor,
  type PartialConfig,
  type PrivateKey,
} from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isColdroomError, type Passphrase } from '../values/index.ts';
import { readRecoveryKey, type RecoveryKey } from './openpgp-key.ts';
import { openPackage } from './package.ts';
import { Gpg, OPENPGP_PASSPHRASE, PEM, recoveryKey } from './released.fixture.ts';

const codeOf = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => (isColdroomError(error) ? error.code : error));
const bytesOf = (text: string) => Buffer.from(text, 'latin1');

let pair: RecoveryKey;
let privateKey: PrivateKey;
beforeAll(async () => {
  pair = await recoveryKey();
  privateKey = await readRecoveryKey(bytesOf(pair.privateArmored), Buffer.from(OPENPGP_PASSPHRASE, 'utf8') as Passphrase, 'k');
});

const recipientOfPair = async () => (await readKey({ armoredKey: pair.publicArmored })).toPublic();

async function encrypted(content: Uint8Array, config: PartialConfig = {}): Promise<string> {
  const message = await createMessage({ binary: content });
  const recipient = await recipientOfPair();
  const armored: unknown = await encrypt({ message, encryptionKeys: recipient, config });
  return String(armored);
}

/** A message of parts that openpgp writes no more: one session key for the pair, and a data packet of the given class. */
async function ofParts(data: SymmetricallyEncryptedDataPacket | AEADEncryptedDataPacket): Promise<Buffer> {
  const recipient = await recipientOfPair();
  const sessionKey = await generateSessionKey({ encryptionKeys: recipient });
  const locked = await encryptSessionKey({ ...sessionKey, encryptionKeys: recipient, format: 'object' });
  const literal = new LiteralDataPacket();
  Object.assign(literal, { format: enums.literal.binary, data: new Uint8Array(PEM) });
  const inside = new PacketList<LiteralDataPacket>();
  inside.push(literal);
  Object.assign(data, { packets: inside });
  const cipher = enums.symmetric.aes256;
  await (data as unknown as { encrypt: (algorithm: number, key: Uint8Array) => Promise<void> }).encrypt(cipher, sessionKey.data);
  locked.packets.push(data);
  // Of the authenticated mode the library gives a stream of its own kind.
  const written = locked.write() as Uint8Array | { readToEnd: (join: (pieces: Uint8Array[]) => Buffer) => Promise<Buffer> };
  return written instanceof Uint8Array ? Buffer.from(written) : written.readToEnd((pieces) => Buffer.concat(pieces));
}

describe('a package', () => {
  it('opens, armoured and binary, behind a byte order mark, with lines ended by CRLF', async () => {
    const armored = await encrypted(PEM);
    const { data } = (await unarmor(armored)) as unknown as { data: Uint8Array };
    const forms = [bytesOf(armored), Buffer.from(data), bytesOf(`\xef\xbb\xbf${armored}`), bytesOf(armored.replace(/\n/g, '\r\n'))];
    for (const form of forms) expect((await openPackage(form, privateKey, 'p')).equals(PEM)).toBe(true);
  });

  it('opens with the authenticated modes of RFC 9580, and with the one before it', async () => {
    for (const preferredAEADAlgorithm of [enums.aead.gcm, enums.aead.ocb, enums.aead.eax]) {
      const config = { aeadProtect: true, preferredAEADAlgorithm };
      const newer = await generateKey({ userIDs: [{ name: 'newer' }], format: 'object', config });
      const armored: unknown = await encrypt({ message: await createMessage({ binary: PEM }), encryptionKeys: newer.publicKey, config });
      const { packets } = await readMessage({ armoredMessage: String(armored) });
      expect(packets.map((packet) => ('version' in packet ? packet.version : null))).toEqual([6, 2]);
      expect((await openPackage(bytesOf(String(armored)), newer.privateKey, 'p')).equals(PEM)).toBe(true);
    }
    const older = new AEADEncryptedDataPacket();
    Object.assign(older, { aeadAlgorithm: enums.aead.ocb });
    expect((await openPackage(await ofParts(older), privateKey, 'p')).equals(PEM)).toBe(true);
  });

  it('is refused where nothing shows whether it was changed', async () => {
    expect(await codeOf(openPackage(await ofParts(new SymmetricallyEncryptedDataPacket()), privateKey, 'p'))).toBe(
      'openpgp-unauthenticated',
    );
  });

  it('is refused where it is for another key, and opens where it hides for whom it is', async () => {
    const other = await generateKey({ userIDs: [{ name: 'other' }], format: 'object' });
    const message = await createMessage({ binary: PEM });
    const forOther: unknown = await encrypt({ message, encryptionKeys: other.publicKey });
    expect(await codeOf(openPackage(bytesOf(String(forOther)), privateKey, 'p'))).toBe('openpgp-other-key');
    const recipient = await recipientOfPair();
    const both: unknown = await encrypt({ message: await createMessage({ binary: PEM }), encryptionKeys: [other.publicKey, recipient] });
    expect((await openPackage(bytesOf(String(both)), privateKey, 'p')).equals(PEM)).toBe(true);
    const hidden: unknown = await encrypt({ message: await createMessage({ binary: PEM }), encryptionKeys: recipient, wildcard: true });
    expect((await openPackage(bytesOf(String(hidden)), privateKey, 'p')).equals(PEM)).toBe(true);
    const hiddenOther: unknown = await encrypt({
      message: await createMessage({ binary: PEM }),
      encryptionKeys: other.publicKey,
      wildcard: true,
    });
    expect(await codeOf(openPackage(bytesOf(String(hiddenOther)), privateKey, 'p'))).toBe('openpgp-cannot-open');
  });

  it('is refused where it is none: text, a key, a password’s, one in the clear, two in a file, nothing', async () => {
    const armored = await encrypted(PEM);
    const inTheClear = Buffer.from((await createMessage({ binary: PEM })).write() as Uint8Array);
    const files = [bytesOf('hello'), bytesOf(pair.publicArmored), inTheClear, bytesOf(`${armored}\n${armored}`), Buffer.alloc(0), PEM];
    for (const file of files) expect(await codeOf(openPackage(file, privateKey, 'p'))).toBe('openpgp-not-message');
    const byPassword: unknown = await encrypt({ message: await createMessage({ binary: PEM }), passwords: ['x'] });
    expect(await codeOf(openPackage(bytesOf(String(byPassword)), privateKey, 'p'))).toBe('openpgp-other-key');
  });

  it('is refused wherever it is cut, and then told to be fetched again', async () => {
    const { data } = (await unarmor(await encrypted(PEM))) as unknown as { data: Uint8Array };
    for (const most of [3, 200, data.length - 40, data.length - 1]) {
      const error = await openPackage(Buffer.from(data.subarray(0, most)), privateKey, 'p').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'openpgp-not-message', hint: expect.stringContaining('fetch it again') as string });
    }
  });

  it('is refused where it would unpack to more than is taken', async () => {
    const zeros = Buffer.alloc(17 * 1024 * 1024);
    for (const preferredCompressionAlgorithm of [enums.compression.zip, enums.compression.zlib]) {
      const armored = await encrypted(zeros, { preferredCompressionAlgorithm });
      expect(armored.length).toBeLessThan(100_000);
      expect(await codeOf(openPackage(bytesOf(armored), privateKey, 'p'))).toBe('openpgp-cannot-open');
    }
  });
});

describe('a package that was changed', () => {
  it('opens to the very content, or is refused by a check', async () => {
    const armored = await encrypted(Buffer.from('the content of a package'));
    const binary = Buffer.from(((await unarmor(armored)) as unknown as { data: Uint8Array }).data);
    await fc.assert(
      fc.asyncProperty(fc.nat(binary.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(binary);
        changed.writeUInt8((changed[at] ?? 0) ^ flip, at);
        await expectSameOrRefused(changed);
      }),
      { numRuns: 150 },
    );
    for (let length = 0; length < binary.length; length++) {
      const code = await codeOf(openPackage(binary.subarray(0, length), privateKey, 'p'));
      expect(code).toMatch(/^openpgp-(?:not-message|cannot-open|other-key)$/);
    }
  });

  it('in its armour too', async () => {
    const armored = bytesOf(await encrypted(Buffer.from('the content of a package')));
    await fc.assert(
      fc.asyncProperty(fc.nat(armored.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(armored);
        changed.writeUInt8((changed[at] ?? 0) ^ flip, at);
        await expectSameOrRefused(changed);
      }),
      { numRuns: 100 },
    );
  });

  async function expectSameOrRefused(bytes: Buffer): Promise<void> {
    try {
      expect((await openPackage(bytes, privateKey, 'p')).toString()).toBe('the content of a package');
    } catch (error) {
      expect(isColdroomError(error) ? error.code : error).toMatch(/^openpgp-(?:not-message|cannot-open|other-key|unauthenticated)$/);
    }
  }
});

describe.skipIf(!Gpg.isThere)('a package that gpg made', () => {
  let gpg: Gpg;
  beforeAll(() => {
    gpg = new Gpg();
    gpg.run(['--import'], pair.publicArmored);
  });
  afterAll(() => {
    gpg.close();
  });
  const make = (...how: string[]) => gpg.run([...how, '--recipient', pair.fingerprint, '--encrypt'], PEM);

  it.each(['AES256', 'AES', '3DES', 'CAST5'])('with the cipher %s opens', async (cipher) => {
    expect((await openPackage(make('--cipher-algo', cipher), privateKey, 'p')).equals(PEM)).toBe(true);
  });
  it.each(['none', 'zip', 'zlib', 'bzip2'])('packed by %s opens', async (compression) => {
    expect((await openPackage(make('--compress-algo', compression, '--armor'), privateKey, 'p')).equals(PEM)).toBe(true);
  });
  it('and signed opens', async () => {
    gpg.run(['--quick-generate-key', 'them@example.invalid', 'future-default', 'default', 'never']);
    expect((await openPackage(make('--sign'), privateKey, 'p')).equals(PEM)).toBe(true);
  });
  it.each(['zlib', 'bzip2'])('to unpack to more than is taken, by %s, is refused', async (compression) => {
    const how = ['--compress-algo', compression, '--recipient', pair.fingerprint, '--encrypt'];
    const bomb = gpg.run(how, Buffer.alloc(17 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await codeOf(openPackage(bomb, privateKey, 'p'))).toBe('openpgp-cannot-open');
  });
  it('with a cipher that openpgp does not open is refused as such', async () => {
    expect(await codeOf(openPackage(make('--cipher-algo', 'CAMELLIA256'), privateKey, 'p'))).toBe('openpgp-cannot-open');
  });
});
