import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  KINDS,
  lay,
  leavesOf,
  problemsOf,
  signedByStranger,
  TwoStations,
  withRoom,
  type Document,
  type Kind,
} from './tampering.fixture.ts';

/**
 * What becomes of a document in which one field was changed and which its own station has signed again: the worst case, a paired
 * station that lies. Where nobody signs it again, every one of these changes is refused as `document-signature`; signed by a
 * stranger, as a stranger's.
 */
type Lie =
  /** A check refuses it (exit 3); that is in the ledger, and nothing of the document. */
  | { readonly refused: string }
  /** What CoinCover answered, and what is missing beside a list (which is recorded), is told (exit 3) and kept: leaving it out would hide it. */
  | { readonly told: readonly string[] }
  /** Bad input (exit 2): it is no document of its kind any more; that is in the ledger, and nothing of it. */
  | { readonly input: string }
  /** Nothing here contradicts it: why, and the refusal by which the next document on the way shows it, or null where none does. */
  | { readonly taken: string; readonly later: string | null };

const refused = (code: string): Lie => ({ refused: code });
const told = (...codes: string[]): Lie => ({ told: codes });
const input = (code: string): Lie => ({ input: code });
const taken = (why: string, later: string | null): Lie => ({ taken: why, later });

/** What every kind has beside its body, as far as no kind says otherwise. `later`: see {@link Lie}. */
function envelope(later: string | null): Readonly<Record<string, Lie>> {
  return {
    coldroom: input('document-members'),
    id: taken('its writer chose it', later),
    created_at: taken('clocks of cold machines drift, so no refusal rests on it', later),
    'station.id': refused('document-signature'),
    'station.name': refused('document-other-name'),
    'station.role': refused('document-wrong-role'),
    'station.public_key': refused('document-signature'),
    ledger_seq: taken('how far the writer’s ledger has come only the writer knows, as long as it does not go back', later),
    ledger_head: taken('the writer’s ledger is not here; its checkpoints are held against it where it is', later),
    signature: taken('signing it again makes it what it was', null),
  };
}

const addressed: Readonly<Record<string, Lie>> = {
  'to[]': refused('document-not-for-us'),
  'to.1': refused('document-not-for-us'),
};

const NOBODY_ELSE = 'the writer’s own place among those it is for; ours is untouched';
const NOT_BOUND = 'no signature of the enclave covers it';
/** The item that is sealed for the key pack names the pack's digest, and the honest ledger of the online station has another. */
const PACK = 'check sealed-key-differs';
/** The receipt that comes home names the item's digest, and the honest ledger of the cold station has another. */
const ITEM = 'check receipt-item-differs';
const OWN_TRUST = 'a cold station judges by the signing keys that its own people confirmed, and reads no list that is brought';

/** Not followed further: it would be the same once more. */
const ABOVE = 'as the line above';

const several = (paths: readonly string[], lie: Lie): Readonly<Record<string, Lie>> => Object.fromEntries(paths.map((path) => [path, lie]));
const indexed = (path: string, count: number) => [
  `${path}[]`,
  ...Array.from({ length: count }, (_, index) => `${path}.${index.toString()}`),
];

