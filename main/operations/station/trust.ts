import { z } from 'zod';
import { parseUsableKeys, type JwksEntry } from '../../attestation/index.ts';
import { readBoundedFile } from '../../files/index.ts';
import { MAX_DOCUMENT_BYTES, readDocumentOf } from '../../transfer/index.ts';
import { canonicalJson, checkError, fingerprintWords, inputError, quote, type Fingerprint } from '../../values/index.ts';
import type { EnvironmentRow } from '../../ledger/index.ts';
import { clientFor } from '../service/client.ts';
import { checkWords } from '../../ceremony/index.ts';
import { enteredWords, environmentName, fingerprint, inputPath, serviceText } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE, NETWORKED, type Outcome } from '../operation.ts';
import { checkpointProblem } from './checkpoint.ts';
import { withLedgerForReading, withStation, type Station } from './station.ts';
import type { OperationContext } from '../context.ts';

const MAX_JWKS_BYTES = 1024 * 1024;

const anchorLine = z.object({ environment: environmentName, fingerprint, state: z.enum(['active', 'retired', 'revoked']) });
const candidate = z.object({ fingerprint, words: z.array(z.string()) });

const anchorInput = z.strictObject({
  environment: environmentName,
  source: z.union([z.literal('fetch'), z.strictObject({ jwks: inputPath })]),
  fingerprint: fingerprint.optional(),
});
const accountInput = z.strictObject({ environment: environmentName, account_id: serviceText });

const addOutput = z.object({
  confirm: z.array(candidate).nullable(),
  pinned: anchorLine.nullable(),
  account: z.object({ environment: environmentName, account_id: z.string() }).nullable(),
});

/** Pins what people have confirmed: an enclave signing key, by its fingerprint, or an account id. */
export const trustAdd = defineOperation({
  name: 'trust.add',
  summary: 'pin an enclave signing key or an account id that people have confirmed',
  roles: EVERY_ROLE,
  input: z.union([anchorInput, accountInput]),
  output: addOutput,
  run: (context, input) => ('account_id' in input ? addAccount(context, input) : addAnchor(context, input)),
});

/**
 * Shows the enclave's usable signing keys for people to confirm, or pins the one whose fingerprint they give. Without a
 * fingerprint nothing is pinned and the outcome is a refusal: looking is not confirming.
 */
function addAnchor(context: OperationContext, input: z.output<typeof anchorInput>): Promise<Outcome<z.output<typeof addOutput>>> {
  return withStation(context, 'trust.add', async (station) => {
    const entries = parseUsableKeys(await readJwks(context, station, input), { nowMs: context.clock.now() });
    if (input.fingerprint === undefined) {
      const confirm = entries.map((entry) => ({ fingerprint: entry.fingerprint, words: [...fingerprintWords(entry.fingerprint)] }));
      const problem = checkError('anchor-not-confirmed', 'nothing was pinned: compare the fingerprint with CoinCover first', {
        hint: 'read the words to your account manager, then run the command again with --fingerprint HEX',
      });
      return { output: { confirm, pinned: null, account: null }, problems: [problem] };
    }
    return done({ confirm: null, pinned: pin(station, input.environment, entries, input.fingerprint), account: null });
  });
}

/** Pins a signing key by its fingerprint and two of its words, as a window asks for them. */
export const trustConfirm = defineOperation({
  name: 'trust.confirm',
  summary: 'pin an enclave signing key whose words people have compared',
  roles: NETWORKED,
  input: z.strictObject({ environment: environmentName, fingerprint, words: enteredWords }),
  output: z.object({ pinned: anchorLine }),
  run: (context, input) =>
    withStation(context, 'trust.confirm', async (station) => {
      checkWords(input.fingerprint as Fingerprint, input.words);
      await pinSigner(context, station, station.queries.requireEnvironment(input.environment), input.fingerprint);
      return done({ pinned: { environment: input.environment, fingerprint: input.fingerprint, state: 'active' as const } });
    }),
});

/** Pins a signing key that people have just compared, from a fresh list: what is pinned is what CoinCover publishes today. */
export async function pinSigner(context: OperationContext, station: Station, environment: EnvironmentRow, wanted: string): Promise<void> {
  const bytes = await readJwks(context, station, { environment: environment.name, source: 'fetch' });
  pin(station, environmentName.parse(environment.name), parseUsableKeys(bytes, { nowMs: context.clock.now() }), wanted);
}

/** As {@link pinSigner} where nothing is fetched: from a file that holds the list, or from a key pack's copy of it. */
export async function pinSignerOf(
  context: OperationContext,
  station: Station,
  environment: string,
  wanted: string,
  file: string | null,
): Promise<void> {
  if (file === null) {
    throw inputError('jwks-missing', 'this station has no signing key by that fingerprint yet', {
      hint: 'choose CoinCover’s list of signing keys, or a key pack, which brings a copy of it',
    });
  }
  pin(station, environmentName.parse(environment), parseUsableKeys(await readSigningKeys(file), { nowMs: context.clock.now() }), wanted);
}

/**
 * The list of signing keys in a file: the list itself, or a key pack's copy. Neither is trusted for where it comes from: what
 * counts are the words that people compare with CoinCover's card.
 */
async function readSigningKeys(path: string): Promise<Buffer> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the list of signing keys' });
  const text = bytes.toString('utf8');
  if (!text.includes('"keypack/1"')) {
    if (bytes.length > MAX_JWKS_BYTES) throw inputError('file-too-large', 'this is too large for a list of signing keys');
    return bytes;
  }
  return Buffer.from(readDocumentOf(bytes, path, 'keypack/1').document.body.jwks, 'utf8');
}

