import { canonicalJson, sha256 } from '../values/index.ts';
import type { Departure, Done, DoneItem, DoneWallet } from './done.ts';
import { placeOf } from './finding.ts';
import type { Plan, PlanItem } from './plan.ts';

/** Rehearsal and production run the same plan: this one environment is never a departure. */
const REHEARSAL = 'rehearsal';

/** Environment, account and policy, as a ceremony begins. Where the plan names no policy, any that the station has is the planned one. */
export function compareBeginning(plan: Plan, done: Pick<Done, 'environment' | 'account' | 'policy_sha256'>): Departure[] {
  const departures = [
    ...(done.environment === REHEARSAL
      ? []
      : differs('other-environment', 'environment', plan.environment, done.environment, 'the environment')),
    ...differs('other-account', 'account', plan.account, done.account, 'the kind of account'),
  ];
  if (plan.policy === null) return departures;
  const digest = sha256(canonicalJson(plan.policy));
  return [...departures, ...differs('other-policy', 'policy', digest, done.policy_sha256, 'the policy’s digest')];
}

/** Both ways: who is missing, who is not planned, who is there in another role. Names are compared as written. */
export function comparePeople(plan: Plan, people: Done['people']): Departure[] {
  const planned = plan.people.flatMap(({ name, role }, at) => {
    const present = people.find((one) => one.name === name);
    const place = placeOf(['people', at]);
    if (present === undefined) return [leftOut('person-left-out', place, `${name} (${role})`, 'a person of the plan is not here')];
    return differs('person-other-role', `${place}.role`, role, present.role, 'a person’s role');
  });
  const known = new Set(plan.people.map(({ name }) => name));
  const others = people
    .filter(({ name }) => !known.has(name))
    .map(({ name, role }) => tooMany('person-not-planned', 'people', `${name} (${role})`, 'a person is here whom the plan does not name'));
  const twice = people
    .filter(({ name }, at) => people.findIndex((one) => one.name === name) < at)
    .map(({ name, role }) => tooMany('person-twice', 'people', `${name} (${role})`, 'a person is named twice'));
  return [...planned, ...others, ...twice];
}

/** Which wallet of the plan this is: by user and customer, the pair that CoinCover assigns one key to. Null where it is none of them. */
export function findWallet(plan: Plan, wallet: Pick<DoneWallet, 'user_identifier' | 'customer_id'>): number | null {
  const at = plan.wallets.findIndex((one) => one.user_identifier === wallet.user_identifier && one.customer_id === wallet.customer_id);
  return at === -1 ? null : at;
}

/** One wallet as people gave it: known to the plan, HOT or COLD as planned, of the same customer and package. */
export function compareWallet(plan: Plan, wallet: Omit<DoneWallet, 'items'>): Departure[] {
  const at = findWallet(plan, wallet);
  if (at === null) return [tooMany('wallet-not-planned', 'wallets', wallet.user_identifier, 'the plan does not have this wallet')];
  const planned = plan.wallets[at];
  if (planned === undefined) throw new TypeError('a wallet that was found is not there');
  const place = (member: string): string => placeOf(['wallets', at, member]);
  return [
    ...differs('other-key-environment', place('key_environment'), planned.key_environment, wallet.key_environment, 'HOT or COLD'),
    ...(['customer_name', 'package_id', 'package_name'] as const).flatMap((member) =>
      differs('other-organisation', place(member), planned[member], wallet[member], `the ${member.replace('_', '’s ')}`),
    ),
  ];
}

/** Both ways: which items of a wallet were left out, which are too many. @param names of the files that were chosen for it. */
export function compareItems(
  plan: Plan,
  wallet: Pick<DoneWallet, 'user_identifier' | 'customer_id'>,
  names: readonly string[],
): Departure[] {
  const at = findWallet(plan, wallet);
  // That the wallet itself is too many is said where the wallet is named; here, that none of its items is planned.
  if (at === null) return names.map((name) => tooMany('item-not-planned', 'wallets', name, 'the plan does not have this item'));
  const items = plan.wallets[at]?.items ?? [];
  const known = new Set(items.map(({ name }) => name));
  return [
    ...items.flatMap(({ name }, itemAt) =>
      names.includes(name)
        ? []
        : [leftOut('item-left-out', placeOf(['wallets', at, 'items', itemAt]), name, 'an item of the plan was left out')],
    ),
    ...names
      .filter((name, index) => !known.has(name) || names.indexOf(name) < index)
      .map((name) =>
        known.has(name)
          ? tooMany('item-twice', placeOf(['wallets', at, 'items']), name, 'an item was chosen twice')
          : tooMany('item-not-planned', placeOf(['wallets', at, 'items']), name, 'the plan does not have this item'),
      ),
  ];
}

