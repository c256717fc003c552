import type { Part } from './campaign.ts';

/** Every campaign of `npm run proof`, in the order they run. A new one is one more entry. */
export const PARTS: readonly Part[] = [];
