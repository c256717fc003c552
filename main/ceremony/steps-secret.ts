import type { CheckResult, ItemRow, LedgerQueries } from '../ledger/index.ts';
import { canonicalJson, sha256 } from '../values/index.ts';
import type { EvidenceCheck, EvidenceFact } from './evidence.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, fact, open, settle, stopped, waits } from './judgement.ts';
import type { CeremonyState } from './state.ts';

/** More files than this are shown as a count and a digest of the list. */
const NAMED_FILES = 8;

/** The assignment, the enclave's signature over it, and its fingerprint read aloud. */
export function judgeAssign({ state, queries, attestations }: JudgeContext): StepJudgement {
  const id = state.facts.assignment?.assignment_id;
  const assignment = id === undefined ? null : queries.assignment(id);
  if (assignment === null) return waits();
  switch (assignment.state) {
    case 'sending':
    case 'unknown':
      return settle('assignment-unknown-outcome', [check('assigned', 'waits', 'a key was assigned', 'no trustworthy answer')]);
    case 'refused':
    case 'not-sent':
      return settle(assignment.reason ?? 'service-refused', [
        check('assigned', 'failed', 'a key was assigned', assignment.state === 'refused' ? 'CoinCover refused' : 'nothing was sent'),
      ]);
    case 'quarantined':
      return stopped(assignment.reason ?? 'signature-invalid', [
        check('signature', 'failed', 'the key is not trusted', 'its answer is kept in quarantine'),
      ]);
    case 'assigned':
      break;
  }
  const key = queries.assignedKey(assignment.key_id ?? '');
  const attestation = attestations.get(key?.key_id ?? '');
  if (key === null || attestation === undefined) return waits();
  const { words } = state.facts;
  const read = words?.fingerprint === key.fingerprint;
  const facts = [fact('key-id', key.key_id, 'id'), fact('key-fingerprint', key.fingerprint, 'hex')];
  if (attestation.problem !== null) return stopped(attestation.problem, attestation.checks, facts);
  const checks = [
    ...attestation.checks,
    check(
      'words',
      read ? 'passed' : 'waits',
      'the fingerprint was read aloud and matched',
      read ? `words ${words.positions.map(String).join(' and ')}` : '2 words to enter',
    ),
  ];
  return read ? open(checks, facts) : waits(checks, facts);
}

/** Which files, by name and size. What is in them nobody looks at here. */
export function judgeSecrets({ state, queries }: JudgeContext): StepJudgement {
  const files = state.facts.secrets?.files ?? [];
  if (files.length === 0) return waits();
  const bytes = files.reduce((sum, file) => sum + file.size_bytes, 0);
  const keys = state.facts['keys-read']?.keys ?? [];
  const unused = keys.filter((key) => !files.some((file) => file.key_id === key.key_id)).length;
  return open(
    [
      ...(keys.length === 0
        ? []
        : [
            check(
              'keys-used',
              unused === 0 ? 'passed' : 'amber',
              'every key that was brought has a file',
              unused === 0 ? count(keys.length, 'key') : `${count(unused, 'key')} without a file`,
            ),
          ]),
      check(
        'files',
        'passed',
        'every file can be read and has a mode that holds it',
        `${count(files.length, 'file')}, ${bytes.toString()} bytes`,
      ),
    ],
    fileFacts(files, queries),
  );
}

/** Every chosen file is a sealed item in the ledger. */
export function judgeSeal({ state, queries }: JudgeContext): StepJudgement {
  const several = state.facts['keys-read'] !== undefined;
  const { files, items, done } = itemsOf(itemsOfCeremony(state), queries);
  if (files.length === 0) return waits();
  const sealing = state.facts.sealing;
  const checks = [
    check(
      'sealed',
      done ? 'passed' : 'waits',
      'every file is sealed for the assigned key',
      `${items.length.toString()} of ${files.length.toString()}`,
    ),
    ...modes(items).map(([mode, number]) => check(`mode-${mode}`, 'passed', `sealed in the mode ${mode}`, count(number, 'file'))),
  ];
  const facts: EvidenceFact[] = items
    .slice(0, NAMED_FILES)
    .map((item) =>
      fact(
        'sealed-item',
        `${item.name}, ${item.size_bytes.toString()} bytes, ${item.mode}${several ? forWallet(item.key_id, queries) : ''}`,
      ),
    );
  facts.push(...passphraseFacts(state, items));
  if (sealing !== undefined) facts.push(fact('name-sent', sealing.send_name ? 'the file’s name is sent' : 'no name is sent'));
  facts.push(fact('ciphertexts', listDigest(items.map((item) => item.ciphertext_sha256)), 'hex'));
  if (several) facts.push(fact('keys-list', sha256(canonicalJson(items.map((item) => ({ item: item.item_id, key: item.key_id })))), 'hex'));
  return done && sealing !== undefined ? open(checks, facts) : waits(checks, items.length === 0 ? [] : facts);
}

