import { isColdroomError, isJsonObject } from '../../main/values/index.ts';
import { Dice, type Campaign, type Figure } from '../proof/campaign.ts';
import { SecondImplementation } from '../second/client.ts';
import { mutateBytes, mutateJson } from './mutate.ts';
import { makeTargets, type Target } from './targets.ts';

/** A refusal that takes longer would hold a person up; ten times as much on a machine that is busy is still no hang. */
const MOST_MS = 20_000;

/** What became of one input: the code of the refusal, or null where it was taken. */
export type Judged = { readonly refused: string | null; readonly loss: string | null };

/** Gives a target one input, and asks the second judge about what it takes. A loss is a crash, a hang, or a wrong acceptance. */
export async function judgeInput(target: Target, bytes: Buffer): Promise<Judged> {
  const before = Buffer.from(bytes);
  const begun = performance.now();
  let given: unknown;
  try {
    given = await target.judge(bytes);
  } catch (error) {
    if (!isColdroomError(error) || error.family === 'bug') return { refused: null, loss: `crashed: ${String(error)}` };
    const tookMs = performance.now() - begun;
    return { refused: error.code, loss: tookMs > MOST_MS ? `${error.code} only after ${Math.round(tookMs).toString()} ms` : null };
  }
  if (performance.now() - begun > MOST_MS) return { refused: null, loss: 'taken only after far too long' };
  const doubt = await target.disagree(before, given);
  return { refused: null, loss: doubt === null ? null : `taken, but ${doubt}` };
}

/** Spoilt inputs for everything that reads what others made. The seed and the number find an input again. */
export async function fuzzCampaign(campaign: Campaign, inputsEach: number): Promise<Figure[]> {
  const second = new SecondImplementation();
  const figures: Figure[] = [];
  try {
    for (const target of await makeTargets(second)) {
      campaign.say(`hostile: ${target.name}`);
      figures.push(await fuzzTarget(target, campaign.seed, inputsEach));
    }
  } finally {
    second.end();
  }
  return figures;
}

async function fuzzTarget(target: Target, seed: number, inputs: number): Promise<Figure> {
  const losses = await lossesOfWhole(target);
  for (let at = 0; at < inputs; at += 1) {
    const bytes = inputOf(target, new Dice(seed + at));
    const { loss } = await judgeInput(target, bytes);
    if (loss !== null) losses.push(`${target.name}, seed ${(seed + at).toString()}: ${loss}; ${bytes.subarray(0, 400).toString('base64')}`);
  }
  if (Object.hasOwn(Object.prototype, 'polluted')) losses.push(`${target.name}: every object has a member more now`);
  return { what: `spoilt: ${target.name}`, runs: 0, faults: 0, inputs, losses, left_out: null };
}

/** A target that refuses all that it is made from never gets past its first check, and what is spoilt from that says nothing. */
async function lossesOfWhole(target: Target): Promise<string[]> {
  const judged: Judged[] = [];
  for (const seed of target.seeds) judged.push(await judgeInput(target, Buffer.from(seed)));
  const losses = judged.flatMap(({ loss }) => (loss === null ? [] : [`${target.name}, unspoilt: ${loss}`]));
  return judged.every(({ refused }) => refused !== null) ? [...losses, `${target.name}: takes nothing that is whole`] : losses;
}

/** Spoilt bytes, or for JSON mostly whole JSON with one member spoilt, signed anew where that gets it further. */
function inputOf(target: Target, dice: Dice): Buffer {
  const seed = dice.pick(target.seeds);
  if (!target.isJson || dice.below(4) === 0) return mutateBytes(seed, target.seeds, dice);
  const text = mutateJson(JSON.parse(seed.toString('utf8')), dice);
  if (target.again === undefined || dice.below(4) === 0) return Buffer.from(text);
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) ? target.again(json) : Buffer.from(text);
  } catch {
    return Buffer.from(text); // text that no object says, a member twice for one, cannot be signed as one
  }
}
