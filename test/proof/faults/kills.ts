import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Act } from './acts.ts';
import type { Ground } from './ground.ts';
import { judge } from './judge.ts';
import type { Ended, Fault } from './machine.ts';

/** What a tally counts: runs, those of them in which the fault took effect, and what was lost. */
export class Tally {
  runs = 0;
  faults = 0;
  readonly losses: string[] = [];
  readonly #say: (line: string) => void;

  /** @param say is told of a loss at once: a campaign takes long. */
  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  take(act: Act, fault: string, lines: readonly string[], tookEffect = true): void {
    this.runs += 1;
    if (tookEffect) this.faults += 1;
    for (const line of lines) {
      this.losses.push(`${act.name}, ${fault}: ${line}`);
      this.#say(`  loss: ${this.losses.at(-1) ?? ''}`);
    }
    if (this.runs % 100 === 0) this.#say(`  ${this.runs.toString()} runs, ${this.losses.length.toString()} losses`);
  }
}

export type Calls = { readonly calls: readonly string[]; readonly ms: number };

/** Carries an act out without faults, as often as it takes to know its calls. @throws Error where it does not even work so. */
export async function callsOf(ground: Ground, act: Act): Promise<Calls> {
  await ground.reset(act.base);
  const log = join(ground.folder, 'calls');
  rmSync(log, { force: true });
  const ended = await carryOut(ground, act, { log });
  if (ended.code !== 0) throw new Error(`${act.name} does not work without faults: ${ended.stderr}`);
  return { calls: readFileSync(log, 'utf8').trimEnd().split('\n'), ms: ended.ms };
}

function carryOut(ground: Ground, act: Act, how: { log?: string; fault?: Fault; killAfterMs?: number }): Promise<Ended> {
  return ground.run(act.command, { ...how, ...(act.stdin === undefined ? {} : { stdin: act.stdin }) });
}

/**
 * Where a process can be killed so that its files or the network differ from the kill before: before each call, and after the last. SQLite
 * writes a transaction's pages in one synchronous stretch, in which no program awaits anything: of such a stretch the first call stands
 * for all, and its middle and its end for what lies within.
 */
export function killPoints(calls: readonly string[]): number[] {
  const points: number[] = [];
  for (let from = 0; from < calls.length;) {
    let to = from + 1;
    while (to < calls.length && calls[to] === calls[from] && /^write .*sqlite/.test(calls[from] ?? '')) to += 1;
    points.push(...new Set([from, Math.floor((from + to - 1) / 2), to - 1]));
    from = to;
  }
  return [...points, calls.length].map((index) => index + 1);
}

/** Kills the act at one call, and judges what it left. `torn`: half of what it was about to write is written. */
export async function killAt(ground: Ground, act: Act, at: number, how: 'kill' | 'torn', tally: Tally): Promise<void> {
  await ground.reset(act.base);
  const ended = await carryOut(ground, act, { fault: { at, do: how } });
  tally.take(act, `${how} at call ${at.toString()}`, await judge(ground, act, ended), wasKilled(ended));
}

/** How often an act that was over before its kill came is carried out again: how long it takes is never twice the same. */
const TURNS = 3;

/** Kills the act at a random time within what it takes. @param share from 0 up to, and without, 1. */
export async function killSometime(ground: Ground, act: Act, takesMs: number, share: number, tally: Tally): Promise<void> {
  let ms = takesMs;
  for (let turn = 1; ; turn += 1) {
    await ground.reset(act.base);
    // Starting the program takes the first third, in which nothing happens.
    const killAfterMs = Math.round(ms * (0.3 + 0.7 * share));
    const ended = await carryOut(ground, act, { killAfterMs });
    if (!wasKilled(ended) && turn < TURNS) ms = Math.min(ms, ended.ms);
    else {
      tally.take(act, `killed after ${killAfterMs.toString()} ms`, await judge(ground, act, ended), wasKilled(ended));
      return;
    }
  }
}

const wasKilled = ({ code }: Ended): boolean => code === null;

/** From its n-th call on, or at that call alone, whatever the act writes fails. */
export async function failAt(ground: Ground, act: Act, fault: Fault, tally: Tally): Promise<void> {
  await ground.reset(act.base);
  const log = join(ground.folder, 'calls');
  rmSync(log, { force: true });
  const ended = await carryOut(ground, act, { fault, log });
  // A full disk refuses nothing that gives back, and a process may end before it comes to the call.
  const failed = readFileSync(log, 'utf8').includes('\nfailed ');
  const what = `${fault.do ?? ''} ${fault.errno ?? ''} at call ${(fault.at ?? 0).toString()}`;
  tally.take(act, what, await judge(ground, act, ended, false), failed);
}
