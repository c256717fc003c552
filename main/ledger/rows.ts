import type {
  AnchorState,
  AssignmentState,
  CeremonyEnd,
  CheckResult,
  DocumentKind,
  ItemState,
  KeychainKind,
  PairingState,
  Role,
  SignRole,
} from './events.ts';

/*
 * What the ledger's tables hold, row by row, as SQLite's STRICT tables give it back. Times are ISO 8601 in UTC, digests lowercase hex.
 */

export type StationRow = { station_id: string; name: string; role: Role; keychain: KeychainKind; public_key: string; made_at: string };
export type EnvironmentRow = {
  name: string;
  api: string;
  jwks: string;
  proxy: string | null;
  ca_pem: string | null;
  drill_days: number;
  limit_bytes: number;
  environment_id: string;
  set_at: string;
};
export type AnchorRow = { environment: string; fingerprint: string; state: AnchorState; jwk: string; changed_at: string };
export type AccountRow = { environment: string; account_id: string; confirmed_at: string };
export type AssignmentRow = {
  assignment_id: string;
  environment: string;
  environment_id: string;
  account: string;
  user_identifier: string;
  key_environment: string;
  request: string;
  jwks: string;
  jwks_fetched_at: string;
  state: AssignmentState;
  reason: string | null;
  /** `answer`, or what became of the request otherwise; null while nothing came. */
  answer_outcome: string | null;
  answer_status: number | null;
  answer_base64: string | null;
  key_id: string | null;
  changed_at: string;
};
export type AssignedKeyRow = {
  key_id: string;
  environment: string;
  environment_id: string;
  account: string;
  user_identifier: string;
  key_environment: string;
  public_key: string;
  fingerprint: string;
  document_id: string;
};
export type DocumentRow = {
  document_id: string;
  kind: DocumentKind;
  direction: 'written' | 'imported';
  signer: string;
  subject: string | null;
  writer_seq: number;
  sha256: string;
  signed_sha256: string;
  event_seq: number;
};
export type ItemRow = {
  item_id: string;
  environment: string;
  environment_id: string;
  key_id: string;
  mode: string;
  size_bytes: number;
  ciphertext_sha256: string;
  checksum: string | null;
  name: string;
  document_id: string;
  state: ItemState;
  reason: string | null;
  /** `answer`, or what became of the request otherwise; null while nothing came. */
  answer_outcome: string | null;
  answer_status: number | null;
  answer_base64: string | null;
  changed_at: string;
  receipt_id: string | null;
};
/** What {@link PlannedFacts} are kept as. */
export type PlannedRow = {
  plan: string;
  place: string;
  name: string;
  kind: string;
  identifier_type: string | null;
  identifier_path: string | null;
  identifier_value: string | null;
  bip39_passphrase: number;
  departures: string;
};
export type BackupRow = {
  backup_id: string;
  item_id: string;
  backup_type: string;
  data_size: number | null;
  returned_checksum: string | null;
  stored_at: string;
  basis: 'answer' | 'claim' | 'receipt';
};
export type VerificationRow = {
  event_seq: number;
  kind: 'key' | 'backup';
  id: string;
  result: CheckResult;
  message: string | null;
  status: number | null;
  at: string;
};

export type PairingRow = {
  station_id: string;
  name: string;
  role: Role;
  public_key: string;
  state: PairingState;
  succeeds: string | null;
  changed_at: string;
};

export type CeremonyRow = {
  ceremony_id: string;
  number: number;
  script: string;
  environment: string;
  state: 'open' | CeremonyEnd;
  reason: string | null;
  begun_at: string;
  ended_at: string | null;
};
/** `rules` is RFC 8785 JSON, as the policy's file had it. */
export type PolicyRow = { sha256: string; rules: string; administrator: string; set_at: string };
/** `value` is RFC 8785 JSON. */
export type PlannedCeremonyRow = CeremonyRow & { plan_sha256: string; wallets: string };

export type CeremonyFactRow = { name: string; step: string; value: string; at: string };
export type SignOffRow = { step: string; role: SignRole; initials: string; evidence_sha256: string; at: string };
export type ExceptionRow = { event_seq: number; step: string; text: string; initials: string | null; at: string };

/** A line of the Backups table: an item with what CoinCover is known to hold of it and its last check. */
export type BackupLine = {
  item_id: string;
  backup_id: string | null;
  key_id: string;
  environment: string;
  state: ItemState;
  name: string;
  stored_at: string | null;
  last_check: CheckResult | null;
  last_checked_at: string | null;
  /** The `user_identifier` that the key was assigned for. */
  wallet: string;
  key_environment: string;
  /** The last check of the backup that said yes or no. */
  last_conclusive_at: string | null;
  reason: string | null;
  changed_at: string;
  ciphertext_sha256: string;
  size_bytes: number;
  mode: string;
};
