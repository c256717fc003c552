/** What a secret can be. More kinds come with their own file and a place in this list. */
export const KINDS = ['bip39', 'xprv', 'wif', 'hex-key', 'opaque'] as const;
export type Kind = (typeof KINDS)[number];

export const IDENTIFIER_TYPES = [
  'master-fingerprint',
  'xpub',
  'bitcoin-p2pkh',
  'bitcoin-p2wpkh',
  'bitcoin-p2tr',
  'ethereum',
  'solana',
  'public-key',
] as const;
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

/** One fault or remark. It never holds any of the secret. */
export type Finding = { code: string; message: string };

export type AskedIdentifier = { type: IdentifierType; path: string | null };
export type Identifier = AskedIdentifier & { value: string };

/** A secret that passed its kind's own checks, ready to give public identifiers. */
export interface ReadSecret {
  readonly kind: Kind;
  readonly findings: readonly Finding[];
  /** @throws input `identifier-not-of-kind`, `path-invalid`. */
  identify(asked: AskedIdentifier): Promise<Identifier>;
  /** Wipes the buffers that are ours. Strings that a library made cannot be wiped; they are left to the collector. */
  wipe(): void;
}

/** What a kind's reader answers: the secret read, or why it is not valid. */
export type Reading = { ok: true; secret: ReadSecret } | { ok: false; findings: readonly Finding[] };

export function invalid(...findings: Finding[]): Reading {
  return { ok: false, findings };
}
