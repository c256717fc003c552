import { generateKeyPairSync, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isColdroomError, sha256 } from '../values/index.ts';
import { ownerName, publicKeyHex, type AssignedKey, type KeyForm } from './assigned-key.ts';
import { KEY_A, NOW_MS } from './running-stand-in.fixture.ts';
import { encodeState, parseState, type StandInState } from './saved-state.ts';
import type { HeldBackup } from './vault.ts';

const KEYS = {
  spki: KEY_A,
  pkcs1: KEY_A,
  'raw-ed25519': generateKeyPairSync('ed25519').privateKey,
  'raw-secp256k1': generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
};
const FORMS = Object.keys(KEYS) as KeyForm[];
const signingKey = { privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, madeAtMs: NOW_MS };

function keyOf(form: KeyForm, userIdentifier: string, customerId: string | null = null): AssignedKey {
  const privateKey = KEYS[form];
  const owner = { userIdentifier, customerId };
  return { keyId: randomUUID(), keyEnvironment: 'COLD', owner, form, publicKeyHex: publicKeyHex(privateKey, form), privateKey };
}

function backupOf(key: AssignedKey, type: 'data' | 'file', bytes: Uint8Array): HeldBackup {
  const ciphertext = Buffer.from(bytes);
  const plaintextSha256 = type === 'data' ? sha256(bytes) : null;
  return { backupId: randomUUID(), key, type, ciphertext, ciphertextSha256: sha256(ciphertext), plaintextSha256 };
}

function stateOf(parts: Partial<StandInState> = {}): StandInState {
  const keys = parts.keys ?? [keyOf('raw-ed25519', 'user-1', 'c-1'), keyOf('raw-secp256k1', 'user-2')];
  return {
    port: 8099,
    tokens: { institution: `rehearsal-${'0a'.repeat(24)}`, partner: `rehearsal-partner-${'0b'.repeat(24)}` },
    accountId: `rehearsal-${randomUUID()}`,
    signingKey,
    keys,
    backups: keys.map((key, n) => backupOf(key, n % 2 === 0 ? 'data' : 'file', Buffer.from([n, 255]))),
    ...parts,
  };
}

/** A state with its key objects as what can be compared. */
function comparable(state: StandInState): unknown {
  const keys = state.keys.map((key) => ({ ...key, privateKey: key.privateKey.export({ format: 'jwk' }) }));
  return {
    ...state,
    signingKey: { ...state.signingKey, privateKey: state.signingKey.privateKey.export({ format: 'jwk' }) },
    keys,
    backups: state.backups.map((backup) => ({ ...backup, key: state.keys.indexOf(backup.key) })),
  };
}

type Saved = Record<string, unknown> & { keys: Record<string, unknown>[]; backups: Record<string, unknown>[] };
const saved = (): Saved => JSON.parse(encodeState(stateOf()).toString('utf8')) as Saved;

function problemOf(bytes: Uint8Array): unknown {
  try {
    parseState(bytes);
    return null;
  } catch (error) {
    return error;
  }
}

function expectDamaged(bytes: Uint8Array): void {
  const problem = problemOf(bytes);
  expect(isColdroomError(problem) && [problem.family, problem.code, problem.cause]).toEqual(['input', 'rehearsal-file-damaged', undefined]);
}

