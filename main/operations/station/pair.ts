import { z } from 'zod';
import { checkWords } from '../../ceremony/index.ts';
import { writeNewFile, checkNewFile } from '../../files/index.ts';
import type { LedgerQueries, PairingRow } from '../../ledger/index.ts';
import { readDocument, writeDocument, type ReadDocument, type StationCard, type WrittenDocument } from '../../transfer/index.ts';
import { checkError, fingerprintWords, inputError, quote, withArticle, type ColdroomError, type Fingerprint } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { keptDocument } from '../documents/documents.ts';
import { enteredWords, fingerprint, inputPath, outputPath } from '../fields.ts';
import { readIncomingOf } from '../documents/incoming.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { isRefusal, refusalsAbout, type RefusalFacts } from '../documents/refusals.ts';
import { checkpointProblem } from './checkpoint.ts';
import { isPlainName, isSameName } from './station-names.ts';
import { withLedgerForReading, withStation, type Station } from './station.ts';

/** The kinds of document that this version reads, as a station card says them. */
const READS = ['keypack/1', 'sealed/1', 'receipt/1', 'carry/1'];

const role = z.enum(['single', 'cold', 'online']);
const candidate = z.object({ fingerprint, words: z.array(z.string()) });
const partner = z.object({
  station_id: fingerprint,
  name: z.string(),
  role,
  state: z.enum(['paired', 'unpaired', 'succeeded', 'followed']),
  succeeds: z.string().nullable(),
  changed_at: z.string(),
  /** The furthest that this station has seen of the other's ledger: people compare it with what that ledger holds. */
  last_seen: z.object({ seq: z.number(), head: z.string() }).nullable(),
});
const pairOutput = z.object({
  /** What people have to compare; null once they have. */
  confirm: z.array(candidate.extend({ name: z.string(), role })).nullable(),
  paired: partner.nullable(),
  file: z.string().nullable(),
});

const outInput = z.strictObject({ out: outputPath });
const inInput = z.strictObject({ in: inputPath, fingerprint: fingerprint.optional(), succeeds: fingerprint.optional() });

/**
 * Introduces stations. `out` writes this station's card; `in` reads another's: without a fingerprint it shows what people have
 * to compare, with one it pairs. Both stations do both.
 */
export const pair = defineOperation({
  name: 'pair',
  summary: 'introduce this station to another, or another to this one',
  roles: EVERY_ROLE,
  input: z.union([outInput, inInput]),
  output: pairOutput,
  run: (context, input) =>
    withStation(context, 'pair', async (station) => {
      if ('out' in input) {
        await checkNewFile(input.out);
        const { text } = writeCard(context, station);
        await writeNewFile(input.out, Buffer.from(text, 'utf8'));
        return done({ confirm: null, paired: null, file: input.out });
      }
      const card = await readCard(input.in);
      if (input.fingerprint === undefined) {
        const problem =
          placeProblem(station, 'pair', card) ??
          checkError('pairing-not-confirmed', 'nothing was paired: compare the fingerprint with what the other station shows', {
            hint: 'have its words read aloud, then run the command again with --fingerprint HEX',
          });
        return { output: { confirm: [shown(card.document)], paired: null, file: null }, problems: [problem] };
      }
      const { paired, problems } = await pairWith(station, card, input.in, input.fingerprint, input.succeeds ?? null);
      return { output: { confirm: null, paired, file: null }, problems };
    }),
});

/** This station's card for a screen: its fingerprint in words, and the id of the document that a code or a stick carries. */
export const pairCard = defineOperation({
  name: 'pair.card',
  summary: 'this station’s own card; a fresh one where the other station has read the last',
  roles: EVERY_ROLE,
  input: z.strictObject({ fresh: z.boolean().default(false) }),
  output: candidate.extend({ document_id: z.string(), name: z.string(), role }),
  run: (context, input) =>
    withStation(context, 'pair.card', (station) => {
      const kept = input.fresh ? null : station.queries.newestWritten('station');
      const id = kept?.document_id ?? writeCard(context, station).document.id;
      return Promise.resolve(
        done({
          document_id: id,
          fingerprint: station.id,
          words: [...fingerprintWords(station.id)],
          name: station.file.name,
          role: station.role,
        }),
      );
    }),
});

