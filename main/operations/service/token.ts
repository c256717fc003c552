import { z } from 'zod';
import { checkToken } from '../../coincover/index.ts';
import { inputError, quote } from '../../values/index.ts';
import { environmentName } from '../fields.ts';
import { defineOperation, done, NETWORKED } from '../operation.ts';
import { withStation, type Station } from '../station/station.ts';
import { tokenEntry } from '../station/station-keys.ts';
import type { EnvironmentRow } from '../../ledger/index.ts';

const answer = z.object({ environment: environmentName, token: z.enum(['set', 'none']) });

/**
 * Keeps an environment's API key in the keychain, under the environment's id: when its hosts change, the key no longer
 * fits, and is never sent to a host that it was not given for.
 */
export const login = defineOperation({
  name: 'login',
  summary: 'keep an environment’s API key in the keychain',
  roles: NETWORKED,
  input: z.strictObject({ environment: environmentName, token: z.string() }),
  output: answer,
  run: (context, input) =>
    withStation(context, 'login', async (station) => {
      const environment = station.queries.requireEnvironment(input.environment);
      await keepToken(station, environment, input.token);
      return done({ environment: input.environment, token: 'set' as const });
    }),
});

export const logout = defineOperation({
  name: 'logout',
  summary: 'remove an environment’s API key from the keychain',
  roles: NETWORKED,
  input: z.strictObject({ environment: environmentName }),
  output: answer,
  run: (context, input) =>
    withStation(context, 'logout', async (station) => {
      const environment = station.queries.requireEnvironment(input.environment);
      await station.removeToken(environment);
      return done({ environment: input.environment, token: 'none' as const });
    }),
});

/** Puts an API key into the keychain for an environment's present hosts. @throws as checkToken. */
export async function keepToken(station: Station, environment: EnvironmentRow, text: string): Promise<void> {
  const raw = Buffer.from(text, 'utf8');
  const token = Buffer.from(checkToken(raw), 'utf8');
  raw.fill(0);
  await station.keychain.set(tokenEntry(station.file, environment.environment_id), token);
  token.fill(0);
  station.ledger.append({ type: 'token-set', data: { environment: environment.name } });
}

/** The environment's API key. @throws input `token-missing`. */
export async function requireToken(station: Station, environment: EnvironmentRow): Promise<string> {
  const token = await station.token(environment.environment_id);
  if (token === null) {
    throw inputError('token-missing', `no API key is set for the environment ${quote(environment.name)} at its present hosts`, {
      hint: `run \`coldroom login --environment ${environment.name}\` with the key on standard input`,
    });
  }
  return token;
}
