import { inputError } from '../../main/values/index.ts';

const MAX_BYTES = 64 * 1024;

/**
 * Reads a token from standard input, which is where it belongs: an argument would stand in the process list and in the
 * shell's history.
 * @throws input `token-too-long`, `token-empty` at a terminal with nothing piped in.
 */
export async function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) {
    throw inputError('token-empty', 'the token is read from standard input, and this is a terminal, where it would be shown', {
      hint: 'pipe it in: `coldroom login --environment NAME < token-file`',
    });
  }
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BYTES)
      throw inputError('token-too-long', 'there is more on standard input than any token is long', { hint: 'pipe in the token alone' });
    chunks.push(chunk);
  }
  const whole = Buffer.concat(chunks);
  const text = whole.toString('utf8');
  for (const chunk of [...chunks, whole]) chunk.fill(0);
  return text;
}