/** Whose card a file is, before anybody compares it. */
export const pairRead = defineOperation({
  name: 'pair.read',
  summary: 'read another station’s card, without pairing',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath }),
  output: candidate.extend({ name: z.string(), role, known: partner.nullable(), replaces: z.array(partner) }),
  run: (context, input) =>
    withStation(context, 'pair.read', async (station) => {
      const { queries } = station;
      const card = await readCard(input.file);
      const known = queries.pairing(card.document.station.id);
      const replaces = queries.pairings().filter((one) => one.state === 'paired' && one.station_id !== card.document.station.id);
      const problem = placeProblem(station, 'pair.read', card);
      const output = {
        ...shown(card.document),
        known: known === null ? null : partnerOf(queries, known),
        replaces: replaces.map((row) => partnerOf(queries, row)),
      };
      return { output, problems: problem === null ? [] : [problem] };
    }),
});

/** Pairs by some of the fingerprint's words, as a window asks for them. */
export const pairConfirm = defineOperation({
  name: 'pair.confirm',
  summary: 'pair with a station whose words people have compared',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath, fingerprint, words: enteredWords, succeeds: fingerprint.nullable() }),
  output: z.object({ paired: partner }),
  run: (context, input) =>
    withStation(context, 'pair.confirm', async (station) => {
      checkWords(input.fingerprint as Fingerprint, input.words);
      const card = await readCard(input.file);
      const { paired, problems } = await pairWith(station, card, 'the station card', input.fingerprint, input.succeeds);
      return { output: { paired }, problems };
    }),
});

export const pairList = defineOperation({
  name: 'pair.list',
  summary: 'the stations that this one knows',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({ stations: z.array(partner) }),
  run: (context) =>
    withLedgerForReading(context, ({ queries }) =>
      Promise.resolve(done({ stations: queries.pairings().map((row) => partnerOf(queries, row)) })),
    ),
});

/** From now on nothing of that station is read. What it brought before stays. */
export const pairRemove = defineOperation({
  name: 'pair.remove',
  summary: 'unpair a station: nothing new of it is read any more',
  roles: EVERY_ROLE,
  input: z.strictObject({ station_id: fingerprint }),
  output: z.object({ station: partner }),
  run: (context, input) =>
    withStation(context, 'pair.remove', async (station) => {
      const known = station.queries.pairing(input.station_id);
      if (known?.state !== 'paired' && known?.state !== 'followed') {
        throw inputError('pairing-unknown', `no station with the fingerprint ${quote(input.station_id)} is paired with this one`, {
          hint: 'see `coldroom pair list`',
        });
      }
      station.ledger.append({ type: 'station-unpaired', data: { station_id: input.station_id } });
      const problems = await checkpointProblem(station);
      return { output: { station: requirePartner(station, input.station_id) }, problems };
    }),
});

function writeCard(context: OperationContext, station: Station): WrittenDocument<StationCard> {
  return station.ledger.transaction((transaction) => {
    const written = writeDocument<'station/1'>(
      { coldroom: 'station/1', to: [], ceremony: null, answers: null, environment_id: null, body: { reads: READS } },
      station.signer,
      transaction.head(),
      context.clock.now(),
    );
    transaction.append({ type: 'document-written', data: { document: keptDocument(written, 'written') } });
    return written;
  });
}

function readCard(path: string): Promise<ReadDocument<StationCard>> {
  return readIncomingOf(path, 'station/1', 'the station card');
}

/**
 * What speaks against the station of a card before anybody compares its words; recorded, and shown beside them. A namesake may be the
 * heir of the one that is paired, so it is no end.
 */
function placeProblem(station: Station, operation: string, card: ReadDocument<StationCard>): ColdroomError | null {
  try {
    refusalsAbout(aboutCard(card), () => {
      checkPlace(station, card.document.station, null);
    });
    return null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    station.recordRefusal(operation, error, card.document.station.id);
    return error;
  }
}

function aboutCard({ sha256, document }: ReadDocument<StationCard>): RefusalFacts {
  return { documentSha256: sha256, subject: document.station.id };
}

/**
 * Pairs with the station of a card.
 * @param succeeds a dead station whose place it takes; the card's own id where this very station takes its place.
 * @throws check `pairing-differs`, `station-role-differs`, `station-key-changed`, `station-succeeded`, `document-other-bytes`; input `pairing-self`, `pairing-unknown`.
 */
async function pairWith(
  station: Station,
  card: ReadDocument<StationCard>,
  name: string,
  confirmed: string,
  succeeds: string | null,
): Promise<{ paired: z.output<typeof partner>; problems: readonly ColdroomError[] }> {
  const paired = refusalsAbout(aboutCard(card), () => takeConfirmed(station, card, name, confirmed, succeeds));
  return { paired, problems: succeeds === null ? [] : await checkpointProblem(station) };
}

