import type { Database } from 'better-sqlite3';
import { inputError } from '../values/index.ts';
import { BACKUP_LINES, BACKUP_LINES_BEFORE, fillBackupLines, registerFold } from './backup-lines.ts';

/**
 * Numbered migrations; `user_version` is how many have run. A migration may add and rebuild state tables (they can be
 * made again from the events), never the event table.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE ledger (ledger_id TEXT NOT NULL PRIMARY KEY) STRICT;

  CREATE TABLE event (seq INTEGER PRIMARY KEY, bytes TEXT NOT NULL, mac BLOB NOT NULL) STRICT;
  CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
  CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

  CREATE TABLE station (
    station_id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, keychain TEXT NOT NULL,
    public_key TEXT NOT NULL, made_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE environment (
    name TEXT NOT NULL PRIMARY KEY, api TEXT NOT NULL, jwks TEXT NOT NULL, proxy TEXT, ca_pem TEXT,
    drill_days INTEGER NOT NULL, limit_bytes INTEGER NOT NULL, environment_id TEXT NOT NULL, set_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE anchor (
    environment TEXT NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL, jwk TEXT NOT NULL, changed_at TEXT NOT NULL,
    PRIMARY KEY (environment, fingerprint)
  ) STRICT;

  CREATE TABLE account (
    environment TEXT NOT NULL, account_id TEXT NOT NULL, confirmed_at TEXT NOT NULL,
    PRIMARY KEY (environment, account_id)
  ) STRICT;

  CREATE TABLE document (
    document_id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, direction TEXT NOT NULL, signer TEXT NOT NULL, subject TEXT,
    writer_seq INTEGER NOT NULL, sha256 TEXT NOT NULL, signed_sha256 TEXT NOT NULL,
    event_seq INTEGER NOT NULL REFERENCES event (seq)
  ) STRICT;
  CREATE INDEX document_by_subject ON document (subject, signer);

  CREATE TABLE assigned_key (
    key_id TEXT NOT NULL PRIMARY KEY, environment TEXT NOT NULL, environment_id TEXT NOT NULL, account TEXT NOT NULL,
    user_identifier TEXT NOT NULL, key_environment TEXT NOT NULL, public_key TEXT NOT NULL, fingerprint TEXT NOT NULL,
    document_id TEXT NOT NULL REFERENCES document (document_id)
  ) STRICT;

  CREATE TABLE assignment (
    assignment_id TEXT NOT NULL PRIMARY KEY, environment TEXT NOT NULL, environment_id TEXT NOT NULL, account TEXT NOT NULL,
    user_identifier TEXT NOT NULL, key_environment TEXT NOT NULL, request TEXT NOT NULL, jwks TEXT NOT NULL,
    jwks_fetched_at TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, answer_outcome TEXT, answer_status INTEGER, answer_base64 TEXT,
    key_id TEXT REFERENCES assigned_key (key_id), changed_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE item (
    item_id TEXT NOT NULL PRIMARY KEY, environment TEXT NOT NULL, environment_id TEXT NOT NULL,
    key_id TEXT NOT NULL REFERENCES assigned_key (key_id), mode TEXT NOT NULL, size_bytes INTEGER NOT NULL,
    ciphertext_sha256 TEXT NOT NULL, checksum TEXT, name TEXT NOT NULL, document_id TEXT NOT NULL REFERENCES document (document_id),
    state TEXT NOT NULL, reason TEXT, answer_outcome TEXT, answer_status INTEGER, answer_base64 TEXT, changed_at TEXT NOT NULL,
    receipt_id TEXT REFERENCES document (document_id)
  ) STRICT;
  CREATE INDEX item_by_ciphertext ON item (ciphertext_sha256);

  CREATE TABLE backup (
    backup_id TEXT NOT NULL PRIMARY KEY, item_id TEXT NOT NULL UNIQUE REFERENCES item (item_id), backup_type TEXT NOT NULL,
    data_size INTEGER, returned_checksum TEXT, stored_at TEXT NOT NULL, basis TEXT NOT NULL
  ) STRICT;

  CREATE TABLE verification (
    event_seq INTEGER NOT NULL PRIMARY KEY REFERENCES event (seq), kind TEXT NOT NULL, id TEXT NOT NULL, result TEXT NOT NULL,
    message TEXT, status INTEGER, at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX verification_by_subject ON verification (kind, id, event_seq);
  `,
  `
  CREATE TABLE ceremony (
    ceremony_id TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL UNIQUE, script TEXT NOT NULL, environment TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT, begun_at TEXT NOT NULL, ended_at TEXT
  ) STRICT;

  CREATE TABLE ceremony_fact (
    ceremony_id TEXT NOT NULL REFERENCES ceremony (ceremony_id), name TEXT NOT NULL, step TEXT NOT NULL, value TEXT NOT NULL,
    at TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq),
    PRIMARY KEY (ceremony_id, name)
  ) STRICT;

  CREATE TABLE ceremony_sign_off (
    ceremony_id TEXT NOT NULL REFERENCES ceremony (ceremony_id), step TEXT NOT NULL, role TEXT NOT NULL, initials TEXT NOT NULL,
    evidence_sha256 TEXT NOT NULL, at TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq),
    PRIMARY KEY (ceremony_id, step, role)
  ) STRICT;

  CREATE TABLE ceremony_exception (
    event_seq INTEGER NOT NULL PRIMARY KEY REFERENCES event (seq), ceremony_id TEXT NOT NULL REFERENCES ceremony (ceremony_id),
    step TEXT NOT NULL, text TEXT NOT NULL, initials TEXT, at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ceremony_exception_by_ceremony ON ceremony_exception (ceremony_id, event_seq);
  `,
  `
  CREATE TABLE pairing (
    station_id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, public_key TEXT NOT NULL, state TEXT NOT NULL,
    succeeds TEXT, changed_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE network_policy (policy TEXT NOT NULL PRIMARY KEY, set_at TEXT NOT NULL) STRICT;
  `,
  `
  CREATE INDEX document_by_writer ON document (signer, writer_seq);
  `,
  // Initials are kept by person, since several witnesses may sign one step. Those of a ledger that is older are made again from its
  // events: the table before kept only the last of a role.
  `
  CREATE TABLE policy (sha256 TEXT NOT NULL PRIMARY KEY, rules TEXT NOT NULL, administrator TEXT NOT NULL, set_at TEXT NOT NULL) STRICT;

  DROP TABLE ceremony_sign_off;
  CREATE TABLE ceremony_sign_off (
    ceremony_id TEXT NOT NULL REFERENCES ceremony (ceremony_id), step TEXT NOT NULL, role TEXT NOT NULL, initials TEXT NOT NULL,
    evidence_sha256 TEXT NOT NULL, at TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq),
    PRIMARY KEY (ceremony_id, step, role, initials)
  ) STRICT;
  INSERT OR REPLACE INTO ceremony_sign_off
    SELECT json_extract(bytes, '$.data.ceremony_id'), json_extract(bytes, '$.data.step'), json_extract(bytes, '$.data.role'),
           json_extract(bytes, '$.data.initials'), json_extract(bytes, '$.data.evidence_sha256'), json_extract(bytes, '$.at'), seq
    FROM event WHERE json_extract(bytes, '$.type') = 'ceremony-signed' ORDER BY seq;
  `,
  `${BACKUP_LINES_BEFORE};
  ${fillBackupLines()}`,
  // Earlier items were sealed without a plan: their events say nothing of one.
  `
  CREATE TABLE item_planned (
    item_id TEXT NOT NULL PRIMARY KEY REFERENCES item (item_id), plan TEXT NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, identifier_type TEXT, identifier_path TEXT, identifier_value TEXT, bip39_passphrase INTEGER NOT NULL,
    departures TEXT NOT NULL
  ) STRICT;
  `,
  `DROP TABLE backup_line;
  ${BACKUP_LINES};
  ${fillBackupLines()}`,
];

/** The state tables, in the order in which foreign keys allow filling them. All are made again from the events. */
export const STATE_TABLES = [
  'station',
  'environment',
  'anchor',
  'account',
  'document',
  'assigned_key',
  'assignment',
  'item',
  'item_planned',
  'backup',
  'verification',
  'ceremony',
  'ceremony_fact',
  'ceremony_sign_off',
  'ceremony_exception',
  'pairing',
  'network_policy',
  'policy',
  'backup_line',
] as const;

/**
 * Brings a database to this version's schema, in one transaction.
 * @throws input `ledger-too-new` when a later Coldroom has written it.
 */
export function migrate(database: Database): void {
  registerFold(database);
  if (isMigrated(database)) return; // the usual case takes no write lock
  const run = database.transaction(() => {
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version > MIGRATIONS.length) {
      throw inputError('ledger-too-new', 'a newer Coldroom has written this ledger', { hint: 'use that version or a later one' });
    }
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.pragma(`user_version = ${MIGRATIONS.length.toString()}`);
  });
  run.immediate();
}

/** True when the database has this version's schema already. */
export function isMigrated(database: Database): boolean {
  return database.pragma('user_version', { simple: true }) === MIGRATIONS.length;
}
