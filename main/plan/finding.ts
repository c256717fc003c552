import { quote } from '../values/index.ts';

/**
 * One thing that is wrong with a plan, or worth a look. `code` is stable kebab-case, `place` says where in the file
 * (`wallets[3].items[0].mode`, the first of a list being 0; empty for the whole), `message` starts in lower case and has no full stop.
 */
export type PlanFinding = { readonly code: string; readonly place: string; readonly message: string };

/** A member's place from the names and numbers that lead to it. A name that is none of the form's may be anything, and is quoted. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step.toString()}]`;
      const name = String(step);
      return `${at === 0 ? '' : '.'}${/^\w+$/.test(name) ? name : quote(name)}`;
    })
    .join('');
}
