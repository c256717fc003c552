import { parseUsableKeys } from '../../attestation/index.ts';
import type { CoinCoverClient } from '../../coincover/index.ts';
import { isColdroomError, isoTime, type Clock } from '../../values/index.ts';

/** The enclave's signing keys as ledger and key packs carry them: the exact text of the document, and when it was fetched. */
export type SigningKeys = { jwks: string; jwks_fetched_at: string };

/**
 * The list of signing keys before an assignment. It is read as well as fetched: an assigned key cannot be given back, so nothing
 * is sent where its answer could not be judged. A list that is refused is fetched once more, for it may be one that this
 * process has kept since before it was mended.
 * @throws what fetchJwks throws; check those of parseUsableKeys.
 */
export async function fetchSigningKeys(client: CoinCoverClient, clock: Clock): Promise<SigningKeys> {
  const first = await client.fetchJwks({ fresh: false });
  try {
    return read(first, clock);
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return fetchSigningKeysAnew(client, clock);
  }
}

/** As {@link fetchSigningKeys}, never from what this process has kept, and once. */
export async function fetchSigningKeysAnew(client: CoinCoverClient, clock: Clock): Promise<SigningKeys> {
  return read(await client.fetchJwks({ fresh: true }), clock);
}

function read(fetched: { bytes: Buffer; fetchedAtMs: number }, clock: Clock): SigningKeys {
  parseUsableKeys(fetched.bytes, { nowMs: clock.now() });
  // What was read as JSON is UTF-8, so that the text stands for the exact bytes.
  return { jwks: fetched.bytes.toString('utf8'), jwks_fetched_at: isoTime(fetched.fetchedAtMs) };
}
