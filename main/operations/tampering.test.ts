import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../rehearsal/index.ts';
import { canonicalJson, fingerprintOf, sha256, type Json, type JsonObject } from '../values/index.ts';
import { CeremonyHome, NOW_MS, onePool } from './ceremony-home.fixture.ts';

type Kind = 'keypack' | 'sealed' | 'receipt' | 'station' | 'carry';
type Document = Record<string, Json> & { id: string; body: Record<string, Json>; station: Record<string, Json> };

/**
 * What becomes of a document in which one field was changed and which its own station has signed again: the worst case, a paired
 * station that lies. `taken`: nothing here contradicts it, so it stands for what that station says; that is what pairing means.
 * Where nobody signs it again, every one of these changes is refused as `document-signature`; signed by a stranger, as a stranger's.
 */
const TABLE: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  station: {
    coldroom: 'document-members',
    id: 'taken',
    created_at: 'taken',
    'station.id': 'document-signature',
    'station.name': 'taken',
    'station.role': 'taken',
    'station.public_key': 'document-signature',
    to: 'document-inconsistent',
    ceremony: 'taken',
    answers: 'document-inconsistent',
    environment_id: 'document-inconsistent',
    ledger_seq: 'taken',
    ledger_head: 'taken',
    signature: 'taken',
    'body.reads': 'taken',
  },
  keypack: {
    coldroom: 'document-members',
    id: 'taken',
    created_at: 'taken',
    'station.id': 'document-signature',
    'station.name': 'taken',
    'station.role': 'taken',
    'station.public_key': 'document-signature',
    to: 'document-not-for-us',
    ceremony: 'taken',
    answers: 'taken',
    environment_id: 'taken',
    ledger_seq: 'taken',
    ledger_head: 'taken',
    signature: 'taken',
    'body.environment': 'signer-not-confirmed',
    'body.account': 'taken',
    'body.request': 'request-invalid',
    'body.response': 'response-invalid',
    'body.jwks': 'document-inconsistent',
    'body.jwks_sha256': 'document-inconsistent',
    'body.jwks_fetched_at': 'taken',
  },
  sealed: {
    coldroom: 'document-members',
    id: 'taken',
    created_at: 'taken',
    'station.id': 'document-signature',
    'station.name': 'taken',
    'station.role': 'taken',
    'station.public_key': 'document-signature',
    to: 'document-not-for-us',
    ceremony: 'document-ceremony',
    answers: 'sealed-key-differs',
    environment_id: 'document-environment',
    ledger_seq: 'taken',
    ledger_head: 'taken',
    signature: 'taken',
    'body.item_id': 'taken',
    'body.environment': 'sealed-key-differs',
    'body.key_id': 'sealed-key-unknown',
    'body.public_key': 'sealed-key-differs',
    'body.mode': 'taken',
    'body.size_bytes': 'taken',
    'body.ciphertext': 'document-inconsistent',
    'body.ciphertext_sha256': 'document-inconsistent',
    'body.checksum': 'taken',
    'body.name': 'taken',
    'body.send_name': 'taken',
    'body.asset': 'taken',
    'body.supersedes': 'taken',
  },
  receipt: {
    coldroom: 'document-members',
    id: 'taken',
    created_at: 'taken',
    'station.id': 'document-signature',
    'station.name': 'taken',
    'station.role': 'taken',
    'station.public_key': 'document-signature',
    to: 'document-not-for-us',
    ceremony: 'document-ceremony',
    answers: 'receipt-item-differs',
    environment_id: 'receipt-item-differs',
    ledger_seq: 'taken',
    ledger_head: 'taken',
    signature: 'taken',
    'body.item_id': 'receipt-item-unknown',
    'body.environment': 'receipt-item-differs',
    'body.backup_id': 'taken',
    'body.backup_type': 'document-inconsistent',
    'body.key_id': 'receipt-item-differs',
    'body.sealed_ciphertext_sha256': 'receipt-item-differs',
    'body.checksum': 'checksum-differs',
    'body.data_size': 'taken',
    'body.stored_at': 'taken',
    'body.key_check': 'key-invalid',
    'body.backup_check': 'backup-invalid',
  },
  carry: {
    coldroom: 'document-members',
    id: 'taken',
    created_at: 'taken',
    'station.id': 'document-signature',
    'station.name': 'taken',
    'station.role': 'taken',
    'station.public_key': 'document-signature',
    to: 'document-not-for-us',
    ceremony: 'taken',
    answers: 'document-inconsistent',
    environment_id: 'document-inconsistent',
    ledger_seq: 'taken',
    ledger_head: 'taken',
    signature: 'taken',
    'body.documents': 'carry-missing',
  },
};

