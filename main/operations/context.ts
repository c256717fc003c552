import type { Timeouts } from '../coincover/index.ts';
import type { KeychainSpawner } from '../keychain/index.ts';
import type { LedgerQueries } from '../ledger/index.ts';
import type { Clock } from '../values/index.ts';
import type { BesideKeeper } from './sealing/beside-keeper.ts';
import type { KeychainKeeper } from './station/keychain-keeper.ts';
import type { PassphraseKeeper } from './sealing/passphrase-keeper.ts';
import type { RehearsalHost } from './rehearsal/rehearsal-host.ts';

/**
 * How far a long step has come: `seal` in bytes of all its files, `send` in bytes of the one that `subject` names, `assign` in
 * wallets, `recover` in items.
 * `total` is null where it cannot be known beforehand.
 */
export type Progress = { step: 'seal' | 'send' | 'assign' | 'recover'; subject: string; done: number; total: number | null };

/** Of a bundle the SHA-256 of its files, and when its sources were last changed, as ISO 8601; null where it runs from its sources. */
export type Software = { readonly version: string; readonly sha256: string | null; readonly built_at: string | null };

/** What a shell gives every operation. Rooms below get from it only the part they need. */
export type OperationContext = {
  /** The station's home folder, absolute. */
  readonly home: string;
  readonly clock: Clock;
  /** Path of a file with the passphrase of a file keychain, or null. */
  readonly keychainPassphraseFile: string | null;
  /** Starts the child process that talks to the OS keychain. */
  readonly spawnKeychainChild: KeychainSpawner;
  readonly onProgress: (progress: Progress) => void;
  /** A remark for the person that is no result and no error: "the key pack is 9 days old". */
  readonly onNote: (note: string) => void;
  /** A shell that lives long keeps the keychain open between operations; without a keeper each operation opens its own. */
  readonly keychains?: KeychainKeeper;
  /** Where a shell that lives long keeps a passphrase between making it and sealing under it. */
  readonly passphrases?: PassphraseKeeper;
  /** Where such a shell keeps what people typed beside a secret, between looking at it and sealing it. */
  readonly besides?: BesideKeeper;
  /** The built-in stand-in inside this process, for a wizard's rehearsal. */
  readonly rehearsal?: RehearsalHost;
  /** Environments that this shell does not offer: the evaluation shell is not for production keys. */
  readonly withheld?: readonly string[];
  /** Whether this shell's screen is kept out of pictures and recordings at this moment. Left out: it is not. */
  readonly isScreenPrivate?: () => boolean;
  /** This station's ledger, where one run asks it many times (`withOwnLedger`); null where it cannot be asked. Left out: opened for each. */
  readonly ownLedger?: LedgerQueries | null;
  /** The ceremony that documents written now belong to. */
  readonly ceremony?: string;
  /** Which program this is, and the SHA-256 of its bundle (null where it runs from its sources). Read when it is asked for. */
  readonly software?: () => Software;
  /** How long CoinCover is waited for; left out, as long as the client's own rule says. */
  readonly timeouts?: Timeouts;
  /** Cancels what can still be cancelled without leaving an unknown outcome. */
  readonly signal?: AbortSignal;
};
