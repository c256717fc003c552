import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { EventRecord, KeptDocument } from '../../ledger/index.ts';
import { csvRow, eventLine, eventsCsv, EXPORTED_TYPES } from './event-export.ts';

const STATION = { station_id: 'a'.repeat(64), name: 'vault' };
const CANARY = 'canary-4711';

/** The union of events as main/ledger says it: each type with the members of its data, and with theirs. */
function declaredTypes(): Map<string, ts.Type> {
  const path = new URL('../../ledger/events.ts', import.meta.url).pathname;
  const program = ts.createProgram([path], {
    strict: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    target: ts.ScriptTarget.ESNext,
  });
  const checker = program.getTypeChecker();
  const types = new Map<string, ts.Type>();
  const source = program.getSourceFile(path);
  if (source === undefined) throw new Error('main/ledger/events.ts is not there');
  ts.forEachChild(source, (node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== 'LedgerEvent') return;
    const union = checker.getTypeAtLocation(node);
    for (const one of union.isUnion() ? union.types : [union]) {
      const member = (name: string) => {
        const property = one.getProperty(name);
        if (property === undefined) throw new Error(`an event has no ${name}`);
        return checker.getTypeOfSymbolAtLocation(property, node);
      };
      const type = member('type');
      for (const literal of type.isUnion() ? type.types : [type]) types.set((literal as ts.StringLiteralType).value, member('data'));
    }
  });
  return types;
}

/** An event that says the canary in every member that can hold text, and `left` in those that are named. */
function canaryOf(type: ts.Type, depth = 0): unknown {
  if (type.isUnion())
    return canaryOf(type.types.find((one) => (one.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) === 0) ?? type, depth);
  if ((type.flags & ts.TypeFlags.StringLike) !== 0) return CANARY;
  if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return 4711;
  if ((type.flags & ts.TypeFlags.BooleanLike) !== 0) return true;
  if (depth > 3) return CANARY;
  return Object.fromEntries(type.getProperties().map((one) => [one.name, canaryOf(checkedType(one), depth + 1)]));
}

function checkedType(symbol: ts.Symbol): ts.Type {
  const type = (symbol as ts.Symbol & { links?: { type?: ts.Type } }).links?.type;
  return type ?? ({ flags: ts.TypeFlags.String, isUnion: () => false } as ts.Type);
}

const record = (event: { type: string; data: unknown }): EventRecord =>
  ({ v: 1, ledger_id: 'l', seq: 7, at: '2026-11-24T10:00:00.000Z', prev: '0', ...event }) as EventRecord;
const lineOf = (event: { type: string; data: unknown }) => JSON.parse(eventLine(record(event), STATION)) as Record<string, unknown>;
const KEPT: KeptDocument = {
  document_id: 'd',
  kind: 'sealed',
  direction: 'written',
  signer: CANARY,
  subject: CANARY,
  writer_seq: 1,
  sha256: CANARY,
  signed_sha256: CANARY,
  text: CANARY,
};
const ITEM = { item_id: 'i', environment: 'sandbox', environment_id: CANARY, key_id: 'k', mode: CANARY, size_bytes: 1 };

describe('what leaves of an event', () => {
  it('is said of every type that there is, and of no other', () => {
    const declared = [...declaredTypes().keys()];
    expect(declared.length).toBeGreaterThan(30);
    expect(EXPORTED_TYPES.toSorted()).toEqual(declared.toSorted());
  });

  it.each([
    {
      type: 'item-sealed',
      data: { item: { ...ITEM, ciphertext_sha256: CANARY, checksum: CANARY, name: CANARY }, document: KEPT, state: 'sealed' },
    },
    { type: 'store-answered', data: { item_id: 'i', status: 200, body_base64: CANARY, outcome: CANARY } },
    {
      type: 'assignment-begun',
      data: {
        assignment_id: 'a',
        environment: 'sandbox',
        environment_id: CANARY,
        account: CANARY,
        user_identifier: CANARY,
        key_environment: 'HOT',
        request: CANARY,
        jwks: CANARY,
        jwks_fetched_at: CANARY,
      },
    },
    {
      type: 'item-stored',
      data: {
        item_id: 'i',
        backup_id: 'b',
        backup_type: CANARY,
        data_size: 4711,
        returned_checksum: CANARY,
        stored_at: CANARY,
        basis: 'answer',
      },
    },
    { type: 'verified', data: { kind: 'key', id: 'k', check: 'valid', message: CANARY, status: 200, checked_at: CANARY } },
    {
      type: 'ceremony-fact',
      data: { ceremony_id: 'c', step: 'secrets', name: 'secrets', value: { files: [{ path: `/home/${CANARY}`, name: CANARY }] } },
    },
    { type: 'ceremony-exception', data: { ceremony_id: 'c', step: 'seal', text: CANARY, initials: 'AB' } },
    { type: 'ceremony-ended', data: { ceremony_id: 'c', state: 'escalated', reason: CANARY } },
    {
      type: 'environment-set',
      data: { name: 'sandbox', api: CANARY, jwks: CANARY, proxy: CANARY, ca_pem: CANARY, environment_id: CANARY },
    },
    { type: 'anchor-confirmed', data: { environment: 'sandbox', fingerprint: 'f', jwk: CANARY } },
    { type: 'checkpoint', data: { seq: 1, head: CANARY, signature: CANARY } },
    { type: 'receipt-written', data: { item_id: 'i', document: KEPT } },
    { type: 'a-type-of-tomorrow', data: { secret: CANARY } },
  ])('is no secret, no digest of one, no path and no text of others: $type', (event) => {
    expect(eventLine(record(event), STATION)).not.toContain(CANARY);
    expect([...eventsCsv([record(event)], STATION.name)].join('')).not.toContain(CANARY);
  });

  it('is nothing of a member that nobody has named', () => {
    const types = declaredTypes();
    let walked = 0;
    for (const [type, declared] of types) {
      const data = { ...(canaryOf(declared) as object), tomorrow: `${CANARY}-new` };
      for (const nested of ['item', 'key', 'document'])
        if (nested in data)
          (data as unknown as Record<string, Record<string, string>>)[nested] = { tomorrow: `${CANARY}-new`, document_id: 'd' };
      if (type === 'ceremony-begun' || type === 'rebuilt') Object.assign(data, { number: 1, documents: 1 });
      expect(eventLine(record({ type, data }), STATION)).not.toContain(`${CANARY}-new`);
      walked += 1;
    }
    expect(walked).toBe(EXPORTED_TYPES.length);
  });
});

