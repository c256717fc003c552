/**
 * ledger: the station's memory, in SQLite. Keys, sealed items, backups, verifications and documents are state tables,
 * made by events alone; the events are an append-only chain of hashes with a MAC on every row. Imports only `values`.
 * No secret enters: callers hand over facts, digests and signed documents. The MAC key comes from outside and stays there.
 */
export { BACKUP_FILTERS, type BackupCounts, type BackupFilter, type DueBefore } from './backup-lines.ts';
export { checkLedger, type LedgerProblem, type LedgerReport, type RememberedCheckpoint } from './check.ts';
export { checkpointBytes } from './chain.ts';
export type * from './events.ts';
export { Ledger, type LedgerHead, type LedgerTransaction } from './ledger.ts';
export { takeLock, takeLockWaiting } from './lock.ts';
export { checkFree as checkNoLedger, giveName as nameLedger, removeDatabase as removeLedger, type JournalMode } from './open.ts';
export { LedgerQueries } from './queries.ts';
export type * from './rows.ts';
