import type { Input, Output } from '../bridge.ts';

/** A plan while people fill it in: what is blank is null. */
export type Draft = Input<'plan.judge'>['plan'];
export type DraftWallet = Draft['wallets'][number];
export type DraftItem = DraftWallet['items'][number];
export type DraftPerson = Draft['people'][number];
/** What main says of a draft. */
export type Judgement = Output<'plan.judge'>;
export type Finding = Judgement['findings'][number];
export type KindInfo = Output<'plan.kinds'>['kinds'][number];

export const BLANK_ITEM: DraftItem = {
  name: null,
  kind: null,
  identifier: { type: null, path: null, value: null },
  bip39_passphrase: false,
  size_bytes: null,
  mode: null,
};

export const BLANK_WALLET: DraftWallet = {
  user_identifier: null,
  key_environment: null,
  customer_id: null,
  customer_name: null,
  package_id: null,
  package_name: null,
  items: [BLANK_ITEM],
};

/** The floor of every policy: somebody who does it, and somebody who watches. HOT or COLD, kinds and modes are never proposed. */
export const BLANK_DRAFT: Draft = {
  plan: 1,
  title: null,
  environment: null,
  account: null,
  people: [
    { name: null, role: 'administrator' },
    { name: null, role: 'witness' },
  ],
  policy: null,
  wallets: [BLANK_WALLET],
};

/** What a field's text means: nothing typed is blank. Spaces at the ends are left to be found. */
export function typed(text: string): string | null {
  return text === '' ? null : text;
}

/** A list with one element changed. */
export function withAt<Element>(list: readonly Element[], at: number, change: Partial<Element>): Element[] {
  return list.map((one, index) => (index === at ? { ...one, ...change } : one));
}

export function without<Element>(list: readonly Element[], at: number): Element[] {
  return list.filter((_, index) => index !== at);
}

/** Nobody has filled in anything of this wallet yet. */
export function isBlankWallet(wallet: DraftWallet): boolean {
  return JSON.stringify(wallet) === JSON.stringify(BLANK_WALLET);
}

export function countItems(draft: Draft): number {
  return draft.wallets.reduce((sum, { items }) => sum + items.length, 0);
}

/** A name for the next file of a plan: that of the file before with the next number, else its title in plain letters. */
export function nextFileName({ title }: Draft, before: string | null): string {
  const [, stem, number] = /^(.*?)(?:-(\d+))?\.plan\.json$/.exec(before ?? '') ?? [];
  if (stem !== undefined && stem !== '') return `${stem}-${(Number(number ?? '1') + 1).toString()}.plan.json`;
  const name = (title ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return `${name === '' ? 'new' : name}.plan.json`;
}

/** The number of the wallet that a finding belongs to, or null. */
export function walletOf(place: string): number | null {
  const found = /^wallets\[(\d+)\]/.exec(place);
  return found === null ? null : Number(found[1]);
}
