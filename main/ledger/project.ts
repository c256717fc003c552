import type { Database } from 'better-sqlite3';
import { canonicalJson } from '../values/index.ts';
import { fillBackupLines } from './backup-lines.ts';
import type { EventRecord, KeptDocument, PlannedFacts } from './events.ts';
import { prepared } from './prepared.ts';

type Run = (sql: string, values: Record<string, unknown>) => void;

/**
 * Writes what one event says into the state tables. The only writer of state there is: appending and replaying both go
 * through it, so that the two cannot drift apart.
 */
export function projectEvent(database: Database, event: EventRecord): void {
  projectWithoutLines(database, event);
  refreshLine(database, event);
}

const LINE_OF_ITEM = fillBackupLines('item.item_id = ?');
const LINE_OF_BACKUP = fillBackupLines('item.item_id = (SELECT item_id FROM backup WHERE backup_id = ?)');

/** The Backups table's line of the item that the event was about. */
function refreshLine(database: Database, event: EventRecord): void {
  switch (event.type) {
    case 'item-sealed':
    case 'item-imported':
      prepared(database, LINE_OF_ITEM).run(event.data.item.item_id);
      return;
    case 'store-begun':
    case 'store-answered':
    case 'store-ended':
    case 'item-stored':
      prepared(database, LINE_OF_ITEM).run(event.data.item_id);
      return;
    case 'verified':
      if (event.data.kind === 'backup') prepared(database, LINE_OF_BACKUP).run(event.data.id);
      return;
    default:
      return; // it is about no item, or about nothing that a line shows
  }
}

