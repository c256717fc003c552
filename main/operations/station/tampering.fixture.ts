import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StandIn } from '../../rehearsal/index.ts';
import {
  canonicalJson,
  fingerprintOf,
  isColdroomError,
  isJsonObject,
  sha256,
  type ColdroomError,
  type Json,
  type JsonObject,
} from '../../values/index.ts';
import { CeremonyHome, NOW_MS, onePool } from '../ceremony/home.fixture.ts';
import type { OperationName } from '../index.ts';

export const KINDS = ['station', 'keypack', 'sealed', 'receipt', 'carry'] as const;
export type Kind = (typeof KINDS)[number];
export type Document = Record<string, Json> & { id: string; body: Record<string, Json>; station: Record<string, Json> };

/** What a station made of a document: everything that went wrong by family and code, the refusals in its ledger, and what it keeps. */
export type Received = { problems: string[]; recorded: string[]; kept: boolean };

/** A paired online and cold station, one document of each kind as it was written, and the station each is for as it was before. */
export class TwoStations {
  readonly standIn = new StandIn({ now: () => NOW_MS }, { keyPool: onePool() });
  readonly office: CeremonyHome;
  readonly vault: CeremonyHome;
  readonly #written = new Map<Kind, { text: string; target: CeremonyHome; key: KeyObject }>();

  private constructor(office: CeremonyHome, vault: CeremonyHome) {
    this.office = office;
    this.vault = vault;
  }

  static async make(): Promise<TwoStations> {
    const made = new TwoStations(await CeremonyHome.make('memory', 'online', 'office'), await CeremonyHome.make('memory', 'cold', 'vault'));
    const { office, vault } = made;
    const at = await made.standIn.listen();
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
    made.#keep('station', path(vault, 'office.json'), vault, office);
    await pairWith(office, path(office, 'vault.json'));
    await pairWith(vault, path(vault, 'office.json'));
    const pack = path(vault, 'one.keypack.json');
    await office.must('assign', {
      environment: 'rehearsal',
      user: 'wallet',
      key_environment: 'COLD',
      customer_id: 'customer-7',
      customer_name: 'Seven Ltd',
      package_id: 'package-3',
      package_name: 'Custody',
      out: pack,
    });
    made.#keep('keypack', pack, vault, office);
    await vault.must('import', { files: [pack] });
    const item = path(office, 'a.sealed.json');
    await vault.must('seal', { key: pack, in: vault.secret('phrase'), out: item });
    made.#keep('sealed', item, office, vault);
    await office.must('import', { files: [item] });
    const receipts = path(vault, 'receipts');
    await office.must('store', { files: [item], out: receipts });
    made.#keep('receipt', join(receipts, readdirSync(receipts)[0] ?? ''), vault, office);
    await office.must('carry', { folder: receipts });
    made.#keep('carry', join(receipts, readdirSync(receipts).find((name) => name.endsWith('.carry.json')) ?? ''), vault, office);
    return made;
  }

