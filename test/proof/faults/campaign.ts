import { Dice, type Campaign, type Figure } from '../campaign.ts';
import { ACTS, STICK_ACTS, type Act } from './acts.ts';
import { cheapen } from './cheap-scrypt.mjs';
import { clockJumps, ledgerHeld, onFullDisk, pullStick, readOnly, twoAtOnce, whyNoMount } from './conditions.ts';
import { flushesOf } from './flushes.ts';
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
  /** How many stations are worked on at the same time, each with a stand-in of its own. */
  readonly lanes: number;
};

export const FULL: Size = {
  acts: ACTS,
  share: 1,
  randomKills: 14,
  failures: 8,
  conditions: 1,
  heldActs: ['assign', 'store data', 'seal', 'ceremony store'],
  lanes: 2,
};

const FREE_BYTES = [0, 4096, 24_576, 65_536];
/** Two processes that do these at once do one thing each of their own, and one of them has to be told so. */
const NOT_TWICE = ['trust revoke'];

type Known = { readonly act: Act; readonly calls: Calls };
/** One run. Whatever is drawn for it was drawn before, so that the order in which lanes come to it changes nothing. */
type Job = (ground: Ground, tally: Tally) => Promise<void>;

/** The campaign: every act under every fault, as much of it as the size says. The same seed and size give the same faults. */
export async function faultCampaign(campaign: Campaign, size: Size): Promise<Figure[]> {
  const leftOut = whyNoMachine();
  if (leftOut !== null) return [{ ...EMPTY, what: 'Processes killed and disks that fail', left_out: leftOut }];
  const dice = new Dice(campaign.seed);
  const bases = [...new Set([...size.acts, ...STICK_ACTS].map((act) => act.base))];
  const grounds: Ground[] = [];
  const atFullCost = cheapen();
  try {
    for (let lane = 0; lane < size.lanes; lane += 1) grounds.push(await Ground.make(bases));
    const known = await knownOf(grounds, size.acts);
    const onSticks = await knownOf(grounds, STICK_ACTS);
    const noMount = whyNoMount();
    const figures: Figure[] = [];
    const row = async (what: string, left: string | null, jobs: readonly Job[]): Promise<void> => {
      const tally = new Tally((line) => {
        campaign.say(line);
      });
      if (left === null) await carryOut(grounds, jobs, tally);
      figures.push({ ...EMPTY, what, runs: tally.runs, faults: tally.faults, losses: tally.losses, left_out: left });
      campaign.say(`  ${what}: ${tally.runs.toString()} runs, ${tally.losses.length.toString()} losses`);
    };
    await row('killed at every call that changes a file or the network', null, killEverywhere(known, size, dice));
    figures.push(powerCuts([...known, ...onSticks], campaign));
    await row('killed at random times', null, killAtRandom(known, size, dice));
    await row('full disk, failing and read-only disk, at any call', null, failures(known, size, dice));
    await row('a small disk that is really full', noMount, diskFull(known, size, dice));
    await row('a home folder that is really read-only', noMount, readOnlyHomes(known, size, dice));
    await row('the stick pulled mid-write', noMount, sticks(onSticks, size, dice));
    await row('the clock a year off, back and forward', null, clocks(known, size, dice));
    await row('the ledger held by another process', null, heldLedger(size));
    await row('two Coldrooms on one home', null, pairs(known, size, dice));
    return figures;
  } finally {
    for (const ground of grounds) await ground.remove();
    atFullCost();
  }
}

const EMPTY = { runs: 0, faults: 0, inputs: 0, losses: [], left_out: null };

/** Each ground takes the next job that nobody has taken. What a job throws ends the campaign. */
async function carryOut(grounds: readonly Ground[], jobs: readonly Job[], tally: Tally): Promise<void> {
  const waiting = [...jobs];
  const lane = async (ground: Ground): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job(ground, tally);
  };
  await Promise.all(grounds.map(lane));
}

async function knownOf(grounds: readonly Ground[], acts: readonly Act[]): Promise<Known[]> {
  const known = new Map<Act, Known>();
  const jobs = acts.map(
    (act): Job =>
      async (ground) =>
        void known.set(act, { act, calls: await callsOf(ground, act) }),
  );
  await carryOut(grounds, jobs, new Tally(() => undefined));
  return acts.flatMap((act) => known.get(act) ?? []);
}