/** As {@link projectEvent} but for the lines of the Backups table: a replay makes all of them at its end, from the other tables. */
export function projectWithoutLines(database: Database, event: EventRecord): void {
  const run: Run = (sql, values) => {
    prepared(database, sql).run({ at: event.at, seq: event.seq, ...values });
  };
  switch (event.type) {
    case 'station-made':
      run('INSERT INTO station VALUES (:station_id, :name, :role, :keychain, :public_key, :at)', event.data);
      return;
    case 'environment-set':
      if (event.data.unpins) {
        // A revocation is for good: it outlives a change of hosts.
        run("DELETE FROM anchor WHERE environment = :name AND state <> 'revoked'", { name: event.data.name });
        run('DELETE FROM account WHERE environment = :name', { name: event.data.name });
      }
      run(
        `INSERT OR REPLACE INTO environment VALUES
         (:name, :api, :jwks, :proxy, :ca_pem, :drill_days, :limit_bytes, :environment_id, :at)`,
        { ...event.data, unpins: null },
      );
      return;
    case 'anchor-confirmed':
      run("INSERT OR REPLACE INTO anchor VALUES (:environment, :fingerprint, 'active', :jwk, :at)", event.data);
      return;
    case 'anchor-retired':
    case 'anchor-revoked':
      run('UPDATE anchor SET state = :state, changed_at = :at WHERE environment = :environment AND fingerprint = :fingerprint', {
        ...event.data,
        state: event.type === 'anchor-retired' ? 'retired' : 'revoked',
      });
      return;
    case 'account-confirmed':
      run('INSERT OR REPLACE INTO account VALUES (:environment, :account_id, :at)', event.data);
      return;
    case 'assignment-begun':
      run(
        `INSERT INTO assignment VALUES (:assignment_id, :environment, :environment_id, :account, :user_identifier,
         :key_environment, :request, :jwks, :jwks_fetched_at, 'sending', NULL, NULL, NULL, NULL, NULL, :at)`,
        event.data,
      );
      return;
    case 'assignment-answered':
      run(
        'UPDATE assignment SET answer_outcome = :outcome, answer_status = :status, answer_base64 = :body_base64, changed_at = :at WHERE assignment_id = :assignment_id',
        event.data,
      );
      return;
    case 'assignment-jwks-refetched':
      run(
        'UPDATE assignment SET jwks = :jwks, jwks_fetched_at = :jwks_fetched_at, changed_at = :at WHERE assignment_id = :assignment_id',
        event.data,
      );
      return;
    case 'assignment-ended':
      run('UPDATE assignment SET state = :state, reason = :reason, changed_at = :at WHERE assignment_id = :assignment_id', event.data);
      return;
    case 'key-pack-written':
    case 'key-pack-imported':
      keepDocument(run, event.data.document);
      run(
        `INSERT INTO assigned_key VALUES (:key_id, :environment, :environment_id, :account, :user_identifier, :key_environment,
         :public_key, :fingerprint, :document_id)
         ON CONFLICT (key_id) DO UPDATE SET document_id = excluded.document_id`,
        { ...event.data.key, document_id: event.data.document.document_id },
      );
      run(
        "UPDATE assignment SET state = 'assigned', reason = NULL, key_id = :key_id, changed_at = :at WHERE assignment_id = :assignment_id",
        { assignment_id: event.data.assignment_id, key_id: event.data.key.key_id },
      );
      return;
    case 'item-sealed':
    case 'item-imported':
      keepDocument(run, event.data.document);
      run(
        `INSERT INTO item VALUES (:item_id, :environment, :environment_id, :key_id, :mode, :size_bytes, :ciphertext_sha256,
         :checksum, :name, :document_id, :state, NULL, NULL, NULL, NULL, :at, NULL)`,
        { ...event.data.item, state: event.data.state, document_id: event.data.document.document_id },
      );
      if (event.data.planned !== undefined) keepPlanned(run, event.data.item.item_id, event.data.planned);
      return;
    case 'store-begun':
      run(
        "UPDATE item SET state = 'sending', reason = NULL, answer_outcome = NULL, answer_status = NULL, answer_base64 = NULL, changed_at = :at WHERE item_id = :item_id",
        { item_id: event.data.item_id },
      );
      return;
    case 'store-answered':
      run(
        'UPDATE item SET answer_outcome = :outcome, answer_status = :status, answer_base64 = :body_base64, changed_at = :at WHERE item_id = :item_id',
        event.data,
      );
      return;
    case 'store-ended':
      run('UPDATE item SET state = :state, reason = :reason, changed_at = :at WHERE item_id = :item_id', event.data);
      return;
    case 'item-stored':
      run("UPDATE item SET state = 'stored', reason = NULL, changed_at = :at WHERE item_id = :item_id", { item_id: event.data.item_id });
      run('INSERT INTO backup VALUES (:backup_id, :item_id, :backup_type, :data_size, :returned_checksum, :stored_at, :basis)', event.data);
      return;
    case 'verified':
      run('INSERT INTO verification VALUES (:seq, :kind, :id, :check, :message, :status, coalesce(:checked_at, :at))', event.data);
      return;
    case 'receipt-written':
    case 'receipt-imported':
      keepDocument(run, event.data.document);
      run('UPDATE item SET receipt_id = :document_id WHERE item_id = :item_id', {
        item_id: event.data.item_id,
        document_id: event.data.document.document_id,
      });
      return;
    case 'ceremony-begun':
      run("INSERT INTO ceremony VALUES (:ceremony_id, :number, :script, :environment, 'open', NULL, :at, NULL)", event.data);
      return;
    case 'ceremony-fact':
      run('INSERT OR REPLACE INTO ceremony_fact VALUES (:ceremony_id, :name, :step, :json, :at, :seq)', {
        ceremony_id: event.data.ceremony_id,
        name: event.data.name,
        step: event.data.step,
        json: canonicalJson(event.data.value),
      });
      return;
    case 'ceremony-signed':
      run(
        'INSERT OR REPLACE INTO ceremony_sign_off VALUES (:ceremony_id, :step, :role, :initials, :evidence_sha256, :at, :seq)',
        event.data,
      );
      return;
    case 'ceremony-exception':
      run('INSERT INTO ceremony_exception VALUES (:seq, :ceremony_id, :step, :text, :initials, :at)', event.data);
      return;
    case 'ceremony-ended':
      run('UPDATE ceremony SET state = :state, reason = :reason, ended_at = :at WHERE ceremony_id = :ceremony_id', event.data);
      return;
    case 'station-paired': {
      const { document, succeeds, ...station } = event.data;
      keepDocument(run, document);
      const followed = succeeds === station.station_id;
      run('INSERT OR REPLACE INTO pairing VALUES (:station_id, :name, :role, :public_key, :state, :succeeds, :at)', {
        ...station,
        succeeds,
        state: followed ? 'followed' : 'paired',
      });
      if (succeeds !== null && !followed)
        run("UPDATE pairing SET state = 'succeeded', changed_at = :at WHERE station_id = :succeeds", { succeeds });
      return;
    }
    case 'station-unpaired':
      run("UPDATE pairing SET state = 'unpaired', changed_at = :at WHERE station_id = :station_id", event.data);
      return;
    case 'document-written':
    case 'document-imported':
      keepDocument(run, event.data.document);
      return;
    case 'network-policy-set':
      run('DELETE FROM network_policy', {});
      run('INSERT INTO network_policy VALUES (:policy, :at)', event.data);
      return;
    case 'policy-set':
      run('DELETE FROM policy', {});
      run('INSERT INTO policy VALUES (:sha256, :json, :administrator, :at)', {
        sha256: event.data.sha256,
        json: canonicalJson(event.data.rules),
        administrator: event.data.administrator,
      });
      // The gate alone can be set, too, and the later of the two counts: so both write the one place that says it.
      run('DELETE FROM network_policy', {});
      run('INSERT INTO network_policy VALUES (:policy, :at)', { policy: event.data.rules.network_gate });
      return;
    case 'token-set':
    case 'token-removed':
    case 'ceremony-evidence':
    case 'plan-approved':
    case 'refusal':
    case 'checkpoint':
    case 'rebuilt':
      return; // these change no state; the event itself is the record
  }
}

function keepPlanned(run: Run, itemId: string, { identifier, bip39_passphrase: passphrase, departures, ...planned }: PlannedFacts): void {
  run(
    `INSERT INTO item_planned VALUES (:item_id, :plan, :place, :name, :kind, :identifier_type, :identifier_path, :identifier_value,
     :bip39_passphrase, :departures)`,
    {
      ...planned,
      item_id: itemId,
      identifier_type: identifier?.type ?? null,
      identifier_path: identifier?.path ?? null,
      identifier_value: identifier?.value ?? null,
      bip39_passphrase: passphrase ? 1 : 0,
      departures: canonicalJson(departures),
    },
  );
}

function keepDocument(run: Run, document: KeptDocument): void {
  run(
    `INSERT INTO document VALUES (:document_id, :kind, :direction, :signer, :subject, :writer_seq, :sha256, :signed_sha256, :seq)`,
    // the text stays in the event: a named value that the statement does not use is passed over
    { ...document },
  );
}
