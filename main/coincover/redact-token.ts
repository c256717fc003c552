import type { RawOutcome } from './http.ts';

/** Below this, a token could be a word of an honest answer; CoinCover's are far longer. */
const SHORTEST_BYTES = 20;

/**
 * The outcome with every copy of the token in its body overwritten by as many asterisks. Outcomes go into the ledger and into
 * messages, and some gateways repeat the header that they refuse. A body without the token is left as the very bytes that came.
 */
export function redactToken(outcome: RawOutcome, token: string): RawOutcome {
  if (token.length < SHORTEST_BYTES) return outcome;
  const body = outcome.kind === 'answer' ? outcome.body : outcome.kind === 'lost' ? outcome.partial?.body : undefined;
  if (body === undefined) return outcome;
  for (let at = body.indexOf(token); at !== -1; at = body.indexOf(token, at)) body.fill('*', at, at + token.length);
  return outcome;
}
