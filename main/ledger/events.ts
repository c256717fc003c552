import type { Json } from '../values/index.ts';

export type Role = 'single' | 'cold' | 'online';
export type KeychainKind = 'os' | 'file';
export type AnchorState = 'active' | 'retired' | 'revoked';
export type AssignmentState = 'sending' | 'assigned' | 'refused' | 'not-sent' | 'unknown' | 'quarantined';
export type ItemState = 'sealed' | 'sending' | 'stored' | 'refused' | 'not-sent' | 'unknown';
export type CheckResult = 'valid' | 'invalid' | 'not-checkable' | 'unknown';
export type SignRole = 'administrator' | 'witness';
export type CeremonyEnd = 'closed' | 'escalated' | 'aborted';
export type DocumentKind = 'keypack' | 'sealed' | 'receipt' | 'station' | 'carry';
/** `followed`: this station has taken the other's place. `succeeded`: another has, and nothing new comes from it. */
export type PairingState = 'paired' | 'unpaired' | 'succeeded' | 'followed';
export type NetworkPolicy = 'warn' | 'stop';
/** How a cold station's network looked right before it sealed. `reasons` are stable codes, empty where the gate is clear. */
export type NetworkSeen = { gate: 'clear' | 'warn' | 'stop'; policy: NetworkPolicy; reasons: string[] };

/** A document as it was written or came in: its exact text, and what the replay rules need of it. */
export type KeptDocument = {
  document_id: string;
  kind: DocumentKind;
  direction: 'written' | 'imported';
  signer: string;
  /** `key_id` of a key pack, `item_id`, the station's id of a card; null for a carry list. */
  subject: string | null;
  /** The writer's own `ledger_seq`, as the document says it. */
  writer_seq: number;
  sha256: string;
  /** SHA-256 of the document's signed bytes: what an answering document names in `answers`. */
  signed_sha256: string;
  text: string;
};

export type AssignedKeyFacts = {
  key_id: string;
  environment: string;
  environment_id: string;
  account: string;
  user_identifier: string;
  key_environment: string;
  public_key: string;
  fingerprint: string;
};

export type ItemFacts = {
  item_id: string;
  environment: string;
  environment_id: string;
  key_id: string;
  mode: string;
  size_bytes: number;
  ciphertext_sha256: string;
  checksum: string | null;
  name: string;
};

export type BackupFacts = {
  item_id: string;
  backup_id: string;
  backup_type: string;
  data_size: number | null;
  returned_checksum: string | null;
  stored_at: string;
};

/**
 * What the plan said of an item, and what was found in the very bytes that were sealed. `place` is the item's in the plan, `plan` the
 * plan's digest. `identifier` is that of the sealed secret, public by its nature and the one that the plan names, so that a recovery can
 * be held against it; null where none was planned. `departures` are codes that people went on with as an exception.
 */
export type PlannedFacts = {
  plan: string;
  place: string;
  name: string;
  kind: string;
  identifier: { type: string; path: string | null; value: string } | null;
  bip39_passphrase: boolean;
  departures: string[];
};

/** What came back over the wire, kept before anything judges it. The body in base64: an answer need not be text. */
export type RawAnswer = { status: number | null; body_base64: string | null; outcome: string };

/** Of a ceremony that runs by a plan: the plan's digest. The ledger adds it to every event after the plan was noted (main/ledger/ledger.ts). */
type ByPlan = { plan_sha256?: string };

/** The person's PIN was typed beside the initials, and was right. Left out where the policy asks for none. */
type WithPin = { pin?: true };

/**
 * Everything the ledger can be told. Each event holds the whole change, so that the state tables can be made again from
 * the events alone (`ledger check` does exactly that and compares).
 */
