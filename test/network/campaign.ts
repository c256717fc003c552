import type { Campaign, Figure } from '../proof/campaign.ts';
import { Dice } from '../proof/campaign.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';
import { FLOWS, type Flow } from './flows.ts';
import { tlsFaults } from './tls-faults.ts';
import { Lane, type Door } from './lane.ts';

export type Size = {
  readonly lanes: number;
  /** How many of the cases are drawn; null: every one. `each`: as few as meet every fault and every way to it once. */
  readonly cases: number | 'each' | null;
  readonly door: Door;
  /** What only waiting ends: not at all, by waits of a second, or as long as a person's Coldroom waits, which takes minutes. */
  readonly waits: 'left out' | 'short' | 'in full' | 'in full alone';
  /** Over TLS, with the faults of TLS; else in the clear, with all others. */
  readonly tls?: true;
};

type Case = { readonly flow: Flow; readonly fault: Fault };

/** For what only waiting ends. Everything else is waited for as a person's Coldroom waits: a busy machine is no fault. */
const SHORT = { connectMs: 3_000, answerMs: 2_500 };
/** Below `answerMs`, as a byte a second is below a minute. */
const DRIP_MS = 60;

/** Every endpoint under every fault: what the design says, or a loss. */
export async function networkCampaign(campaign: Campaign, size: Size): Promise<Figure> {
  const { faults, secure } = size.tls === true ? tlsFaults() : { faults: FAULTS, secure: null };
  const queue = drawn(
    campaign,
    size.cases,
    allCases(faults).filter(({ fault }) => isWanted(fault, size.waits)),
  );
  const how = secure === null ? {} : { secure };
  const everyMs = size.waits.startsWith('in full') ? 1_000 : DRIP_MS;
  const losses: string[] = [];
  let runs = 0;
  const worker = async (index: number): Promise<void> => {
    const lane = new Lane(size.door, how);
    try {
      await lane.open();
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { flow, fault } = next;
        lane.timeouts = fault.waits === true && !size.waits.startsWith('in full') ? SHORT : null;
        const wrong = await flow.run(lane, fault, { everyMs, elsewhere: lane.proxy.elsewhere }).catch((error: unknown) => [String(error)]);
        runs += 1;
        losses.push(...wrong.map((one) => `${flow.name} under “${fault.name}” (${size.door}): ${one}`));
        if (runs % 100 === 0) campaign.say(`network: ${runs.toString()} runs, ${queue.length.toString()} to go`);
      }
    } catch (error) {
      losses.push(`lane ${index.toString()}: ${String(error)}`);
    } finally {
      await lane.close();
    }
  };
  await Promise.all(Array.from({ length: size.lanes }, (_, index) => worker(index)));
  return { what: whatOf(size), runs, faults: runs, inputs: 0, losses, left_out: null };
}

export function allCases(faults: readonly Fault[]): Case[] {
  return FLOWS.flatMap((flow) =>
    faults.filter(({ only, early }) => only?.includes(flow.on) !== false && !(early && flow.isLater)).map((fault) => ({ flow, fault })),
  );
}

function isWanted(fault: Fault, waits: Size['waits']): boolean {
  if (waits === 'left out') return fault.waits !== true;
  return waits !== 'in full alone' || fault.waits === true;
}

function whatOf({ door, tls, waits }: Size): string {
  const what = waits === 'in full alone' ? 'silence and a byte a second, waited for in full' : `${tls === true ? 'TLS' : 'network'} faults`;
  return `${what}, through the ${door}`;
}

/** What waits comes first, so that the others are done meanwhile. */
function drawn({ seed }: Campaign, wanted: Size['cases'], all: readonly Case[]): Case[] {
  const dice = new Dice(seed);
  const shuffled = all
    .map((one) => ({ one, at: dice.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
  if (wanted !== 'each') return slowFirst(wanted === null ? shuffled : shuffled.slice(0, wanted));
  const chosen: Case[] = [];
  const seen = new Set<unknown>();
  for (const one of shuffled) {
    if (seen.has(one.fault) && seen.has(one.flow)) continue;
    chosen.push(one);
    seen.add(one.fault).add(one.flow);
  }
  return slowFirst(chosen);
}

const slowFirst = (cases: readonly Case[]): Case[] =>
  cases.toSorted((a, b) => Number(b.fault.waits ?? false) - Number(a.fault.waits ?? false));
