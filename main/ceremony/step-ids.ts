/** Every step that a script may have. A list of its own, since a policy names steps, and scripts name what policies are kept as. */
export const STEP_IDS = [
  'people',
  'self-test',
  'sign-in',
  'wallet',
  'assign',
  'secrets',
  'seal',
  'store',
  'verify',
  'recover',
  'checklist',
  'close',
  'network',
  'signer',
  'wallets',
  'keys',
  'packs',
  'items',
  'receipts',
  'carry',
] as const;

export type StepId = (typeof STEP_IDS)[number];
