import { z } from 'zod';
import { isCuredByNewJwks, judgeAssignment, parseAssignmentRequest, type Judgement } from '../../attestation/index.ts';
import type { CoinCoverClient, RawOutcome } from '../../coincover/index.ts';
import type { AssignmentRow } from '../../ledger/index.ts';
import { writeDocument } from '../../transfer/index.ts';
import { checkError, ColdroomError, decodeUtf8, inputError, sha256, type Uuid } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { accountKind, environmentName, fingerprint, keyEnvironment, shownCheck, uuid } from '../fields.ts';
import { keptDocument, keyPackFacts, pairedColdStations, writeKept } from '../documents/documents.ts';
import { trustOf } from '../documents/key-pack.ts';
import type { Outcome } from '../operation.ts';
import { fetchSigningKeysAnew, type SigningKeys } from './signing-keys.ts';
import type { Station } from '../station/station.ts';

export const assignmentOutput = z.object({
  assignment_id: uuid.nullable(),
  state: z.enum(['assigned', 'refused', 'not-sent', 'unknown', 'quarantined']),
  key_id: z.string().nullable(),
  fingerprint: fingerprint.nullable(),
  key_environment: keyEnvironment,
  file: z.string().nullable(),
  checks: z.array(shownCheck),
});

export type AssignmentOutput = z.output<typeof assignmentOutput>;

/**
 * Judges a kept answer, with one refetch of the signing keys where a rotation or an unreadable list could explain the failure,
 * and writes the key pack or puts the assignment into quarantine.
 */
export async function concludeAssignment(
  context: OperationContext,
  station: Station,
  assignment: AssignmentRow,
  out: string | null,
  client: CoinCoverClient,
): Promise<Outcome<AssignmentOutput>> {
  const asked = keyEnvironment.parse(assignment.key_environment);
  try {
    const { judgement, row } = await judgeWithRotation(context, station, assignment, client);
    return await writeKeyPack(context, station, row, judgement, out);
  } catch (error) {
    if (!(error instanceof ColdroomError) || error.family !== 'check') throw error;
    station.ledger.append({
      type: 'assignment-ended',
      data: { assignment_id: assignment.assignment_id, state: 'quarantined', reason: error.code },
    });
    const problem = checkError(error.code, `the key is not trusted, and its answer is kept in quarantine: ${error.message}`, {
      hint: error.hint ?? `settle why, then judge it again: \`coldroom assign --recheck ${assignment.assignment_id} --out FILE\``,
      cause: error,
    });
    return failed(assignment.assignment_id as Uuid, 'quarantined', asked, problem);
  }
}

async function judgeWithRotation(
  context: OperationContext,
  station: Station,
  assignment: AssignmentRow,
  client: CoinCoverClient,
): Promise<{ judgement: Judgement; row: AssignmentRow }> {
  try {
    return { judgement: judgeRow(context, station, assignment), row: assignment };
  } catch (error) {
    if (!isCuredByNewJwks(error)) throw error;
    const again = await refetch(context, client);
    if (again === null) throw error;
    station.ledger.append({ type: 'assignment-jwks-refetched', data: { assignment_id: assignment.assignment_id, ...again } });
    const row = requireAssignment(station, assignment.assignment_id);
    return { judgement: judgeRow(context, station, row), row };
  }
}

/** The second look at the JWKS; when it cannot be had or used, the first failure stands, and the list kept before as well. */
async function refetch(context: OperationContext, client: CoinCoverClient): Promise<SigningKeys | null> {
  try {
    return await fetchSigningKeysAnew(client, context.clock);
  } catch (error) {
    if (error instanceof ColdroomError) return null;
    throw error;
  }
}

function judgeRow(context: OperationContext, station: Station, row: AssignmentRow): Judgement {
  return judgeAssignment({
    environment: environmentName.parse(row.environment),
    request: parseAssignmentRequest(Buffer.from(row.request, 'utf8')),
    responseBytes: Buffer.from(row.answer_base64 ?? '', 'base64'),
    jwksBytes: Buffer.from(row.jwks, 'utf8'),
    ...trustOf(station.queries, row.environment),
    retiredAllowed: false,
    anchorsOnly: false,
    nowMs: context.clock.now(),
  });
}

