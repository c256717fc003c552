import type { KeyObject } from 'node:crypto';
import { checkError, inputError, sha256, type Passphrase, type Sha256 } from '../values/index.ts';
import { isBox, openBox } from './box.ts';
import type { EnvelopeReader } from './cms-reader.ts';
import { TAG } from './der.ts';
import { openEnvelopeBytes } from './envelope.ts';
import { hasPassphrase, isEnvelopeMode, type Mode } from './mode.ts';
import { openOaep, RSA_BLOCK_BYTES } from './oaep.ts';

export type Opened = {
  /** The secret; the caller wipes it. */
  readonly content: Buffer;
  readonly mode: Mode;
  /** SHA-256 of what RSA-OAEP gave back, to compare with the checksum; null for envelopes. */
  readonly oaepInputSha256: Sha256 | null;
};

/**
 * Opens what `sealSecret` made or CoinCover releases, in memory. Nothing is returned before every tag held.
 * @param request `mode` as the sealed item says it, or `detect` for a bare ciphertext; `passphrase` is the caller's to wipe.
 * @throws check `cannot-open`, `envelope-malformed`, `envelope-other-key`, `box-cannot-open`, `mode-differs`; input
 *   `passphrase-needed`, `passphrase-not-needed`, `ciphertext-not-recognised`.
 */
export async function openSealed(request: {
  // SECURITY(REQ-OPENS): every mode that was ever sealed opens here, and is refused whole where one byte is another.
  readonly ciphertext: Buffer;
  readonly mode: Mode | 'detect';
  readonly privateKey: KeyObject;
  readonly passphrase: Passphrase | null;
  readonly reader: EnvelopeReader;
}): Promise<Opened> {
  const { ciphertext, privateKey } = request;
  const isEnvelope = isEnvelopeForm(ciphertext, request.mode);
  const inner = isEnvelope ? await openEnvelopeBytes(ciphertext, privateKey, request.reader) : openOaep(ciphertext, privateKey);
  let content: Buffer | null = null;
  try {
    const boxed = isBox(inner);
    checkAsSaid(request.mode, boxed);
    const passphrase = passphraseFor(boxed, request.passphrase);
    const oaepInputSha256 = isEnvelope ? null : sha256(inner);
    content = passphrase === null ? inner : await openBox(inner, passphrase);
    return { content, mode: modeOf(isEnvelope, boxed), oaepInputSha256 };
  } finally {
    if (content !== inner) inner.fill(0);
  }
}

function modeOf(isEnvelope: boolean, boxed: boolean): Mode {
  if (isEnvelope) return boxed ? 'envelope+passphrase' : 'envelope';
  return boxed ? 'passphrase' : 'direct';
}

/** No envelope has 512 bytes, since the wrapped key inside has as many: the two forms cannot be mistaken for each other. */
function isEnvelopeForm(ciphertext: Buffer, mode: Mode | 'detect'): boolean {
  if (mode !== 'detect') return isEnvelopeMode(mode);
  if (ciphertext.length === RSA_BLOCK_BYTES) return false;
  if (ciphertext.length > RSA_BLOCK_BYTES && ciphertext[0] === TAG.sequence) return true;
  throw inputError('ciphertext-not-recognised', 'it is neither one RSA block of 512 bytes nor a CMS envelope', {
    hint: 'name the ciphertext that CoinCover released',
  });
}

/** A sealed item that says "passphrase" and holds none, or the reverse, was not made as it says. */
function checkAsSaid(mode: Mode | 'detect', boxed: boolean): void {
  if (mode === 'detect' || hasPassphrase(mode) === boxed) return;
  throw checkError('mode-differs', `the sealed item says that its mode is ${mode}, and what is inside says otherwise`, {
    hint: 'recover from the ciphertext alone with --ciphertext, if you know why',
  });
}

function passphraseFor(boxed: boolean, passphrase: Passphrase | null): Passphrase | null {
  if (boxed && passphrase === null) {
    throw inputError('passphrase-needed', 'a passphrase seals this, and none was given', { hint: 'add --passphrase-file FILE' });
  }
  if (!boxed && passphrase !== null) {
    throw inputError('passphrase-not-needed', 'a passphrase was given, and no passphrase seals this', {
      hint: 'run it again without the passphrase',
    });
  }
  return passphrase;
}
