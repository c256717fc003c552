import type { FactValue } from './facts.ts';

/**
 * What only people can answer before a backup counts. The rest of CoinCover's own list ("What CoinCover tells integrators to
 * check before production") the app checks by itself. A `no` is an open point, kept and shown; those that `must` be yes in
 * production and custom hold the step.
 */
export const CHECKLIST: readonly { readonly id: string; readonly must: boolean }[] = [
  { id: 'host-confirmed', must: true },
  { id: 'kept-as-ordered', must: true },
  { id: 'other-copies', must: true },
  { id: 'recovery-people', must: false },
  { id: 'failures-rehearsed', must: false },
];

/** The points answered `no`, and whether one of them holds the step in this environment. */
export function openPoints(answers: FactValue<'checklist'>['answers'], environment: string): { open: string[]; holds: boolean } {
  const open = CHECKLIST.filter(({ id }) => answers.find((one) => one.id === id)?.yes !== true);
  const strict = environment === 'production' || environment === 'custom';
  return { open: open.map(({ id }) => id), holds: strict && open.some(({ must }) => must) };
}
