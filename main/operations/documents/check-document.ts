import { z } from 'zod';
import { judgeAssignment, parseAssignmentRequest } from '../../attestation/index.ts';
import { readBoundedFile } from '../../files/index.ts';
import { kindOf, MAX_DOCUMENT_BYTES, readDocument, type ColdroomDocument, type KeyPack } from '../../transfer/index.ts';
import { documentKind, fingerprint, inputPath, shownCheck } from '../fields.ts';
import { hasLedger, readStationFile } from '../station/home.ts';
import { trustOf } from './key-pack.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading } from '../station/station.ts';
import type { OperationContext } from '../context.ts';

/**
 * Verifies any Coldroom document, offline and without a station: its form, its signature, its inner consistency, and for a
 * key pack the enclave's signature over the key. A signer that is
 * neither this station nor paired with it is named, never a stop.
 */
export const check = defineOperation({
  name: 'check',
  summary: 'verify a Coldroom document offline',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath }),
  output: z.object({
    kind: documentKind,
    id: z.string(),
    signer: fingerprint,
    signer_known: z.boolean(),
    ok: z.boolean(),
    checks: z.array(shownCheck),
  }),
  run: async (context, input) => {
    const bytes = await readBoundedFile(input.file, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the document' });
    const { document } = readDocument(bytes, input.file);
    const station = await readStationFile(context.home);
    return done({
      kind: kindOf(document),
      id: document.id,
      signer: document.station.id,
      signer_known: station?.id === document.station.id || (await isPaired(context, document.station.id)),
      ok: true,
      checks: await checksOf(context, document),
    });
  },
});

async function isPaired(context: OperationContext, stationId: string): Promise<boolean> {
  if ((await readStationFile(context.home)) === null || !hasLedger(context.home)) return false;
  return withLedgerForReading(context, ({ queries }) => Promise.resolve(queries.pairing(stationId)?.state === 'paired'));
}

async function checksOf(context: OperationContext, document: ColdroomDocument): Promise<z.output<typeof shownCheck>[]> {
  const signed = {
    id: 'document-signature',
    result: 'passed' as const,
    what: 'signed by the station it names, unchanged since',
    rests_on: 'Ed25519',
  };
  if (document.coldroom !== 'keypack/1') return [signed];
  const known = await trustHere(context, document);
  const judgement = judgeAssignment({
    // Whoever checks a document judges it by what the document itself carries; policy is asked for where it is used.
    environment: 'sandbox',
    request: parseAssignmentRequest(Buffer.from(document.body.request, 'utf8')),
    responseBytes: Buffer.from(document.body.response, 'utf8'),
    jwksBytes: Buffer.from(document.body.jwks, 'utf8'),
    ...known,
    retiredAllowed: true,
    anchorsOnly: false,
    nowMs: context.clock.now(),
  });
  return [signed, ...judgement.checks.map((one) => ({ id: one.id, result: one.result, what: one.what, rests_on: one.restsOn }))];
}

async function trustHere(context: OperationContext, document: KeyPack): Promise<ReturnType<typeof trustOf>> {
  if ((await readStationFile(context.home)) === null || !hasLedger(context.home)) return { anchors: [], accounts: [] };
  return withLedgerForReading(context, ({ queries }) => Promise.resolve(trustOf(queries, document.body.environment)));
}