async function writeKeyPack(
  context: OperationContext,
  station: Station,
  row: AssignmentRow,
  judgement: Judgement,
  out: string | null,
): Promise<Outcome<AssignmentOutput>> {
  const response = decodeUtf8(Buffer.from(row.answer_base64 ?? '', 'base64'));
  // A body that is no text could not be judged again by others.
  if (response === null) throw checkError('answer-not-text', 'the answer is not UTF-8 text');
  if (station.queries.assignedKey(judgement.keyId) !== null) {
    throw checkError('key-id-known', 'CoinCover answered with the id of a key that this ledger already holds', {
      hint: 'stop and ask CoinCover',
    });
  }
  const readers = pairedColdStations(station);
  if (station.role === 'online' && readers.length === 0) {
    context.onNote(
      'no cold station is paired, so this key pack is for nobody else yet: pair one, then `coldroom assign --recheck KEY_ID --out FILE` makes it anew',
    );
  }
  const written = station.ledger.transaction((transaction) => {
    const document = writeDocument<'keypack/1'>(
      {
        coldroom: 'keypack/1',
        to: [station.id, ...readers],
        ceremony: context.ceremony ?? null,
        answers: null,
        environment_id: row.environment_id,
        body: {
          environment: environmentName.parse(row.environment),
          account: accountKind.parse(row.account),
          request: row.request,
          response,
          jwks: row.jwks,
          jwks_sha256: sha256(row.jwks),
          jwks_fetched_at: row.jwks_fetched_at,
        },
      },
      station.signer,
      transaction.head(),
      context.clock.now(),
    );
    transaction.append({
      type: 'key-pack-written',
      data: { assignment_id: row.assignment_id, key: keyPackFacts(document.document), document: keptDocument(document, 'written') },
    });
    return document;
  });
  const output: AssignmentOutput = {
    assignment_id: row.assignment_id,
    state: 'assigned',
    key_id: judgement.keyId,
    fingerprint: judgement.key.fingerprint,
    key_environment: keyEnvironment.parse(row.key_environment),
    file: out,
    checks: judgement.checks.map((one) => ({ id: one.id, result: one.result, what: one.what, rests_on: one.restsOn })),
  };
  if (out === null) return { output, problems: [] };
  const problem = await writeKept(out, written, 'the key is assigned and kept');
  return problem === null ? { output, problems: [] } : { output: { ...output, file: null }, problems: [problem] };
}

/** An assignment that came to no key. */
export function failed(
  id: Uuid,
  state: Exclude<AssignmentOutput['state'], 'assigned'>,
  asked: 'HOT' | 'COLD',
  problem: ColdroomError,
): Outcome<AssignmentOutput> {
  return {
    output: { assignment_id: id, state, key_id: null, fingerprint: null, key_environment: asked, file: null, checks: [] },
    problems: [problem],
  };
}

/** What came over the wire, as the ledger keeps it. */
export function rawAnswer(raw: RawOutcome): { status: number | null; body_base64: string | null; outcome: string } {
  const answer = raw.kind === 'answer' ? raw : raw.kind === 'lost' ? (raw.partial ?? null) : null;
  return {
    status: answer?.status ?? null,
    body_base64: answer === null ? null : answer.body.toString('base64'),
    outcome: raw.kind === 'answer' ? 'answer' : `${raw.kind}: ${raw.code}`,
  };
}

/** @throws input `assignment-unknown`. */
export function requireAssignment(station: Station, id: string): AssignmentRow {
  const row = station.queries.assignment(id);
  if (row === null)
    throw inputError('assignment-unknown', 'this ledger knows no assignment with that id', { hint: 'see `coldroom ledger list`' });
  return row;
}
