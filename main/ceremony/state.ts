import type { CeremonyRow, ExceptionRow, LedgerQueries, SignOffRow } from '../ledger/index.ts';
import { inputError } from '../values/index.ts';
import { FACTS, type FactName, type Facts } from './facts.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import { findScript, type Script } from './script.ts';

/** A ceremony as the ledger tells it. */
export type CeremonyState = {
  readonly row: CeremonyRow;
  readonly script: Script;
  readonly facts: Facts;
  readonly signOffs: readonly SignOffRow[];
  readonly exceptions: readonly ExceptionRow[];
};

/** The rules that a ceremony was begun under; what the station's policy says by now is no matter here. */
export function rulesOf(state: Pick<CeremonyState, 'facts'>): Policy {
  return state.facts.policy?.rules ?? DEFAULT_POLICY;
}

/** @throws input `ceremony-unknown`, `ceremony-damaged`, `script-unknown`. */
export function readCeremony(queries: LedgerQueries, id: string): CeremonyState {
  const row = queries.ceremony(id);
  if (row === null) {
    throw inputError('ceremony-unknown', 'this ledger knows no ceremony with that id', { hint: 'choose one from the list of ceremonies' });
  }
  return {
    row,
    script: findScript(row.script),
    facts: readFacts(queries, id),
    signOffs: queries.signOffs(id),
    exceptions: queries.exceptions(id),
  };
}

function readFacts(queries: LedgerQueries, id: string): Facts {
  const facts: Partial<Record<FactName, unknown>> = {};
  for (const { name, value } of queries.ceremonyFacts(id)) {
    const json: unknown = JSON.parse(value);
    if (json === null) continue; // taken back
    const schema = Object.hasOwn(FACTS, name) ? FACTS[name as FactName] : null;
    const parsed = schema?.safeParse(json);
    if (parsed?.success !== true) {
      throw inputError('ceremony-damaged', `this version cannot read what the ledger keeps of the ceremony under ${name}`, {
        hint: 'open it with the version that began it',
      });
    }
    facts[name as FactName] = parsed.data;
  }
  return facts as Facts;
}
