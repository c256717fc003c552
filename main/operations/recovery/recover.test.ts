import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { createMessage, encrypt, generateKey, readKey } from 'openpgp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAssignedKey, sealSecret, type Mode } from '../../sealing/index.ts';
import { isColdroomError, type Passphrase } from '../../values/index.ts';
import { runOperation } from '../index.ts';
import { withoutStation } from '../station/no-station.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'recover-'));
const at = (name: string) => join(folder, name);
const context = withoutStation(folder);

const pemText = readFileSync(join(import.meta.dirname, '../../../test/vectors/rsa4096-a.key.pem'), 'utf8');
const rsa = createPrivateKey(pemText);
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey;
const assigned = parseAssignedKey(createPublicKey(rsa).export({ format: 'der', type: 'spki' }).toString('hex'));
const OPENPGP_PASSPHRASE = 'the passphrase of the pair';
const SECRET_PASSPHRASE = 'the passphrase of the secret 42';
const small = randomBytes(64);
const large = randomBytes(50_000);

async function sealed(mode: Mode, content: Buffer): Promise<Buffer> {
  const passphrase = mode.includes('passphrase') ? (Buffer.from(SECRET_PASSPHRASE) as Passphrase) : null;
  return (await sealSecret({ secret: Buffer.from(content), mode, key: assigned, passphrase })).ciphertext;
}

