import { describe, expect, it } from 'vitest';
import { CHECKLIST, openPoints } from './checklist.ts';

const allBut = (...no: string[]) => CHECKLIST.map(({ id }) => ({ id, yes: !no.includes(id) }));
const musts = CHECKLIST.filter((one) => one.must).map((one) => one.id);
const others = CHECKLIST.filter((one) => !one.must).map((one) => one.id);

describe('the checklist', () => {
  it('holds nothing where every answer is yes', () => {
    for (const environment of ['production', 'custom', 'sandbox', 'rehearsal']) {
      expect(openPoints(allBut(), environment)).toEqual({ open: [], holds: false });
    }
  });

  it.each(musts)('in production and custom holds for %s, elsewhere only names it', (id) => {
    for (const environment of ['production', 'custom']) expect(openPoints(allBut(id), environment)).toEqual({ open: [id], holds: true });
    for (const environment of ['sandbox', 'rehearsal']) expect(openPoints(allBut(id), environment)).toEqual({ open: [id], holds: false });
  });

  it.each(others)('never holds for %s', (id) => {
    expect(openPoints(allBut(id), 'production')).toEqual({ open: [id], holds: false });
  });

  it('takes a point without an answer as a no', () => {
    expect(openPoints([], 'production')).toEqual({ open: CHECKLIST.map((one) => one.id), holds: true });
  });

  it('has points of both kinds, each once', () => {
    expect([musts.length > 0, others.length > 0, new Set([...musts, ...others]).size]).toEqual([true, true, CHECKLIST.length]);
  });
});
