import { z } from 'zod';
import { readBoundedFile } from '../../files/index.ts';
import { checkError } from '../../values/index.ts';
import { inputPath } from '../fields.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';
import { MAX_SECRET_BYTES } from './secret-size.ts';

// The names of kinds and identifiers are checked where they are known: `content` is loaded only when a secret is looked at.
const identifier = z.object({ type: z.string(), path: z.string().nullable() });

/** What a file holds and the public identifiers asked for. Nothing secret is in the output, and nothing is kept. */
export const inspect = defineOperation({
  name: 'inspect',
  summary: 'say what a file holds, and its public identifiers, never a secret',
  roles: SEES_SECRETS,
  input: z.strictObject({
    in: inputPath,
    kind: z.string().optional(),
    identifiers: z.array(identifier).default([]),
    bip39_passphrase_file: inputPath.optional(),
    /** Of a key file that is encrypted. */
    password_file: inputPath.optional(),
  }),
  output: z.object({
    kind: z.string(),
    valid: z.boolean(),
    findings: z.array(z.object({ code: z.string(), message: z.string() })),
    identifiers: z.array(identifier.extend({ value: z.string() })),
  }),
  run: async (_context, input) => {
    const { inspectSecret, parseIdentifierType, parseKind } = await import('../../content/index.ts');
    const kind = input.kind === undefined ? {} : { kind: parseKind(input.kind) };
    const identifiers = input.identifiers.map(({ type, path }) => ({ type: parseIdentifierType(type), path }));
    const secret = await readBoundedFile(input.in, { maxBytes: MAX_SECRET_BYTES, what: 'the secret' });
    const wiped = [secret];
    const besides = async (path: string | undefined, what: string): Promise<Buffer | null> => {
      if (path === undefined) return null;
      const bytes = await readBoundedFile(path, { maxBytes: 4096, what, allowEmpty: true });
      wiped.push(bytes);
      return bytes;
    };
    try {
      const bip39Passphrase = await besides(input.bip39_passphrase_file, 'the BIP-39 passphrase file');
      const password = await besides(input.password_file, 'the password file');
      const found = await inspectSecret(secret, { ...kind, identifiers, bip39Passphrase, password });
      const [first] = found.findings;
      const problems = found.valid
        ? []
        : [
            checkError('content-invalid', `the file holds no valid ${found.kind}: ${first?.message ?? 'it does not pass its own checks'}`, {
              hint: 'stop: compare the file with the original before anything is sealed',
            }),
          ];
      return { output: { ...found, findings: [...found.findings], identifiers: [...found.identifiers] }, problems };
    } finally {
      for (const bytes of wiped) bytes.fill(0);
    }
  },
});
