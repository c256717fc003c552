import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { checkNewFile, readBoundedFile, writeNewFile } from '../files/index.ts';
import { readCiphertext, recoverSecret, type Expectation, type Recovered } from '../recovery/index.ts';
import { parseAssignedKey, parsePrivateKey, type Mode } from '../sealing/index.ts';
import { MAX_DOCUMENT_BYTES, readDocumentOf } from '../transfer/index.ts';
import { checkError, inputError, sha256 } from '../values/index.ts';
import type { OperationContext } from './context.ts';
import { inputPath, outputPath } from './fields.ts';
import { hasLedger, readStationFile } from './home.ts';
import { defineOperation, SEES_SECRETS, type Outcome } from './operation.ts';
import { readPassphraseFile } from './passphrase.ts';
import { withLedgerForReading } from './station.ts';

const MAX_PEM_BYTES = 64 * 1024;

const output = z.object({
  file: z.string().nullable(),
  size_bytes: z.number().nullable(),
  checksum: z.enum(['matches', 'differs', 'unknown']),
  found: z.array(z.object({ package: z.string(), what: z.string() })).nullable(),
});

/**
 * From a sealed item or a bare ciphertext and the released private key back to the secret. Needs no station, ledger or
 * keychain; where a ledger is at hand, a bare ciphertext is looked up in it.
 */
export const recover = defineOperation({
  name: 'recover',
  summary: 'open a sealed item or a released ciphertext with the released private key',
  roles: SEES_SECRETS,
  input: z.strictObject({
    source: z.union([z.strictObject({ sealed: inputPath }), z.strictObject({ ciphertext: inputPath })]),
    private_key: inputPath,
    private_key_passphrase_file: inputPath.optional(),
    passphrase_file: inputPath.optional(),
    accept_mismatch: z.boolean().default(false),
    out: outputPath,
  }),
  output,
  run: async (context, input) => {
    await checkNewFile(input.out);
    const source = await readSource(context, input.source);
    const privateKey = await readPrivateKey(input.private_key, input.private_key_passphrase_file);
    if (source.publicKey !== null) checkKeyFits(privateKey, source.publicKey);
    const passphrase = input.passphrase_file === undefined ? null : await readPassphraseFile(input.passphrase_file, 'the passphrase file');
    try {
      const recovered = await recoverSecret(source.ciphertext, privateKey, passphrase, source.expected);
      return await writeSecret(recovered, input.out, input.accept_mismatch);
    } finally {
      passphrase?.fill(0);
    }
  },
});

type Source = { ciphertext: Buffer; expected: Expectation | null; publicKey: string | null };

async function readSource(context: OperationContext, from: { sealed: string } | { ciphertext: string }): Promise<Source> {
  if ('sealed' in from) {
    const bytes = await readBoundedFile(from.sealed, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the sealed item' });
    const { document } = readDocumentOf(bytes, from.sealed, 'sealed/1');
    if ((await readStationFile(context.home))?.id !== document.station.id) {
      context.onNote(
        `the sealed item was signed by the station ${document.station.id}, which is not this one: its signature holds, who it is you must know`,
      );
    }
    const { mode, checksum, ciphertext, ciphertext_sha256: ciphertextSha256, public_key: publicKey } = document.body;
    return { ciphertext: Buffer.from(ciphertext, 'base64'), expected: { mode, checksum, ciphertextSha256 }, publicKey };
  }
  const bytes = await readBoundedFile(from.ciphertext, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the ciphertext' });
  const ciphertext = readCiphertext(bytes, from.ciphertext);
  return { ciphertext, expected: await lookUp(context, sha256(ciphertext)), publicKey: null };
}

async function lookUp(context: OperationContext, ciphertextSha256: string): Promise<Expectation | null> {
  if ((await readStationFile(context.home)) === null || !hasLedger(context.home)) return null;
  return withLedgerForReading(context, ({ queries }) => {
    const item = queries.itemByCiphertext(ciphertextSha256);
    return Promise.resolve(item === null ? null : { mode: item.mode as Mode, checksum: item.checksum, ciphertextSha256 });
  });
}

async function readPrivateKey(path: string, passphrasePath: string | undefined): Promise<KeyObject> {
  const pem = await readBoundedFile(path, { maxBytes: MAX_PEM_BYTES, what: 'the private key' });
  const passphrase = passphrasePath === undefined ? null : await readPassphraseFile(passphrasePath, 'the private key’s passphrase file');
  try {
    return parsePrivateKey(pem, passphrase);
  } finally {
    pem.fill(0);
    passphrase?.fill(0);
  }
}

/** Tells "the wrong private key" from "a damaged ciphertext" before anything is opened: both keys are public knowledge. */
function checkKeyFits(privateKey: KeyObject, publicKeyHex: string): void {
  const wanted = parseAssignedKey(publicKeyHex).spkiDer;
  if (createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).equals(wanted)) return;
  throw checkError('private-key-differs', 'the private key does not belong to the key that this item was sealed for', {
    hint: 'ask for the release of the key that the sealed item names in key_id',
  });
}

async function writeSecret(recovered: Recovered, out: string, acceptMismatch: boolean): Promise<Outcome<z.output<typeof output>>> {
  const { content, checksum } = recovered;
  try {
    if (checksum === 'differs' && !acceptMismatch) {
      const problem = checkError('checksum-differs', 'what came out is not what was sealed: its checksum differs', {
        hint: 'nothing was written; if you know why, run again with --accept-mismatch',
      });
      return { output: { file: null, size_bytes: null, checksum, found: null }, problems: [problem] };
    }
    if (content.length === 0) throw inputError('secret-empty', 'what came out has no bytes');
    await writeNewFile(out, content);
    return { output: { file: out, size_bytes: content.length, checksum, found: null }, problems: [] };
  } finally {
    content.fill(0);
  }
}
