import type { Campaign, Figure } from '../proof/campaign.ts';
import { networkCampaign } from './campaign.ts';
import { gigabyteCampaign } from './gigabyte.ts';

/** All of the network suite, at full size. The long waits are many at once: they cost time, and nothing else. */
export async function networkPart(campaign: Campaign): Promise<Figure[]> {
  return [
    await networkCampaign(campaign, { lanes: 8, cases: null, door: 'operations', waits: 'short' }),
    await networkCampaign(campaign, { lanes: 8, cases: null, door: 'operations', waits: 'short', tls: true }),
    await networkCampaign(campaign, { lanes: 4, cases: 120, door: 'command line', waits: 'left out' }),
    await networkCampaign(campaign, { lanes: 30, cases: null, door: 'operations', waits: 'in full alone' }),
    await gigabyteCampaign(true),
  ];
}
