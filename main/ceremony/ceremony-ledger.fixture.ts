import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger, LedgerQueries, type CheckResult, type KeptDocument, type LedgerEvent } from '../ledger/index.ts';
import { canonicalJson, sha256 } from '../values/index.ts';
import type { FactName, FactValue } from './facts.ts';
import { judgeSteps } from './judge.ts';
import { DEFAULT_POLICY, policyDigest, type Policy } from './policy.ts';
import { SIGNING_ROLES } from './sign-off.ts';
import type { Attestation, JudgeContext, StepView } from './judgement.ts';
import type { StepId } from './script.ts';
import { readCeremony, type CeremonyState } from './state.ts';

const AT = '2026-11-24T10:00:00.000Z';
export const CEREMONY = '11111111-1111-4111-8111-111111111111';
const ASSIGNMENT = '22222222-2222-4222-8222-222222222222';
export const KEY_FINGERPRINT = 'c'.repeat(64);
const ENVIRONMENT_ID = 'e'.repeat(64);
const KEY_ID = '33333333-3333-4333-8333-333333333333';
const SIGNER = '5'.repeat(64);

export const PEOPLE: FactValue<'people'> = {
  people: [
    { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
    { name: 'Carl Dahl', initials: 'CD', role: 'witness' },
  ],
  place: 'the vault',
};

/** The facts of a ceremony in which everything went well, each valid alone. */
export const GOOD: { readonly [Name in FactName]: FactValue<Name> } = {
  policy: policyFact(),
  plan: planFact(),
  excepted: { exceptions: [] },
  people: PEOPLE,
  pins: { people: [] },
  'pin-proofs': { people: [] },
  clock: { witness_read: '10:00', machine_at: AT, offset_seconds: 0 },
  'self-test': {
    ok: true,
    count: 2,
    checks: ['key-form', 'oaep-mgf1'].map((id) => ({ id, what: id, result: 'passed', detail: null })),
    ledger_ok: true,
    ledger_events: 4,
    keychain: 'file',
    machine: null,
    at: AT,
  },
  environment: { name: 'rehearsal', environment_id: ENVIRONMENT_ID, host: '127.0.0.1:1234', at: AT },
  reopened: { locked_at: AT, by: 'AB', at: AT },
  paused: { reason: 'lunch', initials: 'AB', at: AT },
  signer: { fingerprint: SIGNER, positions: [1, 2], basis: 'practice', at: AT },
  wallet: {
    user_identifier: 'wallet-1',
    account: 'institution',
    customer_id: null,
    customer_name: null,
    package_id: null,
    package_name: null,
    key_environment: 'COLD',
    at: AT,
  },
  wallets: {
    wallets: [
      {
        user_identifier: 'wallet-1',
        account: 'institution',
        customer_id: null,
        customer_name: null,
        package_id: null,
        package_name: null,
        key_environment: 'COLD',
        assignment_id: ASSIGNMENT,
      },
    ],
    at: AT,
  },
  'keys-read': { keys: [{ key_id: KEY_ID, fingerprint: KEY_FINGERPRINT, positions: [3, 9], kept: 'COLD' }], at: AT },
  network: { gate: 'clear', policy: 'warn', reasons: [], override: null, at: AT },
  brought: { subjects: [KEY_ID], lists: [{ document_id: KEY_ID, listed: 1, missing: 0 }], unlisted: 0, refused: 0, at: AT },
  carried: { via: 'medium', documents: 2, list_sha256: KEY_FINGERPRINT, at: AT },
  assignment: { assignment_id: ASSIGNMENT },
  words: { fingerprint: KEY_FINGERPRINT, positions: [3, 9], at: AT },
  secrets: {
    files: [1, 2].map((n) => ({
      item_id: itemId(n),
      name: `share-${n.toString()}`,
      size_bytes: 40 + n,
      path: `/s/${n.toString()}`,
      key_id: null,
      made_up: false,
    })),
    at: AT,
  },
  inspected: { items: [], at: AT },
  passphrases: { ways: [], at: AT },
  sealing: { mode: 'auto', send_name: false, at: AT },
  storing: { at: AT },
  recovery: { items: [1, 2].map((n) => ({ item_id: itemId(n), same: true })), at: AT },
  checklist: {
    answers: ['host-confirmed', 'kept-as-ordered', 'other-copies', 'recovery-people', 'failures-rehearsed'].map((id) => ({
      id,
      yes: true,
    })),
    at: AT,
  },
  recovering: { items: [1, 2].map((n) => ({ item_id: itemId(n) })), key_id: KEY_ID, reason: 'a drill', at: AT },
  request: { fingerprint: 'AB'.repeat(20), type: 'curve25519', public_armored: '', at: AT },
  raised: { reference: 'case 12', played: false, at: AT },
  released: {
    packages: [
      { path: '/p/1', name: 'one.asc', what: 'private-key' },
      { path: '/p/2', name: 'two.asc', what: 'ciphertext' },
    ],
    key: { path: '/k' },
    held: [1, 2].map(itemId),
    others: 0,
    at: AT,
  },
  'released-tries': { wrong: 0, at: AT },
  'result-tries': { wrong: 0, at: AT },
  recovered: {
    items: [1, 2].map((n) => ({
      item_id: itemId(n),
      checksum: 'matches',
      name: `share-${n.toString()}`,
      size_bytes: 40 + n,
      same: null,
      controls: null,
    })),
    at: AT,
  },
  wiped: {
    answers: ['recovered-file-placed', 'pair-destroyed', 'packages-destroyed', 'key-replaced'].map((id) => ({ id, yes: true })),
    at: AT,
  },
};

/** The fact of a plan; what it says only operations read. */
function planFact(): FactValue<'plan'> {
  const plan = { plan: 1, title: 'a plan' };
  return { sha256: sha256(canonicalJson(plan)), plan, wallets: [0], approvals: [] };
}

/** The fact of a policy that differs from the default in these members. */
export function policyFact(change: Partial<Policy> = {}): FactValue<'policy'> {
  const rules = { ...DEFAULT_POLICY, ...change };
  return { sha256: policyDigest(rules), rules, administrator: null };
}

export function itemId(number: number): string {
  return `33333333-3333-4333-8333-00000000000${number.toString()}`;
}

export function backupId(number: number): string {
  return `44444444-4444-4444-8444-00000000000${number.toString()}`;
}

/** One ceremony in a real ledger, told event by event what the operations would tell it. */
export class CeremonyLedger {
  readonly folder = mkdtempSync(join(tmpdir(), 'ceremony-'));
  readonly ledger: Ledger;
  readonly queries: LedgerQueries;
  hasToken = true;
  attestation: Attestation | null = null;
  #documents = 0;

  constructor(script = 'rehearsal', environment = 'rehearsal') {
    this.ledger = Ledger.create(
      join(this.folder, 'ledger.sqlite'),
      { type: 'station-made', data: { station_id: 'a'.repeat(64), name: 'desk', role: 'single', keychain: 'file', public_key: '' } },
      { clock: { now: () => Date.parse(AT) }, macKey: Buffer.alloc(32, 7) },
    ).ledger;
    this.ledger.database.pragma('synchronous = OFF'); // thousands of events, and no test here cuts the power
    this.queries = new LedgerQueries(this.ledger);
    this.environment(environment);
    this.append({ type: 'ceremony-begun', data: { ceremony_id: CEREMONY, number: 1, script, environment } });
  }

  remove(): void {
    this.ledger.close();
    rmSync(this.folder, { recursive: true });
  }

  append(event: LedgerEvent): void {
    this.ledger.append(event);
  }

  environment(name: string, id = ENVIRONMENT_ID, unpins = false): void {
    const api = name === 'rehearsal' ? 'http://127.0.0.1:1234' : 'https://api.example.com';
    const data = {
      name,
      api,
      jwks: `${api}/jwks`,
      proxy: null,
      ca_pem: null,
      drill_days: 30,
      limit_bytes: 10_485_760,
      environment_id: id,
      unpins,
    };
    this.append({ type: 'environment-set', data });
  }

  anchor(environment = 'rehearsal'): void {
    this.append({ type: 'anchor-confirmed', data: { environment, fingerprint: SIGNER, jwk: '{}' } });
  }

  revoke(environment = 'rehearsal'): void {
    this.append({ type: 'anchor-revoked', data: { environment, fingerprint: SIGNER } });
  }

  /** Notes facts as they are in a ceremony that goes well, or one with a value of its own; null takes it back. */
  note(...names: FactName[]): void {
    for (const name of names) this.fact(name, GOOD[name]);
  }

  fact<Name extends FactName>(name: Name, value: FactValue<Name> | null): void {
    this.append({ type: 'ceremony-fact', data: { ceremony_id: CEREMONY, step: 'any', name, value: value } });
  }

  assignmentBegun(): void {
    this.append({
      type: 'assignment-begun',
      data: {
        assignment_id: ASSIGNMENT,
        environment: 'rehearsal',
        environment_id: ENVIRONMENT_ID,
        account: 'institution',
        user_identifier: 'wallet-1',
        key_environment: 'COLD',
        request: '{}',
        jwks: '{}',
        jwks_fetched_at: AT,
      },
    });
  }

  assigned(): void {
    this.append({
      type: 'key-pack-written',
      data: {
        assignment_id: ASSIGNMENT,
        key: {
          key_id: 'key-1',
          environment: 'rehearsal',
          environment_id: ENVIRONMENT_ID,
          account: 'institution',
          user_identifier: 'wallet-1',
          key_environment: 'COLD',
          public_key: '00',
          fingerprint: KEY_FINGERPRINT,
        },
        document: this.#document('keypack'),
      },
    });
    this.attestation = { checks: [{ id: 'signature', result: 'passed', what: 'signed', rests_on: 'the enclave' }], problem: null };
  }

  sealed(number: number, how: { mode?: string; checksum?: string | null } = {}): void {
    const mode = how.mode ?? 'direct';
    this.append({
      type: 'item-sealed',
      data: {
        state: 'sealed',
        item: {
          item_id: itemId(number),
          environment: 'rehearsal',
          environment_id: ENVIRONMENT_ID,
          key_id: 'key-1',
          mode,
          size_bytes: 40 + number,
          ciphertext_sha256: number.toString().repeat(64),
          checksum: how.checksum === undefined ? 'd'.repeat(64) : how.checksum,
          name: `share-${number.toString()}`,
        },
        document: this.#document('sealed'),
      },
    });
  }

  sending(number: number): void {
    this.append({ type: 'store-begun', data: { item_id: itemId(number), resend_accepted: false } });
  }

  ended(number: number, state: 'refused' | 'not-sent' | 'unknown', reason: string): void {
    this.append({ type: 'store-ended', data: { item_id: itemId(number), state, reason } });
  }

  stored(number: number, returned: string | null = 'd'.repeat(64), basis: 'answer' | 'claim' = 'answer'): void {
    this.append({
      type: 'item-stored',
      data: {
        item_id: itemId(number),
        backup_id: backupId(number),
        backup_type: 'data',
        data_size: null,
        returned_checksum: returned,
        stored_at: AT,
        basis,
      },
    });
  }

  verified(kind: 'key' | 'backup', id: string, check: CheckResult): void {
    this.append({ type: 'verified', data: { kind, id, check, message: null, status: 200, checked_at: null } });
  }

  state(): CeremonyState {
    return readCeremony(this.queries, CEREMONY);
  }

  context(): JudgeContext {
    return {
      state: this.state(),
      queries: this.queries,
      hasToken: this.hasToken,
      plan: null,
      attestations: new Map(this.attestation === null ? [] : [['key-1', this.attestation]]),
    };
  }

  judge() {
    return judgeSteps(this.context());
  }

  /** What is lit now. */
  view(): StepView {
    const { view } = this.judge();
    if (view === null) throw new Error('no step is lit');
    return view;
  }

  /** What the lit step says, in short. */
  now(): { step: string; gate: string; problem: string | null } {
    const { step, gate, problem } = this.view();
    return { step, gate, problem };
  }

  /** What a check of the lit step came to, by its id. */
  resultOf(id: string): string | undefined {
    return this.view().evidence.checks.find((one) => one.id === id)?.result;
  }

  /** A fact of the lit step as it is shown, by its name. */
  factOf(name: string) {
    return this.view().evidence.facts.find((one) => one.name === name)?.value;
  }

  /** The initials of everybody who signs, under the step that is lit. */
  sign(): void {
    const { step, evidenceSha256 } = this.view();
    for (const { role, initials } of (this.state().facts.people ?? PEOPLE).people) {
      const signing = SIGNING_ROLES.find((one) => one === role);
      if (signing === undefined) continue;
      this.append({
        type: 'ceremony-signed',
        data: { ceremony_id: CEREMONY, step, role: signing, initials, evidence_sha256: evidenceSha256 },
      });
    }
  }

  end(state: 'closed' | 'escalated'): void {
    this.append({ type: 'ceremony-ended', data: { ceremony_id: CEREMONY, state, reason: state === 'closed' ? null : 'stop' } });
  }

  /** The status of every step, by its id. */
  statuses(): Partial<Record<StepId, string>> {
    return Object.fromEntries(this.judge().steps.map((one) => [one.id, one.status]));
  }

  #document(kind: 'keypack' | 'sealed'): KeptDocument {
    this.#documents += 1;
    const digest = this.#documents.toString(16).padStart(64, '0');
    return {
      document_id: `document-${this.#documents.toString()}`,
      kind,
      direction: 'written',
      signer: 'a'.repeat(64),
      subject: null,
      writer_seq: this.#documents,
      sha256: digest,
      signed_sha256: digest,
      text: '{}',
    };
  }
}