/**
 * One secret against its item: of the planned kind, valid, above all the right one; of the planned size, sealed in the planned mode. What
 * weighs most comes first.
 * @param place the item's, `wallets[0].items[2]`.
 */
export function compareItem(planned: PlanItem, found: DoneItem, place: string): Departure[] {
  return [
    ...differs('other-kind', `${place}.kind`, planned.kind, found.kind, 'the kind of secret'),
    ...(found.valid
      ? []
      : [
          {
            code: 'not-valid',
            place: `${place}.kind`,
            planned: planned.kind,
            found: null,
            message: `the secret is no valid ${planned.kind}`,
          },
        ]),
    ...differs(
      'other-passphrase',
      `${place}.bip39_passphrase`,
      said(planned.bip39_passphrase),
      said(found.bip39_passphrase),
      'a BIP-39 passphrase',
    ),
    ...compareIdentifier(planned, found, place),
    ...compareSize(planned, found, place),
    ...differs('other-mode', `${place}.mode`, planned.mode, found.mode, 'the mode'),
  ];
}

/** What shows of an item once it is sealed, at a station that never sees the secret: its size and the mode. */
export function compareSealed(planned: PlanItem, found: Pick<DoneItem, 'size_bytes' | 'mode'>, place: string): Departure[] {
  return [...compareSize(planned, found, place), ...differs('other-mode', `${place}.mode`, planned.mode, found.mode, 'the mode')];
}

const said = (given: boolean): string => (given ? 'given' : 'none');

function compareSize({ size_bytes: size }: PlanItem, { size_bytes: found }: Pick<DoneItem, 'size_bytes'>, place: string): Departure[] {
  if (size === null || (found >= size.min && found <= size.max)) return [];
  const planned = size.min === size.max ? size.min.toString() : `${size.min.toString()} to ${size.max.toString()}`;
  return [
    {
      code: 'other-size',
      place: `${place}.size_bytes`,
      planned,
      found: found.toString(),
      message: `the secret has ${found.toString()} bytes, and the plan says ${planned}`,
    },
  ];
}

function compareIdentifier({ identifier: planned }: PlanItem, { identifier: found }: DoneItem, place: string): Departure[] {
  if (planned === null) return [];
  const at = `${place}.identifier`;
  const isSame = found !== null && found.type === planned.type && found.path === planned.path;
  if (!isSame) return [leftOut('identifier-not-computed', at, planned.value, 'the planned identifier was not computed from this secret')];
  return differs('other-identifier', at, planned.value, found.value, `the ${planned.type} of this secret`);
}

/** Everything at once, in the plan's order: what a report lists, plan against done. */
export function departuresOf(plan: Plan, done: Done): Departure[] {
  const wallets = done.wallets.flatMap((wallet) => {
    const at = findWallet(plan, wallet);
    const planned = at === null ? undefined : plan.wallets[at];
    if (at === null || planned === undefined) return compareWallet(plan, wallet);
    return [
      ...compareWallet(plan, wallet),
      ...compareItems(
        plan,
        wallet,
        wallet.items.map(({ name }) => name),
      ),
      ...planned.items.flatMap((item, itemAt) => {
        const place = placeOf(['wallets', at, 'items', itemAt]);
        return wallet.items.filter(({ name }) => name === item.name).flatMap((found) => compareItem(item, found, place));
      }),
    ];
  });
  const leftOutWallets = plan.wallets.flatMap((wallet, at) =>
    done.wallets.some((one) => findWallet(plan, one) === at)
      ? []
      : [leftOut('wallet-left-out', placeOf(['wallets', at]), wallet.user_identifier, 'a wallet of the plan was left out')],
  );
  const twice = done.wallets.filter((wallet, at) => {
    const which = findWallet(plan, wallet);
    return which !== null && done.wallets.findIndex((one) => findWallet(plan, one) === which) < at;
  });
  return [
    ...compareBeginning(plan, done),
    ...comparePeople(plan, done.people),
    ...wallets,
    ...leftOutWallets,
    ...twice.map((wallet) => tooMany('wallet-twice', 'wallets', wallet.user_identifier, 'a wallet was taken twice')),
  ];
}

function differs(code: string, place: string, planned: string | null, found: string | null, what: string): Departure[] {
  if (planned === found) return [];
  return [{ code, place, planned, found, message: `${what} is ${found ?? 'not given'}, and the plan says ${planned ?? 'none'}` }];
}

function leftOut(code: string, place: string, planned: string, message: string): Departure {
  return { code, place, planned, found: null, message };
}

function tooMany(code: string, place: string, found: string, message: string): Departure {
  return { code, place, planned: null, found, message };
}
