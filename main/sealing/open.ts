import type { KeyObject } from 'node:crypto';
import { checkError, inputError, sha256, type Passphrase, type Sha256 } from '../values/index.ts';
import { openBox, startsLikeBox } from './box.ts';
import type { EnvelopeReader } from './cms-reader.ts';
import { TAG } from './der.ts';
import { openEnvelopeBytes } from './envelope.ts';
import type { Mode } from './mode.ts';
import { openOaep, RSA_BLOCK_BYTES } from './oaep.ts';

export type Opened = {
  /** The secret; the caller wipes it. */
  content: Buffer;
  mode: Mode;
  /** SHA-256 of what RSA-OAEP gave back; null for envelopes. */
  oaepInputSha256: Sha256 | null;
};

/**
 * Opens what {@link sealSecret} or CoinCover's release gives, in memory. Nothing is returned before every tag held.
 * @param request `mode` as the sealed item says it, or `detect` for a bare ciphertext. `passphrase` is the caller's to wipe.
 * @throws check `cannot-open`, `envelope-malformed`, `envelope-other-key`, `box-cannot-open`, `mode-differs`; input
 *   `passphrase-needed`, `passphrase-not-needed`, `ciphertext-not-recognised`.
 */
export async function openSealed(request: {
  ciphertext: Buffer;
  mode: Mode | 'detect';
  privateKey: KeyObject;
  passphrase: Passphrase | null;
  reader: EnvelopeReader;
}): Promise<Opened> {
  const isEnvelope = isEnvelopeForm(request.ciphertext, request.mode);
  const inner = isEnvelope
    ? await openEnvelopeBytes(request.ciphertext, request.privateKey, request.reader)
    : openOaep(request.ciphertext, request.privateKey);
  try {
    const boxed = startsLikeBox(inner);
    checkAsSaid(request.mode, boxed);
    const content = boxed ? await openBox(inner, needed(request.passphrase)) : Buffer.from(inner);
    if (!boxed && request.passphrase !== null) {
      content.fill(0);
      throw inputError('passphrase-not-needed', 'a passphrase was given, and no passphrase seals this', {
        hint: 'run it again without the passphrase',
      });
    }
    const mode: Mode = isEnvelope ? (boxed ? 'envelope+passphrase' : 'envelope') : boxed ? 'passphrase' : 'direct';
    return { content, mode, oaepInputSha256: isEnvelope ? null : sha256(inner) };
  } finally {
    inner.fill(0);
  }
}

function isEnvelopeForm(ciphertext: Buffer, mode: Mode | 'detect'): boolean {
  if (mode !== 'detect') return mode === 'envelope' || mode === 'envelope+passphrase';
  if (ciphertext.length === RSA_BLOCK_BYTES) return false;
  if (ciphertext[0] === TAG.sequence) return true;
  throw inputError('ciphertext-not-recognised', 'it is neither one RSA block of 512 bytes nor a CMS envelope', {
    hint: 'name the ciphertext that CoinCover released',
  });
}

/** A sealed item that says "passphrase" and holds none, or the reverse, was not made as it says. */
function checkAsSaid(mode: Mode | 'detect', boxed: boolean): void {
  if (mode === 'detect' || mode.endsWith('passphrase') === boxed) return;
  throw checkError('mode-differs', `the sealed item says that its mode is ${mode}, and what is inside says otherwise`, {
    hint: 'recover from the ciphertext alone with --ciphertext, if you know why',
  });
}

function needed(passphrase: Passphrase | null): Passphrase {
  if (passphrase === null) {
    throw inputError('passphrase-needed', 'a passphrase seals this, and none was given', { hint: 'add --passphrase-file FILE' });
  }
  return passphrase;
}