const TABLE: Readonly<Record<Kind, Readonly<Record<string, Lie>>>> = {
  station: {
    ...envelope(null),
    // A card introduces: what it says is what people pair with, and only its fingerprint is compared.
    'station.name': taken(
      'the name under which people see the station from now on; its documents are held against it',
      'check document-other-name',
    ),
    'station.role': taken('what it says it is; its documents are held against that', 'check document-wrong-role'),
    to: refused('document-inconsistent'),
    ceremony: taken('a card belongs to no ceremony, and nobody asks', null),
    answers: refused('document-inconsistent'),
    environment_id: refused('document-inconsistent'),
    ...several(indexed('body.reads', 4), taken('what it says it can read; whether it can, it sees by itself', null)),
  },
  keypack: {
    ...envelope(PACK),
    ...addressed,
    'to.0': taken(NOBODY_ELSE, PACK),
    ceremony: taken('it answers nothing, so it may be of any ceremony', PACK),
    answers: refused('document-inconsistent'),
    environment_id: taken(
      'a cold station that has not set the environment takes the hosts from the key pack',
      'check document-environment',
    ),
    'body.environment': refused('signer-not-confirmed'),
    'body.account': taken('which of the writer’s API keys asked; the account itself is bound as pulled_by_id', PACK),
    'body.request.user_identifier': taken(`${NOT_BOUND}; people read it on the screen beside the paper order`, PACK),
    'body.request.key_type': refused('request-invalid'),
    'body.request.key_environment': taken(`${NOT_BOUND}; in a ceremony HOT or COLD is typed from the paper order`, PACK),
    'body.request.organisation.customer_id': refused('binding-mismatch'),
    'body.request.organisation.customer_name': taken(`${NOT_BOUND}; the customer_id is bound`, PACK),
    'body.request.package.package_id': refused('binding-mismatch'),
    'body.request.package.package_name': taken(`${NOT_BOUND}; the package_id is bound`, PACK),
    ...several(indexed('body.request.sign_with', 6), refused('fields-differ')),
    'body.response.key_id': refused('binding-mismatch'),
    'body.response.public_key': refused('binding-mismatch'),
    'body.response.signature': refused('signature-invalid'),
    'body.response.customer_id': refused('answer-differs'),
    'body.response.package_id': refused('answer-differs'),
    'body.response.metadata.customer_name': taken(`${NOT_BOUND}, and nothing here uses it`, PACK),
    'body.response.metadata.package_name': taken(`${NOT_BOUND}, and nothing here uses it`, PACK),
    ...several(
      [
        'body.response.signed_payload.external_customer_id',
        'body.response.signed_payload.external_package_id',
        'body.response.signed_payload.key_fingerprint',
        'body.response.signed_payload.key_id',
        'body.response.signed_payload.public_key',
        'body.response.signed_payload.pulled_by_id',
        'body.response.signed_payload.pulled_by_type',
      ],
      refused('signature-invalid'),
    ),
    ...several(indexed('body.response.signed_fields', 6), refused('fields-differ')),
    'body.jwks.keys[]': taken(OWN_TRUST, PACK),
    ...several(
      [
        ...['kty', 'x', 'y', 'crv', 'kid', 'alg', 'use', 'coincover:validFrom'].map((name) => `body.jwks.keys.0.${name}`),
        ...indexed('body.jwks.keys.0.coincover:purposes', 2),
      ],
      taken(OWN_TRUST, ABOVE),
    ),
    'body.jwks_sha256': refused('document-inconsistent'),
    'body.jwks_fetched_at': refused('key-pack-too-old'),
  },
  sealed: {
    ...envelope(ITEM),
    ...addressed,
    'to.0': taken(NOBODY_ELSE, ITEM),
    ceremony: refused('document-ceremony'),
    answers: refused('sealed-key-differs'),
    environment_id: refused('document-environment'),
    'body.item_id': taken('its writer chose it', 'check receipt-item-unknown'),
    'body.environment': refused('sealed-key-differs'),
    'body.key_id': refused('sealed-key-unknown'),
    'body.public_key': refused('sealed-key-differs'),
    'body.mode': taken('only the enclave can open it, and it gives back what was sealed, in whatever mode', ITEM),
    'body.size_bytes': taken('only the enclave can open it and see the size', ITEM),
    'body.ciphertext': refused('document-inconsistent'),
    'body.ciphertext_sha256': refused('document-inconsistent'),
    'body.checksum': taken('only the enclave can open it, and it compares', 'service service-400'),
    'body.name': taken('what its writer calls it', ITEM),
    'body.send_name': taken('what its writer wants', ITEM),
    'body.asset': taken('what its writer says of it', ITEM),
    'body.supersedes': taken('what its writer says of it', ITEM),
  },
  receipt: {
    ...envelope(null),
    ...addressed,
    'to.0': taken(NOBODY_ELSE, null),
    ceremony: refused('document-ceremony'),
    answers: refused('receipt-item-differs'),
    environment_id: refused('receipt-item-differs'),
    'body.item_id': refused('receipt-item-unknown'),
    'body.environment': refused('receipt-item-differs'),
    'body.backup_id': taken(
      'only the online station heard CoinCover say it; the two ledgers laid side by side show it',
      'check ledgers-differ',
    ),
    'body.backup_type': refused('document-inconsistent'),
    'body.key_id': refused('receipt-item-differs'),
    'body.sealed_ciphertext_sha256': refused('receipt-item-differs'),
    'body.checksum': told('checksum-differs'),
    'body.data_size': taken('the contract does not say which bytes it counts; a size that fits nothing is noted', null),
    'body.stored_at': taken('only the online station was there', null),
    'body.key_check': told('key-invalid'),
    'body.backup_check': told('backup-invalid'),
  },
  carry: {
    ...envelope(null),
    ...addressed,
    'to.0': taken(NOBODY_ELSE, null),
    ceremony: taken('one list may hold what several ceremonies wrote', null),
    answers: refused('document-inconsistent'),
    environment_id: refused('document-inconsistent'),
    'body.documents[]': input('document-values'),
    'body.documents.0.kind': told('carry-missing'),
    'body.documents.0.id': told('carry-missing', 'carry-extra'),
    'body.documents.0.subject': told('carry-missing'),
    'body.documents.0.sha256': told('carry-missing'),
    'body.documents.0.size_bytes': told('carry-missing'),
  },
};

