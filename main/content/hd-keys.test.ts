import { HDKey } from '@scure/bip32';
import { HDKey as Slip10Key } from 'micro-key-producer/slip10.js';
import { describe, expect, it, vi } from 'vitest';
import { openTree } from './hd-keys.ts';
import { parsePath } from './path.ts';

const seed = Buffer.alloc(64, 7);
const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

describe('openTree', () => {
  it('wipe overwrites both roots', () => {
    const root = HDKey.fromMasterSeed(seed);
    const ed25519Root = Slip10Key.fromMasterSeed(seed);
    openTree(root, ed25519Root).wipe();
    expect(root.privateKey).toBeNull();
    expect(isZero(ed25519Root.privateKey) && isZero(ed25519Root.chainCode)).toBe(true);
  });
  it('keys on the way down are overwritten, the root stays in use', () => {
    const root = HDKey.fromMasterSeed(seed);
    const ed25519Root = Slip10Key.fromMasterSeed(seed);
    const wiped = vi.spyOn(HDKey.prototype, 'wipePrivateData');
    const keys = openTree(root, ed25519Root);
    const path = parsePath("m/1'/2'/3'");
    const once = keys.secp256k1(path);
    const nodes = wiped.mock.results.map(({ value }) => value as HDKey);
    expect(nodes.map((node) => node.depth)).toEqual([1, 2, 3]);
    expect(nodes.every((node) => node.privateKey === null)).toBe(true);
    expect(keys.secp256k1(path)).toEqual(once);
    expect(keys.ed25519?.(path)).toEqual(keys.ed25519?.(path));
    expect(root.privateKey).not.toBeNull();
  });
  it('the key itself is that of null and of m', () => {
    const keys = openTree(HDKey.fromMasterSeed(seed), null);
    expect(keys.secp256k1(null)).toEqual(keys.secp256k1(parsePath('m')));
    expect(keys.ed25519).toBeNull();
  });
  it('a step that has no key is refused, where the library takes the next one', () => {
    const keys = openTree(HDKey.fromMasterSeed(seed), null);
    const next = HDKey.fromMasterSeed(seed).deriveChild(6);
    vi.spyOn(HDKey.prototype, 'deriveChild').mockReturnValue(next);
    expect(() => keys.secp256k1(parsePath('m/5'))).toThrow(expect.objectContaining({ code: 'path-has-no-key', family: 'input' }) as Error);
    expect(next.privateKey).toBeNull();
  });
});