export type LedgerEvent =
  | { type: 'station-made'; data: { station_id: string; name: string; role: Role; keychain: KeychainKind; public_key: string } }
  | {
      type: 'environment-set';
      data: {
        name: string;
        api: string;
        jwks: string;
        proxy: string | null;
        ca_pem: string | null;
        drill_days: number;
        limit_bytes: number;
        environment_id: string;
        /** The hosts differ from those before: anchors and accounts of this environment are unpinned. */
        unpins: boolean;
      };
    }
  /** `succeeds`: the dead station whose place this one takes; the same id as `station_id` where it is this very station that takes it. */
  | {
      type: 'station-paired';
      data: { station_id: string; name: string; role: Role; public_key: string; succeeds: string | null; document: KeptDocument };
    }
  | { type: 'station-unpaired'; data: { station_id: string } }
  | { type: 'document-written' | 'document-imported'; data: { document: KeptDocument } }
  | { type: 'network-policy-set'; data: { policy: NetworkPolicy } }
  /** The rules of ceremonies begun from now on, as their file had them; `sha256` is of their RFC 8785 form. */
  | {
      type: 'policy-set';
      data: { sha256: string; rules: { network_gate: NetworkPolicy } & Readonly<Record<string, Json>>; administrator: string };
    }
  | { type: 'token-set' | 'token-removed'; data: { environment: string } }
  | { type: 'anchor-confirmed'; data: { environment: string; fingerprint: string; jwk: string } }
  | { type: 'anchor-retired' | 'anchor-revoked'; data: { environment: string; fingerprint: string } }
  | { type: 'account-confirmed'; data: { environment: string; account_id: string } }
  | {
      type: 'assignment-begun';
      data: {
        assignment_id: string;
        environment: string;
        environment_id: string;
        account: string;
        user_identifier: string;
        key_environment: string;
        request: string;
        jwks: string;
        jwks_fetched_at: string;
      };
    }
  | { type: 'assignment-answered'; data: { assignment_id: string } & RawAnswer }
  | { type: 'assignment-jwks-refetched'; data: { assignment_id: string; jwks: string; jwks_fetched_at: string } }
  | { type: 'assignment-ended'; data: { assignment_id: string; state: Exclude<AssignmentState, 'sending' | 'assigned'>; reason: string } }
  | {
      type: 'key-pack-written' | 'key-pack-imported';
      data: { assignment_id: string | null; key: AssignedKeyFacts; document: KeptDocument };
    }
  /**
   * `network`: at a cold station outside of a ceremony, which has a step for it; earlier versions wrote none. `planned`: where a plan
   * was sealed by.
   */
  | {
      type: 'item-sealed' | 'item-imported';
      data: { item: ItemFacts; document: KeptDocument; state: 'sealed' | 'unknown'; network?: NetworkSeen; planned?: PlannedFacts };
    }
  | { type: 'store-begun'; data: { item_id: string; resend_accepted: boolean } }
  | { type: 'store-answered'; data: { item_id: string } & RawAnswer }
  | { type: 'store-ended'; data: { item_id: string; state: 'refused' | 'not-sent' | 'unknown'; reason: string } }
  | { type: 'item-stored'; data: BackupFacts & { basis: 'answer' | 'claim' | 'receipt' } }
  | {
      type: 'verified';
      data: {
        kind: 'key' | 'backup';
        id: string;
        check: CheckResult;
        message: string | null;
        status: number | null;
        /** When it was checked, where that was before this event: from a receipt that rebuilds a ledger. */
        checked_at: string | null;
      };
    }
  | { type: 'receipt-written' | 'receipt-imported'; data: { item_id: string; document: KeptDocument } }
  | { type: 'ceremony-begun'; data: { ceremony_id: string; number: number; script: string; environment: string } }
  /** What a step came to know; a fact of the same name takes the place of the one before. */
  | { type: 'ceremony-fact'; data: { ceremony_id: string; step: string; name: string; value: Json } & ByPlan }
  /** What stood on screen when initials were put to it: `evidence_sha256` is the SHA-256 of `shown` in RFC 8785; `kinds` say how each fact is set. */
  | {
      type: 'ceremony-evidence';
      data: { ceremony_id: string; step: string; evidence_sha256: string; shown: Json; kinds: string[] } & ByPlan;
    }
  /** `evidence_sha256` is the digest of what was on screen; when that changes, the sign-off no longer counts. */
  | {
      type: 'ceremony-signed';
      data: { ceremony_id: string; step: string; role: SignRole; initials: string; evidence_sha256: string } & WithPin & ByPlan;
    }
  /** `initials` null: noted by Coldroom itself. */
  | { type: 'ceremony-exception'; data: { ceremony_id: string; step: string; text: string; initials: string | null } & WithPin & ByPlan }
  /** `summary` is what a report tells of keys, items and the program; ledgers of earlier versions have none. */
  | { type: 'ceremony-ended'; data: { ceremony_id: string; state: CeremonyEnd; reason: string | null; summary?: Json } & ByPlan }
  /** Initials were put to a plan before any ceremony by it: `sha256` is the plan's digest. Another plan has none. */
  | {
      type: 'plan-approved';
      data: {
        sha256: string;
        title: string;
        people: { name: string; role: 'administrator' | 'operator' | 'witness' | 'auditor'; initials: string }[];
      };
    }
  /** `document_sha256`: of the bytes that were read, where a Coldroom document was refused; refusals of earlier versions have none. */
  | { type: 'refusal'; data: { operation: string; code: string; subject: string | null; document_sha256?: string } }
  | { type: 'checkpoint'; data: { seq: number; head: string; signature: string } }
  | { type: 'rebuilt'; data: { documents: number } };

export type EventType = LedgerEvent['type'];

/** One row of the chain, as its RFC 8785 bytes say it. */
export type EventRecord = LedgerEvent & { v: 1; ledger_id: string; seq: number; at: string; prev: string };

/** An event's data as JSON; every member of the union above is one. */
export function eventData(event: LedgerEvent): Json {
  return event.data;
}
