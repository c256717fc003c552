/** The one channel between page and main, in both directions. */
export const CHANNEL = 'coldroom';
