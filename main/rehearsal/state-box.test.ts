import { createDecipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openState, sealState, STATE_BOX_OVERHEAD_BYTES } from './state-box.ts';

const key = randomBytes(32);

describe('a state box', () => {
  it('opens to what was sealed, of any length, and is 32 bytes longer', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (state) => {
        const box = sealState(state, key);
        expect(box.length).toBe(state.length + STATE_BOX_OVERHEAD_BYTES);
        expect(openState(box, key)?.equals(state)).toBe(true);
      }),
    );
  });

  it('is laid out as its header says', () => {
    const box = sealState(Buffer.from('state'), key);
    expect([box.toString('latin1', 0, 4), box.length]).toEqual(['CRS1', 4 + 12 + 5 + 16]);
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(4, 16)).setAAD(Buffer.from('CRS1')).setAuthTag(box.subarray(21));
    expect(Buffer.concat([decipher.update(box.subarray(16, 21)), decipher.final()]).toString()).toBe('state');
  });

  it('is another every time', () => {
    expect(sealState(Buffer.from('state'), key).equals(sealState(Buffer.from('state'), key))).toBe(false);
  });

  it('opens under no other key, with no bit changed, at no other length', () => {
    const box = sealState(Buffer.from('state'), key);
    expect(openState(box, randomBytes(32))).toBeNull();
    for (let at = 0; at < box.length; at += 1) {
      for (let bit = 1; bit < 256; bit *= 2) {
        const changed = Buffer.from(box);
        changed.writeUInt8(changed.readUInt8(at) ^ bit, at);
        expect(openState(changed, key)).toBeNull();
      }
      expect(openState(box.subarray(0, at), key)).toBeNull();
    }
    expect(openState(Buffer.concat([box, Buffer.alloc(1)]), key)).toBeNull();
  });
});
