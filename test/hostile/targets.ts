import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAssignmentRequest, judgeAssignment, parseUsableKeys } from '../../main/attestation/index.ts';
import { DEFAULT_POLICY, parsePolicy } from '../../main/ceremony/policy.ts';
import { inspectSecret } from '../../main/content/index.ts';
import { checkPlan, encodePlan, walletsOfCsv } from '../../main/plan/index.ts';
import { PLAN } from '../../main/plan/plan.fixture.ts';
import { RULES } from '../../main/plan/rules.fixture.ts';
import { readRecoveryKey, recognise, openPackage } from '../../main/recovery/index.ts';
import { makeEphemeralOpenPgpKey, openPgp } from '../../main/recovery/openpgp.ts';
import { checkReport, reportSchema } from '../../main/report/index.ts';
import { openSealed, parseAssignedKey, parsePrivateKey } from '../../main/sealing/index.ts';
import { CodeReceiver, encodeAnimatedCode, readDocument } from '../../main/transfer/index.ts';
import { signedBytes } from '../../main/transfer/signature.ts';
import { inputError, isJsonObject, parseJson, sha256, type JsonObject } from '../../main/values/index.ts';
import type { SecondImplementation } from '../second/client.ts';

const vectors = join(import.meta.dirname, '../vectors');
const read = (name: string): unknown => JSON.parse(readFileSync(join(vectors, name), 'utf8'));
const from64 = (text: string): Buffer => Buffer.from(text, 'base64');
const PEM = readFileSync(join(vectors, 'rsa4096-a.key.pem'));
const PRIVATE = createPrivateKey(PEM);
export const SECRET = Buffer.from('what the hostile inputs were made of');
const NOW_MS = Date.parse('2026-11-24T12:00:00Z');
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Something that reads what others made. `judge` throws a ColdroomError, or gives what it took. `disagree` asks somebody else about
 * what was taken: a line where that one calls it invalid or reads something else in it.
 */
export type Target = {
  readonly name: string;
  /** Whole and in order, to be spoilt. */
  readonly seeds: readonly Buffer[];
  /** Signs or encrypts what was spoilt anew, so that it gets past the first gate. */
  readonly again?: (json: JsonObject) => Buffer;
  readonly isJson: boolean;
  readonly judge: (bytes: Buffer) => unknown;
  readonly disagree: (bytes: Buffer, given: unknown) => Promise<string | null> | string | null;
};

const same = (given: Buffer, wanted: Buffer): string | null => (given.equals(wanted) ? null : 'it gave other bytes than were put in');

/** A stranger who holds a station's key, and signs anything at all. */
function strangersHand(): (json: JsonObject) => Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = from64(publicKey.export({ format: 'jwk' }).x?.replaceAll('-', '+').replaceAll('_', '/') ?? '');
  return (json) => {
    const { station } = json;
    const named = isJsonObject(station) ? { ...station, id: sha256(raw), public_key: raw.toString('base64') } : station;
    const document = { ...json, ...(named === undefined ? {} : { station: named }) } as JsonObject;
    try {
      return Buffer.from(JSON.stringify({ ...document, signature: sign(null, signedBytes(document), privateKey).toString('base64') }));
    } catch {
      return Buffer.from(JSON.stringify(document)); // what has no RFC 8785 form cannot be signed
    }
  };
}