describe('a saved state', () => {
  it('is read back as it was, and written again byte for byte', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const owners = fc.uniqueArray(fc.record({ userIdentifier: text, customerId: fc.option(text), form: fc.constantFrom(...FORMS) }), {
      selector: ownerName,
    });
    const backups = fc.array(fc.record({ key: fc.nat(), type: fc.constantFrom('data', 'file'), bytes: fc.uint8Array({ minLength: 1 }) }));
    const port = fc.option(fc.integer({ min: 1, max: 65_535 }));
    fc.assert(
      fc.property(owners, backups, port, (someOwners, someBackups, somePort) => {
        const keys = someOwners.map((one) => keyOf(one.form, one.userIdentifier, one.customerId));
        const held = someBackups.flatMap((one) => {
          const key = keys[one.key % Math.max(keys.length, 1)];
          return key === undefined ? [] : [backupOf(key, one.type, one.bytes)];
        });
        const state = stateOf({ port: somePort, keys, backups: held });
        const bytes = encodeState(state);
        const back = parseState(bytes);
        expect(comparable(back)).toEqual(comparable(state));
        expect(encodeState(back).equals(bytes)).toBe(true);
      }),
    );
  });

  it('is taken before a port, a key and a backup there were', () => {
    expect(problemOf(encodeState(stateOf({ port: null, keys: [], backups: [] })))).toBeNull();
  });

  it('is refused where it is cut short anywhere, or goes on', () => {
    const whole = encodeState(stateOf());
    for (let length = 0; length < whole.length; length += 1) expectDamaged(whole.subarray(0, length));
    expectDamaged(Buffer.concat([whole, Buffer.from('0')]));
  });

  it('is refused without any one of its members, with any of another type, and with one more', () => {
    for (const part of [(one: Saved) => one, (one: Saved) => one.keys[0], (one: Saved) => one.backups[0]]) {
      const names = Object.keys(part(saved()) ?? {});
      expect(names.length).toBeGreaterThan(5);
      for (const name of names) {
        for (const value of [undefined, true, -1, '', [0], {}]) {
          const changed = saved();
          Object.assign(part(changed) ?? {}, { [name]: value });
          expectDamaged(Buffer.from(JSON.stringify(changed)));
        }
      }
      const more = saved();
      Object.assign(part(more) ?? {}, { more: 1 });
      expectDamaged(Buffer.from(JSON.stringify(more)));
    }
  });

  it.each<[string, (one: Saved) => void]>([
    ['of another version', (one) => (one['version'] = 2)],
    ['with a port above the highest', (one) => (one['port'] = 65_536)],
    ['with a port of 0', (one) => (one['port'] = 0)],
    ['with another’s account id', (one) => (one['account_id'] = randomUUID())],
    ['with a token in upper case', (one) => (one['institution_token'] = String(one['institution_token']).toUpperCase())],
    ['with a signing key of another curve', (one) => (one['signing_key'] = one.keys[1]?.['private_key'])],
    [
      'with a key whose halves do not belong together',
      (one) => Object.assign(one.keys[0] ?? {}, { private_key: one.keys[1]?.['private_key'] }),
    ],
    ['with a key in another form', (one) => Object.assign(one.keys[0] ?? {}, { form: 'raw-secp256k1' })],
    [
      'with a public key in upper case',
      (one) => Object.assign(one.keys[0] ?? {}, { public_key: String(one.keys[0]?.['public_key']).toUpperCase() }),
    ],
    ['with a key twice', (one) => one.keys.push({ ...one.keys[0], user_identifier: 'user-3' })],
    ['with an owner twice', (one) => one.keys.push({ ...one.keys[0], key_id: randomUUID() })],
    ['with a backup twice', (one) => one.backups.push({ ...one.backups[0] })],
    ['with a backup of no key', (one) => Object.assign(one.backups[0] ?? {}, { key_id: randomUUID() })],
    ['with a backup of other bytes', (one) => Object.assign(one.backups[0] ?? {}, { ciphertext: 'AAAA' })],
    ['with data that was never opened', (one) => Object.assign(one.backups[0] ?? {}, { plaintext_sha256: null })],
    ['with a file that was opened', (one) => Object.assign(one.backups[1] ?? {}, { plaintext_sha256: '0'.repeat(64) })],
  ])('is refused %s', (_what, change) => {
    const changed = saved();
    expect(problemOf(Buffer.from(JSON.stringify(changed)))).toBeNull();
    change(changed);
    expectDamaged(Buffer.from(JSON.stringify(changed)));
  });
});
