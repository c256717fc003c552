import { createCoinCoverClient, type CoinCoverClient } from '../../coincover/index.ts';
import type { AssignedKeyRow, AssignmentRow, EnvironmentRow } from '../../ledger/index.ts';
import { checkError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { accountKind, environmentName } from '../fields.ts';
import type { Station } from '../station/station.ts';
import { checkOffered } from '../withheld.ts';

/** The HTTP client for one environment. Only operations of networked stations come here. */
export function clientFor(
  context: OperationContext,
  environment: EnvironmentRow,
  account: 'institution' | 'partner',
  token: string | null,
): CoinCoverClient {
  // SECURITY(REQ-COLD-NO-CLIENT): operations that come here are refused to a cold station before they start, by their roles.
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
    ...(context.timeouts === undefined ? {} : { timeouts: context.timeouts }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}

/**
 * The way to the very hosts that an answer came from, for one more look at their signing keys: no API key goes along.
 * @throws check `environment-changed`: anchors and accounts were confirmed for hosts, and what came from others cannot be judged
 *   by them.
 */
export function clientOfAnswer(context: OperationContext, station: Station, answered: AssignmentRow | AssignedKeyRow): CoinCoverClient {
  const environment = station.queries.environment(answered.environment);
  if (environment?.environment_id === answered.environment_id)
    return clientFor(context, environment, accountKind.parse(answered.account), null);
  throw checkError('environment-changed', 'this key was assigned by other hosts than its environment has now', {
    hint: 'stop; set the environment’s hosts back before its answer is judged again or its key pack made anew',
  });
}