/** Everything that reads what others made, with a second judge for each. The caller ends the second implementation. */
export async function makeTargets(second: SecondImplementation): Promise<Target[]> {
  const refusedBySecond = async (what: string, about: Record<string, unknown>): Promise<string | null> => {
    const { refused } = await second.ask(what, about);
    return refused === undefined ? null : `the second implementation refuses it: ${refused}`;
  };
  const documents = (read('second/documents.json') as { data: { name: string; file: string; refused?: string; gives?: unknown }[] }).data
    .map((one) => from64(one.file))
    .filter((bytes) => {
      try {
        readDocument(bytes, 'a');
        return true;
      } catch {
        return false;
      }
    });
  const packs = (read('second/key-packs.json') as { data: { cases: { file: string }[] } }).data.cases.map((one) => from64(one.file));
  const exchanges = (
    read('assignments.json') as { cases: { verdict: string; request: JsonObject; response: JsonObject; jwks: JsonObject }[] }
  ).cases.filter((one) => one.verdict === 'trusted');
  const [exchange] = exchanges;
  if (exchange === undefined) throw new Error('no exchange among the vectors is trusted');
  const judged = (response: Buffer, jwks: Buffer) =>
    judgeAssignment({
      environment: 'sandbox',
      request: parseAssignmentRequest(Buffer.from(JSON.stringify(exchange.request))),
      responseBytes: response,
      jwksBytes: jwks,
      anchors: [],
      accounts: [],
      retiredAllowed: false,
      anchorsOnly: false,
      nowMs: NOW_MS,
    });
  const keys = (read('public-keys.json') as { cases: { public_key: string; accept: boolean }[] }).cases
    .filter((one) => one.accept)
    .map((one) => Buffer.from(one.public_key));
  const envelopes = (read('cms.json') as { cases: { opens: boolean; cms: string }[] }).cases
    .filter((one) => one.opens)
    .map((one) => from64(one.cms));
  const { publicKeyArmored, privateKey } = await makeEphemeralOpenPgpKey('hostile');
  const { createMessage, encrypt, readKey } = await openPgp();
  const encryptionKeys = [(await readKey({ armoredKey: publicKeyArmored })).toPublic()];
  const armored = Buffer.from(
    (await encrypt({ message: await createMessage({ binary: SECRET }), encryptionKeys, format: 'armored' })) as string,
  );
  const binary = Buffer.from(
    (await encrypt({ message: await createMessage({ binary: SECRET }), encryptionKeys, format: 'binary' })) as Uint8Array,
  );
  const parts = encodeAnimatedCode(Buffer.alloc(700, 'document '), 'coarse').frames;
  const reports = (read('second/report.json') as { data: { file: string }[] }).data.map((one) => from64(one.file));
  return [
    {
      name: 'JSON',
      isJson: false,
      seeds: [...documents.slice(0, 3), Buffer.from('{"a":[1,-0,1e3,"\\u00e9",null,{"b":{}}],"c":"\\ud83d\\ude00"}')],
      judge: (bytes) => parseJson(bytes, { maxBytes: MAX_BYTES }),
      disagree: (bytes, given) => {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        return JSON.stringify(JSON.parse(text)) === JSON.stringify(given) ? null : 'JSON.parse reads something else';
      },
    },
    {
      name: 'document',
      isJson: true,
      seeds: documents.slice(0, 12),
      again: strangersHand(),
      judge: (bytes) => readDocument(bytes, 'hostile.json').document,
      disagree: (bytes) => refusedBySecond('document', { file: bytes.toString('base64') }),
    },
    {
      name: 'JWKS',
      isJson: true,
      seeds: exchanges.map((one) => Buffer.from(JSON.stringify(one.jwks))),
      judge: (bytes) => parseUsableKeys(bytes, { nowMs: NOW_MS }),
      // Only keys that were published are taken; nothing spoilt makes another one.
      disagree: (_bytes, given) => {
        const published = new Set(
          exchanges
            .flatMap(({ jwks }) => parseUsableKeys(Buffer.from(JSON.stringify(jwks)), { nowMs: NOW_MS }))
            .map((one) => one.fingerprint),
        );
        return (given as { fingerprint: string }[]).every((one) => published.has(one.fingerprint as never))
          ? null
          : 'a key that nobody published is called usable';
      },
    },
    {
      name: 'assignment answer',
      isJson: true,
      seeds: [Buffer.from(JSON.stringify(exchange.response))],
      judge: (bytes) => judged(bytes, Buffer.from(JSON.stringify(exchange.jwks))),
      disagree: (bytes) =>
        refusedBySecond('judge-exchange', {
          request: JSON.stringify(exchange.request),
          response: bytes.toString('utf8'),
          jwks: JSON.stringify(exchange.jwks),
          now: NOW_MS / 1000,
        }),
    },
    {
      name: 'assigned key in DER',
      isJson: false,
      seeds: keys,
      judge: (bytes) => parseAssignedKey(bytes.toString('latin1')),
      disagree: (bytes) => refusedBySecond('key', { hex: bytes.toString('latin1') }),
    },
    {
      name: 'key pack',
      isJson: true,
      seeds: packs,
      again: strangersHand(),
      judge: (bytes) => readDocument(bytes, 'hostile.keypack.json').document,
      disagree: (bytes) => refusedBySecond('document', { file: bytes.toString('base64') }),
    },
    {
      name: 'CMS',
      isJson: false,
      seeds: envelopes,
      judge: async (bytes) =>
        (await openSealed({ ciphertext: bytes, mode: 'envelope', privateKey: PRIVATE, passphrase: null, reader: 'lenient' })).content,
      disagree: async (bytes) =>
        refusedBySecond('envelope-open', { envelope: bytes.toString('base64'), private_key: PEM.toString(), lenient: true }),
    },
    {
      name: 'private key in PEM',
      isJson: false,
      seeds: [PEM, Buffer.from(PRIVATE.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }).toString())],
      judge: (bytes) => parsePrivateKey(bytes, null),
      disagree: (_bytes, given) =>
        createPublicKey(given as never)
          .export({ format: 'der', type: 'spki' })
          .equals(createPublicKey(PRIVATE).export({ format: 'der', type: 'spki' }))
          ? null
          : 'it is another key',
    },
    {
      name: 'OpenPGP package',
      isJson: false,
      seeds: [armored, binary],
      judge: (bytes) => openPackage(bytes, privateKey, 'hostile.gpg'),
      disagree: (_bytes, given) => same(given as Buffer, SECRET),
    },
    {
      name: 'OpenPGP key',
      isJson: false,
      seeds: [Buffer.from(privateKey.armor()), Buffer.from(publicKeyArmored)],
      judge: (bytes) => readRecoveryKey(bytes, null, 'hostile.asc'),
      disagree: () => null,
    },
    {
      name: 'what was released',
      isJson: false,
      seeds: [PEM, ...envelopes.slice(0, 2), documents[0] ?? SECRET, Buffer.from('PK\u0003\u0004'), Buffer.alloc(512, 9)],
      judge: (bytes) => recognise(Buffer.from(bytes), 'hostile'),
      disagree: () => null,
    },
    {
      name: 'animated code',
      isJson: false,
      seeds: parts.map((one) => Buffer.from(one)),
      judge: (bytes) => {
        const receiver = new CodeReceiver();
        receiver.take(bytes.toString('latin1'));
        for (const part of parts) receiver.take(part);
        return receiver.bytes;
      },
      disagree: (_bytes, given) => (given === null ? null : same(given as Buffer, Buffer.alloc(700, 'document '))),
    },
    {
      name: 'plan',
      isJson: true,
      seeds: [Buffer.from(encodePlan(PLAN))],
      judge: (bytes) => {
        const checked = checkPlan(bytes, 'hostile.plan.json', RULES);
        const [first] = checked.findings;
        if (first !== undefined) throw inputError(first.code, first.message);
        return checked;
      },
      disagree: (_bytes, given) => ((given as { plan: unknown }).plan === null ? 'no plan is in order' : null),
    },
    {
      name: 'list of wallets in CSV',
      isJson: false,
      seeds: [
        Buffer.from(
          'user_identifier,key_environment,item_name,kind,mode\r\n"a ""b""",COLD,seed.txt,bip39,direct\r\nc,HOT,k,hex-key,direct\r\n',
        ),
      ],
      judge: (bytes) => walletsOfCsv(bytes.toString('utf8')),
      disagree: () => null,
    },
    {
      name: 'policy',
      isJson: true,
      seeds: [Buffer.from(JSON.stringify(DEFAULT_POLICY))],
      judge: (bytes) => parsePolicy(bytes, 'hostile.policy.json'),
      disagree: () => null,
    },
    {
      name: 'report',
      isJson: true,
      seeds: reports,
      judge: (bytes) => {
        const report = reportSchema.safeParse(parseJson(bytes, { maxBytes: MAX_BYTES }));
        return report.success ? checkReport(report.data) : 'no report';
      },
      disagree: async (bytes, given) =>
        Array.isArray(given) && given.length === 0 ? refusedOrFound(await second.ask('report', { file: bytes.toString('base64') })) : null,
    },
    {
      name: 'secret',
      isJson: false,
      seeds: [
        Buffer.from('abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'),
        PEM,
        Buffer.from(
          '{"version":3,"crypto":{"cipher":"aes-128-ctr","ciphertext":"00","kdf":"scrypt","kdfparams":{"n":2147483648,"r":99,"p":99,"dklen":32,"salt":"00"},"mac":"00"}}',
        ),
        Buffer.from('xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi'),
        Buffer.from('KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn'),
      ],
      judge: (bytes) => inspectSecret(Buffer.from(bytes), { identifiers: [], bip39Passphrase: null }),
      disagree: () => null,
    },
  ];
}

function refusedOrFound(answer: { refused?: string; gives?: unknown }): string | null {
  if (answer.refused !== undefined) return `the second implementation refuses it: ${answer.refused}`;
  return Array.isArray(answer.gives) && answer.gives.length > 0 ? `the second implementation finds ${JSON.stringify(answer.gives)}` : null;
}
