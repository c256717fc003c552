import type { Database } from 'better-sqlite3';

/**
 * The Backups table as the window pages through it: one short row per item with all that it is found and filtered by, in the
 * order in which it is shown, read backwards. Joined anew for each page, 100,000 items would take a second; these take milliseconds.
 * What happens last comes at the end, where SQLite fills its pages whole: kept the other way round they were half empty, and a search
 * took twice as long. A place far down is found by the narrow index, which passes over what a page does not show.
 */
export const BACKUP_LINES = `
  CREATE TABLE backup_line (
    changed_at TEXT NOT NULL, item_id TEXT NOT NULL UNIQUE, environment TEXT NOT NULL, state TEXT NOT NULL, last_check TEXT,
    kept TEXT NOT NULL, checked_at TEXT, wallet TEXT NOT NULL, find TEXT NOT NULL,
    PRIMARY KEY (changed_at, item_id DESC)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX backup_line_places ON backup_line (changed_at, item_id DESC);
  CREATE INDEX backup_line_counts ON backup_line (environment, state, last_check, kept, checked_at);
  CREATE INDEX backup_line_wallets ON backup_line (wallet)`;

/** As a ledger of the sixth version has them. */
export const BACKUP_LINES_BEFORE = `
  CREATE TABLE backup_line (
    changed_at TEXT NOT NULL, item_id TEXT NOT NULL UNIQUE, environment TEXT NOT NULL, state TEXT NOT NULL, last_check TEXT,
    kept TEXT NOT NULL, checked_at TEXT, wallet TEXT NOT NULL, find TEXT NOT NULL,
    PRIMARY KEY (changed_at DESC, item_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX backup_line_counts ON backup_line (environment, state, last_check, kept, checked_at);
  CREATE INDEX backup_line_wallets ON backup_line (wallet)`;

/**
 * An item whose sending has not ended is shown as `unknown`: from outside the process that sends it nobody can say more. One that
 * never left this machine is `sealed`, as before.
 */
export const SHOWN_STATE = "CASE item.state WHEN 'sending' THEN 'unknown' WHEN 'not-sent' THEN 'sealed' ELSE item.state END";

/** Makes the lines of the items that fit from what the other tables say of them; a line that is there is replaced. */
export function fillBackupLines(which = 'true'): string {
  return `
  INSERT OR REPLACE INTO backup_line
  SELECT item.changed_at, item.item_id, item.environment, ${SHOWN_STATE},
         (SELECT result FROM verification WHERE kind = 'backup' AND id = backup.backup_id ORDER BY event_seq DESC LIMIT 1),
         key.key_environment,
         (SELECT max(at) FROM verification WHERE kind = 'backup' AND id = backup.backup_id AND result IN ('valid', 'invalid')),
         key.user_identifier,
         coldroom_fold(key.user_identifier || char(10) || item.key_id || char(10) || coalesce(backup.backup_id, '') || char(10) || item.name)
  FROM item JOIN assigned_key key ON key.key_id = item.key_id LEFT JOIN backup ON backup.item_id = item.item_id
  WHERE ${which}
  ORDER BY item.changed_at, item.item_id DESC`;
}

/** Text as it is searched: of any spelling in capitals. SQLite's own lower() knows ASCII alone. */
function fold(text: string): string {
  return text.toLowerCase();
}

/** Gives a connection that writes what {@link fillBackupLines} calls. */
export function registerFold(database: Database): void {
  database.function('coldroom_fold', { deterministic: true }, (text: unknown) => fold(String(text)));
}

export const BACKUP_FILTERS = ['all', 'settle', 'invalid', 'due', 'cold'] as const;
export type BackupFilter = (typeof BACKUP_FILTERS)[number];

/**
 * By environment: what was last checked at or before that time is due for a drill; and, in all, what is dated later than `ahead`, since the
 * clock was wrong then. ISO 8601 in UTC.
 */
export type DueBefore = { production: string; sandbox: string; custom: string; ahead: string };

export type BackupCounts = {
  filters: Record<BackupFilter, number>;
  wallets: number;
  /** Of what is stored, by environment: when the one that was checked longest ago was checked. */
  oldest: { environment: string; checked_at: string }[];
};

export type PageWish = { search: string; filter: BackupFilter; dueBefore: DueBefore; offset: number; limit: number; total: boolean };

/** A rehearsal's stand-in is gone by then. What was never checked conclusively is due at once. */
export const DUE = `(state = 'stored' AND environment <> 'rehearsal' AND (checked_at IS NULL OR checked_at > :ahead OR checked_at <=
  CASE environment WHEN 'production' THEN :production WHEN 'sandbox' THEN :sandbox ELSE :custom END))`;

const FILTERED: Readonly<Record<BackupFilter, string>> = {
  all: 'true',
  settle: "state = 'unknown'",
  invalid: "last_check = 'invalid'",
  due: DUE,
  cold: "kept = 'COLD'",
};

/** What a line has to be to be shown. */
export function conditionOf({ search, filter, dueBefore }: PageWish): { where: string; values: Record<string, string> } {
  const wanted = fold(search.trim());
  const values = filter === 'due' ? dueBefore : {};
  if (wanted === '') return { where: FILTERED[filter], values };
  // LIKE finds a text by its first letter, and takes two thirds of the time of instr().
  const like = `%${wanted.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return { where: `${FILTERED[filter]} AND find LIKE :like ESCAPE '\\'`, values: { ...values, like } };
}
