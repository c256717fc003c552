import { z } from 'zod';
import { FAULTS, StandIn, type FaultName } from '../../rehearsal/index.ts';
import { inputError, quote } from '../../values/index.ts';
import { defineOperation, done, NETWORKED } from '../operation.ts';

/** The stand-in alone, until the shell's signal ends it. */
export const rehearsalServe = defineOperation({
  name: 'rehearsal.serve',
  summary: 'run the built-in stand-in for CoinCover on this machine',
  roles: NETWORKED,
  input: z.strictObject({ port: z.number().int().min(0).max(65535).default(0), fault: z.string().optional() }),
  output: z.object({
    api: z.string(),
    jwks: z.string(),
    port: z.number(),
    token: z.string(),
    partner_token: z.string(),
    account_id: z.string(),
    fault: z.string().nullable(),
  }),
  run: async (context, input) => {
    const { fault } = input;
    if (fault !== undefined && !Object.hasOwn(FAULTS, fault)) {
      throw inputError('fault-unknown', `the stand-in has no fault named ${quote(fault)}`, {
        hint: `it has: ${Object.keys(FAULTS).join(', ')}`,
      });
    }
    const standIn = new StandIn(context.clock);
    if (fault !== undefined) standIn.setFault(fault as FaultName);
    const at = await standIn.listen(input.port);
    context.signal?.addEventListener('abort', () => void standIn.close());
    return done({
      api: at.api,
      jwks: at.jwks,
      port: at.port,
      token: at.token,
      partner_token: at.partnerToken,
      account_id: at.accountId,
      fault: fault ?? null,
    });
  },
});
