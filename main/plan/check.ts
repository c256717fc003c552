import { fingerprintWords, type Sha256 } from '../values/index.ts';
import { checkItem } from './check-item.ts';
import { placeOf, type PlanFinding } from './finding.ts';
import { PLAN_ROLES, planDigest, type Plan, type PlanWallet } from './plan.ts';
import { readPlan } from './read.ts';
import type { PlanRules } from './rules.ts';

export type CheckedPlan = {
  /** Null where the file is not of a plan's form. */
  readonly plan: Plan | null;
  /** What makes it no plan to go by: nobody initials it before they are gone. */
  readonly findings: readonly PlanFinding[];
  /** What people should know of it and may want. */
  readonly remarks: readonly PlanFinding[];
  /** Null while there are findings: a digest that was read aloud is one that was approved. */
  readonly digest: Sha256 | null;
  readonly words: readonly string[] | null;
};

/**
 * Reads a plan and finds what contradicts itself in it.
 * @throws input `plan-not-json`, `plan-not-ours`.
 */
export function checkPlan(bytes: Uint8Array, name: string, rules: PlanRules): CheckedPlan {
  const { plan, findings: shape } = readPlan(bytes, name);
  if (plan === null) return { plan, findings: shape, remarks: [], digest: null, words: null };
  const findings: PlanFinding[] = [];
  const remarks: PlanFinding[] = [];
  checkPeople(plan, rules, findings);
  checkWallets(plan, findings, remarks);
  plan.wallets.forEach((wallet, at) => {
    checkOrganisation(plan, wallet, at, findings);
    wallet.items.forEach((item, itemAt) => {
      checkItem(item, ['wallets', at, 'items', itemAt], rules, findings, remarks);
    });
  });
  checkItemsTwice(plan, findings);
  if (findings.length > 0) return { plan, findings, remarks, digest: null, words: null };
  const digest = planDigest(plan);
  return { plan, findings, remarks, digest, words: fingerprintWords(digest) };
}

/** Two spellings of one name, as people would take them. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ');
}

/** Who is named twice or in two roles, and whether there are as many as the policy asks for. */
export function checkPeople({ people, policy }: Pick<Plan, 'people' | 'policy'>, rules: PlanRules, findings: PlanFinding[]): void {
  const first = new Map<string, number>();
  people.forEach(({ name, role }, at) => {
    const before = first.get(folded(name));
    if (before === undefined) {
      first.set(folded(name), at);
      return;
    }
    const place = placeOf(['people', at]);
    if (people[before]?.role === role)
      findings.push({ code: 'plan-person-twice', place, message: `the same person stands at ${placeOf(['people', before])}` });
    else {
      findings.push({
        code: 'plan-person-two-roles',
        place,
        message: `the same person is ${people[before]?.role ?? ''} at ${placeOf(['people', before])}: nobody has two roles`,
      });
    }
  });
  const judged = rules.policy(policy);
  if ('problem' in judged) {
    findings.push({ code: 'plan-policy', place: 'policy', message: judged.problem });
    return;
  }
  for (const role of PLAN_ROLES) {
    const count = people.filter((person) => person.role === role).length;
    const least = judged.least[role];
    if (count >= least) continue;
    findings.push({
      code: 'plan-too-few-people',
      place: 'people',
      message: `${count.toString()} in the role ${role}, and the policy wants ${least.toString()}`,
    });
  }
}

/** Whose wallet it is: CoinCover assigns one key to a user and organisation. */
const walletKey = ({ user_identifier: user, customer_id: customer }: PlanWallet): string => JSON.stringify([user, customer]);

