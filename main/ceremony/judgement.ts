import type { LedgerQueries } from '../ledger/index.ts';
import { canonicalJson, sha256, type Sha256 } from '../values/index.ts';
import type { PlanView } from './departure.ts';
import type { Evidence, EvidenceCheck, EvidenceFact, EvidenceKind } from './evidence.ts';
import type { StepId } from './script.ts';
import type { CeremonyState } from './state.ts';

/**
 * Whether a step may be signed off. `waits`: people or Coldroom still have something to do. `open`: it may. `stopped`: a check
 * failed; only another look or an escalation goes on. `settle`: nobody knows, or CoinCover refused, and a person decides.
 */
export type Gate = 'waits' | 'open' | 'stopped' | 'settle';

/** What one step's judge says. `problem` is an error's code, for the screen's text; null where nothing is wrong. */
export type StepJudgement = { readonly gate: Gate; readonly problem: string | null; readonly evidence: Evidence };

/** An assigned key judged again now. */
export type Attestation = { readonly checks: Evidence['checks']; readonly problem: string | null };

/** What the judges may look at. What only the keychain or the attestation knows is looked up by the operation beforehand. */
export type JudgeContext = {
  readonly state: CeremonyState;
  readonly queries: LedgerQueries;
  /** Whether an API key is kept for the environment at its present hosts. */
  readonly hasToken: boolean;
  /** The ceremony's assigned keys judged again now, from this station's own trust, by `key_id`. */
  readonly attestations: ReadonlyMap<string, Attestation>;
  /** How the ceremony stands against its plan; null where it has none. */
  readonly plan: PlanView | null;
};

export type StepView = StepJudgement & { readonly step: StepId; readonly evidenceSha256: Sha256 };

/** Short ways to write what a judge says. */
export const check = (id: string, result: EvidenceCheck['result'], what: string, restsOn: string): EvidenceCheck => ({
  id,
  result,
  what,
  rests_on: restsOn,
});

export const fact = (name: string, value: string, kind: EvidenceKind = 'text'): EvidenceFact => ({ name, value, kind });

export const waits = (checks: Evidence['checks'] = [], facts: Evidence['facts'] = [], problem: string | null = null): StepJudgement => ({
  gate: 'waits',
  problem,
  evidence: { checks, facts },
});
export const open = (checks: Evidence['checks'], facts: Evidence['facts'] = []): StepJudgement => ({
  gate: 'open',
  problem: null,
  evidence: { checks, facts },
});
export const stopped = (problem: string, checks: Evidence['checks'], facts: Evidence['facts'] = []): StepJudgement => ({
  gate: 'stopped',
  problem,
  evidence: { checks, facts },
});
export const settle = (problem: string, checks: Evidence['checks'], facts: Evidence['facts'] = []): StepJudgement => ({
  gate: 'settle',
  problem,
  evidence: { checks, facts },
});

/** More keys or items than this are shown as a count and a digest of their list. */
const NAMED = 8;

/** A few are named; many are a count and the digest of their list. */
export function listed(lines: readonly { name: string; value: string; kind?: EvidenceFact['kind'] }[], what: string): EvidenceFact[] {
  if (lines.length <= NAMED) return lines.map(({ name, value, kind }) => fact(name, value, kind));
  return [fact(what, lines.length.toString()), fact(`${what}-list`, sha256(canonicalJson(lines.map((one) => one.value))), 'hex')];
}