function takeConfirmed(
  station: Station,
  card: ReadDocument<StationCard>,
  name: string,
  confirmed: string,
  succeeds: string | null,
): z.output<typeof partner> {
  const other = card.document.station;
  if (other.id !== confirmed) {
    throw checkError('pairing-differs', `${quote(name)} is the card of another station than the one that was confirmed`, {
      hint: 'stop; compare the words again with what the other station shows',
    });
  }
  if (other.id === station.id) throw inputError('pairing-self', 'this is this station’s own card', { hint: 'bring the other station’s' });
  const known = station.queries.pairing(other.id);
  if (known?.state === 'succeeded') {
    throw checkError('station-succeeded', `another station has taken the place of ${quote(known.name)}, for good`, {
      hint: 'stop; a station that was replaced is not to come back',
    });
  }
  checkPlace(station, other, succeeds);
  checkSameRole(station, other, succeeds);
  const kept = station.queries.document(card.document.id);
  if (kept !== null && kept.sha256 !== card.sha256) throw otherBytes(name);
  const document = kept === null ? keptDocument(card, 'imported') : null;
  // The same card again changes nothing; after an unpairing the same station needs a fresh one, whose signature is of today.
  if (document === null && known?.state === 'paired' && succeeds === null) return partnerOf(station.queries, known);
  const newest = station.queries.highestWriterSeq(other.id, other.id) ?? -1;
  if (document === null || card.document.ledger_seq < newest) {
    throw checkError('document-replayed', `${quote(name)} is a card that this station has read before, or older than one`, {
      hint: 'write a fresh one with `coldroom pair --out FILE` at the other station',
    });
  }
  station.ledger.append({
    type: 'station-paired',
    data: { station_id: other.id, name: other.name, role: other.role, public_key: other.public_key, succeeds, document },
  });
  return requirePartner(station, other.id);
}

/** A station of the same name with another key is another station, whatever it says of itself; and a name is what people can see of it. */
function checkPlace(station: Station, other: StationCard['station'], succeeds: string | null): void {
  if (!isPlainName(other.name)) {
    throw checkError('station-name-unseen', `the name ${quote(other.name)} holds characters that cannot be seen, or spaces around it`, {
      hint: 'stop; ask the people at the other station; a station is given a plain name when it is made (`coldroom init`)',
    });
  }
  if (succeeds !== null && succeeds !== other.id && station.queries.pairing(succeeds) === null) {
    throw inputError('pairing-unknown', `no station with the fingerprint ${quote(succeeds)} was ever paired with this one`, {
      hint: 'see `coldroom pair list`',
    });
  }
  const namesake = station.queries
    .pairings()
    .find(
      (one) => one.state === 'paired' && one.station_id !== other.id && one.station_id !== succeeds && isSameName(one.name, other.name),
    );
  if (namesake === undefined) return;
  throw checkError('station-key-changed', `a station named ${quote(other.name)} is paired already, with another key`, {
    hint: 'stop; if the old one is gone for good, pair the new one with --succeeds and the old one’s fingerprint',
  });
}

/** A station takes the place of one of its own kind: else a dead cold station's key could write what only an online one writes. */
function checkSameRole(station: Station, other: StationCard['station'], succeeds: string | null): void {
  if (succeeds === null) return;
  const [heir, dead] = succeeds === other.id ? [station.role, other.role] : [other.role, station.queries.pairing(succeeds)?.role];
  if (heir === dead) return;
  throw checkError('station-role-differs', `${withArticle(heir)} station cannot take the place of ${withArticle(dead ?? '')} station`, {
    hint: 'stop; only a station of the same role can',
  });
}

function otherBytes(name: string): ColdroomError {
  return checkError('document-other-bytes', `${quote(name)} bears the id of a document that this station holds with other bytes`, {
    hint: 'stop; use the file as it was written',
  });
}

function shown({ station }: StationCard): z.output<typeof candidate> & { name: string; role: 'single' | 'cold' | 'online' } {
  return { fingerprint: station.id, words: [...fingerprintWords(station.id as Fingerprint)], name: station.name, role: station.role };
}

function requirePartner(station: Station, id: string): z.output<typeof partner> {
  const row = station.queries.pairing(id);
  if (row === null) throw new TypeError('a pairing that was just written is not in the ledger');
  return partnerOf(station.queries, row);
}

function partnerOf(queries: LedgerQueries, row: PairingRow): z.output<typeof partner> {
  return partner.parse({ ...row, last_seen: lastSeen(queries, row.station_id) });
}

/** What the latest document of a station says of its ledger, as it was before that document. */
function lastSeen(queries: LedgerQueries, stationId: string): { seq: number; head: string } | null {
  const latest = queries.latestOf(stationId);
  const text = latest === null ? null : queries.documentText(latest.document_id);
  if (text === null) return null;
  const { ledger_seq: seq, ledger_head: head } = readDocument(Buffer.from(text, 'utf8'), 'the document in the ledger').document;
  return { seq, head };
}
