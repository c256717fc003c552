import type { FactValue } from '../../ceremony/index.ts';
import type { CeremonyRow, LedgerQueries } from '../../ledger/index.ts';
import { bytesAsWords } from '../../values/index.ts';

/** A fingerprint of OpenPGP as people read it: 40 hex digits as 20 words. */
export function openPgpWords(fingerprint: string): readonly string[] {
  return bytesAsWords(Buffer.from(fingerprint, 'hex'));
}

/** Groups of four, as gpg shows a fingerprint. */
function groupedFingerprint(fingerprint: string): string {
  return fingerprint.replace(/(.{4})(?=.)/g, '$1 ');
}

/**
 * What is put into CoinCover Control to ask for a release: nothing of it is secret. It ends with one line end.
 * @param request the pair whose public half goes with it.
 */
export function requestText(
  queries: LedgerQueries,
  ceremony: Pick<CeremonyRow, 'number' | 'environment'>,
  recovering: FactValue<'recovering'>,
  request: FactValue<'request'>,
): string {
  const key = queries.assignedKey(recovering.key_id);
  const backups = recovering.items.map(({ item_id: id }) => queries.backupOfItem(id)?.backup_id ?? 'none on record: see the key ID');
  const words = openPgpWords(request.fingerprint);
  const half = Math.ceil(words.length / 2);
  return [
    ...(ceremony.environment === 'rehearsal' ? ['REHEARSAL: not for CoinCover', ''] : []),
    `Recovery request (${ceremony.environment}), ceremony ${ceremony.number.toString()}`,
    '',
    `Key ID       ${recovering.key_id}`,
    `Kept         ${key?.key_environment ?? 'unknown'}`,
    `Wallet       ${key?.user_identifier ?? 'unknown'}`,
    ...backups.map((id) => `Backup ID    ${id}`),
    `Reason       ${recovering.reason}`,
    '',
    'Release to this OpenPGP key, and to no other',
    `Fingerprint  ${groupedFingerprint(request.fingerprint)}`,
    `In words     ${words.slice(0, half).join(' ')}`,
    `             ${words.slice(half).join(' ')}`,
    '',
  ].join('\n');
}