let ciphertexts: Record<Mode, Buffer>;
let publicArmored = '';
beforeAll(async () => {
  writeFileSync(at('openpgp-passphrase'), `${OPENPGP_PASSPHRASE}\n`);
  writeFileSync(at('secret-passphrase'), `${SECRET_PASSPHRASE}\n`);
  writeFileSync(at('wrong-passphrase'), 'another one\n');
  const made = await run('recovery.key', {
    name: 'vault-2',
    passphrase_file: at('openpgp-passphrase'),
    out_public: at('pub.asc'),
    out_private: at('key.asc'),
  });
  expect(made.codes).toEqual([]);
  publicArmored = readFileSync(at('pub.asc'), 'utf8');
  ciphertexts = {
    direct: await sealed('direct', small),
    passphrase: await sealed('passphrase', small),
    envelope: await sealed('envelope', large),
    'envelope+passphrase': await sealed('envelope+passphrase', large),
  };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(name: 'recover' | 'recovery.key', input: object): Promise<{ codes: string[]; output: Record<string, unknown> }> {
  try {
    const { output, problems } = await runOperation(name, context, input);
    return { codes: problems.map(({ code }) => code), output: output as Record<string, unknown> };
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return { codes: [error.code], output: {} };
  }
}

let packages = 0;
async function packageOf(content: Uint8Array | string): Promise<string> {
  packages += 1;
  const name = at(`package-${packages.toString()}.asc`);
  const message = await createMessage({
    binary: typeof content === 'string' ? new Uint8Array(Buffer.from(content)) : new Uint8Array(content),
  });
  const recipient = (await readKey({ armoredKey: publicArmored })).toPublic();
  const armored: unknown = await encrypt({ message, encryptionKeys: recipient });
  writeFileSync(name, String(armored));
  return name;
}

const out = () => at('out');
const recover = (files: readonly string[], more: object = {}) =>
  run('recover', {
    packages: files,
    openpgp_key: at('key.asc'),
    openpgp_passphrase_file: at('openpgp-passphrase'),
    out: out(),
    ...more,
  });
let before: string[];
beforeEach(() => {
  before = readdirSync(folder);
});
afterEach(() => {
  rmSync(out(), { force: true });
});
/** Nothing new lies in the folder, under a temporary name either, but packages that the test made. */
const expectNothingWritten = () => {
  expect(readdirSync(folder).filter((name) => !before.includes(name) && !name.startsWith('package-'))).toEqual([]);
};

describe('recovering from packages', () => {
  it.each([
    ['direct', small, {}],
    ['passphrase', small, { passphrase_file: at('secret-passphrase') }],
    ['envelope', large, {}],
    ['envelope+passphrase', large, { passphrase_file: at('secret-passphrase') }],
  ] as const)('gives the secret back, sealed as %s, in whatever order and form', async (mode, secret, more) => {
    const ciphertext = ciphertexts[mode];
    const key = await packageOf(pemText);
    for (const form of [ciphertext, ciphertext.toString('base64'), `${ciphertext.toString('base64').replace(/.{76}/g, '$&\n')}\n`]) {
      const files = [await packageOf(form), key];
      const { codes, output } = await recover(files, more);
      expect(codes).toEqual([]);
      expect(output).toEqual({
        file: out(),
        size_bytes: secret.length,
        checksum: 'unknown',
        found: [
          { package: files[0], what: 'ciphertext' },
          { package: key, what: 'private-key' },
        ],
        identifier: null,
      });
      expect(readFileSync(out()).equals(secret)).toBe(true);
      if (process.platform !== 'win32') expect(statSync(out()).mode & 0o777).toBe(0o600);
      rmSync(out());
    }
  });

  it('takes what the packages lack from files', async () => {
    writeFileSync(at('pem'), pemText);
    writeFileSync(at('ciphertext'), ciphertexts.direct);
    expect((await recover([await packageOf(pemText)], { source: { ciphertext: at('ciphertext') } })).codes).toEqual([]);
    rmSync(out());
    expect((await recover([await packageOf(ciphertexts.direct)], { private_key: at('pem') })).codes).toEqual([]);
    expect(readFileSync(out()).equals(small)).toBe(true);
  });

  it('opens an encrypted private key, and says which passphrase is missing or wrong', async () => {
    const encrypted = rsa.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'pem passphrase' });
    writeFileSync(at('pem-passphrase'), 'pem passphrase\n');
    const files = [await packageOf(encrypted), await packageOf(ciphertexts.passphrase)];
    const own = { private_key_passphrase_file: at('pem-passphrase') };
    expect((await recover(files)).codes).toEqual(['private-key-encrypted']);
    expect((await recover(files, { private_key_passphrase_file: at('wrong-passphrase') })).codes).toEqual(['private-key-passphrase-wrong']);
    expect((await recover(files, own)).codes).toEqual(['passphrase-needed']);
    expect((await recover(files, { ...own, passphrase_file: at('wrong-passphrase') })).codes).toEqual(['box-cannot-open']);
    before = readdirSync(folder);
    expectNothingWritten();
    const done = await recover(files, { ...own, passphrase_file: at('secret-passphrase') });
    expect(done.codes).toEqual([]);
    expect(done.output['found']).toMatchObject([{ what: 'encrypted-private-key' }, { what: 'ciphertext' }]);
  });

  it('names an archive and what it does not know, tells them with what is missing, and guesses at neither', async () => {
    const zip = zipSync({ 'private-key.pem': strToU8(pemText), 'secret.bin': new Uint8Array(ciphertexts.direct) });
    const { codes, output } = await recover([await packageOf(zip), await packageOf('a letter')]);
    expect(codes).toEqual(['recover-private-key-missing']);
    expect(output).toMatchObject({ file: null, size_bytes: null, checksum: 'unknown', found: [{ what: 'archive' }, { what: 'unknown' }] });
    expect((await recover([await packageOf(zip), await packageOf(pemText)])).codes).toEqual(['recover-ciphertext-missing']);
    expectNothingWritten();
  });

  it('refuses what is for another key, each in its own words', async () => {
    const otherPem = otherRsa.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect((await recover([await packageOf(otherPem), await packageOf(ciphertexts.envelope)])).codes).toEqual(['envelope-other-key']);
    expect((await recover([await packageOf(otherPem), await packageOf(ciphertexts.direct)])).codes).toEqual(['cannot-open']);
    const both = [await packageOf(otherPem), await packageOf(pemText)];
    expect((await recover([...both, await packageOf(ciphertexts.direct)])).codes).toEqual(['recover-several-private-keys']);
    expect((await recover([await packageOf(ciphertexts.direct), await packageOf(ciphertexts.envelope), both[1] ?? ''])).codes).toEqual([
      'recover-several-ciphertexts',
    ]);
    writeFileSync(at('named'), ciphertexts.direct);
    const named = { source: { ciphertext: at('named') } };
    expect((await recover([both[1] ?? '', await packageOf(ciphertexts.envelope)], named)).codes).toEqual(['released-ciphertext-differs']);
    before.push('named');
    expectNothingWritten();
    // An envelope says which of the two keys it is for; a ciphertext that was named is meant, among others.
    expect((await recover([...both, await packageOf(ciphertexts.envelope)])).codes).toEqual([]);
    rmSync(out());
    const several = [both[1] ?? '', await packageOf(ciphertexts.envelope), await packageOf(ciphertexts.direct)];
    expect((await recover(several, named)).codes).toEqual([]);
    expect(readFileSync(out()).equals(small)).toBe(true);
  });

  it('refuses a passphrase that nothing needs, a wrong one of the OpenPGP key, another OpenPGP key, and half of what belongs together', async () => {
    const files = [await packageOf(pemText), await packageOf(ciphertexts.direct)];
    expect((await recover(files, { passphrase_file: at('secret-passphrase') })).codes).toEqual(['passphrase-not-needed']);
    expect((await recover(files, { openpgp_passphrase_file: at('wrong-passphrase') })).codes).toEqual(['openpgp-passphrase-wrong']);
    expect((await recover(files, { openpgp_passphrase_file: undefined })).codes).toEqual(['openpgp-key-protected']);
    const { privateKey } = await generateKey({ userIDs: [{ name: 'other' }], format: 'armored' });
    writeFileSync(at('other.asc'), privateKey);
    before.push('other.asc');
    const other = { openpgp_key: at('other.asc'), openpgp_passphrase_file: undefined };
    expect((await recover(files, other)).codes).toEqual(['openpgp-other-key']);
    expect((await recover(files, { openpgp_key: undefined })).codes).toEqual(['recover-openpgp-halves']);
    expect((await recover([])).codes).toEqual(['recover-openpgp-halves']);
    expect((await recover([at('absent')])).codes).toEqual(['file-missing']);
    expectNothingWritten();
  });

  it('writes over nothing', async () => {
    writeFileSync(out(), 'kept');
    expect((await recover([await packageOf(pemText), await packageOf(ciphertexts.direct)])).codes).toEqual(['output-exists']);
    expect(readFileSync(out(), 'utf8')).toBe('kept');
  });

  it('leaves no file behind a package that was changed, whatever was changed', async () => {
    // Without a passphrase: the test is of the package.
    const bare = await generateKey({ type: 'curve25519', userIDs: [{ name: 'x' }], format: 'armored' });
    writeFileSync(at('bare.asc'), bare.privateKey);
    const seal = async (content: Uint8Array) => {
      const binary = new Uint8Array(content);
      const recipient = (await readKey({ armoredKey: bare.publicKey })).toPublic();
      const sealedMessage: unknown = await encrypt({
        message: await createMessage({ binary }),
        encryptionKeys: recipient,
        format: 'binary',
      });
      return Buffer.from(sealedMessage as Uint8Array);
    };
    writeFileSync(at('whole'), await seal(Buffer.from(pemText)));
    const good = await seal(ciphertexts.envelope.subarray());
    const attempt = (content: Buffer) => {
      writeFileSync(at('package-changed'), content);
      return recover([at('whole'), at('package-changed')], { openpgp_key: at('bare.asc'), openpgp_passphrase_file: undefined });
    };
    before = readdirSync(folder);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const changed = Buffer.from(good);
        changed.writeUInt8((changed[place] ?? 0) ^ flip, place);
        const { codes } = await attempt(changed);
        if (codes.length > 0) expectNothingWritten();
        else expect(readFileSync(out()).equals(large)).toBe(true); // a byte that says nothing: whom it is hidden for, a length's form
        rmSync(out(), { force: true });
      }),
      { numRuns: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), async (length) => {
        expect((await attempt(good.subarray(0, length))).codes).toHaveLength(1);
        expectNothingWritten();
      }),
      { numRuns: 40 },
    );
    expect((await attempt(good)).codes).toEqual([]);
  });
});

