import { z } from 'zod';
import {
  asksForPins,
  checkSignOff,
  evidenceEvent,
  findScriptFor,
  readCeremony,
  type CeremonyState,
  type FactName,
  type FactValue,
  type StepId,
} from '../../ceremony/index.ts';
import { takeLockWaiting } from '../../ledger/index.ts';
import { inputError, newUuid, quote, unreachableError, withArticle, type ColdroomError } from '../../values/index.ts';
import { planFor } from './begin-plan.ts';
import { afterEnd, endOf } from './close.ts';
import { judgeNow } from './judge.ts';
import { ceremonyState, ceremonyView } from './shape.ts';
import { viewCeremony } from './view.ts';
import { initialsText } from './initials-text.ts';
import { signatureOf, takeInitials } from './initials.ts';
import { pinsInput } from './check-pins.ts';
import type { OperationContext } from '../context.ts';
import { rehearsalEnvironment } from '../station/environment.ts';
import { environmentName, fingerprint, inputPath, uuid } from '../fields.ts';
import { homePaths } from '../station/home.ts';
import { defineOperation, done, EVERY_ROLE, type Outcome } from '../operation.ts';
import { stationPolicy } from '../station/policy.ts';
import { withLedgerForReading, withStation, type Station } from '../station/station.ts';
import { checkOffered } from '../withheld.ts';

export const ceremonyOutput = z.object({ ceremony: ceremonyView });
/** How long one window waits for another's work on the same ceremony before it says so. */
const LOCK_WAIT_MS = 5_000;
export type CeremonyOutcome = Outcome<z.output<typeof ceremonyOutput>>;
export const ceremonyId = z.strictObject({ ceremony: uuid });
/** The exception for an assignment that may exist at CoinCover without this station knowing. */
export const UNKNOWN_ASSIGNMENT = 'It is not known whether CoinCover assigned a key';

/** What a step's work may use: the open station, the ceremony as it stands, and a way to note what came of it. */
export type StepWork = {
  readonly context: OperationContext;
  readonly station: Station;
  readonly state: CeremonyState;
  /** Notes a fact; null takes it back. */
  readonly note: <Name extends FactName>(step: string, name: Name, value: FactValue<Name> | null) => void;
  /** Notes an exception in Coldroom's own name. */
  readonly except: (step: string, text: string) => void;
};

/**
 * Opens a ceremony for one piece of work and answers with how it stands afterwards. Problems come beside the view, so that a
 * screen can say what went wrong and what is saved at once. Two windows of one station work on it one after the other: each
 * decides by what the other left, so that no key is asked for twice.
 * @param options `evenPaused`: this work may be done while the ceremony rests.
 * @throws input `ceremony-unknown`, `ceremony-ended`, `ceremony-paused`, `environment-withheld`; unreachable `ceremony-under-way`.
 */
export function workOn(
  context: OperationContext,
  operation: string,
  id: string,
  work: (parts: StepWork) => Promise<readonly ColdroomError[]> | readonly ColdroomError[],
  { evenPaused = false } = {},
): Promise<CeremonyOutcome> {
  return withStation(context, operation, (station) =>
    oneAtATime(context, id, async () => {
      const state = readCeremony(station.queries, id);
      checkOffered(context, state.row.environment);
      if (state.row.state !== 'open') {
        throw inputError('ceremony-ended', 'this ceremony has ended, and nothing can be added to it', { hint: 'begin a new one' });
      }
      if (state.facts.paused !== undefined && !evenPaused) {
        throw inputError('ceremony-paused', 'this ceremony is paused', { hint: 'resume it first' });
      }
      const problems = await work({
        context: { ...context, ceremony: id },
        station,
        state,
        note: (step, name, value) => {
          station.ledger.append({ type: 'ceremony-fact', data: { ceremony_id: id, step, name, value: value } });
        },
        except: (step, text) => {
          station.ledger.append({ type: 'ceremony-exception', data: { ceremony_id: id, step, text, initials: null } });
        },
      });
      return { output: { ceremony: await viewCeremony(context, station, id) }, problems };
    }),
  );
}

async function oneAtATime<Result>(context: OperationContext, id: string, work: () => Promise<Result>): Promise<Result> {
  const release = await takeLockWaiting(homePaths(context.home).lock(`ceremony-${id}`), LOCK_WAIT_MS, context.signal);
  if (release === null) {
    throw unreachableError('ceremony-under-way', 'another window or program is at work on this ceremony', {
      hint: 'wait for it to end, then look at the step again',
    });
  }
  try {
    return await work();
  } finally {
    release();
  }
}

