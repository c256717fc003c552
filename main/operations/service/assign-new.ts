import { z } from 'zod';
import { checkSignWith, defaultSignWith, type AssignmentRequest } from '../../attestation/index.ts';
import { assignProblem, judgeAssignOutcome, type CoinCoverClient, type RawOutcome } from '../../coincover/index.ts';
import { checkNewFile } from '../../files/index.ts';
import { takeLock, type EnvironmentRow } from '../../ledger/index.ts';
import { checkError, ColdroomError, inputError, newUuid, type Clock, type JsonObject, type Uuid } from '../../values/index.ts';
import { concludeAssignment, failed, rawAnswer, requireAssignment, type AssignmentOutput } from './assignment.ts';
import { clientFor } from './client.ts';
import type { OperationContext } from '../context.ts';
import { accountKind, environmentName, keyEnvironment, outputPath, serviceText } from '../fields.ts';
import { homePaths } from '../station/home.ts';
import { keepAnswer } from './keep-answer.ts';
import type { Outcome } from '../operation.ts';
import { fetchSigningKeys, type SigningKeys } from './signing-keys.ts';
import { withStation, type Station } from '../station/station.ts';
import { requireToken } from './token.ts';

export const assignInput = z.strictObject({
  environment: environmentName,
  user: serviceText,
  key_environment: keyEnvironment,
  key_type: z.literal('rsa4096').default('rsa4096'),
  account: accountKind.default('institution'),
  customer_id: serviceText.optional(),
  customer_name: serviceText.optional(),
  package_id: serviceText.optional(),
  package_name: serviceText.optional(),
  /** Null asks for no binding; left out, Coldroom's own list is asked for. */
  sign_with: z.array(z.string()).min(1).nullable().optional(),
  out: outputPath,
});

/** `out` null: the key pack stays in the ledger alone, from which it can be written at any time. */
export type AssignInput = Omit<z.output<typeof assignInput>, 'out'> & { out: string | null };

/**
 * Has CoinCover assign a key, judges the enclave's signature over it, and writes the key pack. The intent is in the ledger
 * before the request leaves, and the answer before anything judges it: dying at any point loses nothing.
 */
export function assignNew(context: OperationContext, input: AssignInput): Promise<Outcome<AssignmentOutput>> {
  return withStation(context, 'assign', (station) => assignAt(context, station, input, newUuid()));
}

/** As {@link assignNew}, at a station that is open, under an assignment id that the caller has noted before. */
export async function assignAt(
  context: OperationContext,
  station: Station,
  input: AssignInput,
  assignmentId: Uuid,
): Promise<Outcome<AssignmentOutput>> {
  if (input.out !== null) await checkNewFile(input.out);
  const environment = station.queries.requireEnvironment(input.environment);
  const request = buildRequest(input);
  checkMayAsk(station, input.environment, request);
  const client = clientFor(context, environment, input.account, await requireToken(station, environment));
  const keys = await signingKeysOrWhyNot(client, context.clock);
  if (keys instanceof ColdroomError) return nothingSent(station, input, keys);
  return new Assigning(context, station, client, input).begin(assignmentId, environment, request, keys);
}

/** Without usable signing keys no request is made: there is no assignment to speak of, and the error says why. */
async function signingKeysOrWhyNot(client: CoinCoverClient, clock: Clock): Promise<SigningKeys | ColdroomError> {
  try {
    return await fetchSigningKeys(client, clock);
  } catch (error) {
    if (error instanceof ColdroomError) return error;
    throw error;
  }
}

function nothingSent(station: Station, input: AssignInput, error: ColdroomError): Outcome<AssignmentOutput> {
  if (error.family === 'check') station.recordRefusal('assign', error, input.user);
  return {
    output: {
      assignment_id: null,
      state: 'not-sent',
      key_id: null,
      fingerprint: null,
      key_environment: input.key_environment,
      file: null,
      checks: [],
    },
    problems: [error],
  };
}

function buildRequest(input: AssignInput): AssignmentRequest {
  if (input.account === 'partner' && (input.customer_id === undefined || input.package_id === undefined)) {
    throw inputError('partner-needs-organisation', 'a partner’s assignment names the customer and the package', {
      hint: 'add --customer-id ID and --package-id ID',
    });
  }
  if (
    (input.customer_name !== undefined && input.customer_id === undefined) ||
    (input.package_name !== undefined && input.package_id === undefined)
  ) {
    throw inputError('name-without-id', 'a customer’s or package’s name was given without its id', {
      hint: 'add the id, or leave the name out',
    });
  }
  const signWith =
    input.sign_with === undefined
      ? defaultSignWith({
          ...(input.customer_id === undefined ? {} : { customerId: input.customer_id }),
          ...(input.package_id === undefined ? {} : { packageId: input.package_id }),
        })
      : input.sign_with;
  if (signWith !== null) checkSignWith(signWith);
  return {
    user_identifier: input.user,
    key_type: input.key_type,
    key_environment: input.key_environment,
    ...(input.customer_id === undefined
      ? {}
      : {
          organisation: {
            customer_id: input.customer_id,
            ...(input.customer_name === undefined ? {} : { customer_name: input.customer_name }),
          },
        }),
    ...(input.package_id === undefined
      ? {}
      : { package: { package_id: input.package_id, ...(input.package_name === undefined ? {} : { package_name: input.package_name }) } }),
    ...(signWith === null ? {} : { sign_with: [...signWith] }),
  };
}

