import { hostilePart } from '../hostile/part.ts';
import { networkPart } from '../network/part.ts';
import type { Part } from './campaign.ts';
import { FULL, faultCampaign } from './faults/campaign.ts';
import { mutatedSecrets } from './mutated-secrets.ts';

/** Every campaign of `npm run proof`, in the order they run. A new one is one more entry. */
export const PARTS: readonly Part[] = [
  {
    name: 'faults',
    summary: 'operations that write, killed at every call, and disks, clocks and neighbours that fail',
    run: (campaign) => faultCampaign(campaign, FULL),
  },
  {
    name: 'network',
    summary: 'every call to CoinCover under every fault of the network, through operations, command line and window',
    run: networkPart,
  },
  {
    name: 'hostile',
    summary: 'spoilt documents, keys, packages, messages of the window, names and paths',
    run: hostilePart,
  },
  {
    name: 'secrets',
    summary: 'mutated secrets of every kind, judged by a second implementation or by how they were made',
    run: mutatedSecrets,
  },
];