const online = { home: null as CeremonyHome | null };
const cold = { home: null as CeremonyHome | null };
/** The station that a document is for, as it was before the document came. */
const before: Partial<Record<Kind, CeremonyHome>> = {};
const written: Partial<Record<Kind, Document>> = {};
const writers: Partial<Record<Kind, KeyObject>> = {};
const standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
let receiptText = '';
const stranger = generateKeyPairSync('ed25519').privateKey;

beforeAll(async () => {
  const at = await standIn.listen();
  const office = await CeremonyHome.make('memory', 'online', 'office');
  const vault = await CeremonyHome.make('memory', 'cold', 'vault');
  online.home = office;
  cold.home = vault;
  await office.signInElsewhere(at);
  const path = (room: CeremonyHome, name: string) => join(room.folder, name);
  const jwks = path(vault, 'jwks.json');
  writeFileSync(jwks, await (await fetch(at.jwks)).text());
  const [signer] = (await office.must('trust.add', { environment: 'rehearsal', source: 'fetch' })).output['confirm'] as {
    fingerprint: string;
  }[];
  for (const [room, source] of [
    [office, 'fetch'],
    [vault, { jwks }],
  ] as const) {
    await room.must('trust.add', { environment: 'rehearsal', source, fingerprint: signer?.fingerprint });
    await room.must('trust.add', { environment: 'rehearsal', account_id: at.accountId });
  }
  await vault.must('pair', { out: path(office, 'vault.json') });
  await office.must('pair', { out: path(vault, 'office.json') });
  keep('station', path(vault, 'office.json'), vault, office);
  await pairWith(office, path(office, 'vault.json'));
  await pairWith(vault, path(vault, 'office.json'));
  await office.must('assign', { environment: 'rehearsal', user: 'wallet', key_environment: 'COLD', out: path(vault, 'one.keypack.json') });
  keep('keypack', path(vault, 'one.keypack.json'), vault, office);
  await vault.must('import', { files: [path(vault, 'one.keypack.json')] });
  await vault.must('seal', { key: path(vault, 'one.keypack.json'), in: vault.secret('phrase'), out: path(office, 'a.sealed.json') });
  keep('sealed', path(office, 'a.sealed.json'), office, vault);
  await office.must('import', { files: [path(office, 'a.sealed.json')] });
  await office.must('store', { files: [path(office, 'a.sealed.json')], out: path(vault, 'receipts') });
  const receipt = readdirSync(path(vault, 'receipts'))[0] ?? '';
  receiptText = readFileSync(join(path(vault, 'receipts'), receipt), 'utf8');
  keep('receipt', join(path(vault, 'receipts'), receipt), vault, office);
  await office.must('carry', { folder: path(vault, 'receipts') });
  const list = readdirSync(path(vault, 'receipts')).find((name) => name.endsWith('.carry.json')) ?? '';
  keep('carry', join(path(vault, 'receipts'), list), vault, office);
});

afterAll(async () => {
  await standIn.close();
  for (const room of [online.home, cold.home, ...Object.values(before)]) await room?.remove();
});

function keep(kind: Kind, file: string, target: CeremonyHome, writer: CeremonyHome): void {
  written[kind] = JSON.parse(readFileSync(file, 'utf8')) as Document;
  before[kind] = target.fork();
  writers[kind] = writer.signingKey();
}

