import { z } from 'zod';
import { checkLedger, type Ledger, type LedgerProblem, type LedgerReport } from '../../ledger/index.ts';
import { isColdroomError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { fingerprint } from '../fields.ts';
import type { StationFile } from '../station/home.ts';
import { ledgerProblem } from './problem.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';
import { openKeychain } from '../station/open-keychain.ts';
import { readCheckMaterial } from '../station/remembered-end.ts';
import { withLedgerForReading } from '../station/station.ts';

/** The keychain is lost or out of reach: the chain is judged without it, and the report says so. A passphrase not given is neither. */
const KEYCHAIN_OUT_OF_REACH = new Set([
  'keychain-none',
  'keychain-locked',
  'keychain-no-answer',
  'keychain-signature-changed',
  'keychain-file-missing',
]);

/** Recomputes the whole ledger: chain, MACs, checkpoints, and the state tables from the events. */
export const ledgerCheck = defineOperation({
  name: 'ledger.check',
  summary: 'recompute the ledger’s chain and compare its events with its state',
  roles: EVERY_ROLE,
  /** `seen`: a head of this ledger that somebody else saw or printed. */
  input: z.strictObject({ seen: z.strictObject({ seq: z.number().int().positive(), head: fingerprint }).optional() }),
  output: z.object({
    ok: z.boolean(),
    events: z.number(),
    head: z.string(),
    macs: z.enum(['valid', 'not-checkable']),
    problems: z.array(z.object({ seq: z.number().nullable(), code: z.string(), message: z.string() })),
  }),
  run: (context, input) =>
    withLedgerForReading(context, async ({ file, ledger }) => {
      const judged = await judgeLedger(context, file, ledger);
      const unseen = input.seen === undefined ? null : notReached(ledger, input.seen);
      const report = unseen === null ? judged : { ...judged, ok: false, problems: [...judged.problems, unseen] };
      if (report.macs === 'not-checkable')
        context.onNote('the keychain could not be asked: the MACs are not checkable, the chain was checked without them');
      return { output: report, problems: report.problems.slice(0, 1).map((problem) => ledgerProblem(problem)) };
    }),
});

/** What others saw of this ledger must stand in it still. */
function notReached(ledger: Ledger, { seq, head }: { seq: number; head: string }): LedgerProblem | null {
  const here = ledger.digestAt(seq);
  if (here === head) return null;
  const message =
    here !== null
      ? 'another history stands here than the one that was seen'
      : seq < ledger.firstSeq()
        ? `the ledger begins with event ${ledger.firstSeq().toString()}: it was made again, and does not hold what was seen`
        : `the ledger ends at event ${ledger.head().seq.toString()}, which is older than the head that was seen`;
  return { seq: here === null ? null : seq, code: 'ledger-rolled-back', message };
}

/** The ledger judged with what the keychain gives, or without. */
export async function judgeLedger(context: OperationContext, file: StationFile, ledger: Ledger): Promise<LedgerReport> {
  const material = await keychainMaterial(context, file);
  try {
    return await checkLedger(ledger, material.macKey, material.remembered, file.public_key);
  } finally {
    material.macKey?.fill(0);
  }
}

async function keychainMaterial(context: OperationContext, file: StationFile): ReturnType<typeof readCheckMaterial> {
  try {
    const keychain = await openKeychain(context, file.keychain);
    try {
      return await readCheckMaterial(keychain, file);
    } finally {
      await keychain.close();
    }
  } catch (error) {
    if (isColdroomError(error) && KEYCHAIN_OUT_OF_REACH.has(error.code)) return { macKey: null, remembered: null };
    throw error;
  }
}
