import { z } from 'zod';
import {
  checkSignOff,
  findScript,
  readCeremony,
  type CeremonyState,
  type FactName,
  type FactValue,
  type StepId,
} from '../ceremony/index.ts';
import { takeLockWaiting } from '../ledger/index.ts';
import { inputError, isColdroomError, newUuid, quote, unreachableError, type ColdroomError } from '../values/index.ts';
import { ceremonyView, judgeNow, viewCeremony } from './ceremony-view.ts';
import type { OperationContext } from './context.ts';
import { rehearsalEnvironment } from './environment.ts';
import { environmentName, plainText, uuid } from './fields.ts';
import { homePaths } from './home.ts';
import { defineOperation, done, EVERY_ROLE, type Outcome } from './operation.ts';
import { withLedgerForReading, withStation, type Station } from './station.ts';
import { checkpointProblem } from './store.ts';
import { checkOffered } from './withheld.ts';

export const ceremonyOutput = z.object({ ceremony: ceremonyView });
/** How long one window waits for another's work on the same ceremony before it says so. */
const LOCK_WAIT_MS = 5_000;
export type CeremonyOutcome = Outcome<z.output<typeof ceremonyOutput>>;
export const ceremonyId = z.strictObject({ ceremony: uuid });
/** The exception for an assignment that may exist at CoinCover without this station knowing. */
export const UNKNOWN_ASSIGNMENT = 'It is not known whether CoinCover assigned a key';
export const initialsText = z
  .string()
  .regex(/^[\p{L}\p{N}]{2,5}$/u, 'are 2 to 5 letters or digits')
  .transform((text) => text.toUpperCase());

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
 * @throws input `ceremony-unknown`, `ceremony-ended`, `environment-withheld`; unreachable `ceremony-under-way`.
 */
export function workOn(
  context: OperationContext,
  operation: string,
  id: string,
  work: (parts: StepWork) => Promise<readonly ColdroomError[]> | readonly ColdroomError[],
): Promise<CeremonyOutcome> {
  return withStation(context, operation, (station) =>
    oneAtATime(context, id, async () => {
      const state = readCeremony(station.queries, id);
      checkOffered(context, state.row.environment);
      if (state.row.state !== 'open') {
        throw inputError('ceremony-ended', 'this ceremony has ended, and nothing can be added to it', { hint: 'begin a new one' });
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
  input: z.strictObject({ script: z.string().max(60), environment: environmentName }),
  output: ceremonyOutput,
  run: (context, input) =>
    withStation(context, 'ceremony.begin', async (station) => {
      checkOffered(context, input.environment);
      const script = findScript(input.script);
      if (!script.environments.includes(input.environment)) {
        throw inputError('script-environment', `the script ${quote(input.script)} is not for the environment ${quote(input.environment)}`);
      }
      if (!script.roles.includes(station.role)) {
        throw inputError('not-on-this-station', `a ${station.role} station has no script ${quote(script.name)}`, {
          hint: `it runs on: ${script.roles.join(', ')}`,
        });
      }
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
        state: z.enum(['open', 'closed', 'escalated']),
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
    initials: z.array(z.strictObject({ role: z.enum(['administrator', 'witness']), initials: initialsText })).max(2),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.sign-off', input.ceremony, async ({ station, state }) => {
      const { view } = await judgeNow(context, station, state);
      if (view === null) throw inputError('ceremony-ended', 'this ceremony has ended', { hint: 'begin a new one' });
      checkSignOff(state, view, input.step, input.evidence_sha256, input.initials);
      const last = state.script.steps.at(-1)?.id === view.step;
      station.ledger.transaction((transaction) => {
        for (const { role, initials } of input.initials) {
          transaction.append({
            type: 'ceremony-signed',
            data: { ceremony_id: input.ceremony, step: view.step, role, initials, evidence_sha256: view.evidenceSha256 },
          });
        }
        if (last) transaction.append({ type: 'ceremony-ended', data: { ceremony_id: input.ceremony, state: 'closed', reason: null } });
      });
      return last ? afterEnd(context, station, state) : [];
    }),
});

export const ceremonyException = defineOperation({
  name: 'ceremony.exception',
  summary: 'write down something unusual',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, text: plainText(1000), initials: initialsText }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.exception', input.ceremony, async ({ station, state }) => {
      checkSomebody(state, input.initials);
      const { view } = await judgeNow(context, station, state);
      station.ledger.append({
        type: 'ceremony-exception',
        data: { ceremony_id: input.ceremony, step: view?.step ?? '', text: input.text, initials: input.initials },
      });
      return [];
    }),
});

export const ceremonyEscalate = defineOperation({
  name: 'ceremony.escalate',
  summary: 'stop a ceremony for good, with a reason',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, reason: plainText(1000) }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.escalate', input.ceremony, async ({ station, state }) => {
      station.ledger.append({
        type: 'ceremony-ended',
        data: { ceremony_id: input.ceremony, state: 'escalated', reason: input.reason },
      });
      return afterEnd(context, station, state);
    }),
});

/**
 * A ceremony's end is a checkpoint; after the last open rehearsal its stand-in goes, and with it whatever it could open. The
 * ceremony has ended by now, so what fails here is a problem beside that, not in its place.
 */
async function afterEnd(context: OperationContext, station: Station, state: CeremonyState): Promise<readonly ColdroomError[]> {
  const problems = [...(await checkpointProblem(station))];
  const isWanted = station.queries.ceremonies().some((one) => one.environment === 'rehearsal' && one.state === 'open');
  if (state.row.script !== 'rehearsal' || isWanted) return problems;
  try {
    await context.rehearsal?.end(station);
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    problems.push(error);
  }
  return problems;
}

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

/** @throws input `initials-unknown`. */
function checkSomebody(state: CeremonyState, initials: string): void {
  if (state.facts.people?.people.some((person) => person.initials === initials) === true) return;
  throw inputError('initials-unknown', `${quote(initials)} are nobody’s initials in this ceremony`, {
    hint: 'type them as they were entered in the first step',
  });
}
