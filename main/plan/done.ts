import type { IdentifierValue } from '../content/index.ts';
import type { PlanRole } from './plan.ts';

/** One secret as it came into the room: public facts alone. */
export type DoneItem = {
  readonly name: string;
  readonly kind: string;
  readonly valid: boolean;
  readonly size_bytes: number;
  /** What was computed for the plan's identifier; null where nothing was. */
  readonly identifier: IdentifierValue | null;
  /** Whether a BIP-39 passphrase was given. */
  readonly bip39_passphrase: boolean;
  readonly mode: string;
};

/** One wallet as people gave it, or as its assignment has it. */
export type DoneWallet = {
  readonly user_identifier: string;
  readonly key_environment: string;
  readonly customer_id: string | null;
  readonly customer_name: string | null;
  readonly package_id: string | null;
  readonly package_name: string | null;
  readonly items: readonly DoneItem[];
};

/** What was done, in the plan's words. */
export type Done = {
  readonly environment: string;
  readonly account: string;
  /** Of the policy that the ceremony runs under. */
  readonly policy_sha256: string;
  readonly people: readonly { readonly name: string; readonly role: PlanRole }[];
  readonly wallets: readonly DoneWallet[];
};

/**
 * Something that was done otherwise than planned. `place` is the plan's member, or the list that something is too many in; `planned`
 * and `found` are null where the one side has nothing. The ceremony stops at the step that this concerns.
 */
export type Departure = {
  readonly code: string;
  readonly place: string;
  readonly planned: string | null;
  readonly found: string | null;
  readonly message: string;
};
