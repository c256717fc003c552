import { inputError, quote } from '../values/index.ts';

const REQUIRED = ['user_identifier', 'key_environment', 'item_name', 'kind', 'mode'] as const;
const OPTIONAL = [
  'customer_id',
  'customer_name',
  'package_id',
  'package_name',
  'identifier_type',
  'identifier_path',
  'identifier_value',
  'bip39_passphrase',
  'size_min',
  'size_max',
] as const;

/** The columns of a list of wallets; one line is one item. */
export const WALLET_COLUMNS = { required: REQUIRED, optional: OPTIONAL } as const;

type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];
type Row = { readonly line: number; readonly of: (column: Column) => string | null };

/** As a list has it: spellings are not judged here, since `plan check` names each with its place. */
export type DraftWallet = {
  readonly user_identifier: string | null;
  readonly key_environment: string | null;
  readonly customer_id: string | null;
  readonly customer_name: string | null;
  readonly package_id: string | null;
  readonly package_name: string | null;
  readonly items: readonly DraftItem[];
};

type DraftItem = {
  readonly name: string | null;
  readonly kind: string | null;
  readonly identifier: { readonly type: string | null; readonly path: string | null; readonly value: string | null } | null;
  readonly bip39_passphrase: boolean;
  readonly size_bytes: { readonly min: number; readonly max: number } | null;
  readonly mode: string | null;
};

const HINT = 'docs/plan.md says which columns there are and what each may hold';

/**
 * The wallets of a list in CSV (RFC 4180: commas, double quotes, CRLF or LF, one header line; a byte order mark before it is taken, since
 * spreadsheets write one). Lines that agree on everything about a wallet are items of one wallet. What is empty is null.
 * @throws input `wallets-csv-form`, `wallets-csv-columns`, `wallets-csv-value`, each naming the line.
 */
export function walletsOfCsv(text: string): DraftWallet[] {
  const plain = text.replace(/^\uFEFF/, '');
  const [first = ''] = plain.split(/\r?\n/, 1);
  if (first.includes(';') && !first.includes(',')) {
    throw inputError('wallets-csv-columns', 'the list is separated by semicolons', { hint: 'save it with commas' });
  }
  const [header, ...records] = recordsOf(plain);
  if (header === undefined) throw inputError('wallets-csv-form', 'the list of wallets is empty', { hint: HINT });
  const columns = columnsOf(header.fields);
  const wallets = new Map<string, Omit<DraftWallet, 'items'> & { items: DraftItem[] }>();
  for (const { line, fields } of records) {
    if (fields.length !== columns.size) {
      throw inputError(
        'wallets-csv-form',
        `line ${line.toString()} has ${fields.length.toString()} fields, and the header ${columns.size.toString()}`,
        { hint: HINT },
      );
    }
    const of = (column: Column): string | null => emptyAsNull(fields[columns.get(column) ?? -1]);
    const row: Row = { line, of };
    const wallet = {
      user_identifier: of('user_identifier'),
      key_environment: of('key_environment'),
      customer_id: of('customer_id'),
      customer_name: of('customer_name'),
      package_id: of('package_id'),
      package_name: of('package_name'),
    };
    const key = JSON.stringify(wallet);
    const known = wallets.get(key) ?? { ...wallet, items: [] };
    known.items.push(itemOf(row));
    wallets.set(key, known);
  }
  if (wallets.size === 0) throw inputError('wallets-csv-form', 'the list of wallets has a header and no lines', { hint: HINT });
  return [...wallets.values()];
}

function itemOf(row: Row): DraftItem {
  const identifier = { type: row.of('identifier_type'), path: row.of('identifier_path'), value: row.of('identifier_value') };
  const [min, max] = [sizeOf(row, 'size_min'), sizeOf(row, 'size_max')];
  if ((min === null) !== (max === null))
    throw wrongValue(row, min === null ? 'size_min' : 'size_max', 'is empty, and the other size is not');
  return {
    name: row.of('item_name'),
    kind: row.of('kind'),
    identifier: identifier.type === null && identifier.path === null && identifier.value === null ? null : identifier,
    bip39_passphrase: truthOf(row),
    size_bytes: min === null || max === null ? null : { min, max },
    mode: row.of('mode'),
  };
}

function sizeOf(row: Row, column: 'size_min' | 'size_max'): number | null {
  const text = row.of(column);
  if (text === null) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrongValue(row, column, 'is no whole number of bytes');
  return Number(text);
}

function truthOf(row: Row): boolean {
  const text = row.of('bip39_passphrase');
  // Spreadsheets write their own truth in capitals.
  if (text === null || text.toLowerCase() === 'false') return false;
  if (text.toLowerCase() === 'true') return true;
  throw wrongValue(row, 'bip39_passphrase', 'is neither true nor false');
}

function wrongValue({ line }: Row, column: Column, what: string): Error {
  return inputError('wallets-csv-value', `${column} in line ${line.toString()} ${what}`, { hint: HINT });
}

function columnsOf(fields: readonly string[]): Map<Column, number> {
  const known: readonly string[] = [...REQUIRED, ...OPTIONAL];
  const columns = new Map<Column, number>();
  fields.forEach((name, at) => {
    if (!known.includes(name)) throw inputError('wallets-csv-columns', `${quote(name)} is no column of a list of wallets`, { hint: HINT });
    if (columns.has(name as Column))
      throw inputError('wallets-csv-columns', `the column ${quote(name)} stands there twice`, { hint: HINT });
    columns.set(name as Column, at);
  });
  const missing = REQUIRED.filter((name) => !columns.has(name));
  if (missing.length > 0) throw inputError('wallets-csv-columns', `the list lacks the column ${missing.join(', ')}`, { hint: HINT });
  return columns;
}

/** What a line does not say is null. */
function emptyAsNull(field: string | undefined): string | null {
  // Spreadsheets of some systems write an accent apart from its letter: the same text, in the one form that a plan takes.
  return field === undefined || field === '' ? null : field.normalize('NFC');
}

type CsvRecord = { readonly line: number; readonly fields: string[] };

/** Fields as they are, quotes taken off; blank lines at the end are none. */
function recordsOf(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let at = 0;
  const malformed = (what: string): Error => inputError('wallets-csv-form', `line ${line.toString()} ${what}`, { hint: HINT });
  while (at < text.length) {
    if (/^[\r\n]+$/.test(text.slice(at))) break;
    const record: CsvRecord = { line, fields: [] };
    for (;;) {
      let field: string;
      if (text[at] === '"') {
        const end = closingQuote(text, at);
        if (end === -1) throw malformed('has a quote that is not closed');
        field = text.slice(at + 1, end).replaceAll('""', '"');
        line += field.split('\n').length - 1;
        at = end + 1;
      } else {
        const end = /[,\r\n"]|$/.exec(text.slice(at))?.index ?? 0;
        field = text.slice(at, at + end);
        at += end;
      }
      record.fields.push(field);
      if (text[at] === ',') {
        at += 1;
        continue;
      }
      if (text.startsWith('\r\n', at)) at += 2;
      else if (text[at] === '\n') at += 1;
      else if (at < text.length) throw malformed('has a quote, or a line end, where none belongs');
      break;
    }
    line += 1;
    records.push(record);
  }
  return records;
}

/** Where the quoted field that begins at `start` ends; doubled quotes inside are part of it. */
function closingQuote(text: string, start: number): number {
  for (let at = start + 1; ;) {
    const found = text.indexOf('"', at);
    if (found === -1 || text[found + 1] !== '"') return found;
    at = found + 2;
  }
}