/** How each step comes to be ready, in the order of the rehearsal's script. */
export const READY: readonly { step: StepId; make: (room: CeremonyLedger) => void }[] = [
  {
    step: 'people',
    make: (room) => {
      room.note('people', 'clock');
    },
  },
  {
    step: 'self-test',
    make: (room) => {
      room.note('self-test');
    },
  },
  {
    step: 'sign-in',
    make: (room) => {
      room.anchor();
      room.note('environment', 'signer');
    },
  },
  {
    step: 'wallet',
    make: (room) => {
      room.note('wallet');
    },
  },
  {
    step: 'assign',
    make: (room) => {
      room.note('assignment');
      room.assignmentBegun();
      room.assigned();
      room.note('words');
    },
  },
  {
    step: 'secrets',
    make: (room) => {
      room.note('secrets');
    },
  },
  {
    step: 'seal',
    make: (room) => {
      room.sealed(1);
      room.sealed(2);
      room.note('sealing');
    },
  },
  {
    step: 'store',
    make: (room) => {
      for (const n of [1, 2]) {
        room.sending(n);
        room.stored(n);
      }
      room.note('storing');
    },
  },
  {
    step: 'verify',
    make: (room) => {
      room.verified('key', 'key-1', 'valid');
      for (const n of [1, 2]) room.verified('backup', backupId(n), 'valid');
    },
  },
  {
    step: 'recover',
    make: (room) => {
      room.note('recovery');
    },
  },
  {
    step: 'checklist',
    make: (room) => {
      room.note('checklist');
    },
  },
  { step: 'close', make: () => undefined },
];

/** Goes through the rehearsal up to a step, which is lit and not made ready yet. */
export function walkTo(room: CeremonyLedger, step: StepId): void {
  for (const one of READY) {
    if (one.step === step) return;
    one.make(room);
    room.sign();
  }
}
