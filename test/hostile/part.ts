import type { Campaign, Figure } from '../proof/campaign.ts';
import { SecondImplementation } from '../second/client.ts';
import { keptInputs } from './corpus.ts';
import { fuzzCampaign, judgeInput } from './fuzz.ts';
import { formulaCampaign, namesCampaign } from './names.ts';
import { oddPathsCampaign } from './odd-paths.ts';
import { makeTargets } from './targets.ts';
import { windowCampaign } from './window.ts';

/** All hostile input, at full size. */
export async function hostilePart(campaign: Campaign): Promise<Figure[]> {
  return [
    await corpusCampaign(),
    ...(await fuzzCampaign(campaign, 3_000)),
    await windowCampaign(campaign, 3_000),
    await oddPathsCampaign(() => true),
    await namesCampaign(),
    formulaCampaign(campaign, 100_000),
  ];
}

/** Every input that is kept, each with the very refusal that its entry names. */
export async function corpusCampaign(): Promise<Figure> {
  const second = new SecondImplementation();
  const losses: string[] = [];
  const kept = keptInputs();
  try {
    const targets = new Map((await makeTargets(second)).map((target) => [target.name, target]));
    for (const one of kept) {
      const target = targets.get(one.target);
      if (target === undefined) {
        losses.push(`there is no target ${one.target}`);
        continue;
      }
      const { refused, loss } = await judgeInput(target, one.bytes);
      if (loss !== null) losses.push(`${one.target}, ${one.class}: ${loss}`);
      else if (refused !== one.refused) losses.push(`${one.target}, ${one.class}: ${refused ?? 'taken'}, not ${one.refused ?? 'taken'}`);
    }
  } finally {
    second.end();
  }
  return { what: 'the corpus of hostile inputs', runs: 0, faults: 0, inputs: kept.length, losses, left_out: null };
}
