import { createCoinCoverClient, type CoinCoverClient } from '../coincover/index.ts';
import type { EnvironmentRow } from '../ledger/index.ts';
import type { OperationContext } from './context.ts';
import { environmentName } from './fields.ts';
import { checkOffered } from './withheld.ts';

/** The HTTP client for one environment. Only operations of networked stations come here. */
export function clientFor(
  context: OperationContext,
  environment: EnvironmentRow,
  account: 'institution' | 'partner',
  token: string | null,
): CoinCoverClient {
  checkOffered(context, environment.name);
  if (environment.name === 'rehearsal') context.rehearsal?.checkNotDamaged();
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