async function pairWith(room: CeremonyHome, card: string): Promise<void> {
  const { station } = JSON.parse(readFileSync(card, 'utf8')) as Document;
  await room.must('pair', { in: card, fingerprint: station['id'] });
}

/** Takes a document in where it is for, as it was before; whatever is refused there is in the ledger afterwards. */
async function codesOf(kind: Kind, document: Document): Promise<string[]> {
  const room = before[kind]?.fork();
  if (room === undefined) throw new Error('no station waits for this');
  try {
    const file = join(room.folder, 'document.json');
    writeFileSync(file, JSON.stringify(document));
    const beside = kind === 'carry' ? [join(room.folder, 'receipt.json')] : [];
    for (const path of beside) writeFileSync(path, receiptText);
    const codes =
      kind === 'station'
        ? await room.codes('pair', { in: file, fingerprint: written.station?.station['id'] })
        : await room.codes('import', { files: [...beside, file] });
    const refusals = room.ledger((_, ledger) => [...ledger.events()].filter((event) => event.type === 'refusal').length);
    const items = room.ledger((queries) => queries.documents().some((row) => row.document_id === document.id));
    return [...codes, ...(refusals > 0 ? ['recorded'] : []), ...(items ? ['kept'] : [])];
  } finally {
    await room.remove();
  }
}

function signedBy(document: Document, key: KeyObject): Document {
  const rest = Object.fromEntries(Object.entries(document).filter(([member]) => member !== 'signature')) as JsonObject;
  const signature = sign(null, Buffer.from(canonicalJson(rest), 'utf8'), key).toString('base64');
  return { ...rest, signature } as unknown as Document;
}

/** Every field of a document, by its path; the members of `station` and `body` one by one. */
function fieldsOf(document: Document): string[] {
  return Object.keys(document).flatMap((member) =>
    member === 'station' || member === 'body' ? Object.keys(document[member]).map((inner) => `${member}.${inner}`) : [member],
  );
}

const KINDS = ['station', 'keypack', 'sealed', 'receipt', 'carry'] as const;

function documentOf(kind: Kind): Document {
  const document = written[kind];
  if (document === undefined) throw new Error('it was not written');
  return document;
}

function keyOf(kind: Kind): KeyObject {
  const key = writers[kind];
  if (key === undefined) throw new Error('nobody wrote it');
  return key;
}

describe.each(KINDS)('a document of the kind %s', (kind) => {
  it('is taken as it was written', async () => {
    expect(await codesOf(kind, documentOf(kind))).toEqual(['kept']);
  });

  it('has each of its fields in the table', () => {
    expect(Object.keys(TABLE[kind])).toEqual(fieldsOf(documentOf(kind)));
  });

  it.each(Object.entries(TABLE[kind]))('with another %s: refused unless its station signs it, then %s', async (field, expected) => {
    const changed = change(documentOf(kind), field);
    expect(await codesOf(kind, changed)).toEqual(['document-signature', 'recorded']);
    const codes = await codesOf(kind, signedBy(changed, keyOf(kind)));
    if (expected === 'taken') expect(codes).toEqual(['kept']);
    else expect(codes[0]).toBe(expected);
    // A refusal is in the ledger, and nothing of the document; what is bad input is no refusal.
    if (expected !== 'taken' && expected !== 'document-members' && !TOLD_AND_KEPT.has(expected))
      expect(codes).toEqual([expected, 'recorded']);
  });

  it('signed by a stranger under the stranger’s own name is a stranger’s', async () => {
    const document = {
      ...documentOf(kind),
      station: { ...documentOf(kind).station, id: fingerprintOf(rawKey(stranger)), public_key: rawOf(stranger) },
    };
    const codes = await codesOf(kind, signedBy(document, stranger));
    expect(codes).toEqual([kind === 'station' ? 'pairing-differs' : 'document-unknown-signer', 'recorded']);
  });
});

