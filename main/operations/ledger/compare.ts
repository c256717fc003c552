import { z } from 'zod';
import { readBoundedFile } from '../../files/index.ts';
import { checkError, inputError, quote } from '../../values/index.ts';
import { inputPath } from '../fields.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';

const MAX_EXPORT_BYTES = 512 * 1024 * 1024;

/** The members of an export that a comparison needs; the others are passed over. */
const exported = z.object({
  station: z.object({ station_id: z.string(), name: z.string(), role: z.string() }),
  backups: z.array(
    z.object({
      item_id: z.string(),
      backup_id: z.string().nullable(),
      key_id: z.string(),
      environment: z.string(),
      key_environment: z.string(),
      wallet: z.string(),
      name: z.string(),
      state: z.string(),
      ciphertext_sha256: z.string(),
      size_bytes: z.number(),
      mode: z.string(),
      last_check: z.string().nullable(),
    }),
  ),
});
type Exported = z.output<typeof exported>;
type Item = Exported['backups'][number];

/** What both ledgers have to say in the same words. `state` comes last: it tells most where nothing else differs. */
const COMPARED = [
  'environment',
  'key_environment',
  'wallet',
  'key_id',
  'name',
  'ciphertext_sha256',
  'size_bytes',
  'mode',
  'backup_id',
  'state',
] as const;

const difference = z.object({ item_id: z.string(), what: z.string(), a: z.string().nullable(), b: z.string().nullable() });

/** Lays the exports of two stations side by side: whether they tell the same of every item, or where they do not. */
export const ledgerCompare = defineOperation({
  name: 'ledger.compare',
  summary: 'compare the exports of two stations, item by item',
  roles: EVERY_ROLE,
  input: z.strictObject({ a: inputPath, b: inputPath }),
  output: z.object({
    agree: z.boolean(),
    items: z.number(),
    stations: z.array(z.object({ station_id: z.string(), name: z.string(), role: z.string() })),
    differences: z.array(difference),
  }),
  run: async (_context, input) => {
    const a = await readExport(input.a);
    const b = await readExport(input.b);
    if (a.station.station_id === b.station.station_id) {
      throw inputError('export-same-station', 'both exports are of the same station', { hint: 'export at each of the two stations' });
    }
    const inA = byItem(a, input.a);
    const inB = byItem(b, input.b);
    const ids = [...new Set([...inA.keys(), ...inB.keys()])].toSorted();
    const differences = ids.flatMap((id) => compareItem(id, inA.get(id) ?? null, inB.get(id) ?? null));
    const output = { agree: differences.length === 0, items: ids.length, stations: [a.station, b.station], differences };
    if (output.agree) return { output, problems: [] };
    const differing = new Set(differences.map((one) => one.item_id)).size;
    const problem = checkError('ledgers-differ', `the two ledgers differ in ${differing.toString()} of ${ids.length.toString()} items`, {
      hint: 'what one station lacks is brought by its documents; where they contradict each other, stop and find out why',
    });
    return { output, problems: [problem] };
  },
});

async function readExport(path: string): Promise<Exported> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_EXPORT_BYTES, what: 'the export' });
  const parsed = exported.safeParse(parseExport(bytes, path));
  if (parsed.success) return parsed.data;
  throw notAnExport(path);
}

function parseExport(bytes: Buffer, path: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw notAnExport(path);
    throw cause;
  }
}

function notAnExport(path: string): Error {
  return inputError('export-invalid', `${quote(path)} is no export of a ledger as this version writes it`, {
    hint: 'make one at each station: `coldroom ledger export --out FILE`',
  });
}

/** @throws input `export-invalid`: of two lines for one item a comparison would hide one. */
function byItem({ backups }: Exported, path: string): Map<string, Item> {
  const items = new Map(backups.map((one) => [one.item_id, one]));
  if (items.size === backups.length) return items;
  throw inputError('export-invalid', `${quote(path)} names an item twice, which no ledger does`, {
    hint: 'make a new export at that station; find out who changed this one',
  });
}

function compareItem(id: string, a: Item | null, b: Item | null): z.output<typeof difference>[] {
  if (a === null || b === null) return [{ item_id: id, what: 'item', a: a?.state ?? null, b: b?.state ?? null }];
  const members = COMPARED.filter((member) => a[member] !== b[member]).map((member): z.output<typeof difference> => ({
    item_id: id,
    what: member,
    a: textOf(a[member]),
    b: textOf(b[member]),
  }));
  // A drill is held at one station, so the last checks may differ; that one of them failed is what both must know.
  if ((a.last_check === 'invalid') === (b.last_check === 'invalid')) return members;
  return [...members, { item_id: id, what: 'last_check', a: a.last_check, b: b.last_check }];
}

function textOf(value: string | number | null): string | null {
  return value === null ? null : value.toString();
}
