import type { z } from 'zod';
import type { Role } from '../ledger/index.ts';
import type { ColdroomError } from '../values/index.ts';
import type { OperationContext } from './context.ts';

/**
 * What an operation came to. `output` is what is to be shown even when something went wrong; `problems` are the errors
 * that belong to it, in the order in which they happened. An operation that has nothing to show throws instead.
 */
export type Outcome<Output> = { output: Output; problems: readonly ColdroomError[] };

export type Operation<Input extends z.ZodType, Output extends z.ZodType> = {
  /** As a shell calls it: `assign`, `ledger.list`. */
  readonly name: string;
  /** One line, for `help` and the docs. */
  readonly summary: string;
  /** The station roles that have this operation at all; a home folder without a station has every one. */
  readonly roles: readonly Role[];
  readonly input: Input;
  readonly output: Output;
  readonly run: (context: OperationContext, input: z.output<Input>) => Promise<Outcome<z.output<Output>>>;
};

export const EVERY_ROLE: readonly Role[] = ['single', 'cold', 'online'];
/** The roles that talk to CoinCover. */
export const NETWORKED: readonly Role[] = ['single', 'online'];
/** The roles that see secrets. */
export const SEES_SECRETS: readonly Role[] = ['single', 'cold'];

/** Gives an operation its types from its schemas. */
export function defineOperation<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return operation;
}

/** An outcome with nothing wrong. */
export function done<Output>(output: Output): Outcome<Output> {
  return { output, problems: [] };
}
