import { describe, expect, it } from 'vitest';
import { FACTS } from '../ceremony/facts.ts';
import { canonicalJson, type Json } from '../values/index.ts';
import { chainOf } from './rows.ts';

const OURS = 'ceremony-1';

/** Whether a report shows the row of an event, or gives it by digest alone. */
function isShown(type: string, data: Json): boolean {
  const bytes = canonicalJson({ v: 1, ledger_id: 'l', seq: 1, at: 't', type, data, prev: '0'.repeat(64) });
  const [row] = chainOf([{ seq: 1, bytes, mac: Buffer.alloc(32) }], OURS);
  return row?.bytes === bytes;
}

describe('a row of the ledger in a report', () => {
  it('is shown of every fact but those that say where files lie or know a PIN again, and of none that is not known', () => {
    const shown = Object.keys(FACTS).filter((name) => isShown('ceremony-fact', { ceremony_id: OURS, name, value: null }));
    expect(shown.toSorted()).toEqual(
      Object.keys(FACTS)
        .filter((name) => !['secrets', 'released', 'pin-proofs'].includes(name))
        .toSorted(),
    );
    expect(isShown('ceremony-fact', { ceremony_id: OURS, name: 'a later version’s', value: null })).toBe(false);
  });

  it.each(['item-sealed', 'store-answered', 'receipt-written', 'refusal', 'a-later-type'])('is not shown of %s', (type) => {
    expect(isShown(type, { ceremony_id: OURS })).toBe(false);
  });

  it('is not shown of another ceremony', () => {
    expect(isShown('ceremony-signed', { ceremony_id: 'ceremony-2' })).toBe(false);
    expect(isShown('ceremony-signed', { ceremony_id: OURS })).toBe(true);
  });
});
