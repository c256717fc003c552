import { createContext, use, useMemo, type ReactNode } from 'react';
import { PLANS } from '../words/plans.ts';
import parts from '../parts/parts.module.css';
import type { Draft, Finding, Judgement } from './draft.ts';

const BLANK = 'plan-blank';

type Told = { readonly findings: ReadonlyMap<string, readonly Finding[]> };
const Context = createContext<Told>({ findings: new Map() });

/** What main found, for the fields that it is about. */
export function Findings({ judgement, children }: { readonly judgement: Judgement | null; readonly children: ReactNode }) {
  const told = useMemo(() => ({ findings: Map.groupBy(judgement?.findings ?? [], ({ place }) => place) }), [judgement]);
  return <Context value={told}>{children}</Context>;
}

/** What is wrong at a place, in main's words, and whether it is only still blank. */
export function useTold(place: string): { readonly error: string | null; readonly isBlank: boolean } {
  const { findings } = use(Context);
  const here = findings.get(place) ?? [];
  const wrong = here.filter(({ code }) => code !== BLANK);
  return {
    error: wrong.length === 0 ? null : wrong.map(({ message }) => `${PLANS.told(message)}.`).join(' '),
    isBlank: here.length > wrong.length,
  };
}

/** The help of a field, which says first that nothing stands there yet. */
export function helpFor(isBlank: boolean, help: string | undefined): string | undefined {
  if (!isBlank) return help;
  return help === undefined ? `${PLANS.blank}.` : `${PLANS.blank}. ${help}`;
}

/** What is wrong with a group of fields as a whole. */
export function GroupError({ place }: { readonly place: string }) {
  const { error } = useTold(place);
  return error === null ? null : <p className={parts.error}>{error}</p>;
}

/** How many members are blank, and how many things are wrong. */
export function counted(findings: readonly Finding[]): { blank: number; wrong: number } {
  const blank = findings.filter(({ code }) => code === BLANK).length;
  return { blank, wrong: findings.length - blank };
}

export function isBlankFinding({ code }: Finding): boolean {
  return code === BLANK;
}

/** A finding's place as people say it: "wallet treasury-btc, secret 2, path". */
export function spokenPlace(place: string, draft: Draft): string {
  const words: string[] = [];
  const steps = [...place.matchAll(/([a-z0-9_]+)|\[(\d+)\]/g)];
  let list = '';
  for (const [, name, index] of steps) {
    if (index === undefined) {
      list = name ?? '';
      continue;
    }
    const number = Number(index);
    if (list === 'wallets') {
      const wallet = draft.wallets[number]?.user_identifier ?? null;
      words.push(wallet === null || wallet === '' ? PLANS.places.walletNumber(number + 1) : PLANS.places.wallet(wallet));
    } else words.push(list === 'people' ? PLANS.places.person(number + 1) : PLANS.places.item(number + 1));
    list = '';
  }
  const member = list === '' ? null : (PLANS.places.members[list] ?? list);
  const all = member === null ? words : [...words, member];
  return all.length === 0 ? PLANS.places.whole : all.join(', ');
}