export const ceremonyBegin = defineOperation({
  name: 'ceremony.begin',
  summary: 'begin a ceremony by a script',
  roles: EVERY_ROLE,
  input: z.strictObject({
    script: z.string().max(60),
    environment: environmentName,
    /** What it is to do, approved before; fixed with the beginning. */
    plan: inputPath.optional(),
    /** The plan’s digest as people were shown it; a file that has changed since is no plan to begin by. */
    plan_sha256: fingerprint.optional(),
    /** Which wallets of the plan, by their places in it. Left out: all of them. */
    wallets: z.array(z.number().int().min(0)).max(1000).optional(),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    withStation(context, 'ceremony.begin', async (station) => {
      checkOffered(context, input.environment);
      const script = findScriptFor(input.script, input.environment);
      if (!script.roles.includes(station.role)) {
        throw inputError('not-on-this-station', `${withArticle(station.role)} station has no script ${quote(script.name)}`, {
          hint: `it runs on: ${script.roles.join(', ')}`,
        });
      }
      const plan = await planFor(station, script, input.environment, input);
      // A cold station has no service to set up: the name picks its anchors.
      if (station.role !== 'cold') {
        if (input.environment === 'rehearsal') await prepareRehearsal(context, station);
        station.queries.requireEnvironment(input.environment);
      }
      const id = newUuid();
      station.ledger.transaction((transaction) => {
        const number = (station.queries.ceremonies()[0]?.number ?? 0) + 1;
        transaction.append({
          type: 'ceremony-begun',
          data: { ceremony_id: id, number, script: input.script, environment: input.environment },
        });
        const { rules, policy_sha256: digest, row } = stationPolicy(station.queries);
        const policy = { sha256: digest, rules, administrator: row?.administrator ?? null };
        // With the beginning, so that no ceremony stands there whose rules could still be others.
        transaction.append({
          type: 'ceremony-fact',
          data: { ceremony_id: id, step: script.steps[0]?.id ?? '', name: 'policy', value: policy },
        });
        if (plan === null) return;
        transaction.append({
          type: 'ceremony-fact',
          data: { ceremony_id: id, step: script.steps[0]?.id ?? '', name: 'plan', value: plan },
        });
      });
      return done({ ceremony: await viewCeremony(context, station, id) });
    }),
});

/**
 * A rehearsal needs somebody to play CoinCover. Where the environment is set up with an API key, somebody does; else the
 * stand-in inside this app does.
 */
async function prepareRehearsal(context: OperationContext, station: Station): Promise<void> {
  const before = station.queries.environment('rehearsal');
  if (context.rehearsal === undefined) return;
  if (before !== null && !context.rehearsal.runsAt(before.api) && (await station.token(before.environment_id)) !== null) {
    context.rehearsal.checkNotDamaged();
    return;
  }
  const at = await context.rehearsal.start(station);
  if (before?.api === at.api) return;
  station.ledger.append(rehearsalEnvironment(at, before !== null));
}

export const ceremonyShow = defineOperation({
  name: 'ceremony.show',
  summary: 'a ceremony as it stands',
  roles: EVERY_ROLE,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) =>
    withStation(context, 'ceremony.show', async (station) => done({ ceremony: await viewCeremony(context, station, input.ceremony) })),
});

export const ceremonyList = defineOperation({
  name: 'ceremony.list',
  summary: 'the ceremonies of this station, newest first',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({
    ceremonies: z.array(
      z.object({
        ceremony_id: uuid,
        number: z.number(),
        script: z.string(),
        environment: environmentName,
        state: ceremonyState,
        begun_at: z.string(),
        ended_at: z.string().nullable(),
      }),
    ),
  }),
  run: (context) =>
    withLedgerForReading(context, ({ queries }) =>
      Promise.resolve(
        done({
          ceremonies: queries.ceremonies().map((row) => ({ ...row, environment: environmentName.parse(row.environment) })),
        }),
      ),
    ),
});

export const ceremonySignOff = defineOperation({
  name: 'ceremony.sign-off',
  summary: 'put initials to the step that is lit',
  roles: EVERY_ROLE,
  input: z.strictObject({
    ceremony: uuid,
    step: z.string(),
    evidence_sha256: z.string(),
    initials: z.array(z.strictObject({ role: z.enum(['administrator', 'witness']), initials: initialsText })).max(20),
    pins: pinsInput,
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.sign-off', input.ceremony, async (parts) => {
      const { station, state } = parts;
      const judge = async () => {
        const { view, planned } = await judgeNow(context, station, state);
        if (view === null) throw inputError('ceremony-ended', 'this ceremony has ended', { hint: 'begin a new one' });
        checkSignOff(state, view, input.step, input.evidence_sha256, input.initials);
        return { view, planned };
      };
      const before = await judge();
      const by = await takeInitials(parts, input.initials, input.pins);
      // A PIN takes its time to be checked: what it was typed for must still stand then.
      const { view, planned } = asksForPins(state) ? await judge() : before;
      const last = state.script.steps.at(-1)?.id === view.step;
      station.ledger.transaction((transaction) => {
        transaction.append(evidenceEvent(input.ceremony, view));
        for (const one of by) {
          transaction.append({
            type: 'ceremony-signed',
            data: {
              ceremony_id: input.ceremony,
              step: view.step,
              role: one.role,
              ...signatureOf(one),
              evidence_sha256: view.evidenceSha256,
            },
          });
        }
        if (last) transaction.append(endOf(context, station, state, 'closed', null, planned));
      });
      return last ? afterEnd(context, station, state) : [];
    }),
});

/**
 * What cannot be taken back (a key asked for, a secret sealed or sent) waits for the initials of every step before it,
 * whatever a screen asks for.
 * @throws input `step-not-ready`.
 */
export async function requireStep({ context, station, state }: StepWork, step: StepId): Promise<void> {
  const { steps } = await judgeNow(context, station, state);
  if (steps.find((one) => one.id === step)?.status !== 'locked') return;
  throw inputError('step-not-ready', 'a step before this one is not signed off', { hint: 'sign off the step that is lit first' });
}
