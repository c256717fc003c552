import { webcrypto } from 'node:crypto';

type SubtleCrypto = webcrypto.SubtleCrypto;

/** RFC 3394 §4.6: 256 bits of key data under a key of 256 bits. */
const KNOWN = {
  wrapping: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  data: '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
  wrapped: '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
};

/** What was found before: a runtime does not change. */
const settled = new WeakMap<SubtleCrypto, Promise<'native' | 'missing'>>();

/**
 * To be called before openpgp is loaded. Its ECDH keys need the key wrap of AES from WebCrypto, and it has a JavaScript of its own
 * for where that is missing; but it takes only a `NotSupportedError` of `importKey` for "missing". Electron's BoringSSL may lack the
 * cipher and answer otherwise, or later. So the key wrap is tried here against a known answer; where it does not give it, this
 * process's WebCrypto is made to say so from the start, in the one way that openpgp understands.
 * @returns `native`, or `missing` where openpgp will use its own.
 */
export function settleAesKeyWrap(subtle: SubtleCrypto = webcrypto.subtle): Promise<'native' | 'missing'> {
  const known = settled.get(subtle) ?? settle(subtle);
  settled.set(subtle, known);
  return known;
}

async function settle(subtle: SubtleCrypto): Promise<'native' | 'missing'> {
  if (await wrapsAsKnown(subtle)) return 'native';
  const importKey = subtle.importKey.bind(subtle) as (...all: unknown[]) => Promise<webcrypto.CryptoKey>;
  Object.defineProperty(subtle, 'importKey', {
    configurable: true,
    writable: true,
    value: (format: unknown, data: unknown, algorithm: unknown, ...more: unknown[]) =>
      isKeyWrap(algorithm)
        ? Promise.reject(new DOMException('the key wrap of AES is not supported here', 'NotSupportedError'))
        : importKey(format, data, algorithm, ...more),
  });
  return 'missing';
}

/** In the very calls that openpgp makes: the data goes in as an HMAC key, which may have any length. */
async function wrapsAsKnown(subtle: SubtleCrypto): Promise<boolean> {
  const name = 'AES-KW';
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  try {
    const wrapping = await subtle.importKey('raw', Buffer.from(KNOWN.wrapping, 'hex'), name, false, ['wrapKey', 'unwrapKey']);
    const data = await subtle.importKey('raw', Buffer.from(KNOWN.data, 'hex'), hmac, true, ['sign']);
    const wrapped = Buffer.from(await subtle.wrapKey('raw', data, wrapping, { name }));
    const back = await subtle.unwrapKey('raw', Buffer.from(KNOWN.wrapped, 'hex'), wrapping, { name }, hmac, true, ['sign']);
    const unwrapped = Buffer.from(await subtle.exportKey('raw', back));
    return wrapped.toString('hex') === KNOWN.wrapped && unwrapped.toString('hex') === KNOWN.data;
  } catch {
    return false; // whatever it says, it does not do it
  }
}

function isKeyWrap(algorithm: unknown): boolean {
  const name = typeof algorithm === 'object' && algorithm !== null && 'name' in algorithm ? algorithm.name : algorithm;
  return typeof name === 'string' && name.toUpperCase() === 'AES-KW';
}
