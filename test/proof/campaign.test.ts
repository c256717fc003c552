import { describe, expect, it } from 'vitest';
import { Dice, holds, table, type Figure } from './campaign.ts';
import { figureOf } from './mutated-secrets.ts';
import { PARTS } from './parts.ts';

const figure = (changed: Partial<Figure>): Figure => ({
  what: 'w',
  runs: 1,
  faults: 1,
  inputs: 0,
  losses: [],
  left_out: null,
  ...changed,
});

describe('a figure', () => {
  it('holds where something was done and nothing lost', () => {
    expect(holds(figure({}))).toBe(true);
    expect(holds(figure({ losses: ['lost'] }))).toBe(false);
  });
  it('does not hold where nothing was done, or no fault took effect, and nothing says why', () => {
    expect(holds(figure({ faults: 0 }))).toBe(false);
    expect(holds(figure({ runs: 0, faults: 0, inputs: 1 }))).toBe(true);
    expect(holds(figure({ runs: 0, faults: 0, left_out: 'no right to mount' }))).toBe(true);
  });
  it('stands in the table with its losses counted', () => {
    expect(table([figure({ runs: 1200, losses: ['a', 'b'] })], 7, '2026-11-30').split('\n')).toEqual([
      'Figures of 2026-11-30, seed 7:',
      '',
      '| what | runs | faults | inputs | losses |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| w | 1,200 | 1 | 0 | 2 |',
    ]);
  });
});

describe('the figure of mutated secrets', () => {
  const test = (title: string, status: string) => ({
    ancestorTitles: ['mutated secrets of each kind'],
    title,
    status,
    failureMessages: status === 'passed' ? [] : ['why'],
  });
  const told = (...assertionResults: ReturnType<typeof test>[]) => figureOf({ testResults: [{ assertionResults }] });

  it('counts the kinds, and not what holds the second implementation to account', () => {
    expect(told(test('wif: x', 'passed'), test('the second opinion', 'passed'))).toMatchObject({ inputs: 10_000, losses: [] });
    expect(told(test('wif: x', 'passed'), test('the second opinion', 'failed')).losses).toEqual(['the second opinion: why']);
    expect(holds(told())).toBe(false);
  });
});

describe('the campaigns', () => {
  it('have names of their own', () => {
    expect(new Set(PARTS.map((part) => part.name)).size).toBe(PARTS.length);
  });
  it('draw the same from the same seed, and other things from another', () => {
    const draw = (seed: number): number[] => {
      const dice = new Dice(seed);
      return Array.from({ length: 8 }, () => dice.below(1000));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(() => new Dice(1).pick([])).toThrow(RangeError);
  });
});
