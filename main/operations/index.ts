/**
 * operations: the one list of what a shell may ask for. Name, input and output schema, handler, and the station roles that
 * have it; window, command line, types and help derive from this list. May import every room of main; nothing imports it
 * but shells. A handler returns what is to be shown together with what went wrong, and never anything secret.
 */
import type { z } from 'zod';
import { keepHeapOutOfCoreDumps } from '../machine/index.ts';
import { inputError, quote, withArticle } from '../values/index.ts';
import type { OperationContext } from './context.ts';
import { readStationFile } from './station/home.ts';
import { describeInvalid } from './invalid-input.ts';
import { explainedByLedger } from './ledger/trouble.ts';
import { checkNotOwnFile, outputPathsOf } from './output-paths.ts';
import { EVERY_ROLE, type Outcome } from './operation.ts';
import { checkOffered } from './withheld.ts';
import { OPERATIONS, type OperationName } from './operation-list.ts';

export { OPERATIONS, type OperationName } from './operation-list.ts';
export { BesideKeeper } from './sealing/beside-keeper.ts';
export type { OperationContext, Progress } from './context.ts';
export { checkNoStationLost, readStationFile } from './station/home.ts';
export { KeychainKeeper } from './station/keychain-keeper.ts';
export type { Outcome } from './operation.ts';
export { readPassphraseText } from './sealing/passphrase.ts';
export { PassphraseKeeper } from './sealing/passphrase-keeper.ts';
export { checkSomebodyBack, noteReopened, whoIsAtWork } from './ceremony/reopening.ts';
export { RehearsalHost } from './rehearsal/rehearsal-host.ts';
export * from './window-calls.ts';
export type { CeremonyView } from './ceremony/shape.ts';

export type OutputOf<Name extends OperationName> = z.output<(typeof OPERATIONS)[Name]['output']>;

/** As every operation looks to a shell that has only its name. */
type AnyOperation = {
  readonly name: string;
  readonly roles: readonly string[];
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly run: (context: OperationContext, input: never) => Promise<Outcome<unknown>>;
};

/**
 * Runs one operation for a shell: checks that this station has it, checks the input, runs it, checks the output.
 * @param input anything; it is narrowed by the operation's schema.
 * @throws input `not-on-this-station`, `input-invalid`, `output-is-own`, what the operation throws, and what is wrong with the ledger where that is why.
 */
export async function runOperation(name: OperationName, context: OperationContext, input: unknown): Promise<Outcome<unknown>> {
  keepHeapOutOfCoreDumps();
  const operation: AnyOperation = OPERATIONS[name];
  await checkOnThisStation(name, context.home);
  const parsed = operation.input.safeParse(input);
  if (!parsed.success) throw describeInvalid(parsed.error);
  checkEnvironmentOffered(context, name, parsed.data);
  for (const path of outputPathsOf(operation.input, parsed.data)) await checkNotOwnFile(context.home, path);
  try {
    const outcome = await operation.run(context, parsed.data as never);
    return { output: operation.output.parse(outcome.output), problems: outcome.problems };
  } catch (error) {
    throw await explainedByLedger(context.home, error);
  }
}

/** Whether the station of a home folder has an operation at all; where no station is, every one. @throws input `not-on-this-station`. */
export async function checkOnThisStation(name: OperationName, home: string): Promise<void> {
  const operation: AnyOperation = OPERATIONS[name];
  if (operation.roles.length === EVERY_ROLE.length) return; // what every station has asks for no station's file, which may be damaged
  const station = await readStationFile(home);
  if (station !== null && !operation.roles.includes(station.role)) {
    throw inputError('not-on-this-station', `${withArticle(station.role)} station has no ${quote(name)}`, {
      hint: station.role === 'cold' ? 'do this on the online station' : 'do this on the cold station',
    });
  }
}

/** Whatever names an environment is held against what this shell offers. */
function checkEnvironmentOffered(context: OperationContext, name: OperationName, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  const member = name === 'environment.set' ? 'name' : 'environment';
  const value = (input as Record<string, unknown>)[member];
  if (typeof value === 'string') checkOffered(context, value);
}
