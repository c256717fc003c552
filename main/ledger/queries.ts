import { inputError, quote } from '../values/index.ts';
import type { AssignmentState, DocumentKind, ItemState, NetworkPolicy, PlannedFacts } from './events.ts';
import {
  BACKUP_FILTERS,
  conditionOf,
  DUE,
  SHOWN_STATE,
  type BackupCounts,
  type BackupFilter,
  type DueBefore,
  type PageWish,
} from './backup-lines.ts';
import type { Ledger } from './ledger.ts';
import type {
  AccountRow,
  AnchorRow,
  AssignedKeyRow,
  AssignmentRow,
  BackupLine,
  BackupRow,
  CeremonyFactRow,
  CeremonyRow,
  DocumentRow,
  EnvironmentRow,
  ExceptionRow,
  ItemRow,
  PairingRow,
  PlannedCeremonyRow,
  PlannedRow,
  PolicyRow,
  SignOffRow,
  StationRow,
  VerificationRow,
} from './rows.ts';

type Value = string | number | Readonly<Record<string, string | number | null>>;

/** The columns of a {@link BackupLine}, and where each comes from; `of` is what holds the items. */
const linesOf = (of: string): string => `SELECT item.item_id, backup.backup_id, item.key_id, item.environment,
              ${SHOWN_STATE} AS state,
              item.name, backup.stored_at, last.result AS last_check, last.at AS last_checked_at,
              key.user_identifier AS wallet, key.key_environment, item.reason, item.changed_at, item.ciphertext_sha256,
              item.size_bytes, item.mode,
              (SELECT max(at) FROM verification WHERE kind = 'backup' AND id = backup.backup_id AND result IN ('valid', 'invalid'))
                AS last_conclusive_at
       FROM ${of}
       JOIN assigned_key key ON key.key_id = item.key_id
       LEFT JOIN backup ON backup.item_id = item.item_id
       LEFT JOIN verification last ON last.event_seq =
         (SELECT max(event_seq) FROM verification WHERE kind = 'backup' AND id = backup.backup_id)`;

const LINES = linesOf('item');
/** The same in the order of the Backups table: to sort them would hold all of them, and nothing would come before all were read. */
const LINES_IN_ORDER = `${linesOf('backup_line line CROSS JOIN item ON item.item_id = line.item_id')} ORDER BY line.changed_at DESC, line.item_id`;

/** Where a line stands in the Backups table. */
type Place = { changed_at: string; item_id: string };

/** What is shown after a place. SQLite seeks by the first half alone. */
const AFTER = 'changed_at <= :changed_at AND (changed_at < :changed_at OR item_id > :item_id)';

