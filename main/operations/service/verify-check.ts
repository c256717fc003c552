import { judgeVerify, type CoinCoverClient } from '../../coincover/index.ts';
import type { AssignedKeyRow, CheckResult } from '../../ledger/index.ts';
import { checkError, inputError, unreachableError, type BackupId, type ColdroomError, type KeyId } from '../../values/index.ts';
import { clientFor } from './client.ts';
import type { OperationContext } from '../context.ts';
import { accountKind, keyEnvironment } from '../fields.ts';
import type { Station } from '../station/station.ts';
import { requireToken } from './token.ts';

/** A key, or a backup with the key that it was sealed for. */
export type Subject = { kind: 'key' | 'backup'; id: string; key: AssignedKeyRow };

/**
 * Asks the hosts that assigned the key, and no others: what another host says of it would stand in the ledger as CoinCover's word.
 * @throws input `environment-not-set`, `environment-changed`, `token-missing`.
 */
export async function askAbout(context: OperationContext, station: Station, { kind, id, key }: Subject): Promise<CheckResult> {
  const environment = station.queries.requireEnvironment(key.environment);
  if (environment.environment_id !== key.environment_id) {
    throw inputError('environment-changed', `the hosts of ${environment.name} are others than when this key was assigned`, {
      hint: 'set the environment’s hosts back with `coldroom environment set`',
    });
  }
  const client = clientFor(context, environment, accountKind.parse(key.account), await requireToken(station, environment));
  return kind === 'key' ? verifyKey(station, client, key) : verifyBackup(station, client, key, id);
}

/** Asks CoinCover whether it still holds the key, and records the answer, whatever it is. */
export async function verifyKey(station: Station, client: CoinCoverClient, key: AssignedKeyRow): Promise<CheckResult> {
  const raw = await client.verifyKey(key.key_id as KeyId);
  return record(
    station,
    'key',
    key.key_id,
    judgeVerify(raw, { field: 'is_key_valid', keyEnvironment: keyEnvironment.parse(key.key_environment) }),
  );
}

/** Asks CoinCover whether it still holds the backup, and records the answer, whatever it is. */
export async function verifyBackup(station: Station, client: CoinCoverClient, key: AssignedKeyRow, backupId: string): Promise<CheckResult> {
  const raw = await client.verifyBackup(backupId as BackupId);
  return record(
    station,
    'backup',
    backupId,
    judgeVerify(raw, { field: 'is_backup_valid', keyEnvironment: keyEnvironment.parse(key.key_environment) }),
  );
}

function record(
  station: Station,
  kind: 'key' | 'backup',
  id: string,
  judged: { check: CheckResult; message: string | null; status: number | null },
): CheckResult {
  station.ledger.append({
    type: 'verified',
    data: { kind, id, check: judged.check, message: judged.message, status: judged.status, checked_at: null },
  });
  return judged.check;
}

/** What a check's result means for the outcome; null where it is no problem (`not-checkable` leaves the exit code alone). */
export function checkProblem(kind: 'key' | 'backup', id: string, check: CheckResult): ColdroomError | null {
  switch (check) {
    case 'valid':
    case 'not-checkable':
      return null;
    case 'invalid':
      return checkError(`${kind}-invalid`, `CoinCover says that the ${kind} ${id} is not valid`, {
        hint: 'stop and escalate to CoinCover: do not rely on this backup, and do not destroy the secret',
      });
    case 'unknown':
      return unreachableError(`${kind}-check-unknown`, `the check of the ${kind} ${id} gave no trustworthy answer`, {
        hint: 'run `coldroom verify` again later; until then the check is unknown, not passed',
      });
  }
}
