/** What was measured, and the bound that it is held against. */
export type Line = readonly [what: string, value: number, side: 'at least' | 'at most', bound: number];

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function holds([, value, side, bound]: Line): boolean {
  return side === 'at least' ? value >= bound : value <= bound;
}

export function told(line: Line): string {
  const [what, value, side, bound] = line;
  return `${holds(line) ? 'ok  ' : 'MISS'} ${what}: ${value.toFixed(2)} (${side} ${bound.toString()})`;
}
