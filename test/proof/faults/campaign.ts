import { Dice, type Campaign, type Figure } from '../campaign.ts';
import { ACTS, STICK_ACTS, type Act } from './acts.ts';
import { clockJumps, ledgerHeld, onFullDisk, pullStick, readOnly, twoAtOnce, whyNoMount } from './conditions.ts';
import { Ground } from './ground.ts';
import { callsOf, failAt, killAt, killPoints, killSometime, Tally, type Calls } from './kills.ts';
import { whyNoMachine } from './machine.ts';

/** How much of everything is done. `share`: of an act's kill points, one in so many; 1 is all of them. */
export type Size = {
  readonly acts: readonly Act[];
  readonly share: number;
  readonly randomKills: number;
  readonly failures: number;
  readonly conditions: number;
  readonly heldActs: readonly string[];
};

export const FULL: Size = {
  acts: ACTS,
  share: 1,
  randomKills: 8,
  failures: 8,
  conditions: 1,
  heldActs: ['assign', 'store data', 'seal', 'ceremony store'],
};

const FREE_BYTES = [0, 4096, 24_576, 65_536];
/** Two processes that do these at once do one thing each of their own, and one of them has to be told so. */
const NOT_TWICE = ['trust revoke'];

type Known = { readonly act: Act; readonly calls: Calls };

/** The campaign: every act under every fault, as much of it as the size says. The same seed and size give the same faults. */
export async function faultCampaign(campaign: Campaign, size: Size): Promise<Figure[]> {
  const leftOut = whyNoMachine();
  if (leftOut !== null) return [{ ...EMPTY, what: 'Processes killed and disks that fail', left_out: leftOut }];
  const dice = new Dice(campaign.seed);
  const ground = await Ground.make([...new Set(size.acts.map((act) => act.base))]);
  try {
    const known: Known[] = [];
    for (const act of size.acts) known.push({ act, calls: await callsOf(ground, act) });
    const noMount = whyNoMount();
    const figures: Figure[] = [];
    const row = async (what: string, left: string | null, work: (tally: Tally) => Promise<void>): Promise<void> => {
      const tally = new Tally();
      if (left === null) await work(tally);
      figures.push({ ...EMPTY, what, runs: tally.runs, faults: tally.runs, losses: tally.losses, left_out: left });
      campaign.say(`  ${what}: ${tally.runs.toString()} runs, ${tally.losses.length.toString()} losses`);
    };
    await row('killed at every call that changes a file or the network', null, (tally) => killEverywhere(ground, known, size, dice, tally));
    await row('killed at random times', null, (tally) => killAtRandom(ground, known, size, dice, tally));
    await row('full disk, failing and read-only disk, at any call', null, (tally) => failures(ground, known, size, dice, tally));
    await row('a small disk that is really full', noMount, (tally) => diskFull(ground, known, size, dice, tally));
    await row('a home folder that is really read-only', noMount, (tally) => each(size, dice, (act) => readOnly(ground, act, tally)));
    await row('the stick pulled mid-write', noMount, (tally) => sticks(ground, size, dice, tally));
    await row('the clock a year off, back and forward', null, (tally) => clocks(ground, known, size, dice, tally));
    await row('the ledger held by another process', null, (tally) => heldLedger(ground, size, tally));
    await row('two Coldrooms on one home', null, (tally) =>
      each(size, dice, (act) => (NOT_TWICE.includes(act.name) ? Promise.resolve() : twoAtOnce(ground, act, dice, tally))),
    );
    return figures;
  } finally {
    await ground.remove();
  }
}

const EMPTY = { runs: 0, faults: 0, inputs: 0, losses: [], left_out: null };

/** All of a list, or one in so many of it: which, the dice say. */
function shareOf<Value>(values: readonly Value[], share: number, dice: Dice): Value[] {
  const offset = dice.below(share);
  return values.filter((_, index) => index % share === offset);
}

async function each(size: Size, dice: Dice, work: (act: Act) => Promise<void>): Promise<void> {
  for (const act of shareOf(size.acts, size.conditions, dice)) await work(act);
}

async function killEverywhere(ground: Ground, known: readonly Known[], size: Size, dice: Dice, tally: Tally): Promise<void> {
  for (const { act, calls } of known) {
    for (const at of shareOf(killPoints(calls.calls), size.share, dice)) {
      // A call that writes is cut in half every other time: what is half there is worse than what is not.
      const torn = calls.calls[at - 1]?.startsWith('write ') === true && dice.below(2) === 0;
      await killAt(ground, act, at, torn ? 'torn' : 'kill', tally);
    }
  }
}

async function killAtRandom(ground: Ground, known: readonly Known[], size: Size, dice: Dice, tally: Tally): Promise<void> {
  for (const { act, calls } of known)
    for (let turn = 0; turn < size.randomKills; turn += 1) await killSometime(ground, act, calls.ms, dice, tally);
}

async function failures(ground: Ground, known: readonly Known[], size: Size, dice: Dice, tally: Tally): Promise<void> {
  for (const { act, calls } of known) {
    for (let turn = 0; turn < size.failures; turn += 1) {
      const at = 1 + dice.below(calls.calls.length);
      const errno = dice.pick(['ENOSPC', 'EROFS', 'EIO'] as const);
      await failAt(ground, act, { at, errno, do: dice.pick(['fail', 'fail-on'] as const) }, tally);
    }
  }
}

async function diskFull(ground: Ground, known: readonly Known[], size: Size, dice: Dice, tally: Tally): Promise<void> {
  for (const { act } of shareOf(known, size.conditions, dice))
    for (const left of size.conditions === 1 ? FREE_BYTES : [dice.pick(FREE_BYTES)]) await onFullDisk(ground, act, left, tally);
}

async function sticks(ground: Ground, size: Size, dice: Dice, tally: Tally): Promise<void> {
  for (const act of STICK_ACTS) {
    const { calls } = await callsOf(ground, act);
    const onStick = calls.flatMap((call, index) => (/json|tmp|stick/.test(call) ? [index + 1] : []));
    for (const at of shareOf(onStick, size.conditions, dice)) await pullStick(ground, act, at, tally);
  }
}

async function clocks(ground: Ground, known: readonly Known[], size: Size, dice: Dice, tally: Tally): Promise<void> {
  for (const { act, calls } of shareOf(known, size.conditions, dice)) {
    for (const years of [1, -1] as const) {
      await clockJumps(ground, act, years, null, tally);
      if (size.conditions === 1) await clockJumps(ground, act, years, 1 + dice.below(calls.calls.length), tally);
    }
  }
}

async function heldLedger(ground: Ground, size: Size, tally: Tally): Promise<void> {
  for (const act of size.acts.filter((one) => size.heldActs.includes(one.name))) {
    await ledgerHeld(ground, act, 'start', tally);
    if (act.posts !== undefined) await ledgerHeld(ground, act, 'asked', tally);
  }
}