/** All of a list, or one in so many of it: which, the dice say. */
function shareOf<Value>(values: readonly Value[], share: number, dice: Dice): Value[] {
  const offset = dice.below(share);
  return values.filter((_, index) => index % share === offset);
}

const times = <Value>(count: number, make: () => Value): Value[] => Array.from({ length: count }, make);

function killEverywhere(known: readonly Known[], size: Size, dice: Dice): Job[] {
  return known.flatMap(({ act, calls }) =>
    shareOf(killPoints(calls.calls), size.share, dice).map((at): Job => {
      // A call that writes is cut in half every other time: what is half there is worse than what is not.
      const torn = calls.calls[at - 1]?.startsWith('write ') === true && dice.below(2) === 0;
      return (ground, tally) => killAt(ground, act, at, torn ? 'torn' : 'kill', tally);
    }),
  );
}

/** A power cut after whatever says that something is there, by the order of the calls of a run without faults. */
function powerCuts(known: readonly Known[], campaign: Campaign): Figure {
  const looked = known.map(({ act, calls }) => ({ act, ...flushesOf(calls.calls) }));
  const losses = looked.flatMap(({ act, losses }) => losses.map((line) => `${act.name}: ${line}`));
  for (const line of losses) campaign.say(`  loss: ${line}`);
  const faults = looked.reduce((sum, { points }) => sum + points, 0);
  return { ...EMPTY, what: 'a power cut, by the order of what is flushed', runs: known.length, faults, losses };
}

function killAtRandom(known: readonly Known[], size: Size, dice: Dice): Job[] {
  return known.flatMap(({ act, calls }) =>
    times(size.randomKills, (): Job => {
      const share = dice.next();
      return (ground, tally) => killSometime(ground, act, calls.ms, share, tally);
    }),
  );
}

function failures(known: readonly Known[], size: Size, dice: Dice): Job[] {
  return known.flatMap(({ act, calls }) =>
    times(size.failures, (): Job => {
      const at = 1 + dice.below(calls.calls.length);
      const errno = dice.pick(['ENOSPC', 'EROFS', 'EIO'] as const);
      const how = dice.pick(['fail', 'fail-on'] as const);
      return (ground, tally) => failAt(ground, act, { at, errno, do: how }, tally);
    }),
  );
}

function diskFull(known: readonly Known[], size: Size, dice: Dice): Job[] {
  return shareOf(known, size.conditions, dice).flatMap(({ act }) =>
    (size.conditions === 1 ? FREE_BYTES : [dice.pick(FREE_BYTES)]).map(
      (left): Job =>
        (ground, tally) =>
          onFullDisk(ground, act, left, tally),
    ),
  );
}

function readOnlyHomes(known: readonly Known[], size: Size, dice: Dice): Job[] {
  return shareOf(known, size.conditions, dice).map(
    ({ act }): Job =>
      (ground, tally) =>
        readOnly(ground, act, tally),
  );
}

function sticks(known: readonly Known[], size: Size, dice: Dice): Job[] {
  return known.flatMap(({ act, calls }) => {
    const onStick = calls.calls.flatMap((call, index) => (/json|tmp|stick/.test(call) ? [index + 1] : []));
    return shareOf(onStick, size.conditions, dice).map(
      (at): Job =>
        (ground, tally) =>
          pullStick(ground, act, at, tally),
    );
  });
}

function clocks(known: readonly Known[], size: Size, dice: Dice): Job[] {
  return shareOf(known, size.conditions, dice).flatMap(({ act, calls }) =>
    ([1, -1] as const).flatMap((years) => {
      const later = size.conditions === 1 ? [1 + dice.below(calls.calls.length)] : [];
      return [null, ...later].map(
        (at): Job =>
          (ground, tally) =>
            clockJumps(ground, act, years, at, tally),
      );
    }),
  );
}

function heldLedger(size: Size): Job[] {
  return size.acts
    .filter((one) => size.heldActs.includes(one.name))
    .flatMap((act) =>
      (['start', ...(act.posts === undefined ? [] : (['asked'] as const))] as const).map(
        (from): Job =>
          (ground, tally) =>
            ledgerHeld(ground, act, from, tally),
      ),
    );
}

function pairs(known: readonly Known[], size: Size, dice: Dice): Job[] {
  return shareOf(known, size.conditions, dice)
    .filter(({ act }) => !NOT_TWICE.includes(act.name))
    .map(({ act }): Job => {
      const laterMs = dice.below(60);
      return (ground, tally) => twoAtOnce(ground, act, laterMs, tally);
    });
}