/** What CoinCover answered, and what is missing beside a list, is told and kept: leaving it out would hide it. */
const TOLD_AND_KEPT = new Set(['checksum-differs', 'key-invalid', 'backup-invalid', 'carry-missing']);

describe('what came before', () => {
  it('is refused again when it is older: an old receipt and an old key pack, replayed', async () => {
    for (const kind of ['keypack', 'receipt'] as const) {
      const room = kind === 'keypack' ? cold.home : online.home;
      if (room === null) throw new Error('no station');
      const older = signedBy({ ...documentOf(kind), id: '00000000-0000-4000-8000-00000000000c', ledger_seq: 0 }, keyOf(kind));
      const target = kind === 'keypack' ? room.fork() : await withReceipt();
      try {
        const file = join(target.folder, 'old.json');
        writeFileSync(file, JSON.stringify(older));
        expect([kind, await target.codes('import', { files: [file] })]).toEqual([kind, ['document-replayed']]);
      } finally {
        await target.remove();
      }
    }
  });

  it('bears its id for good: other bytes under it are refused', async () => {
    const target = await withReceipt();
    try {
      const file = join(target.folder, 'other.json');
      const other = signedBy({ ...documentOf('receipt'), created_at: '2026-11-23T10:00:00.000Z' }, keyOf('receipt'));
      writeFileSync(file, JSON.stringify(other));
      expect(await target.codes('import', { files: [file] })).toEqual(['document-other-bytes']);
    } finally {
      await target.remove();
    }
  });
});

async function withReceipt(): Promise<CeremonyHome> {
  const room = before.receipt?.fork();
  if (room === undefined) throw new Error('no station waits for this');
  const file = join(room.folder, 'receipt.json');
  writeFileSync(file, JSON.stringify(documentOf('receipt')));
  await room.must('import', { files: [file] });
  return room;
}

function change(document: Document, field: string): Document {
  const copy = structuredClone(document);
  const [first = '', second] = field.split('.');
  const holder = second === undefined ? copy : (copy[first] as Record<string, Json>);
  const name = second ?? first;
  holder[name] = other(name, holder[name] ?? null);
  return copy;
}

/** Another value of the same form, so that it is the value and not the form that is refused. */
function other(name: string, value: Json): Json {
  switch (name) {
    case 'coldroom':
      return value === 'receipt/1' ? 'sealed/1' : 'receipt/1';
    case 'role':
      return value === 'cold' ? 'online' : 'cold';
    case 'environment':
      return 'sandbox';
    case 'account':
      return 'partner';
    case 'mode':
      return 'passphrase';
    case 'backup_type':
      return 'file';
    case 'key_check':
    case 'backup_check':
      return 'invalid';
    case 'created_at':
    case 'jwks_fetched_at':
    case 'stored_at':
      return '2026-11-23T10:00:00.000Z';
    case 'ledger_seq':
      return 0;
    case 'to':
      return ['0'.repeat(64)];
    case 'public_key':
      return typeof value === 'string' && value.length > 44 ? `${value.slice(0, -2)}00` : rawOf(stranger);
    case 'documents':
      return (value as JsonObject[]).map((line) => ({ ...line, sha256: sha256('other') }));
    default:
      break;
  }
  if (value === null)
    return name === 'ceremony' || name === 'supersedes'
      ? '00000000-0000-4000-8000-00000000000a'
      : name === 'asset'
        ? 'BTC'
        : '1'.repeat(64);
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return ['keypack/1'];
  const text = value;
  if (/^[0-9a-f]{64}$/.test(text)) return sha256(text);
  if (/^[0-9a-f-]{36}$/.test(text)) return '00000000-0000-4000-8000-00000000000b';
  return text.includes('==') || text.length > 600 ? `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}` : `${text} `.replace('"', "'");
}

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');
}

function rawOf(key: KeyObject): string {
  return rawKey(key).toString('base64');
}
