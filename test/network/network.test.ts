import { describe, expect, it } from 'vitest';
import type { Campaign, Figure } from '../proof/campaign.ts';
import { allCases, networkCampaign } from './campaign.ts';
import { FAULTS } from './faults.ts';
import { FLOWS } from './flows.ts';
import { gigabyteCampaign } from './gigabyte.ts';
import { tlsFaults } from './tls-faults.ts';

const campaign: Campaign = { seed: 20_261_130, say: () => undefined };

function expectNoLoss(figure: Figure, leastRuns: number): void {
  expect(figure.losses).toEqual([]);
  expect(figure.runs).toBeGreaterThanOrEqual(leastRuns);
}

/** Half a minute of a quiet machine; what the suite looks at is never how busy this one is. */
const PATIENT_MS = 900_000;

/** A part of what `npm run proof` does in full: every fault once, and every call. */
describe('whatever the network does', { timeout: PATIENT_MS }, () => {
  it('each call ends as the design says, with its intent noted before, and nothing is lost or sent twice', async () => {
    expectNoLoss(await networkCampaign(campaign, { lanes: 6, cases: 'each', door: 'operations', waits: 'short' }), FAULTS.length);
  });

  it('nothing is sent to a server that cannot show the right certificate', async () => {
    const figure = await networkCampaign(campaign, { lanes: 3, cases: 'each', door: 'operations', waits: 'short', tls: true });
    expectNoLoss(figure, tlsFaults().faults.length);
  });

  it('the command line says the same', async () => {
    expectNoLoss(await networkCampaign(campaign, { lanes: 2, cases: 8, door: 'command line', waits: 'left out' }), 8);
  });

  it.runIf(process.platform === 'linux')('an answer of a gigabyte costs neither memory nor time', async () => {
    expectNoLoss(await gigabyteCampaign(false), 6);
  });

  it('has every fault for every call, but for those that say which they are for', () => {
    const all = allCases(FAULTS);
    expect(new Set(all.map(({ flow }) => flow))).toEqual(new Set(FLOWS));
    expect(new Set(all.map(({ fault }) => fault))).toEqual(new Set(FAULTS));
    expect(new Set(FAULTS.map((one) => one.name)).size).toBe(FAULTS.length);
    for (const flow of FLOWS.filter(({ isLater }) => isLater !== true)) {
      for (const fault of FAULTS.filter(({ only }) => only === undefined)) {
        expect(all.some((one) => one.flow === flow && one.fault === fault)).toBe(true);
      }
    }
  });
});
