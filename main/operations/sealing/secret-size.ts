/** CoinCover takes 10 MB; a secret is read whole, and nothing much larger is worth opening. */
export const MAX_SECRET_BYTES = 12_000_000;
