import { inputError, quote } from '../values/index.ts';
import type { Finding } from './finding.ts';
import type { IdentifierType } from './identifier.ts';
import type { Keys } from './keys.ts';

/** The kinds a secret can be of, in the order in which `recognise` asks them; `opaque` is what is left. */
export const KINDS = ['pem-key', 'keystore-v3', 'xprv', 'hex-key', 'wif', 'slip39', 'bip39', 'opaque'] as const;

/** What a secret is: a phrase, a key in one of its written forms, or something nobody looked into. */
export type Kind = (typeof KINDS)[number];

/**
 * Which path an identifier of a kind is computed at: `usual` is taken where none is asked for, `given` means that there is
 * no usual one and the request must say it, `none` means that the kind is a single key and has no paths.
 */
export type PathRule = { readonly usual: string } | 'given' | 'none';

/** What a kind made of a secret's bytes. */
export type Reading =
  | { readonly valid: false; readonly findings: readonly Finding[] }
  | {
      readonly valid: true;
      /** What is worth knowing though it is valid. */
      readonly findings: readonly Finding[];
      /** It is under a password, so that only its outer form was checked. */
      readonly locked?: true;
      /**
       * Derives what identifiers are computed from; null where the kind has none. The caller wipes it. Faults instead, where only
       * opening shows that the secret is not valid.
       * @throws input `password-missing`, `password-wrong`, `password-not-needed`, `password-too-costly`.
       */
      readonly open: ((given: OpenWith) => Promise<Keys | readonly Finding[]>) | null;
    };

/** What a secret is opened with beside itself; kinds that do not take one of them are given none. */
export type OpenWith = {
  /** The passphrase of BIP-39, empty for none. */
  readonly bip39Passphrase: string;
  /** The password that a key file is encrypted under; the caller wipes it. */
  readonly password: Buffer | null;
};

/** One kind: how it looks, what it checks and what can be asked of it. */
export type KindReader = {
  readonly kind: Kind;
  /** The identifiers that this kind has; a type that is missing here is refused for it. */
  readonly identifiers: Readonly<Partial<Record<IdentifierType, PathRule>>>;
  readonly takesBip39Passphrase: boolean;
  /** Whether the kind can be encrypted under a password of its own. */
  readonly takesPassword: boolean;
  /**
   * True for what is of this kind or was evidently meant to be: a phrase with a typing error has to come out as a phrase
   * that is not valid, never as something opaque. Decides by looks alone.
   * @param text the secret as text, without byte order mark and without one line end.
   */
  readonly resembles: (text: string) => boolean;
  /** Runs the kind's own checks. Leaves the secret's bytes as they are. */
  readonly read: (secret: Buffer) => Reading;
};

/** @throws input `kind-unknown`. */
export function parseKind(text: string): Kind {
  const kind = KINDS.find((known) => known === text);
  if (kind === undefined) {
    throw inputError('kind-unknown', `${quote(text)} is no kind of secret`, { hint: `use one of ${KINDS.join(', ')}` });
  }
  return kind;
}
