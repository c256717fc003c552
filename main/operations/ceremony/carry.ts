import { z } from 'zod';
import type { DocumentKind } from '../../ledger/index.ts';
import { KIND_WORDS, readDocument, writeToMedium } from '../../transfer/index.ts';
import { inputError, isoTime, type ColdroomError } from '../../values/index.ts';
import { carryLine, countMissing, linesOfKept, writeCarryList } from '../documents/carry-list.ts';
import { ceremonyId, ceremonyOutput, requireStep, workOn, type StepWork } from './ceremony.ts';
import { crossesAsCode, documentsToCarry } from './subjects.ts';
import { inputPath, outputPath, uuid } from '../fields.ts';
import { noteForeignFiles } from '../documents/foreign-files.ts';
import { filesOf, importFiles } from '../documents/import.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';
import type { Station } from '../station/station.ts';

/** What each step brings in. */
const BRINGS = { packs: 'keypack', items: 'sealed', receipts: 'receipt' } as const;

export const ceremonyBring = defineOperation({
  name: 'ceremony.bring',
  summary: 'take in the documents that the other station sent for this step',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, files: z.array(inputPath).min(1).max(10_000) }),
  output: ceremonyOutput,
  run: (context, input) => workOn(context, 'ceremony.bring', input.ceremony, (parts) => bring(parts, input.files)),
});

/** Takes in what the step brings, and notes what came, what was missing, and what does not belong to this ceremony. */
async function bring(parts: StepWork, files: readonly string[]): Promise<readonly ColdroomError[]> {
  const { context, station, state, note, except } = parts;
  const step = (Object.keys(BRINGS) as (keyof typeof BRINGS)[]).find((id) => state.script.steps.some((one) => one.id === id));
  if (step === undefined) throw inputError('step-not-ready', 'this ceremony takes nothing in', { hint: 'begin the one that does' });
  await requireStep(parts, step);
  const { lines, carries, problems } = await importFiles(context, station, await filesOf(context, files));
  const before = state.facts.brought;
  const came = lines
    .filter((one) => (one.state === 'new' || one.state === 'kept') && one.kind === BRINGS[step])
    .map((one) => station.queries.document(one.id ?? '')?.subject ?? null)
    .filter((id) => id !== null);
  const all = [...new Set([...(before?.subjects ?? []), ...came])];
  const subjects = all.filter((id) => environmentOfSubject(station, id) === state.row.environment);
  const refused = lines.filter((one) => one.state === 'refused');
  for (const one of refused) except(step, `A document was refused (${one.code ?? ''})`);
  const listIds = new Set([...(before?.lists ?? []).map((one) => one.document_id), ...carries.map((one) => one.document_id)]);
  const lists = [...listIds].map((id) => ({ id, lines: linesOfKept(station, id) }));
  note(step, 'brought', {
    subjects,
    lists: lists.map(({ id, lines: own }) => ({ document_id: id, listed: own.length, missing: countMissing(station, own) })),
    unlisted: subjects.filter((id) => !lists.some((list) => list.lines.some((line) => line.subject === id))).length,
    refused: refused.length,
    at: isoTime(context.clock.now()),
  });
  const strays = lines.filter((one) => one.state === 'new' && one.kind !== BRINGS[step] && one.kind !== 'carry');
  return [...problems, ...strays.map(({ kind }) => strayProblem(kind)), ...(subjects.length < all.length ? [otherEnvironment()] : [])];
}

function strayProblem(kind: DocumentKind | null): ColdroomError {
  const what = kind === null ? 'a document' : KIND_WORDS[kind];
  return inputError('brought-other-kind', `${what} was among the documents, which this step does not take`, {
    hint: 'bring it where it belongs',
  });
}

function otherEnvironment(): ColdroomError {
  return inputError('brought-other-environment', 'some of these documents are of another environment than this ceremony’s', {
    hint: 'they are kept; begin a ceremony for that environment',
  });
}

function environmentOfSubject({ queries }: Station, id: string): string | null {
  return queries.assignedKey(id)?.environment ?? queries.item(id)?.environment ?? null;
}

export const ceremonyCarry = defineOperation({
  name: 'ceremony.carry',
  summary: 'write the ceremony’s documents for the other station, with their list, and read them back',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, folder: outputPath }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.carry', input.ceremony, async (parts) => {
      const { station, state, note } = parts;
      await requireStep(parts, 'carry');
      const documents = documentsToCarry(station, state).map(({ id, kind, subject }) => {
        const text = station.queries.documentText(id);
        if (text === null)
          throw inputError('ledger-damaged', 'a document of this ceremony is not in the ledger', { hint: 'run `coldroom ledger check`' });
        return { name: `${subject}.${kind}.json`, bytes: Buffer.from(text, 'utf8') };
      });
      const lines = documents.map(({ name, bytes }) => {
        const { document, sha256 } = readDocument(bytes, name);
        return carryLine(document, { sha256, sizeBytes: bytes.length });
      });
      const list = writeCarryList(
        context,
        station,
        lines.filter((line) => line !== null),
      );
      const files = [...documents, { name: `${list.document.id}.carry.json`, bytes: Buffer.from(list.text, 'utf8') }];
      await writeToMedium(input.folder, files, {
        onProgress: ({ name, done, total }) => {
          context.onProgress({ step: 'send', subject: name, done, total });
        },
      });
      await noteForeignFiles(context, input.folder);
      note('carry', 'carried', { via: 'medium', documents: documents.length, list_sha256: list.sha256, at: isoTime(context.clock.now()) });
      return [];
    }),
});

export const ceremonyCarriedByCode = defineOperation({
  name: 'ceremony.carried-by-code',
  summary: 'note that the other station has read the documents off this screen',
  roles: EVERY_ROLE,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.carried-by-code', input.ceremony, async (parts) => {
      await requireStep(parts, 'carry');
      const toCarry = documentsToCarry(parts.station, parts.state);
      if (!toCarry.every((one) => crossesAsCode(parts.station, one))) {
        throw inputError('code-envelope', 'an envelope is too large for a screen', { hint: 'write the documents to a stick' });
      }
      parts.note('carry', 'carried', { via: 'code', documents: toCarry.length, list_sha256: null, at: isoTime(context.clock.now()) });
      return [];
    }),
});
