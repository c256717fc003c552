/**
 * operations: the one list of what a shell may ask for. Name, input and output schema, handler, and the station roles that
 * have it; window, command line, types and help derive from this list. May import every room of main; nothing imports it
 * but shells. A handler returns what is to be shown together with what went wrong, and never anything secret.
 */
import type { z } from 'zod';
import { inputError, quote } from '../values/index.ts';
import { assign } from './assign.ts';
import { check } from './check-document.ts';
import type { OperationContext } from './context.ts';
import { keepHeapOutOfCoreDumps } from './core-dumps.ts';
import { document } from './document.ts';
import { environmentList, environmentSet } from './environment.ts';
import { readStationFile } from './home.ts';
import { init } from './init.ts';
import { describeInvalid } from './invalid-input.ts';
import { inspect } from './inspect.ts';
import { ledgerCheck } from './ledger-check.ts';
import { ledgerExport } from './ledger-export.ts';
import { ledgerList, ledgerShow } from './ledger-read.ts';
import { ledgerRebuild } from './ledger-rebuild.ts';
import type { Outcome } from './operation.ts';
import { recover } from './recover.ts';
import { rehearsalServe } from './rehearsal-serve.ts';
import { rehearse } from './rehearse.ts';
import { seal } from './seal.ts';
import { status } from './status.ts';
import { store } from './store.ts';
import { login, logout } from './token.ts';
import { trustAdd, trustList, trustRetire, trustRevoke } from './trust.ts';
import { verify } from './verify.ts';

export type { OperationContext, Progress } from './context.ts';
export type { Outcome } from './operation.ts';

export const OPERATIONS = {
  init,
  status,
  'environment.set': environmentSet,
  'environment.list': environmentList,
  login,
  logout,
  'trust.add': trustAdd,
  'trust.retire': trustRetire,
  'trust.revoke': trustRevoke,
  'trust.list': trustList,
  assign,
  check,
  document,
  seal,
  store,
  verify,
  recover,
  inspect,
  'ledger.list': ledgerList,
  'ledger.show': ledgerShow,
  'ledger.check': ledgerCheck,
  'ledger.export': ledgerExport,
  'ledger.rebuild': ledgerRebuild,
  rehearse,
  'rehearsal.serve': rehearsalServe,
} as const;

export type OperationName = keyof typeof OPERATIONS;
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
 * @throws input `not-on-this-station`, `input-invalid`, and what the operation throws.
 */
export async function runOperation(name: OperationName, context: OperationContext, input: unknown): Promise<Outcome<unknown>> {
  keepHeapOutOfCoreDumps();
  const operation: AnyOperation = OPERATIONS[name];
  const station = await readStationFile(context.home);
  if (station !== null && !operation.roles.includes(station.role)) {
    throw inputError('not-on-this-station', `a ${station.role} station has no ${quote(name)}`, {
      hint: station.role === 'cold' ? 'do this on the online station' : 'do this on the cold station',
    });
  }
  const parsed = operation.input.safeParse(input);
  if (!parsed.success) throw describeInvalid(parsed.error);
  const outcome = await operation.run(context, parsed.data as never);
  return { output: operation.output.parse(outcome.output), problems: outcome.problems };
}