/** The keys that a file offers, for people to compare; nothing is pinned. */
export const trustRead = defineOperation({
  name: 'trust.read',
  summary: 'read the signing keys of a file, or of a key pack, for people to compare',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath }),
  output: z.object({ keys: z.array(candidate) }),
  run: async (context, input) => {
    const entries = parseUsableKeys(await readSigningKeys(input.file), { nowMs: context.clock.now() });
    return done({ keys: entries.map((entry) => ({ fingerprint: entry.fingerprint, words: [...fingerprintWords(entry.fingerprint)] })) });
  },
});

function addAccount(context: OperationContext, input: z.output<typeof accountInput>): Promise<Outcome<z.output<typeof addOutput>>> {
  return withStation(context, 'trust.add', (station) => {
    const data = { environment: input.environment, account_id: input.account_id };
    station.ledger.append({ type: 'account-confirmed', data });
    return Promise.resolve(done({ confirm: null, pinned: null, account: data }));
  });
}

async function readJwks(
  context: OperationContext,
  station: Station,
  input: { environment: string; source: 'fetch' | { jwks: string } },
): Promise<Buffer> {
  if (input.source !== 'fetch') return readSigningKeys(input.source.jwks);
  if (station.role === 'cold') {
    throw inputError('not-on-this-station', 'a cold station fetches nothing', {
      hint: 'use --jwks FILE, with CoinCover’s list as a file or a key pack, which brings a copy; compare the words with CoinCover’s card',
    });
  }
  const environment = station.queries.requireEnvironment(input.environment);
  const client = clientFor(context, environment, 'institution', null);
  return (await client.fetchJwks({ fresh: true })).bytes;
}

function pin(
  station: Station,
  environment: z.output<typeof environmentName>,
  entries: readonly JwksEntry[],
  wanted: string,
): z.output<typeof anchorLine> {
  const entry = entries.find((one) => one.fingerprint === wanted);
  if (entry === undefined) {
    throw checkError('anchor-differs', `no usable key of the document has the fingerprint ${quote(wanted)}`, {
      hint: 'stop: compare what CoinCover told you with what the document holds',
    });
  }
  const before = station.queries.anchors(environment).find((row) => row.fingerprint === wanted);
  if (before?.state === 'revoked') {
    throw checkError('anchor-revoked', 'this signing key was revoked here, and a revocation is for good', {
      hint: 'stop: ask CoinCover why a revoked key is in use',
    });
  }
  station.ledger.append({ type: 'anchor-confirmed', data: { environment, fingerprint: wanted, jwk: canonicalJson(entry.jwk) } });
  return { environment, fingerprint: wanted, state: 'active' };
}

const change = z.strictObject({ fingerprint, environment: environmentName.optional() });

export const trustRetire = defineOperation({
  name: 'trust.retire',
  summary: 'retire a signing key: only key packs this station already holds may rest on it',
  roles: EVERY_ROLE,
  input: change,
  output: z.object({ anchors: z.array(anchorLine) }),
  run: (context, input) => changeAnchor(context, input, 'retired'),
});

export const trustRevoke = defineOperation({
  name: 'trust.revoke',
  summary: 'revoke a signing key: nothing may rest on it any more',
  roles: EVERY_ROLE,
  input: change,
  output: z.object({ anchors: z.array(anchorLine) }),
  run: (context, input) => changeAnchor(context, input, 'revoked'),
});

function changeAnchor(context: OperationContext, input: z.output<typeof change>, state: 'retired' | 'revoked') {
  return withStation(context, `trust.${state}`, async (station) => {
    const standing = station.queries.anchors(input.environment).filter((row) => row.fingerprint === input.fingerprint);
    if (standing.length === 0) {
      throw inputError('anchor-unknown', `no signing key with the fingerprint ${quote(input.fingerprint)} is pinned`, {
        hint: 'see `coldroom trust list`',
      });
    }
    if (state === 'retired' && standing.some((row) => row.state === 'revoked')) {
      throw inputError('anchor-revoked', 'this signing key is revoked, and a revocation is for good');
    }
    station.ledger.transaction((transaction) => {
      for (const { environment, fingerprint: hex } of standing) {
        const data = { environment, fingerprint: hex };
        transaction.append(state === 'retired' ? { type: 'anchor-retired', data } : { type: 'anchor-revoked', data });
      }
    });
    const anchors = standing.map((row) => ({ environment: environmentName.parse(row.environment), fingerprint: row.fingerprint, state }));
    return { output: { anchors }, problems: await checkpointProblem(station) };
  });
}

export const trustList = defineOperation({
  name: 'trust.list',
  summary: 'the pinned signing keys and accounts',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({
    anchors: z.array(anchorLine),
    accounts: z.array(z.object({ environment: environmentName, account_id: z.string() })),
  }),
  run: (context) =>
    withLedgerForReading(context, ({ queries }) =>
      Promise.resolve(
        done({
          anchors: queries.anchors().map((row) => ({
            environment: environmentName.parse(row.environment),
            fingerprint: row.fingerprint,
            state: row.state,
          })),
          accounts: queries.accounts().map((row) => ({ environment: environmentName.parse(row.environment), account_id: row.account_id })),
        }),
      ),
    ),
});