describe('the pair of a request', () => {
  const make = (more: object = {}) =>
    run('recovery.key', { name: 'x', passphrase_file: at('openpgp-passphrase'), out_public: at('p'), out_private: at('s'), ...more });

  it('is two private files that were not there before, or none', async () => {
    expect((await make({ out_private: at('p') })).codes).toEqual(['recovery-key-one-file']);
    expect((await make({ out_public: at('key.asc') })).codes).toEqual(['output-exists']);
    expect((await make({ out_private: at('key.asc') })).codes).toEqual(['output-exists']);
    expect((await make({ out_public: at('none/p') })).codes).toEqual(['output-folder-missing']);
    writeFileSync(at('empty'), '\n');
    before.push('empty');
    expect((await make({ passphrase_file: at('empty') })).codes).toEqual(['passphrase-empty']);
    for (const name of ['', ' x', 'a <b@c>', 'a\nb']) expect((await make({ name })).codes).toEqual(['input-invalid']);
    expectNothingWritten();
    const { codes, output } = await make();
    expect(codes).toEqual([]);
    expect(output).toEqual({ fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/) as string, public_file: at('p'), private_file: at('s') });
    expect(existsSync(at('p'))).toBe(true);
    if (process.platform !== 'win32') expect(statSync(at('s')).mode & 0o777).toBe(0o600);
  });
});
