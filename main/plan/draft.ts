import { isJsonObject, parseJson, type Json, type JsonObject } from '../values/index.ts';
import { checkItem } from './check-item.ts';
import { checkPeople, checkPlan, type CheckedPlan } from './check.ts';
import { placeOf, type PlanFinding } from './finding.ts';
import { encodePlan, planSchema, type Plan } from './plan.ts';
import { MAX_PLAN_BYTES } from './read.ts';
import type { PlanRules } from './rules.ts';

/** A plan as a form holds it while people fill it in: what is blank is null, and what was typed need be no value of a plan yet. */
export type PlanDraft = {
  plan: 1;
  title: string | null;
  environment: string | null;
  account: string | null;
  people: { name: string | null; role: string | null }[];
  policy: Plan['policy'];
  wallets: {
    user_identifier: string | null;
    key_environment: string | null;
    customer_id: string | null;
    customer_name: string | null;
    package_id: string | null;
    package_name: string | null;
    items: {
      name: string | null;
      kind: string | null;
      identifier: { type: string | null; path: string | null; value: string | null } | null;
      bip39_passphrase: boolean;
      size_bytes: { min: number | null; max: number | null } | null;
      mode: string | null;
    }[];
  }[];
};

type DraftWallet = PlanDraft['wallets'][number];
type Path = readonly PropertyKey[];

const PLAN_MEMBERS = ['plan', 'title', 'environment', 'account', 'people', 'policy', 'wallets'];
const WALLET_TEXTS = ['user_identifier', 'key_environment', 'customer_id', 'customer_name', 'package_id', 'package_name'] as const;
const ITEM_MEMBERS = ['name', 'kind', 'identifier', 'bip39_passphrase', 'size_bytes', 'mode'];

const { people: peopleSchema, wallets: walletsSchema } = planSchema.shape;
const itemSchema = walletsSchema.element.shape.items.element;

/**
 * What a form can hold of a plan's file, finished or not.
 * @param bytes that {@link checkPlan} has taken for a plan. @returns the draft, and the places of what no form shows: saved again,
 *   the plan would be without it.
 */
export function readDraft(bytes: Uint8Array): { draft: PlanDraft; lost: readonly string[] } {
  const json = parseJson(bytes, { maxBytes: MAX_PLAN_BYTES, integersOnly: true });
  const lost: string[] = [];
  const plan = objectAt(json, [], PLAN_MEMBERS, lost);
  const draft: PlanDraft = {
    plan: 1,
    title: textAt(plan['title'], ['title'], lost),
    environment: textAt(plan['environment'], ['environment'], lost),
    account: textAt(plan['account'], ['account'], lost),
    people: listAt(plan['people'], ['people'], lost).map((value, at) => {
      const person = objectAt(value, ['people', at], ['name', 'role'], lost);
      return {
        name: textAt(person['name'], ['people', at, 'name'], lost),
        role: textAt(person['role'], ['people', at, 'role'], lost),
      };
    }),
    policy: isJsonObject(plan['policy']) ? (plan['policy'] as Plan['policy']) : noneAt(plan['policy'], ['policy'], lost),
    wallets: listAt(plan['wallets'], ['wallets'], lost).map((value, at) => walletAt(value, ['wallets', at], lost)),
  };
  return { draft, lost };
}

function walletAt(value: Json, path: Path, lost: string[]): DraftWallet {
  const wallet = objectAt(value, path, [...WALLET_TEXTS, 'items'], lost);
  const text = (name: (typeof WALLET_TEXTS)[number]): string | null => textAt(wallet[name], [...path, name], lost);
  return {
    user_identifier: text('user_identifier'),
    key_environment: text('key_environment'),
    customer_id: text('customer_id'),
    customer_name: text('customer_name'),
    package_id: text('package_id'),
    package_name: text('package_name'),
    items: listAt(wallet['items'], [...path, 'items'], lost).map((item, at) => itemAt(item, [...path, 'items', at], lost)),
  };
}

function itemAt(value: Json, path: Path, lost: string[]): DraftWallet['items'][number] {
  const item = objectAt(value, path, ITEM_MEMBERS, lost);
  const at = (...names: string[]): Path => [...path, ...names];
  const identifier = item['identifier'] === null ? null : objectAt(item['identifier'], at('identifier'), ['type', 'path', 'value'], lost);
  const size = item['size_bytes'] === null ? null : objectAt(item['size_bytes'], at('size_bytes'), ['min', 'max'], lost);
  const bytes = (name: 'min' | 'max'): number | null => {
    const found = size?.[name];
    return typeof found === 'number' ? found : noneAt(found, at('size_bytes', name), lost);
  };
  const passphrase = item['bip39_passphrase'];
  if (typeof passphrase !== 'boolean') noneAt(passphrase, at('bip39_passphrase'), lost);
  return {
    name: textAt(item['name'], at('name'), lost),
    kind: textAt(item['kind'], at('kind'), lost),
    identifier:
      identifier === null
        ? null
        : {
            type: textAt(identifier['type'], at('identifier', 'type'), lost),
            path: textAt(identifier['path'], at('identifier', 'path'), lost),
            value: textAt(identifier['value'], at('identifier', 'value'), lost),
          },
    bip39_passphrase: passphrase === true,
    size_bytes: size === null ? null : { min: bytes('min'), max: bytes('max') },
    mode: textAt(item['mode'], at('mode'), lost),
  };
}

/** What is missing is as good as empty. */
function objectAt(value: Json | undefined, path: Path, members: readonly string[], lost: string[]): JsonObject {
  if (!isJsonObject(value)) {
    noneAt(value, path, lost);
    return {};
  }
  lost.push(
    ...Object.keys(value)
      .filter((name) => !members.includes(name))
      .map((name) => placeOf([...path, name])),
  );
  return value;
}

function listAt(value: Json | undefined, path: Path, lost: string[]): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  noneAt(value, path, lost);
  return [];
}

function textAt(value: Json | undefined, path: Path, lost: string[]): string | null {
  return typeof value === 'string' ? value : noneAt(value, path, lost);
}

/** Null, noting what stood there instead of what belongs there. */
function noneAt(value: Json | undefined, path: Path, lost: string[]): null {
  if (value !== undefined && value !== null) lost.push(placeOf(path));
  return null;
}

/**
 * Judges a draft as its file will be judged. While something is blank, what is complete is judged all the same: a form says at once
 * that an address has a digit wrong, and does not wait for the last field.
 */
export function checkDraft(draft: PlanDraft, rules: PlanRules): CheckedPlan {
  const checked = checkPlan(encodePlan(draft), 'the plan', rules);
  if (checked.plan !== null) return checked;
  const found: PlanFinding[] = [];
  const remarks: PlanFinding[] = [];
  const people = peopleSchema.safeParse(draft.people);
  if (people.success) checkPeople({ people: people.data, policy: draft.policy }, rules, found);
  draft.wallets.forEach((wallet, at) => {
    wallet.items.forEach((item, itemAt) => {
      const complete = itemSchema.safeParse(item);
      if (complete.success) checkItem(complete.data, ['wallets', at, 'items', itemAt], rules, found, remarks);
    });
  });
  return { ...checked, findings: [...checked.findings, ...found], remarks };
}
