import type { CoinCoverClient } from '../coincover/index.ts';
import type { EnvironmentRow } from '../ledger/index.ts';
import type { OperationContext } from './context.ts';
import { environmentName } from './fields.ts';

/** The HTTP client for one environment. Only operations of networked stations come here. */
export async function clientFor(
  context: OperationContext,
  environment: EnvironmentRow,
  account: 'institution' | 'partner',
  token: string | null,
): Promise<CoinCoverClient> {
  // Loaded when a request is to be made: the HTTP library is a large part of what starting costs.
  const { createCoinCoverClient } = await import('../coincover/index.ts');
  return createCoinCoverClient({
    environment: {
      name: environmentName.parse(environment.name),
      api: environment.api,
      jwks: environment.jwks,
      proxy: environment.proxy,
      caPem: environment.ca_pem,
    },
    account,
    token: () => Promise.resolve(token ?? ''),
    clock: context.clock,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}
