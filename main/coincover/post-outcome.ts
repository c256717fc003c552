import { isUuid, type BackupId, type JsonObject } from '../values/index.ts';
import { isContractError, jsonBody, serviceMessage } from './answer.ts';
import type { RawOutcome } from './http.ts';
import type { FailureCode } from './network-failure.ts';

/** A POST that came to nothing, or nobody knows to what. */
export type Unsettled = {
  state: 'refused' | 'not-sent' | 'unknown';
  status: number | null;
  /** The service's words; untrusted text: whoever shows it quotes it. */
  message: string | null;
  /** Why no whole answer came; null where one did. */
  failure: FailureCode | null;
};

/** `answered` says only that a JSON object came with a 2xx: whether the key is to be trusted is `attestation`'s question. */
export type AssignOutcome = { state: 'answered'; status: number } | Unsettled;

type Stored = {
  state: 'stored';
  status: number;
  backupId: BackupId;
  /** `data_size` in bytes, or null where it is none. */
  dataSize: number | null;
  /** 64 lowercase hex, or null where the answer has none; to be compared with what was sent. */
  checksum: string | null;
};

export type StoreOutcome = Stored | Unsettled;

/** Judges a kept outcome of `POST /v1/keys`. Pure, so that what was committed can be judged again. design.md, "Storing". */
export function judgeAssignOutcome(raw: RawOutcome): AssignOutcome {
  const answered = successBody(raw);
  return answered === null ? unsettled(raw) : { state: 'answered', status: answered.status };
}

/**
 * Judges a kept outcome of `POST /v1/secure/data` or `/file`. Only a 2xx whose JSON has a uuid `backup_id` and the expected
 * `backup_type` is `stored`; a refusal is a 4xx (not 408) in the contract's own JSON; the rest is `unknown`.
 */
export function judgeStoreOutcome(raw: RawOutcome, expected: 'data' | 'file'): StoreOutcome {
  // SECURITY(REQ-NEVER-TWICE): what is not surely stored, refused or unsent is unknown, and unknown is never sent again by itself.
  const answered = successBody(raw);
  if (answered === null) return unsettled(raw);
  const { json, status } = answered;
  const { backup_id: backupId, backup_type: backupType, data_size: dataSize, checksum } = json;
  if (!isUuid(backupId) || backupType !== expected) return { state: 'unknown', status, message: null, failure: null };
  return {
    state: 'stored',
    status,
    backupId: backupId as unknown as BackupId,
    dataSize: typeof dataSize === 'number' && Number.isSafeInteger(dataSize) && dataSize >= 0 ? dataSize : null,
    checksum: typeof checksum === 'string' && /^[0-9a-fA-F]{64}$/.test(checksum) ? checksum.toLowerCase() : null,
  };
}

function successBody(raw: RawOutcome): { status: number; json: JsonObject } | null {
  if (raw.kind !== 'answer' || raw.status < 200 || raw.status > 299) return null;
  const json = jsonBody(raw);
  return json === null ? null : { status: raw.status, json };
}

function unsettled(raw: RawOutcome): Unsettled {
  if (raw.kind === 'not-sent') return { state: 'not-sent', status: null, message: null, failure: raw.code };
  if (raw.kind === 'lost') return { state: 'unknown', status: raw.partial?.status ?? null, message: null, failure: raw.code };
  const json = jsonBody(raw);
  // A 408 may have been sent by something that had passed the request on already.
  const refused = raw.status >= 400 && raw.status <= 499 && raw.status !== 408 && isContractError(raw.status, json);
  return { state: refused ? 'refused' : 'unknown', status: raw.status, message: serviceMessage(json), failure: null };
}
