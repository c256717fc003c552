import { z } from 'zod';
import type { CeremonyRow, LedgerQueries } from '../../ledger/index.ts';
import { inputError } from '../../values/index.ts';

/** By id, or by the number that people call it. */
export const ceremonyName = z.string().regex(/^(\d{1,9}|[0-9a-f-]{36})$/, 'is neither a ceremony’s number nor its id');

/** @throws input `ceremony-unknown`. */
export function requireCeremony(queries: LedgerQueries, name: string): CeremonyRow {
  const row = queries.ceremonies().find((one) => one.ceremony_id === name || one.number.toString() === name);
  if (row !== undefined) return row;
  throw inputError('ceremony-unknown', 'this ledger knows no ceremony of that id or number', { hint: 'see `coldroom ceremony list`' });
}