/** Everything that is read from the ledger, by the thing asked for; a missing row is null. */
export class LedgerQueries {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  // The row type is what the statement selects; SQLite's STRICT tables hold it to that.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names the row at each call
  #one<Row>(sql: string, ...values: Value[]): Row | null {
    return this.#ledger.database.prepare<Value[], Row>(sql).get(...values) ?? null;
  }

  #all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#ledger.database.prepare<Value[], Row>(sql).all(...values);
  }

  station(): StationRow {
    const row = this.#one<StationRow>('SELECT * FROM station');
    if (row === null) throw inputError('ledger-damaged', 'the ledger names no station', { hint: 'run `ledger check`' });
    return row;
  }

  environments(): EnvironmentRow[] {
    return this.#all('SELECT * FROM environment ORDER BY name');
  }

  environment(name: string): EnvironmentRow | null {
    return this.#one('SELECT * FROM environment WHERE name = ?', name);
  }

  /** As {@link environment}. @throws input `environment-not-set`. */
  requireEnvironment(name: string): EnvironmentRow {
    const row = this.environment(name);
    if (row === null) {
      throw inputError('environment-not-set', `the environment ${quote(name)} is not set up on this station`, {
        hint: `run \`coldroom environment set ${name}\` first`,
      });
    }
    return row;
  }

  anchors(environment?: string): AnchorRow[] {
    if (environment === undefined) return this.#all('SELECT * FROM anchor ORDER BY environment, fingerprint');
    return this.#all('SELECT * FROM anchor WHERE environment = ? ORDER BY fingerprint', environment);
  }

  accounts(environment?: string): AccountRow[] {
    if (environment === undefined) return this.#all('SELECT * FROM account ORDER BY environment, account_id');
    return this.#all('SELECT * FROM account WHERE environment = ? ORDER BY account_id', environment);
  }

  assignment(id: string): AssignmentRow | null {
    return this.#one('SELECT * FROM assignment WHERE assignment_id = ?', id);
  }

  assignmentsInState(state: AssignmentState): AssignmentRow[] {
    return this.#all('SELECT * FROM assignment WHERE state = ? ORDER BY changed_at', state);
  }

  assignmentsFor(environment: string, userIdentifier: string): AssignmentRow[] {
    return this.#all(
      'SELECT * FROM assignment WHERE environment = ? AND user_identifier = ? ORDER BY changed_at',
      environment,
      userIdentifier,
    );
  }

  assignments(): AssignmentRow[] {
    return this.#all('SELECT * FROM assignment ORDER BY changed_at');
  }

  assignedKey(keyId: string): AssignedKeyRow | null {
    return this.#one('SELECT * FROM assigned_key WHERE key_id = ?', keyId);
  }

  assignedKeys(): AssignedKeyRow[] {
    return this.#all('SELECT * FROM assigned_key ORDER BY key_id');
  }

  document(id: string): DocumentRow | null {
    return this.#one('SELECT * FROM document WHERE document_id = ?', id);
  }

  /** Every key pack of a key, as it was made and made anew. */
  keyPacks(keyId: string): DocumentRow[] {
    return this.#all("SELECT * FROM document WHERE kind = 'keypack' AND subject = ? ORDER BY event_seq", keyId);
  }

  documents(): DocumentRow[] {
    return this.#all('SELECT * FROM document ORDER BY event_seq');
  }

  /** The exact text of a kept document, from the event that brought it. */
  documentText(id: string): string | null {
    const row = this.document(id);
    const event = row === null ? null : this.#ledger.eventAt(row.event_seq);
    if (event === null || !('document' in event.data)) return null;
    return event.data.document.text;
  }

  /** The documents that a station wrote at one place of its ledger: more than one only where that was set back. */
  documentsAt(signer: string, writerSeq: number): DocumentRow[] {
    return this.#all('SELECT * FROM document WHERE signer = ? AND writer_seq = ?', signer, writerSeq);
  }

  /** The document of a station that shows its ledger furthest on. */
  latestOf(signer: string): DocumentRow | null {
    return this.#one('SELECT * FROM document WHERE signer = ? ORDER BY writer_seq DESC LIMIT 1', signer);
  }

  /** The highest `ledger_seq` seen from a writer for one subject; null when nothing of it is known. */
  highestWriterSeq(signer: string, subject: string): number | null {
    const row = this.#one<{ highest: number | null }>(
      'SELECT max(writer_seq) AS highest FROM document WHERE signer = ? AND subject = ?',
      signer,
      subject,
    );
    return row?.highest ?? null;
  }

  item(id: string): ItemRow | null {
    return this.#one('SELECT * FROM item WHERE item_id = ?', id);
  }

  /** What the plan said that an item was sealed by; null where there was none. */
  plannedOfItem(id: string): PlannedFacts | null {
    const row = this.#one<PlannedRow>('SELECT * FROM item_planned WHERE item_id = ?', id);
    if (row === null) return null;
    const { plan, place, name, kind, identifier_type: type, identifier_path: path, identifier_value: value } = row;
    return {
      plan,
      place,
      name,
      kind,
      identifier: type === null || value === null ? null : { type, path, value },
      bip39_passphrase: row.bip39_passphrase === 1,
      departures: JSON.parse(row.departures) as string[],
    };
  }

  /** Every item that was sealed for a key as one item of a plan, the latest first. @param place as `wallets[0].items[2]`. */
  itemsOfPlace({ plan, place, keyId }: { plan: string; place: string; keyId: string }): ItemRow[] {
    return this.#all(
      `SELECT item.* FROM item_planned JOIN item USING (item_id) WHERE item.key_id = ? AND item_planned.plan = ? AND item_planned.place = ?
       ORDER BY item_planned.rowid DESC`,
      keyId,
      plan,
      place,
    );
  }

  itemsInState(state: ItemState): ItemRow[] {
    return this.#all('SELECT * FROM item WHERE state = ? ORDER BY changed_at', state);
  }

  itemByCiphertext(ciphertextSha256: string): ItemRow | null {
    return this.#one('SELECT * FROM item WHERE ciphertext_sha256 = ? ORDER BY changed_at LIMIT 1', ciphertextSha256);
  }

  backup(backupId: string): BackupRow | null {
    return this.#one('SELECT * FROM backup WHERE backup_id = ?', backupId);
  }

  backupOfItem(itemId: string): BackupRow | null {
    return this.#one('SELECT * FROM backup WHERE item_id = ?', itemId);
  }

  backups(): BackupRow[] {
    return this.#all('SELECT * FROM backup ORDER BY stored_at, backup_id');
  }

  /** The last check of a key or backup; the last conclusive one (`valid` or `invalid`) where asked. */
  lastVerification(kind: 'key' | 'backup', id: string, conclusiveOnly = false): VerificationRow | null {
    const which = conclusiveOnly ? "AND result IN ('valid', 'invalid')" : '';
    return this.#one(`SELECT * FROM verification WHERE kind = ? AND id = ? ${which} ORDER BY event_seq DESC LIMIT 1`, kind, id);
  }

  verifications(kind: 'key' | 'backup', id: string): VerificationRow[] {
    return this.#all('SELECT * FROM verification WHERE kind = ? AND id = ? ORDER BY event_seq', kind, id);
  }

  /**
   * The Backups table, newest first. An item whose sending has not ended is shown as `unknown`: from outside the process
   * that sends it nobody can say more. One that never left this machine is `sealed`, as before.
   * @param includeNeverSent items that no store was begun for, too.
   */
  backupLines(includeNeverSent: boolean): BackupLine[] {
    return this.#all<BackupLine>(
      `${LINES} WHERE ? OR item.state IN ('stored', 'unknown', 'sending', 'refused') ORDER BY item.changed_at DESC, item.item_id`,
      includeNeverSent ? 1 : 0,
    );
  }

  /** As {@link backupLines} with all of them, one at a time: a ledger need not fit in memory. */
  eachBackupLine(): IterableIterator<BackupLine> {
    // Where the table lacks an item, nothing is left out for that: an auditor would not see it.
    const lacks = this.#one<{ lacks: number }>('SELECT EXISTS (SELECT item_id FROM item EXCEPT SELECT item_id FROM backup_line) AS lacks');
    const sql = lacks?.lacks === 0 ? LINES_IN_ORDER : `${LINES} ORDER BY item.changed_at DESC, item.item_id`;
    return this.#ledger.database.prepare<[], BackupLine>(sql).iterate();
  }

  /** Some of the lines that fit, newest first, and where it is asked how many fit altogether. */
  backupPage(wish: PageWish): { lines: BackupLine[]; total: number | null } {
    const { where, values } = conditionOf(wish);
    const places = this.#all<Place>(
      `SELECT changed_at, item_id FROM backup_line WHERE ${where} ORDER BY changed_at DESC, item_id LIMIT :limit OFFSET :offset`,
      { ...values, limit: wish.limit, offset: wish.offset },
    );
    const lines = this.#all<BackupLine>(
      `${LINES} WHERE item.item_id IN (SELECT value FROM json_each(?)) ORDER BY item.changed_at DESC, item.item_id`,
      JSON.stringify(places.map((place) => place.item_id)),
    );
    return { lines, total: wish.total ? this.#totalOf(wish, places) : null };
  }

  /** How many lines fit, those of the page among them: a search goes on where the page ends, so that it reads every line once. */
  #totalOf(wish: PageWish, places: readonly Place[]): number {
    const { where, values } = conditionOf(wish);
    const last = places.at(-1);
    if (last === undefined ? wish.offset === 0 : places.length < wish.limit) return wish.offset + places.length;
    const isSearch = 'like' in values;
    const rest = last !== undefined && isSearch ? `${AFTER} AND ${where}` : where;
    const count =
      this.#one<{ total: number }>(`SELECT count(*) AS total FROM backup_line WHERE ${rest}`, { ...values, ...last })?.total ?? 0;
    return last !== undefined && isSearch ? wish.offset + places.length + count : count;
  }

  /** How many lines each filter has, of how many wallets, and the oldest conclusive check of what is stored, by environment. */
  backupCounts(dueBefore: DueBefore): BackupCounts {
    const rows = this.#all<Record<BackupFilter, number> & { environment: string; oldest: string | null }>(
      `SELECT environment, count(*) AS "all", sum(state = 'unknown') AS settle, coalesce(sum(last_check = 'invalid'), 0) AS invalid,
              sum(kept = 'COLD') AS cold, sum(${DUE}) AS due, min(CASE state WHEN 'stored' THEN checked_at END) AS oldest
       FROM backup_line GROUP BY environment`,
      dueBefore,
    );
    const filters = BACKUP_FILTERS.map((one): [string, number] => [one, rows.reduce((sum, row) => sum + row[one], 0)]);
    return {
      filters: Object.fromEntries(filters) as Record<BackupFilter, number>,
      wallets: this.#one<{ wallets: number }>('SELECT count(DISTINCT wallet) AS wallets FROM backup_line')?.wallets ?? 0,
      oldest: rows.flatMap(({ environment, oldest }) => (oldest === null ? [] : [{ environment, checked_at: oldest }])),
    };
  }

  /** What became of an item, from the rows that say so: its documents, its backup's checks, and its key's assignment. Oldest first. */
  itemHistory(item: ItemRow): { at: string; what: string; detail: string; event_seq: number }[] {
    return this.#all(
      `SELECT event_seq, json_extract(event.bytes, '$.at') AS at, what, detail FROM (
         SELECT min(event_seq) AS event_seq, 'key-assigned' AS what, '' AS detail FROM document WHERE kind = 'keypack' AND subject = :key_id
         UNION ALL SELECT event_seq, 'sealed', '' FROM document WHERE document_id = :document_id
         UNION ALL SELECT event_seq, 'receipt', '' FROM document WHERE document_id = :receipt_id
         UNION ALL SELECT event_seq, 'backup-checked', result FROM verification
           WHERE kind = 'backup' AND id = (SELECT backup_id FROM backup WHERE item_id = :item_id)
         UNION ALL SELECT event_seq, 'key-checked', result FROM verification WHERE kind = 'key' AND id = :key_id
       ) JOIN event ON event.seq = event_seq ORDER BY event_seq`,
      { key_id: item.key_id, document_id: item.document_id, receipt_id: item.receipt_id, item_id: item.item_id },
    );
  }

  pairings(): PairingRow[] {
    return this.#all('SELECT * FROM pairing ORDER BY name, station_id');
  }

  pairing(stationId: string): PairingRow | null {
    return this.#one('SELECT * FROM pairing WHERE station_id = ?', stationId);
  }

  /** What a live network means to this station: `warn` unless a person has said `stop`. */
  networkPolicy(): NetworkPolicy {
    return this.#one<{ policy: NetworkPolicy }>('SELECT policy FROM network_policy')?.policy ?? 'warn';
  }

  /** The policy that was set last; null where none ever was. Its network gate may have been set anew since: {@link networkPolicy}. */
  policy(): PolicyRow | null {
    return this.#one('SELECT * FROM policy');
  }

  /** This station's newest document of a kind without a subject, such as its card. */
  newestWritten(kind: DocumentKind): DocumentRow | null {
    return this.#one("SELECT * FROM document WHERE kind = ? AND direction = 'written' ORDER BY event_seq DESC LIMIT 1", kind);
  }

  ceremony(id: string): CeremonyRow | null {
    return this.#one('SELECT * FROM ceremony WHERE ceremony_id = ?', id);
  }

  /** Newest first. */
  ceremonies(): CeremonyRow[] {
    return this.#all('SELECT * FROM ceremony ORDER BY number DESC');
  }

  /** The ceremonies that have a plan, with its digest and the wallets of it that each is for, as JSON. Plans themselves stay where they are. */
  plannedCeremonies(): PlannedCeremonyRow[] {
    return this.#all(
      `SELECT ceremony.*, json_extract(fact.value, '$.sha256') AS plan_sha256, json_extract(fact.value, '$.wallets') AS wallets
       FROM ceremony JOIN ceremony_fact AS fact ON fact.ceremony_id = ceremony.ceremony_id AND fact.name = 'plan' ORDER BY number`,
    );
  }

  ceremonyFacts(id: string): CeremonyFactRow[] {
    return this.#all('SELECT name, step, value, at FROM ceremony_fact WHERE ceremony_id = ? ORDER BY event_seq', id);
  }

  signOffs(id: string): SignOffRow[] {
    return this.#all(
      'SELECT step, role, initials, evidence_sha256, at FROM ceremony_sign_off WHERE ceremony_id = ? ORDER BY event_seq',
      id,
    );
  }

  exceptions(id: string): ExceptionRow[] {
    return this.#all('SELECT event_seq, step, text, initials, at FROM ceremony_exception WHERE ceremony_id = ? ORDER BY event_seq', id);
  }
}