function checkWallets({ wallets }: Plan, findings: PlanFinding[], remarks: PlanFinding[]): void {
  const first = new Map<string, number>();
  const alike = new Map<string, number>();
  const names = { customer: new Map<string, Said>(), package: new Map<string, Said>(), ofCustomer: new Map<string, Said>() };
  wallets.forEach((wallet, at) => {
    const before = first.get(walletKey(wallet));
    const nearly = alike.get(folded(walletKey(wallet)));
    if (before !== undefined) {
      const isMixed = wallets[before]?.key_environment !== wallet.key_environment;
      findings.push({
        code: isMixed ? 'plan-hot-and-cold' : 'plan-wallet-twice',
        place: placeOf(['wallets', at, isMixed ? 'key_environment' : 'user_identifier']),
        message: isMixed
          ? `the wallet is ${wallets[before]?.key_environment ?? ''} at ${placeOf(['wallets', before])}: one wallet has one key, HOT or COLD`
          : `the same wallet stands at ${placeOf(['wallets', before])}`,
      });
    } else if (nearly !== undefined) {
      remarks.push({
        code: 'plan-wallet-alike',
        place: placeOf(['wallets', at, 'user_identifier']),
        message: `it differs from ${placeOf(['wallets', nearly])} by capitals or spaces alone`,
      });
    }
    first.set(walletKey(wallet), before ?? at);
    alike.set(folded(walletKey(wallet)), nearly ?? at);
    const { customer_id: customerId, customer_name: customerName, package_id: packageId, package_name: packageName } = wallet;
    if (customerId !== null && customerName !== null) {
      const place = placeOf(['wallets', at, 'customer_name']);
      contradicts(
        names.customer,
        customerId,
        customerName,
        place,
        'plan-customer-two-names',
        'the same customer has another name',
        findings,
      );
      contradicts(
        names.ofCustomer,
        folded(customerName),
        customerId,
        placeOf(['wallets', at, 'customer_id']),
        'plan-customer-two-ids',
        'a customer of the same name has another id',
        remarks,
      );
    }
    if (packageId !== null && packageName !== null) {
      const place = placeOf(['wallets', at, 'package_name']);
      contradicts(names.package, packageId, packageName, place, 'plan-package-two-names', 'the same package has another name', findings);
    }
  });
}

type Said = { readonly value: string; readonly place: string };

/** Notes what is said of a key, and tells where something else was said of it before. */
function contradicts(
  said: Map<string, Said>,
  key: string,
  value: string,
  place: string,
  code: string,
  message: string,
  found: PlanFinding[],
): void {
  const before = said.get(key);
  if (before === undefined) said.set(key, { value, place });
  else if (before.value !== value) found.push({ code, place, message: `${message} at ${before.place}` });
}

function checkOrganisation({ account }: Plan, wallet: PlanWallet, at: number, findings: PlanFinding[]): void {
  const say = (code: string, member: keyof PlanWallet, message: string): void => {
    findings.push({ code, place: placeOf(['wallets', at, member]), message });
  };
  if (account === 'partner') {
    for (const member of ['customer_id', 'package_id'] as const) {
      if (wallet[member] === null)
        say('plan-partner-needs-organisation', member, 'a partner’s assignment names the customer and the package');
    }
    return;
  }
  if (wallet.customer_name !== null && wallet.customer_id === null)
    say('plan-name-without-id', 'customer_name', 'a name was given without its id');
  if (wallet.package_name !== null && wallet.package_id === null)
    say('plan-name-without-id', 'package_name', 'a name was given without its id');
}

/** One item under two names is sealed twice and another one not at all. */
function checkItemsTwice({ wallets }: Plan, findings: PlanFinding[]): void {
  const secrets = new Map<string, string>();
  wallets.forEach((wallet, at) => {
    const names = new Map<string, number>();
    wallet.items.forEach((item, itemAt) => {
      const place = placeOf(['wallets', at, 'items', itemAt]);
      const before = names.get(folded(item.name));
      if (before !== undefined) {
        findings.push({
          code: 'plan-item-twice',
          place: `${place}.name`,
          message: `an item of the same name stands at ${placeOf(['wallets', at, 'items', before])}`,
        });
      }
      names.set(folded(item.name), before ?? itemAt);
      if (item.identifier === null) return;
      const { type, path, value } = item.identifier;
      const secret = JSON.stringify([item.kind, type, path, value]);
      const other = secrets.get(secret);
      if (other !== undefined)
        findings.push({ code: 'plan-secret-twice', place: `${place}.identifier`, message: `the same secret is planned at ${other}` });
      else secrets.set(secret, place);
    });
  });
}
