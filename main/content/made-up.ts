import { createCipheriv, generateKeyPairSync, scryptSync } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { IDENTIFIERS } from './identifiers.ts';
import type { IdentifierType } from './identifier.ts';
import type { Kind } from './kind.ts';
import { openSingleKey } from './single-key.ts';
import { makeShare } from './slip39.ts';

/** As many bytes as are asked for. */
export type RandomBytes = (length: number) => Buffer;

/** What a made-up secret is to be like. */
export type MadeUpWish = {
  readonly kind: Kind;
  /** The identifier that it must have, and how long its value is; null: any. */
  readonly identifier: { readonly type: IdentifierType; readonly valueLength: number } | null;
  /** In bytes; null: any. */
  readonly size: { readonly min: number; readonly max: number } | null;
};

/** What nobody could mistake for a secret: an opaque one is no more than this text, and made as long as is wanted. */
const LABEL = 'REHEARSAL ONLY, worth nothing. ';
/** Of a made-up Ethereum key file, which holds nothing. */
export const MADE_UP_PASSWORD = 'rehearsal only';

/** Kinds whose size is a matter of chance are drawn this often, and then taken as they are. */
const MOST_DRAWS = 5000;

/**
 * A secret that is worth nothing, valid as its kind, with an identifier of the wanted type: for rehearsals. Randomness is passed in, but
 * for the key pairs that node:crypto makes.
 * @returns the file's bytes, of the wanted size where the kind has one of that size.
 */
export function makeUpSecret(wish: MadeUpWish, random: RandomBytes): Buffer {
  let text = '';
  for (const candidate of candidates(wish, random)) {
    text = candidate;
    for (const whole of [candidate, `${candidate}\n`]) if (fits(wish, Buffer.byteLength(whole))) return Buffer.from(whole, 'utf8');
  }
  return Buffer.from(text, 'utf8');
}

function fits({ size }: MadeUpWish, sizeBytes: number): boolean {
  return size === null || (sizeBytes >= size.min && sizeBytes <= size.max);
}

function* candidates(wish: MadeUpWish, random: RandomBytes): Generator<string> {
  switch (wish.kind) {
    case 'bip39':
      for (let n = 0; n < MOST_DRAWS; n += 1) yield entropyToMnemonic(random([32, 16, 20, 24, 28][n % 5] ?? 32), wordlist);
      return;
    case 'slip39':
      for (let n = 0; n < MOST_DRAWS; n += 1) yield makeShare(random(n % 2 === 0 ? 16 : 32), random(4));
      return;
    case 'xprv':
      yield HDKey.fromMasterSeed(random(32)).privateExtendedKey;
      return;
    case 'wif':
      yield createBase58check(sha256).encode(Buffer.concat([Buffer.from([0x80]), scalar(random), Buffer.from([1])]));
      return;
    case 'hex-key':
      yield scalar(random).toString('hex');
      return;
    case 'pem-key':
      yield* keyFiles(wish);
      return;
    case 'keystore-v3':
      yield keystore(scalar(random), random);
      return;
    case 'opaque': {
      const length = wish.size?.min ?? 64;
      yield LABEL.repeat(Math.ceil(length / LABEL.length)).slice(0, length);
    }
  }
}

/** 32 bytes that are a key of secp256k1: of the numbers outside its range none begins with a byte below 128. */
function scalar(random: RandomBytes): Buffer {
  const bytes = random(32);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 1;
  return bytes;
}

/** Curves by the identifier that is wanted of them, the length of a compressed point telling the curve; else what has the size. */
function* keyFiles({ identifier }: MadeUpWish): Generator<string> {
  const pem = (made: ReturnType<typeof generateKeyPairSync>): string => made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const ec = (namedCurve: string): string => pem(generateKeyPairSync('ec', { namedCurve })).trimEnd();
  const edwards = (): string => pem(generateKeyPairSync('ed25519')).trimEnd();
  switch (identifier?.type) {
    case 'ethereum':
      yield ec('secp256k1');
      return;
    case 'solana':
      yield edwards();
      return;
    case 'public-key':
      if (identifier.valueLength === 64) yield edwards();
      else yield ec(identifier.valueLength === 98 ? 'P-384' : identifier.valueLength === 134 ? 'P-521' : 'P-256');
      return;
    default:
      yield edwards();
      for (const curve of ['P-256', 'P-384', 'P-521']) yield ec(curve);
      for (const modulusLength of [2048, 3072, 4096]) yield pem(generateKeyPairSync('rsa', { modulusLength })).trimEnd();
  }
}

/** As the wallets of Ethereum write one, with a derivation that takes no time: nothing is kept under it. */
function keystore(key: Buffer, random: RandomBytes): string {
  const [salt, iv] = [random(32), random(16)];
  const cost = { N: 4096, r: 8, p: 1 };
  const derived = scryptSync(MADE_UP_PASSWORD, salt, 32, cost);
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final()]);
  const keys = openSingleKey(Buffer.from(key), false);
  const address = IDENTIFIERS.ethereum.compute(keys, null);
  keys.wipe();
  return JSON.stringify({
    version: 3,
    address: address.slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'scrypt',
      kdfparams: { dklen: 32, n: cost.N, p: cost.p, r: cost.r, salt: salt.toString('hex') },
      mac: Buffer.from(keccak_256(Buffer.concat([derived.subarray(16, 32), ciphertext]))).toString('hex'),
    },
  });
}
