import type { Page } from 'playwright-core';

/** Called at every screen and state, once it has settled. */
export type Look = (name: string, page: Page) => Promise<void>;