/** Which way each passphrase came to be, never the passphrase: what initials say of it years later. */
function passphraseFacts({ facts }: CeremonyState, items: readonly ItemRow[]): EvidenceFact[] {
  const ways = facts.passphrases?.ways ?? [];
  const sealed = items.filter((item) => item.mode.includes('passphrase'));
  const numbers = ways.map((_, at) => sealed.filter((item) => ways.findLastIndex((way) => way.items.includes(item.item_id)) === at).length);
  const several = numbers.filter((number) => number > 0).length > 1;
  return ways.flatMap(({ parts }, at) => {
    const number = numbers[at] ?? 0;
    return number === 0 ? [] : [fact('passphrase', `${parts.map(partInWords).join('; ')}${several ? ` (${count(number, 'file')})` : ''}`)];
  });
}

type PassphrasePart = NonNullable<CeremonyState['facts']['passphrases']>['ways'][number]['parts'][number];

function partInWords({ how, words, by }: PassphrasePart, at: number): string {
  const made = how === 'own' ? 'made up by people' : `${(words ?? 0).toString()} words that Coldroom drew, typed back`;
  if (by === null) return made;
  return `${at === 0 ? 'first' : 'second'} half by ${by}: ${how === 'own' ? 'made up' : made}`;
}

/** Every sealed item is stored, with a backup_id. */
export function judgeStore({ state, queries }: JudgeContext): StepJudgement {
  const { files, items } = itemsOf(itemsOfCeremony(state), queries);
  if (files.length === 0 || items.length < files.length) return waits();
  const stored = items.filter((item) => item.state === 'stored');
  const checks = [
    check(
      'stored',
      stored.length === items.length ? 'passed' : 'waits',
      'CoinCover gave a backup ID for every item',
      `${stored.length.toString()} of ${items.length.toString()}`,
    ),
  ];
  const facts = stored.slice(0, NAMED_FILES).map((item) => fact('backup-id', queries.backupOfItem(item.item_id)?.backup_id ?? '', 'id'));
  const unknown = items.find((item) => item.state === 'unknown' || item.state === 'sending');
  if (unknown !== undefined) {
    return settle(unknown.reason === 'backup-id-known' ? 'backup-id-known' : 'outcome-unknown', checks, facts);
  }
  const refused = items.find((item) => item.state === 'refused' || item.state === 'not-sent');
  if (refused !== undefined) return settle(refused.reason ?? 'service-refused', checks, facts);
  if (stored.length < items.length) return waits(checks, facts);
  const wrong = items.some((item) => checksum(queries, item) === 'differs');
  const compared = items.some((item) => checksum(queries, item) === 'matches');
  const checksumCheck = wrong
    ? [check('checksum', 'failed', 'CoinCover decrypted what was sealed', 'another checksum came back')]
    : compared
      ? [check('checksum', 'passed', 'CoinCover decrypted what was sealed', 'the checksum matches')]
      : [check('checksum', 'amber', 'envelopes come back without a checksum', 'nothing to compare')];
  const all = [...checks, ...checksumCheck];
  return wrong ? stopped('checksum-differs', all, facts) : open(all, facts);
}