describe('a line of JSON', () => {
  it('is flat, in one order, and named as documented', () => {
    const docs = readFileSync(new URL('../../../docs/exports.md', import.meta.url), 'utf8');
    const line = lineOf({
      type: 'verified',
      data: { kind: 'backup', id: 'b', check: 'invalid', message: null, status: 200, checked_at: null },
    });
    expect(Object.keys(line)).toEqual([
      '@timestamp',
      'event.kind',
      'event.module',
      'event.sequence',
      'event.action',
      'event.outcome',
      'message',
      'observer.id',
      'observer.name',
      'coldroom.ledger.id',
      'coldroom.backup.id',
      'coldroom.result',
      'http.response.status_code',
    ]);
    expect(line).toMatchObject({ '@timestamp': '2026-11-24T10:00:00.000Z', 'event.sequence': 7, 'event.outcome': 'failure' });
    for (const name of Object.keys(line)) expect(docs).toContain(`| \`${name}\``);
    const source = readFileSync(new URL('./event-export.ts', import.meta.url), 'utf8');
    const subjects = new Set([...source.matchAll(/'((?:coldroom|http)\.[a-z._]+)'/g)].map((match) => match[1] ?? ''));
    expect(subjects.size).toBeGreaterThan(15);
    for (const name of subjects) expect(docs).toContain(`| \`${name}\``);
  });

  it.each([
    ['verified', { kind: 'key', id: 'k', check: 'valid' }, 'success'],
    ['verified', { kind: 'key', id: 'k', check: 'not-checkable' }, 'unknown'],
    ['store-ended', { item_id: 'i', state: 'unknown', reason: 'r' }, 'unknown'],
    ['store-ended', { item_id: 'i', state: 'refused', reason: 'r' }, 'failure'],
    ['refusal', { operation: 'assign', code: 'signature-invalid', subject: null }, 'failure'],
    ['ceremony-ended', { ceremony_id: 'c', state: 'closed', reason: null }, 'success'],
  ])('says how it went: %s %o', (type, data, outcome) => {
    expect(lineOf({ type, data })['event.outcome']).toBe(outcome);
  });
});

describe('CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    [' =1', "' =1"],
    ['＝1', "'＝1"],
    ['\r\n=1', '"\'\r\n\'=1"'],
    // Where semicolons or tabs separate, quotes within a line are none.
    ['a;=1', "a;'=1"],
    ['a; -1;b;+1', "a; '-1;b;'+1"],
    ['a;"=1', '"a;""\'=1"'],
    ['a\n@x', '"a\n\'@x"'],
    ['a;b=1', 'a;b=1'],
    ['a=1', 'a=1'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
  ])('makes no formula of %j', (cell, written) => {
    expect(csvRow([cell, 'x'])).toBe(`${written},x\r\n`);
  });

  it('has a row for each event', () => {
    const rows = [
      ...eventsCsv(
        [record({ type: 'ceremony-begun', data: { ceremony_id: 'c', number: 3, script: 'rehearsal', environment: 'rehearsal' } })],
        '=vault',
      ),
    ];
    expect(rows).toEqual([
      'seq,at,type,ceremony,subject,station,summary\r\n',
      "7,2026-11-24T10:00:00.000Z,ceremony-begun,c,rehearsal,'=vault,ceremony 3 began: rehearsal\r\n",
    ]);
  });
});
