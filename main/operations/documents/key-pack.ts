import { judgeAssignment, judgeKeyPackAge, parseAssignmentRequest, type Judgement } from '../../attestation/index.ts';
import type { AssignedKeyRow, LedgerQueries } from '../../ledger/index.ts';
import { readDocumentOf, type KeyPack, type ReadDocument } from '../../transfer/index.ts';
import { inputError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { keyPackFacts } from './documents.ts';
import { rulesInForce } from '../station/policy.ts';
import type { Station } from '../station/station.ts';

/**
 * Judges the key of a key pack again, from this station's own anchors and accounts, and asks for its age, which the policy limits.
 * @param known the key is in this station's ledger already, so a retired signing key may still carry it.
 * @throws check errors of the judgement, `key-pack-too-old`.
 */
export function judgeKeyPack(context: OperationContext, station: Station, document: KeyPack, known: boolean): Judgement {
  if (ageOfKeyPack(context, station, document) === 'amber') {
    context.onNote(
      'the key pack’s list of signing keys is older than 7 days, or dated ahead of this machine’s clock: a revocation since then is not known here',
    );
  }
  return judgeKey(context, station, document, known);
}

/** How old a key pack's list of signing keys is, by the policy. @throws check `key-pack-too-old`. */
export function ageOfKeyPack(context: OperationContext, station: Station, document: KeyPack): 'fresh' | 'amber' {
  return judgeKeyPackAge({
    jwksFetchedAtMs: Date.parse(document.body.jwks_fetched_at),
    nowMs: context.clock.now(),
    keyId: keyPackFacts(document).key_id,
    limitDays: rulesInForce(context, station).key_pack_limit_days,
  });
}

/**
 * Judges the key pack that the ledger keeps of a key, before anything is sent for it: what was trusted when it was sealed may
 * have been revoked since.
 * @throws check errors of the judgement.
 */
export function judgeKeptKey(context: OperationContext, station: Station, key: AssignedKeyRow): Judgement {
  return judgeKey(context, station, readKeptKeyPack(station, key).document, true);
}

/** The key pack of a key, from the ledger. @throws input `ledger-damaged`. */
export function readKeptKeyPack(station: Station, key: AssignedKeyRow): ReadDocument<KeyPack> {
  const text = station.queries.documentText(key.document_id);
  if (text === null)
    throw inputError('ledger-damaged', 'the key pack of this key is not in the ledger', { hint: 'run `coldroom ledger check`' });
  return readDocumentOf(Buffer.from(text, 'utf8'), 'the key pack in the ledger', 'keypack/1');
}

/**
 * Judges the key of a key pack by the list that it brings, whatever that list's age.
 * @throws check errors of the judgement.
 */
export function judgeKey(context: OperationContext, station: Station, document: KeyPack, known: boolean): Judgement {
  return judgeAssignment({
    environment: document.body.environment,
    request: parseAssignmentRequest(Buffer.from(document.body.request, 'utf8')),
    responseBytes: Buffer.from(document.body.response, 'utf8'),
    jwksBytes: Buffer.from(document.body.jwks, 'utf8'),
    ...trustOf(station.queries, document.body.environment),
    retiredAllowed: known,
    anchorsOnly: station.role === 'cold',
    nowMs: context.clock.now(),
  });
}

/** The anchors and accounts that people have pinned for an environment, as the judge takes them. */
export function trustOf(queries: LedgerQueries, environment: string) {
  return {
    anchors: queries.anchors(environment).map((row) => ({ fingerprint: row.fingerprint, state: row.state, jwk: row.jwk })),
    accounts: queries.accounts(environment).map((row) => row.account_id),
  };
}
