import { isUuid, quote, serviceError, unreachableError, type BackupId, type ColdroomError } from '../values/index.ts';
import { isContractError, jsonBody, serviceMessage } from './answer.ts';
import type { RawOutcome } from './http.ts';

type Unsettled = { state: 'refused' | 'not-sent' | 'unknown'; status: number | null; message: string | null };

/** `answered` says only that a JSON object came with a 2xx: whether the key is to be trusted is `attestation`'s question. */
export type AssignOutcome = { state: 'answered'; status: number } | Unsettled;

export type StoreOutcome =
  { state: 'stored'; status: number; backupId: BackupId; dataSize: number | null; checksum: string | null } | Unsettled;

/** Judges a kept outcome of `POST /v1/keys`. Pure, so that what was committed can be judged again. design.md, "Storing". */
export function judgeAssignOutcome(raw: RawOutcome): AssignOutcome {
  const answered = successBody(raw);
  return answered === null ? unsettled(raw) : { state: 'answered', status: answered.status };
}

/**
 * Judges a kept outcome of `POST /v1/secure/data` or `/file`. Only a 2xx whose JSON has a uuid `backup_id` and the right
 * `backup_type` is `stored`; a refusal is a 4xx (not 408) in the contract's own JSON; the rest is `unknown`.
 */
export function judgeStoreOutcome(raw: RawOutcome, expected: 'data' | 'file'): StoreOutcome {
  const answered = successBody(raw);
  if (answered === null) return unsettled(raw);
  const { json, status } = answered;
  const { backup_id: backupId, backup_type: backupType, data_size: dataSize, checksum } = json;
  if (!isUuid(backupId) || (backupType !== undefined && backupType !== expected)) return { state: 'unknown', status, message: null };
  return {
    state: 'stored',
    status,
    backupId: backupId as unknown as BackupId,
    dataSize: typeof dataSize === 'number' && Number.isSafeInteger(dataSize) && dataSize >= 0 ? dataSize : null,
    checksum: typeof checksum === 'string' && /^[0-9a-fA-F]{64}$/.test(checksum) ? checksum.toLowerCase() : null,
  };
}

function successBody(raw: RawOutcome): { status: number; json: Record<string, unknown> } | null {
  if (raw.kind !== 'answer' || raw.status < 200 || raw.status > 299) return null;
  const json = jsonBody(raw);
  return json === null ? null : { status: raw.status, json };
}

function unsettled(raw: RawOutcome): Unsettled {
  if (raw.kind === 'not-sent') return { state: 'not-sent', status: null, message: null };
  if (raw.kind === 'lost') return { state: 'unknown', status: raw.partial?.status ?? null, message: null };
  const json = jsonBody(raw);
  const refused = raw.status >= 400 && raw.status <= 499 && raw.status !== 408 && isContractError(raw.status, json);
  return { state: refused ? 'refused' : 'unknown', status: raw.status, message: serviceMessage(json) };
}

/** What people can do about each refusal of the contract. */
const REFUSALS: Readonly<Record<number, { what: string; hint: string }>> = {
  400: {
    what: 'CoinCover found the request wrong',
    hint: 'read its words; a failed verification means that what was sent is not what was sealed',
  },
  401: {
    what: 'CoinCover did not take the API key: it is missing, expired or of another environment',
    hint: 'get a current one and run `coldroom login` again',
  },
  403: { what: 'the API key has not the scope for this', hint: 'ask your account manager; a partner’s call needs a partner’s key' },
  404: { what: 'CoinCover does not know what was asked for', hint: 'check the environment, and that the key was assigned there' },
  409: {
    what: 'CoinCover has assigned a key for this user and organisation already',
    hint: 'use another user_identifier, or the key pack of that assignment',
  },
  413: { what: 'the sealed item is larger than CoinCover takes', hint: 'seal a smaller file' },
  415: { what: 'CoinCover did not take the content type', hint: 'report this: Coldroom always sends application/octet-stream' },
  429: { what: 'CoinCover asks to slow down', hint: 'wait a minute, then try again' },
};

/** The error that goes with an assignment's outcome. */
export function assignProblem(outcome: Unsettled): ColdroomError {
  return problem(
    outcome,
    'assigned a key',
    'assign for another user_identifier only after asking CoinCover: it may hold a key for this one',
  );
}

/** The error that goes with a store's outcome. */
export function storeProblem(outcome: Unsettled): ColdroomError {
  return problem(outcome, 'stored the item', 'ask CoinCover, then settle it with `coldroom store … --resolve-unknown`');
}

function problem(outcome: Unsettled, done: string, unknownHint: string): ColdroomError {
  switch (outcome.state) {
    case 'not-sent':
      return unreachableError('not-sent', 'CoinCover could not be reached; nothing was sent', {
        hint: 'check the network, proxy and certificates, then try again',
      });
    case 'unknown': {
      const status =
        outcome.status === null ? 'no whole answer came' : `the answer (status ${outcome.status.toString()}) cannot be trusted`;
      return unreachableError('outcome-unknown', `it is not known whether CoinCover ${done}: ${status}`, { hint: unknownHint });
    }
    case 'refused': {
      const known = REFUSALS[outcome.status ?? 0] ?? { what: 'CoinCover refused the request', hint: 'read its words, then try again' };
      const words = outcome.message === null ? '' : `: ${quote(outcome.message)}`;
      return serviceError(
        `service-${(outcome.status ?? 0).toString()}`,
        `${known.what} (status ${(outcome.status ?? 0).toString()})${words}`,
        { hint: known.hint },
      );
    }
  }
}
