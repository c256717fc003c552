import { writeNewFile } from '../../files/index.ts';
import type { AssignedKeyRow } from '../../ledger/index.ts';
import { writeDocument, type KeyPack } from '../../transfer/index.ts';
import { checkError, isColdroomError, quote, sha256, type ColdroomError } from '../../values/index.ts';
import { clientOfAnswer } from '../service/client.ts';
import type { OperationContext } from '../context.ts';
import { keptDocument, keyPackFacts, pairedColdStations, writeKept } from './documents.ts';
import { ageOfKeyPack, judgeKey, readKeptKeyPack } from './key-pack.ts';
import { fetchSigningKeysAnew } from '../service/signing-keys.ts';
import type { Station } from '../station/station.ts';

/**
 * Writes the key pack of an assigned key to a file once more: byte for byte as it was, or made anew where a cold station paired
 * since could not read it, or its list of signing keys has aged. Made anew it holds the same request and answer, today's list,
 * and every cold station that is paired now; the key is judged by that list first. What was sealed for the earlier one stands.
 * @returns why there is no file, though the ledger has the key pack; else null.
 * @throws check errors of the judgement, `environment-changed`, `key-pack-elsewhere`; unreachable errors of fetching the list.
 */
export async function writeKeyPackAgain(
  context: OperationContext,
  station: Station,
  key: AssignedKeyRow,
  out: string,
): Promise<ColdroomError | null> {
  const kept = readKeptKeyPack(station, key);
  const { document } = kept;
  // Even where this station has taken that one's place: the cold station reads nothing of a station that was replaced.
  if (document.station.id !== station.id) {
    const { name } = document.station;
    throw checkError('key-pack-elsewhere', `this key pack was made by the station ${quote(name)}, which alone can make it anew`, {
      hint: `make it anew at ${quote(name)}; if that one is gone, assign anew for another wallet, or restore it from its copy`,
    });
  }
  if (isOfUse(context, station, document)) {
    await writeNewFile(out, Buffer.from(kept.text, 'utf8'));
    return null;
  }
  const keys = await fetchSigningKeysAnew(clientOfAnswer(context, station, key), context.clock);
  const body = { ...document.body, ...keys, jwks_sha256: sha256(keys.jwks) };
  judgeKey(context, station, { ...document, body }, true);
  const written = station.ledger.transaction((transaction) => {
    const anew = writeDocument<'keypack/1'>(
      {
        coldroom: 'keypack/1',
        to: [station.id, ...pairedColdStations(station)],
        ceremony: document.ceremony,
        answers: null,
        environment_id: document.environment_id,
        body,
      },
      station.signer,
      transaction.head(),
      context.clock.now(),
    );
    transaction.append({
      type: 'key-pack-written',
      data: { assignment_id: null, key: keyPackFacts(anew.document), document: keptDocument(anew, 'written') },
    });
    return anew;
  });
  return writeKept(out, written, 'the key pack is made anew and kept');
}

/** Whoever is to read it can, and its list of signing keys is of this week. */
function isOfUse(context: OperationContext, station: Station, document: KeyPack): boolean {
  if (pairedColdStations(station).some((id) => !document.to.includes(id))) return false;
  try {
    return ageOfKeyPack(context, station, document) === 'fresh';
  } catch (error) {
    if (isColdroomError(error)) return false;
    throw error;
  }
}
