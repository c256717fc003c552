import { z } from 'zod';
import { checkError, inputError, isoTime } from '../../values/index.ts';
import { ceremonyId, ceremonyOutput, requireStep, workOn, type StepWork } from './ceremony.ts';
import { pinsInput } from './check-pins.ts';
import { initialsText } from './initials-text.ts';
import { initialsWords, takeBoth } from './initials.ts';
import { plainText, uuid } from '../fields.ts';
import { lookAtNetwork, networkGateOf } from '../station/network.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';

export const ceremonyNetwork = defineOperation({
  name: 'ceremony.network',
  summary: 'look at this machine’s network, as the ceremony records it',
  roles: SEES_SECRETS,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.network', input.ceremony, async ({ station, note, state }) => {
      const { gate, reasons, policy } = await lookAtNetwork(networkGateOf(station, state));
      const before = state.facts.network;
      // An override stands for what the two people saw, and for nothing that has come up since.
      const override = before?.reasons.join() === reasons.join() ? before.override : null;
      note('network', 'network', { gate, policy, reasons, override: gate === 'stop' ? override : null, at: isoTime(context.clock.now()) });
      return [];
    }),
});

export const ceremonyNetworkOverride = defineOperation({
  name: 'ceremony.network-override',
  summary: 'go on in spite of a live network, with a reason and two people’s initials',
  roles: SEES_SECRETS,
  input: z.strictObject({ ceremony: uuid, reason: plainText(1000), initials: z.array(initialsText).length(2), pins: pinsInput }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.network-override', input.ceremony, async (parts) => {
      const { state, station } = parts;
      await requireStep(parts, 'network');
      const { network } = state.facts;
      if (network?.gate !== 'stop') {
        throw inputError('override-not-needed', 'nothing is stopped here that would have to be overridden', {
          hint: 'look at the network again',
        });
      }
      const by = await takeBoth(parts, input.initials, input.pins);
      const about = { ceremony_id: input.ceremony, step: 'network' };
      const value = {
        ...network,
        override: { reason: input.reason, initials: by.map(({ initials }) => initials) },
        at: isoTime(context.clock.now()),
      };
      const text = `Went on with a live network (${network.reasons.join(', ')}), ${initialsWords(by)}: ${input.reason}`;
      // Together, or an app that dies in between would go on without the exception.
      station.ledger.transaction((transaction) => {
        transaction.append({ type: 'ceremony-exception', data: { ...about, text, initials: null } });
        transaction.append({ type: 'ceremony-fact', data: { ...about, name: 'network', value } });
      });
      return [];
    }),
});

/**
 * Right before secrets are read in a ceremony: the network is looked at once more. What has come up since people looked at it is
 * noted, which voids their initials under that step.
 * @throws check `network-changed`.
 */
export async function checkNetworkNow({ context, station, state, note }: StepWork): Promise<void> {
  const { network } = state.facts;
  if (station.role !== 'cold' || network === undefined) return;
  const { gate, reasons, policy } = await lookAtNetwork(networkGateOf(station, state));
  if (reasons.every((one) => network.reasons.includes(one))) return;
  note('network', 'network', { gate, policy, reasons, override: null, at: isoTime(context.clock.now()) });
  throw checkError('network-changed', `something of the network has come up since people looked at it: ${reasons.join(', ')}`, {
    hint: 'switch it off and look again, or sign what is there',
  });
}
