import { z } from 'zod';
import { isColdroomError } from '../../values/index.ts';
import { environmentName, fingerprint } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { openKeychain } from './open-keychain.ts';
import { withLedgerForReading } from './station.ts';
import { tokenEntry } from './station-keys.ts';

/** What this station is and has. Of an API key it says only whether one is set. */
export const status = defineOperation({
  name: 'status',
  summary: 'what this station is, and which environments have an API key and trust anchors',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({
    station: z.object({ id: fingerprint, name: z.string(), role: z.enum(['single', 'cold', 'online']) }),
    keychain: z.enum(['os', 'file', 'none']),
    environments: z.array(z.object({ name: environmentName, token: z.enum(['set', 'none']), anchors: z.number() })),
  }),
  run: (context) =>
    withLedgerForReading(context, async ({ file, queries }) => {
      const environments = queries.environments();
      const tokens = await findTokens(
        context,
        file,
        environments.map((row) => row.environment_id),
      );
      return done({
        station: { id: file.id, name: file.name, role: file.role },
        keychain: tokens === null ? ('none' as const) : file.keychain,
        environments: environments.map((row) => ({
          name: environmentName.parse(row.name),
          token: tokens?.has(row.environment_id) === true ? ('set' as const) : ('none' as const),
          anchors: queries.anchors(row.name).filter((anchor) => anchor.state === 'active').length,
        })),
      });
    }),
});

/** The environments with an API key; null when this machine has no OS keychain (any more). */
async function findTokens(
  context: Parameters<typeof openKeychain>[0],
  file: Parameters<typeof tokenEntry>[0],
  environmentIds: readonly string[],
): Promise<ReadonlySet<string> | null> {
  try {
    const keychain = await openKeychain(context, file.keychain);
    try {
      const found = new Set<string>();
      for (const id of environmentIds) {
        const token = await keychain.get(tokenEntry(file, id));
        token?.fill(0);
        if (token !== null) found.add(id);
      }
      return found;
    } finally {
      await keychain.close();
    }
  } catch (error) {
    if (isColdroomError(error) && error.code === 'keychain-none') return null;
    throw error;
  }
}