// Made while the tests are collected, so that the rows below are the fields of real documents and not of a list kept beside them.
const stations = await TwoStations.make();

afterAll(() => stations.remove());

describe.each(KINDS)('a document of the kind %s', (kind) => {
  const leaves = leavesOf(stations.document(kind));
  // What is refused leaves nothing behind but that it was, so one station can refuse them all.
  const refusing = stations.before(kind);
  afterAll(() => refusing.remove());

  it('is taken as it was written', async () => {
    expect(await stations.receive(kind, stations.document(kind))).toEqual({ problems: [], recorded: [], kept: true });
  });

  it('has every one of its fields in the table, each once and each changed', () => {
    expect(leaves.map((one) => one.path).toSorted()).toEqual(Object.keys(TABLE[kind]).toSorted());
    for (const { path, changed } of leaves) expect([path, changed]).not.toEqual([path, stations.document(kind)]);
  });

  it.each(leaves)('with another $path is refused where nobody signed it again', async ({ path, changed }) => {
    expect([path, await stations.receiveAt(refusing, kind, changed)]).toEqual([
      path,
      { problems: ['check document-signature'], recorded: ['document-signature'], kept: false },
    ]);
  });

  it.each(leaves)('with another $path, signed again by its own station, is what the table says', async ({ path, changed }) => {
    const lie = TABLE[kind][path];
    if (lie === undefined) throw new Error('the table does not know this field');
    const lied = stations.lie(kind, changed);
    expect(await stations.receive(kind, lied)).toEqual(outcomeOf(lie));
    if ('taken' in lie && kind !== 'carry' && lie.later !== ABOVE) {
      expect(await later(kind, lied)).toEqual(lie.later === null ? [] : [lie.later]);
    }
  });

  it('signed by a stranger under the stranger’s own name is a stranger’s', async () => {
    const code = kind === 'station' ? 'pairing-differs' : 'document-unknown-signer';
    expect(await stations.receive(kind, signedByStranger(stations.document(kind)))).toEqual({
      problems: [`check ${code}`],
      recorded: [code],
      kept: false,
    });
  });
});

function outcomeOf(lie: Lie) {
  if ('refused' in lie) return { problems: [`check ${lie.refused}`], recorded: [lie.refused], kept: false };
  if ('told' in lie) {
    const recorded = lie.told.filter((code) => code.startsWith('carry-'));
    return { problems: lie.told.map((code) => `check ${code}`), recorded, kept: true };
  }
  if ('input' in lie) return { problems: [`input ${lie.input}`], recorded: [lie.input], kept: false };
  return { problems: [], recorded: [], kept: true };
}

/** What goes wrong with the next document on the way, once a station has believed this one. */
async function later(kind: Kind, lied: Document): Promise<string[]> {
  return withRoom(stations.before(kind), async (room) => {
    const file = lay(room, 'believed.json', lied);
    switch (kind) {
      case 'station':
        await stations.receiveAt(room, kind, lied);
        return (await stations.receiveAt(room, 'keypack', stations.document('keypack'))).problems;
      case 'keypack': {
        const out = join(room.folder, 'next.sealed.json');
        await room.must('seal', { key: file, in: room.secret('phrase'), out });
        return withRoom(stations.before('sealed'), (office) => codesOf(office, out));
      }
      case 'sealed': {
        const out = join(room.folder, 'receipts');
        const problems = await problemsOf(room, 'store', { files: [file], out });
        if (problems.length > 0) return problems.map(inWords);
        const receipt = join(out, readdirSync(out)[0] ?? '');
        return withRoom(stations.before('receipt'), (vault) => codesOf(vault, receipt));
      }
      default: {
        await stations.receiveAt(room, kind, lied);
        const [a, b] = [join(room.folder, 'vault.json'), join(room.folder, 'office.json')];
        await room.must('ledger.export', { out: a });
        await stations.office.must('ledger.export', { out: b });
        return (await problemsOf(room, 'ledger.compare', { a, b })).map(inWords);
      }
    }
  });
}

async function codesOf(room: Parameters<typeof lay>[0], file: string): Promise<string[]> {
  return (await problemsOf(room, 'import', { files: [file] })).map(inWords);
}

function inWords({ family, code }: { family: string; code: string }): string {
  return `${family} ${code}`;
}
