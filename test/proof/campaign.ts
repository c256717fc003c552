/** What every campaign of `npm run proof` is given. The same seed makes the same campaign; a loss names what to run again. */
export type Campaign = {
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  /** Prints a line at once, for whoever watches: a campaign takes minutes. */
  say(line: string): void;
};

/**
 * One row of the table that stands in docs/assurance.md. A run is one operation (or request, or whole ceremony) carried out under
 * fault; a fault is one disturbance that took effect; an input is one hostile value that was judged. What does not apply is 0.
 */
export type Figure = {
  readonly what: string;
  readonly runs: number;
  readonly faults: number;
  readonly inputs: number;
  /** Everything that went wrong, each in one line that says what, under which fault, and with which seed or case to see it again. */
  readonly losses: readonly string[];
  /** Why less was done than is meant to be, or null: no right to mount, a tool that is not installed. Printed, and no loss. */
  readonly left_out: string | null;
};

/** One campaign: a name to pick it by, and the work. It may give several rows. What it throws is a loss as well. */
export type Part = {
  readonly name: string;
  readonly summary: string;
  run(campaign: Campaign): Promise<readonly Figure[]>;
};

/** A figure proves nothing where no fault took effect and no input was judged, however often it ran, unless it says why. */
export function holds(figure: Figure): boolean {
  return figure.losses.length === 0 && (figure.faults + figure.inputs > 0 || figure.left_out !== null);
}

/** The figures as a Markdown table, as docs/assurance.md has them. */
export function table(figures: readonly Figure[], seed: number, day: string): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const rows = figures.map(({ what, runs, faults, inputs, losses }) =>
    ['', what, number(runs), number(faults), number(inputs), number(losses.length), ''].join(' | ').trim(),
  );
  return [
    `Figures of ${day}, seed ${seed.toString()}:`,
    '',
    '| what | runs | faults | inputs | losses |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

/** Pseudo-random numbers from a seed (mulberry32): the same seed gives the same faults on every machine. Not for secrets. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** @throws RangeError of an empty list. */
  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('there is nothing to pick from');
    return value;
  }
}