/**
 * In production and custom, a request without a binding to the account, or before any signing key was confirmed, is not made:
 * an assigned key cannot be given back. An account that nobody confirmed yet is asked for all the same: the answer, kept in
 * quarantine, is how people learn the account id that they have to confirm.
 */
function checkMayAsk(station: Station, environment: AssignInput['environment'], request: AssignmentRequest): void {
  if (environment !== 'production' && environment !== 'custom') return;
  if (request.sign_with?.includes('pulled_by_id') !== true) {
    throw checkError('key-unbound', `in ${environment} a key must be bound to your account, and this request asks for no such binding`, {
      hint: 'leave --sign-with out, or let its list hold pulled_by_id',
    });
  }
  if (!station.queries.anchors(environment).some((row) => row.state === 'active')) {
    throw checkError('signer-not-confirmed', `no enclave signing key of ${environment} has been confirmed on this station`, {
      hint: `confirm one first: \`coldroom trust add --environment ${environment} --fetch\``,
    });
  }
}

/** One assignment from its intent to its end. */
class Assigning {
  readonly #context: OperationContext;
  readonly #station: Station;
  readonly #client: CoinCoverClient;
  readonly #input: AssignInput;

  constructor(context: OperationContext, station: Station, client: CoinCoverClient, input: AssignInput) {
    this.#context = context;
    this.#station = station;
    this.#client = client;
    this.#input = input;
  }

  async begin(id: Uuid, environment: EnvironmentRow, request: AssignmentRequest, keys: SigningKeys): Promise<Outcome<AssignmentOutput>> {
    const sent = request as JsonObject; // without undefined members: buildRequest leaves them out
    const release = takeLock(homePaths(this.#context.home).lock(`assign-${id}`), 0);
    try {
      // SECURITY(REQ-INTENT): in the ledger, and flushed, before a byte leaves.
      this.#station.ledger.append({
        type: 'assignment-begun',
        data: {
          assignment_id: id,
          environment: environment.name,
          environment_id: environment.environment_id,
          account: this.#input.account,
          user_identifier: this.#input.user,
          key_environment: this.#input.key_environment,
          request: JSON.stringify(sent),
          ...keys,
        },
      });
      const raw = await this.#client.assign(sent);
      const answered = { assignment_id: id, ...rawAnswer(raw) };
      keepAnswer(this.#station.ledger, { type: 'assignment-answered', data: answered }, raw, `assignment ${id}`);
      return await this.#judge(id, raw);
    } finally {
      release?.();
    }
  }

  async #judge(id: Uuid, raw: RawOutcome): Promise<Outcome<AssignmentOutput>> {
    const outcome = judgeAssignOutcome(raw);
    if (outcome.state !== 'answered') {
      const problem = this.#afterConflict(id, assignProblem(outcome), outcome.status);
      this.#station.ledger.append({ type: 'assignment-ended', data: { assignment_id: id, state: outcome.state, reason: problem.code } });
      return failed(id, outcome.state, this.#input.key_environment, problem);
    }
    return concludeAssignment(this.#context, this.#station, requireAssignment(this.#station, id), this.#input.out, this.#client);
  }

  /**
   * A 409 after an assignment that this station knows of: after one whose answer is kept, its key pack is a command away, however that
   * run ended; after one with an unknown outcome, it is most likely that very key.
   */
  #afterConflict(id: Uuid, problem: ColdroomError, status: number | null): ColdroomError {
    if (status !== 409) return problem;
    const { environment, user } = this.#input;
    const rows = this.#station.queries.assignmentsFor(environment, user).filter((row) => row.assignment_id !== id);
    const answered = rows.find(
      (row) => row.state === 'assigned' || row.state === 'quarantined' || (row.state === 'sending' && row.answer_status !== null),
    );
    if (answered !== undefined) {
      return withHint(
        problem,
        'this station holds the answer of an earlier assignment for it',
        `write the key pack of that one: \`coldroom assign --recheck ${answered.assignment_id} --out FILE\`, or use another user_identifier`,
      );
    }
    if (!rows.some((row) => row.state === 'unknown' || row.state === 'sending')) return problem;
    return withHint(
      problem,
      'an earlier assignment for it ended unknown, so CoinCover probably holds that key',
      'use another user_identifier, or ask CoinCover about the key that was assigned',
    );
  }
}

function withHint(problem: ColdroomError, also: string, hint: string): ColdroomError {
  return new ColdroomError(problem.family, problem.code, `${problem.message}; ${also}`, { hint });
}
