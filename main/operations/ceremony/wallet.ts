import { z } from 'zod';
import type { FactValue } from '../../ceremony/index.ts';
import { inputError, quote } from '../../values/index.ts';
import { accountKind, environmentName, keyEnvironment, serviceText, uuid } from '../fields.ts';

export const walletInput = z.strictObject({
  ceremony: uuid,
  user_identifier: serviceText,
  account: accountKind,
  customer_id: serviceText.nullable(),
  customer_name: serviceText.nullable(),
  package_id: serviceText.nullable(),
  package_name: serviceText.nullable(),
  key_environment: keyEnvironment,
  typed: z.string().max(10),
});

/** HOT or COLD is asked, never defaulted, and confirmed by typing it. @throws input `kept-typed`. */
function checkKeptTyped(chosen: string, typed: string): void {
  if (typed === chosen) return;
  throw inputError('kept-typed', `${quote(typed)} is not ${chosen}`, { hint: `type ${chosen} in capitals, or choose again` });
}

/** @throws input `partner-needs-organisation`, `name-without-id`. */
function checkOrganisation(wallet: Omit<z.output<typeof walletInput>, 'ceremony' | 'typed'>): void {
  if (wallet.account === 'partner' && (wallet.customer_id === null || wallet.package_id === null)) {
    throw inputError('partner-needs-organisation', 'a partner’s assignment names the customer and the package', {
      hint: 'fill in customer ID and package ID',
    });
  }
  if ((wallet.customer_name !== null && wallet.customer_id === null) || (wallet.package_name !== null && wallet.package_id === null)) {
    throw inputError('name-without-id', 'a customer’s or package’s name was given without its ID', { hint: 'add the ID' });
  }
}

export type Wallet = Omit<FactValue<'wallet'>, 'at'>;

/** What makes a wallet one for CoinCover, which assigns one key to a user of a customer. */
export type WalletName = Pick<Wallet, 'user_identifier' | 'customer_id'>;

export function isSameWallet(one: WalletName, other: WalletName): boolean {
  return one.user_identifier === other.user_identifier && one.customer_id === other.customer_id;
}

/** The wallet as the ceremony keeps it, once it was typed and names what belongs together. @throws as the checks above. */
export function checkedWallet(input: z.output<typeof walletInput>): Wallet {
  checkKeptTyped(input.key_environment, input.typed);
  checkOrganisation(input);
  return {
    user_identifier: input.user_identifier,
    account: input.account,
    customer_id: input.customer_id,
    customer_name: input.customer_name,
    package_id: input.package_id,
    package_name: input.package_name,
    key_environment: input.key_environment,
  };
}

/** What a wallet's assignment asks for; a member that does not apply is left out. */
export function requestFor(wallet: Wallet, environment: string) {
  return {
    environment: environmentName.parse(environment),
    user: wallet.user_identifier,
    key_environment: wallet.key_environment,
    key_type: 'rsa4096' as const,
    account: wallet.account,
    ...(wallet.customer_id === null ? {} : { customer_id: wallet.customer_id }),
    ...(wallet.customer_name === null ? {} : { customer_name: wallet.customer_name }),
    ...(wallet.package_id === null ? {} : { package_id: wallet.package_id }),
    ...(wallet.package_name === null ? {} : { package_name: wallet.package_name }),
    out: null,
  };
}
