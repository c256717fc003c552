import { canonicalJson, sha256 } from '../values/index.ts';
import { reportBodySchema, type ReportBody } from './report.ts';

const hex = (text: string): string => sha256(`fixture ${text}`);
const id = (text: string): string => hex(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
const at = (minute: number, second = 0): string => new Date(Date.UTC(2026, 8, 17, 9, minute, second, 418)).toISOString();

const RULES = {
  people: { administrator: 1, witness: 1 },
  same_person_may_sign_twice: false,
  all_witnesses: ['words', 'store', 'close'],
  network_gate: 'stop',
  passphrase_words: 8,
  file_names_may_be_sent: false,
};

type Step = ReportBody['steps'][number];
type Check = Step['checks'][number];
type Fact = Step['facts'][number];

const check = (what: string, basis: string, result: Check['result'] = 'passed'): Check => ({ id: 'check', result, what, rests_on: basis });
const fact = (name: string, value: string, kind: Fact['kind'] = 'text'): Fact => ({ name, value, kind });

const STEPS: readonly [id: string, title: string, checks: Check[], facts: Fact[]][] = [
  [
    'people',
    'People and room',
    [
      check('an administrator and a witness, two different people', '4 people'),
      check('this machine’s clock against the witness’s', 'within 90 seconds'),
    ],
    [
      fact('administrator', 'Jana Dvořáková (JD)'),
      fact('witness', 'Nguyễn Thị Hương (NH)'),
      fact('place', 'Vault room 2, Náměstí Republiky 7, Prague'),
      fact('witness-clock', '09:01 UTC'),
    ],
  ],
  [
    'self-test',
    'Station self-test',
    [
      check('OAEP with SHA-256 and MGF1-SHA-256, in two implementations', 'in this process'),
      check('a CMS envelope opens to what went in', 'in this process'),
      check('the ledger’s chain is whole', '812 events'),
      check('the keychain gives this station’s keys', 'of the operating system'),
    ],
    [fact('self-test', '21 of 21 checks passed')],
  ],
  [
    'sign-in',
    'Environment and sign-in',
    [
      check('the environment’s name was typed', 'api.coincover.com'),
      check('an API key for these hosts is in the keychain', 'never shown again'),
      check('the enclave’s signing key was compared word by word', 'against CoinCover’s card'),
      check('your account with CoinCover is not confirmed yet', 'the first key will name it', 'amber'),
    ],
    [fact('environment', 'production'), fact('host', 'api.coincover.com'), fact('signer', hex('signer'), 'hex')],
  ],
  [
    'wallet',
    'HOT or COLD',
    [check('COLD was chosen and typed', 'held against the paper order')],
    [
      fact('wallet', 'treasury-btc-cold-1'),
      fact('kept', 'COLD, as asked for'),
      fact('organisation', 'Ξένιος Treasury A.E., Long-term reserve'),
    ],
  ],
  [
    'assign',
    'Assign a key and check it',
    [
      check('signed by the enclave whose key was compared', 'ES256 over the raw answer'),
      check('bound to what was asked for', 'user identifier, package and key'),
      check('the fingerprint was read aloud and matched', 'words 7 and 23'),
    ],
    [fact('key-id', id('key'), 'id'), fact('key-fingerprint', hex('key'), 'hex')],
  ],
  [
    'secrets',
    'Choose the secrets',
    [check('every file can be read and has a mode that holds it', '3 files, 9,734 bytes')],
    [
      fact('file', 'wallet-1.seed, 215 bytes'),
      fact('file', 'wallet-2.seed, 215 bytes'),
      fact('file', 'Объём хранения 2026 — экспорт.pem, 9304 bytes'),
    ],
  ],
  [
    'seal',
    'Seal',
    [
      check('every file is sealed for the assigned key', '3 of 3'),
      check('sealed in the mode direct', '2 files'),
      check('sealed in the mode envelope', '1 file'),
    ],
    [fact('ciphertexts', hex('ciphertexts'), 'hex')],
  ],
  [
    'store',
    'Store with CoinCover',
    [check('CoinCover gave a backup ID for every item', '3 of 3'), check('CoinCover decrypted what was sealed', 'the checksum matches')],
    [fact('backup', id('backup 0'), 'id'), fact('backup', id('backup 1'), 'id'), fact('backup', id('backup 2'), 'id')],
  ],
  [
    'verify',
    'Verify key and backup',
    [check('CoinCover holds the key', 'held offline, cannot be checked', 'amber'), check('CoinCover holds every backup', 'valid')],
    [fact('key-check', 'held offline, cannot be checked'), fact('backup-check', 'valid')],
  ],
  [
    'checklist',
    'Production checklist',
    [
      check('Our account manager confirmed the host name', 'yes'),
      check('It is settled in writing who may ask for a recovery', 'no', 'amber'),
    ],
    [fact('open-points', 'Who may recover is settled')],
  ],
  ['close', 'Close', [check('everything above is signed', '10 of 10 steps')], [fact('ledger-head', hex('row 872'), 'hex')]],
];

const NAMES = ['wallet-1.seed', 'wallet-2.seed', 'Объём хранения 2026 — экспорт.pem'];

/** A report as a real ceremony leaves one; `change` replaces members. Valid by its schema. */
export function reportFixture(change: Partial<ReportBody> = {}): ReportBody {
  const rows = Array.from({ length: 61 }, (_, index) => {
    const seq = 812 + index;
    const whole = index % 9 !== 4;
    const bytes = whole
      ? canonicalJson({ v: 1, seq, at: at(index), type: 'fixture', data: {}, prev: hex(`row ${(seq - 1).toString()}`) })
      : null;
    return {
      seq,
      prev: hex(`row ${(seq - 1).toString()}`),
      sha256: hex(`row ${seq.toString()}`),
      bytes,
      mac: whole ? hex(`mac ${seq.toString()}`) : null,
    };
  });
  return reportBodySchema.parse({
    coldroom: 'report/1',
    station: {
      id: hex('station'),
      name: 'Prague vault',
      role: 'single',
      public_key: Buffer.from(hex('public key'), 'hex').toString('base64'),
    },
    software: { version: '0.1.0', sha256: hex('software') },
    ceremony: {
      id: id('ceremony'),
      number: 12,
      script: 'single-station backup',
      environment: 'production',
      host: 'api.coincover.com',
      state: 'closed',
      reason: null,
      begun_at: at(0),
      ended_at: at(57, 12),
      place: 'Vault room 2, Náměstí Republiky 7, Prague',
      clock_offset_seconds: -14,
    },
    plan: null,
    policy: { sha256: sha256(canonicalJson(RULES)), rules: RULES },
    people: [
      { name: 'Jana Dvořáková', initials: 'JD', role: 'administrator' },
      { name: 'Ιωάννης Παπαδόπουλος', initials: 'ΙΠ', role: 'operator' },
      { name: 'Nguyễn Thị Hương', initials: 'NH', role: 'witness' },
      { name: 'Елена Ковалёва', initials: 'ЕК', role: 'auditor' },
    ],
    steps: STEPS.map(([stepId, title, checks, facts], index) => ({
      number: index + 1,
      id: stepId,
      title,
      checks,
      facts,
      evidence_sha256: hex(`evidence ${stepId}`),
      signed: [
        { role: 'administrator', initials: 'JD', name: 'Jana Dvořáková', at: at(3 + index * 5, 7) },
        { role: 'witness', initials: 'NH', name: 'Nguyễn Thị Hương', at: at(3 + index * 5, 41) },
      ],
    })),
    exceptions: [
      {
        at: at(24),
        step: 'secrets',
        text: 'The lamp over the table failed. The room was searched, the lamp replaced, and the step begun again from its first line.',
        initials: 'JD',
      },
      {
        at: at(31, 5),
        step: 'seal',
        text: 'Paused: fire drill in the neighbouring building. Resumed nine minutes later with the same four people.',
        initials: 'NH',
      },
    ],
    keys: [{ key_id: id('key'), user_identifier: 'treasury-btc-cold-1', key_environment: 'COLD', fingerprint: hex('key') }],
    signers: [hex('signer')],
    items: NAMES.map((name, index) => ({
      item_id: id(`item ${index.toString()}`),
      name,
      key_id: id('key'),
      mode: index === 2 ? 'envelope' : 'direct',
      size_bytes: index === 2 ? 9304 : 215,
      ciphertext_sha256: hex(`ciphertext ${index.toString()}`),
      state: 'stored',
      backup_id: id(`backup ${index.toString()}`),
      last_check: 'valid',
    })),
    ledger: {
      ledger_id: id('ledger'),
      rows,
      head: { seq: 872, head: hex('row 872'), signature: Buffer.from(hex('s1') + hex('s2'), 'hex').toString('base64') },
    },
    ...change,
  });
}
