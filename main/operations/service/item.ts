import { z } from 'zod';
import { readDocumentOf } from '../../transfer/index.ts';
import { inputError } from '../../values/index.ts';
import type { ItemRow, LedgerQueries } from '../../ledger/index.ts';
import { checksum } from '../../ceremony/index.ts';
import { check, documentKind, environmentName, resolution, uuid } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE, NETWORKED } from '../operation.ts';
import { withLedgerForReading, withStation } from '../station/station.ts';
import { checkpointProblem } from '../station/checkpoint.ts';
import { underLock } from './store.ts';
import { StoreItem } from './store-item.ts';

/** One item as the window's page of a backup shows it. The checksum itself stays in the ledger: it helps to guess weak secrets. */
export const itemShow = defineOperation({
  name: 'item.show',
  summary: 'one sealed item: what it is, where it stands, and what became of it',
  roles: EVERY_ROLE,
  input: z.strictObject({ id: uuid }),
  output: z.object({
    item_id: uuid,
    environment: environmentName,
    wallet: z.string(),
    key_environment: z.string(),
    state: z.enum(['sealed', 'stored', 'refused', 'not-sent', 'unknown']),
    reason: z.string().nullable(),
    name: z.string(),
    size_bytes: z.number(),
    mode: z.string(),
    checksum: z.enum(['matches', 'differs']).nullable(),
    stored_at: z.string().nullable(),
    backup_id: z.string().nullable(),
    backup_check: check.nullable(),
    key_id: z.string(),
    key_fingerprint: z.string(),
    ciphertext_sha256: z.string(),
    /** What the ledger holds in writing about it, in the order in which it came to be. */
    documents: z.array(z.object({ id: uuid, kind: documentKind.exclude(['station', 'carry']) })),
    history: z.array(z.object({ at: z.string(), what: z.string(), detail: z.string(), event: z.number() })),
  }),
  run: (context, input) =>
    withLedgerForReading(context, ({ queries }) => {
      const item = requireItem(queries, input.id);
      const key = queries.assignedKey(item.key_id);
      const backup = queries.backupOfItem(item.item_id);
      return Promise.resolve(
        done({
          item_id: item.item_id,
          environment: environmentName.parse(item.environment),
          wallet: key?.user_identifier ?? '',
          key_environment: key?.key_environment ?? '',
          state: item.state === 'sending' ? ('unknown' as const) : item.state,
          reason: item.reason,
          name: item.name,
          size_bytes: item.size_bytes,
          mode: item.mode,
          checksum: checksum(queries, item),
          stored_at: backup?.stored_at ?? null,
          backup_id: backup?.backup_id ?? null,
          backup_check: backup === null ? null : (queries.lastVerification('backup', backup.backup_id)?.result ?? null),
          key_id: item.key_id,
          key_fingerprint: key?.fingerprint ?? '',
          ciphertext_sha256: item.ciphertext_sha256,
          documents: documentsOf(item, key?.document_id ?? null),
          history: queries.itemHistory(item).map(({ event_seq: event, ...line }) => ({ ...line, event })),
        }),
      );
    }),
});

/** A person's word on an item whose outcome is unknown, from the ledger's own copy of it. */
export const itemSettle = defineOperation({
  name: 'item.settle',
  summary: 'settle what became of an item whose outcome is unknown',
  roles: NETWORKED,
  input: z.strictObject({
    item_id: uuid,
    word: resolution,
  }),
  output: z.object({ state: z.enum(['stored', 'refused', 'not-sent', 'unknown']) }),
  run: (context, input) =>
    withStation(context, 'item.settle', async (station) => {
      const item = requireItem(station.queries, input.item_id);
      const text = station.queries.documentText(item.document_id) ?? '';
      const sealed = readDocumentOf(Buffer.from(text, 'utf8'), 'the sealed item in the ledger', 'sealed/1');
      const result = await underLock(context, item, () => new StoreItem(context, station, sealed).run(input.word));
      const problems = [...result.problems, ...(result.state === 'stored' ? await checkpointProblem(station) : [])];
      return { output: { state: result.state }, problems };
    }),
});

function documentsOf(item: ItemRow, keyPack: string | null): { id: string; kind: 'keypack' | 'sealed' | 'receipt' }[] {
  const all = [
    { id: keyPack, kind: 'keypack' as const },
    { id: item.document_id, kind: 'sealed' as const },
    { id: item.receipt_id, kind: 'receipt' as const },
  ];
  return all.flatMap(({ id, kind }) => (id === null ? [] : [{ id, kind }]));
}

function requireItem(queries: LedgerQueries, id: string): ItemRow {
  const item = queries.item(id);
  if (item === null)
    throw inputError('id-unknown', 'this ledger knows no item with that id', { hint: 'choose it from the list of backups' });
  return item;
}
