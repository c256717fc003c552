import type { LedgerEvent } from '../ledger/index.ts';
import { canonicalJson, sha256, type JsonObject, type Sha256 } from '../values/index.ts';

/** How a value is shown: running text, an id or digest in fixed width, a time in UTC. */
export type EvidenceKind = 'text' | 'id' | 'hex' | 'time';

export type EvidenceFact = { readonly name: string; readonly value: string; readonly kind: EvidenceKind };

export type EvidenceCheck = {
  readonly id: string;
  readonly result: 'passed' | 'amber' | 'failed' | 'waits';
  readonly what: string;
  readonly rests_on: string;
};

/** What one step puts before people: the checks Coldroom made by itself, and the facts. */
export type Evidence = { readonly checks: readonly EvidenceCheck[]; readonly facts: readonly EvidenceFact[] };

/** What initials commit to: the ceremony, the step, and everything shown. */
function shownEvidence(ceremonyId: string, step: string, evidence: Evidence): JsonObject {
  return {
    ceremony: ceremonyId,
    step,
    checks: evidence.checks.map(({ id, result, what, rests_on: restsOn }) => ({ id, result, what, rests_on: restsOn })),
    facts: evidence.facts.map(({ name, value }) => ({ name, value })),
  };
}

/** The SHA-256 of RFC 8785 of {@link shownEvidence}. */
export function evidenceDigest(ceremonyId: string, step: string, evidence: Evidence): Sha256 {
  return sha256(canonicalJson(shownEvidence(ceremonyId, step, evidence)));
}

/** The event that keeps what a step shows: when initials are put to it, or when the ceremony is stopped at it. */
export function evidenceEvent(
  ceremonyId: string,
  { step, evidence, evidenceSha256 }: { readonly step: string; readonly evidence: Evidence; readonly evidenceSha256: Sha256 },
): LedgerEvent & { type: 'ceremony-evidence' } {
  return {
    type: 'ceremony-evidence',
    data: {
      ceremony_id: ceremonyId,
      step,
      evidence_sha256: evidenceSha256,
      shown: shownEvidence(ceremonyId, step, evidence),
      kinds: evidence.facts.map(({ kind }) => kind),
    },
  };
}
