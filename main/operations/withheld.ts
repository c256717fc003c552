import { inputError, quote } from '../values/index.ts';
import type { OperationContext } from './context.ts';

/**
 * Refuses an environment that this shell does not offer.
 * @throws input `environment-withheld`.
 */
export function checkOffered(context: OperationContext, environment: string): void {
  if (context.withheld?.includes(environment) !== true) return;
  throw inputError('environment-withheld', `this shell does not work in the environment ${quote(environment)}`, {
    hint: 'use the packaged app, or the command line',
  });
}