  #keep(kind: Kind, file: string, target: CeremonyHome, writer: CeremonyHome): void {
    this.#written.set(kind, { text: readFileSync(file, 'utf8'), target: target.fork(), key: writer.signingKey() });
  }

  #of(kind: Kind) {
    const found = this.#written.get(kind);
    if (found === undefined) throw new Error(`no ${kind} was written`);
    return found;
  }

  document(kind: Kind): Document {
    return JSON.parse(this.text(kind)) as Document;
  }

  /** The very bytes of its file. */
  text(kind: Kind): string {
    return this.#of(kind).text;
  }

  /** Signed again by the paired station that wrote the kind: the worst case, one that lies. */
  lie(kind: Kind, document: Document): Document {
    return signedBy(document, this.#of(kind).key);
  }

  /** The station that a kind of document is for, as it was before the document came. Remove it. */
  before(kind: Kind): CeremonyHome {
    return this.#of(kind).target.fork();
  }

  /** Takes a document in where it is for, as it was before; a list comes with the receipt that it lists. */
  async receive(kind: Kind, document: Document): Promise<Received> {
    return withRoom(this.before(kind), (room) => this.receiveAt(room, kind, document));
  }

  async receiveAt(room: CeremonyHome, kind: Kind, document: Document): Promise<Received> {
    const file = lay(room, 'document.json', document);
    const beside = kind === 'carry' ? [join(room.folder, 'receipt.json')] : [];
    for (const path of beside) writeFileSync(path, this.text('receipt'));
    const earlier = refusals(room).length;
    const problems =
      kind === 'station'
        ? await problemsOf(room, 'pair', { in: file, fingerprint: this.document('station').station['id'] })
        : await problemsOf(room, 'import', { files: [...beside, file] });
    return {
      problems: problems.map((one) => `${one.family} ${one.code}`),
      recorded: refusals(room).slice(earlier),
      kept: room.ledger((queries) => queries.document(document.id) !== null),
    };
  }

  async remove(): Promise<void> {
    await this.standIn.close();
    for (const room of [this.office, this.vault, ...[...this.#written.values()].map((one) => one.target)]) await room.remove();
  }
}

export async function withRoom<Result>(room: CeremonyHome, work: (room: CeremonyHome) => Promise<Result>): Promise<Result> {
  try {
    return await work(room);
  } finally {
    await room.remove();
  }
}

/** Writes a document into a station's folder. @returns its path. */
export function lay(room: CeremonyHome, name: string, document: Document): string {
  const file = join(room.folder, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** Everything that went wrong, thrown or beside the output. */
export async function problemsOf(room: CeremonyHome, name: OperationName, input: unknown): Promise<readonly ColdroomError[]> {
  try {
    return (await room.must(name, input)).problems;
  } catch (error) {
    if (isColdroomError(error)) return [error];
    throw error;
  }
}

/** The codes of the refusals in a station's ledger, the oldest first. */
export function refusals(room: CeremonyHome): string[] {
  return room.ledger((_, ledger) =>
    [...ledger.events()].flatMap((event) => (event.type === 'refusal' ? [(event.data as { code: string }).code] : [])),
  );
}

async function pairWith(room: CeremonyHome, card: string): Promise<void> {
  const { station } = JSON.parse(readFileSync(card, 'utf8')) as Document;
  await room.must('pair', { in: card, fingerprint: station['id'] });
}

export function signedBy(document: Document, key: KeyObject): Document {
  const rest = Object.fromEntries(Object.entries(document).filter(([member]) => member !== 'signature')) as JsonObject;
  const signature = sign(null, Buffer.from(canonicalJson(rest), 'utf8'), key).toString('base64');
  return { ...rest, signature } as unknown as Document;
}

const STRANGER = generateKeyPairSync('ed25519').privateKey;

/** As {@link signedBy}, by a station that nobody paired, under its own id. */
export function signedByStranger(document: Document): Document {
  const raw = rawKey(STRANGER);
  return signedBy({ ...document, station: { ...document.station, id: fingerprintOf(raw), public_key: raw.toString('base64') } }, STRANGER);
}

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');
}

/** One value of a document that holds no other, or a list (`name[]`): its path, and the document with another value in its place. */
export type Leaf = { path: string; changed: Document };

/**
 * Every leaf of a document at every depth, also inside of JSON that it carries as text: a new field is found by itself. Each list is one
 * more, changed by what is left when its last element is gone.
 */
export function leavesOf(document: Document): Leaf[] {
  return walk(document, '', (value) => fitted(value as unknown as Document, document));
}

function walk(value: Json, path: string, put: (value: Json) => Document): Leaf[] {
  const name = path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? '';
  const text = typeof value === 'string' ? objectIn(value) : null;
  if (text !== null) return walk(text, path, (inner) => put(JSON.stringify(inner)));
  if (Array.isArray(value) && value.length > 0) {
    const list = value as readonly Json[];
    const inside = list.flatMap((one, index) => walk(one, `${path}.${index.toString()}`, (inner) => put(list.with(index, inner))));
    return [{ path: `${path}[]`, changed: put(list.slice(0, -1)) }, ...inside];
  }
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([member, one]) =>
      walk(one, path === '' ? member : `${path}.${member}`, (inner) => put({ ...value, [member]: inner })),
    );
  }
  return [{ path, changed: put(other(name, value)) }];
}

function objectIn(text: string): JsonObject | null {
  if (!text.startsWith('{')) return null;
  const json = JSON.parse(text) as Json;
  return isJsonObject(json) ? json : null;
}

/** Whoever changes the list of signing keys that a key pack carries changes the digest beside it as well. */
function fitted(changed: Document, original: Document): Document {
  const { jwks } = changed.body;
  if (typeof jwks !== 'string' || jwks === original.body['jwks']) return changed;
  return { ...changed, body: { ...changed.body, jwks_sha256: sha256(jwks) } };
}

/** What a field of that name has instead, where its own values are few. */
const OTHERS: Readonly<Record<string, readonly [Json, Json]>> = {
  coldroom: ['receipt/1', 'sealed/1'],
  role: ['cold', 'online'],
  environment: ['sandbox', 'rehearsal'],
  account: ['partner', 'institution'],
  kind: ['sealed', 'receipt'],
  mode: ['passphrase', 'direct'],
  backup_type: ['file', 'data'],
  key_check: ['invalid', 'valid'],
  backup_check: ['invalid', 'valid'],
  key_environment: ['HOT', 'COLD'],
  pulled_by_type: ['user_credentials', 'api_key'],
  ledger_seq: [0, 1],
  to: [['0'.repeat(64)], '0'.repeat(64)],
  asset: ['BTC', 'ETH'],
  ceremony: [uuid(10), uuid(11)],
  supersedes: [uuid(10), uuid(11)],
  sign_with: ['user_id', 'pulled_by_id'],
  signed_fields: ['user_id', 'pulled_by_id'],
};

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Another value of the same form, so that it is the value and not the form that is refused. */
function other(name: string, value: Json): Json {
  const pair = OTHERS[name];
  if (pair !== undefined && (name !== 'to' || Array.isArray(value)))
    return canonicalJson(pair[0]) === canonicalJson(value) ? pair[1] : pair[0];
  if (value === null) return '1'.repeat(64);
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return [uuid(11)];
  if (/^[0-9a-f]{64}$/.test(value)) return sha256(value);
  if (/^[0-9a-f-]{36}$/.test(value)) return value === uuid(11) ? uuid(10) : uuid(11);
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return value.replace(/^\d{4}/, '2025');
  if (name.endsWith('public_key') && value.length === 44) return rawKey(STRANGER).toString('base64');
  if (value.length > 40 && /^[\w+/=-]+$/.test(value)) return flipped(value);
  return `${value}x`;
}

/** Another digit, which every alphabet of an encoding has, past the middle: there DER has the second number's value, and no header. */
function flipped(text: string): string {
  const at = Math.floor((text.length * 3) / 4);
  return `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
}
