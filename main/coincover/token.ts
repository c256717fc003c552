import { inputError } from '../values/index.ts';

/** The longest token taken. CoinCover's JWTs exceed 2,560 bytes; Node refuses headers over 16 KiB in all. */
const MAX_TOKEN_BYTES = 16 * 1024;

/**
 * Checks an API key or JWT as it was typed or piped in: one trailing LF or CRLF is lost; the rest must be what an
 * `Authorization` header can carry (RFC 9110 §11.2, visible ASCII without spaces), 1 to 16,384 characters of it.
 * @param raw the bytes; the caller wipes them.
 * @returns the token. No error quotes any of it.
 * @throws input `token-empty`, `token-malformed`, `token-too-long`.
 */
export function checkToken(raw: Uint8Array): string {
  if (raw.length > MAX_TOKEN_BYTES + 2) throw tooLong();
  // latin1 keeps bytes and characters one to one, so that a byte beyond ASCII is seen below.
  const token = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
    .toString('latin1')
    .replace(/\r?\n$/, '');
  if (token === '') throw inputError('token-empty', 'there is no token', { hint: 'pipe the API key in on standard input' });
  if (token.length > MAX_TOKEN_BYTES) throw tooLong();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw inputError('token-malformed', 'the token holds a space, a line end or another character that no token has', {
      hint: 'copy it again, without "Bearer"',
    });
  }
  return token;
}

function tooLong(): Error {
  return inputError('token-too-long', 'the token is longer than any that CoinCover gives out', { hint: 'give the token alone' });
}