/** CoinCover's own word on key and backups: `false` stops, "held offline" is amber, no answer is unknown. */
export function judgeVerify({ state, queries }: JudgeContext): StepJudgement {
  const { items } = itemsOf(itemsOfCeremony(state), queries);
  if (items.length === 0) return waits();
  const key = worstOf([...new Set(items.map((item) => item.key_id))].map((id) => queries.lastVerification('key', id)?.result ?? 'unknown'));
  const backups = items.map((item) => {
    const id = queries.backupOfItem(item.item_id)?.backup_id ?? '';
    return queries.lastVerification('backup', id)?.result ?? 'unknown';
  });
  const worst = worstOf(backups);
  const checks = [
    check('key-valid', resultOf(key), 'CoinCover holds the key', wordsOf(key)),
    check(
      'backup-valid',
      resultOf(worst),
      backups.length === 1 ? 'CoinCover holds the backup' : 'CoinCover holds every backup',
      wordsOf(worst),
    ),
  ];
  const facts = [fact('key-check', wordsOf(key)), fact('backup-check', wordsOf(worst))];
  if (key === 'invalid') return stopped('key-invalid', checks, facts);
  if (worst === 'invalid') return stopped('backup-invalid', checks, facts);
  if (key === 'unknown') return settle('key-check-unknown', checks, facts);
  if (worst === 'unknown') return settle('backup-check-unknown', checks, facts);
  return open(checks, facts);
}

/** What CoinCover returned against what was sealed; null where there is nothing to compare. */
export function checksum(queries: LedgerQueries, item: ItemRow): 'matches' | 'differs' | null {
  const backup = queries.backupOfItem(item.item_id);
  if (item.checksum === null || backup === null) return null;
  if (backup.returned_checksum === null) return backup.basis === 'answer' ? 'differs' : null;
  return backup.returned_checksum === item.checksum ? 'matches' : 'differs';
}

/** What a ceremony is about: the files that were chosen here, or the sealed items that were brought. */
export function itemsOfCeremony(state: CeremonyState): readonly { item_id: string }[] | undefined {
  const { secrets, brought, recovering } = state.facts;
  if (recovering !== undefined) return recovering.items;
  if (secrets !== undefined) return secrets.files;
  if (state.script.steps.some((step) => step.id === 'packs')) return undefined; // keys were brought, and nothing is chosen yet
  return brought?.subjects.map((id) => ({ item_id: id }));
}

/** The chosen files and those of them that are sealed items by now. */
export function itemsOf(
  files: readonly { item_id: string }[] | undefined,
  queries: LedgerQueries,
): { files: readonly { item_id: string }[]; items: ItemRow[]; done: boolean } {
  const chosen = files ?? [];
  const items = chosen.map((file) => queries.item(file.item_id)).filter((item) => item !== null);
  return { files: chosen, items, done: chosen.length > 0 && items.length === chosen.length };
}

function fileFacts(files: readonly { name: string; size_bytes: number; key_id: string | null }[], queries: LedgerQueries): EvidenceFact[] {
  if (files.length <= NAMED_FILES) {
    return files.map((file) => fact('file', `${file.name}, ${file.size_bytes.toString()} bytes${forWallet(file.key_id, queries)}`));
  }
  const list = files.map(({ name, size_bytes: size, key_id: key }) => ({ name, size_bytes: size, ...(key === null ? {} : { key }) }));
  return [fact('files', count(files.length, 'file')), fact('file-list', sha256(canonicalJson(list)), 'hex')];
}

/** Where there are several keys, initials commit to which file is for which. */
function forWallet(keyId: string | null, queries: LedgerQueries): string {
  const key = keyId === null ? null : queries.assignedKey(keyId);
  return key === null ? '' : `, for ${key.user_identifier} (${key.fingerprint.slice(0, 16)})`;
}

function modes(items: readonly ItemRow[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { mode } of items) counts.set(mode, (counts.get(mode) ?? 0) + 1);
  return [...counts];
}

function listDigest(digests: readonly string[]): string {
  const [only] = digests;
  return digests.length === 1 && only !== undefined ? only : sha256(canonicalJson([...digests]));
}

function count(number: number, what: string): string {
  return `${number.toString()} ${what}${number === 1 ? '' : 's'}`;
}

const ORDER: readonly CheckResult[] = ['invalid', 'unknown', 'not-checkable', 'valid'];

export function worstOf(results: readonly CheckResult[]): CheckResult {
  return ORDER.find((one) => results.includes(one)) ?? 'unknown';
}

function resultOf(result: CheckResult): EvidenceCheck['result'] {
  return ({ valid: 'passed', invalid: 'failed', 'not-checkable': 'amber', unknown: 'waits' } as const)[result];
}

export function wordsOf(result: CheckResult): string {
  return (
    { valid: 'valid', invalid: 'not valid', 'not-checkable': 'held offline, cannot be checked', unknown: 'no trustworthy answer' } as const
  )[result];
}
