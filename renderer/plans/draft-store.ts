import { useSyncExternalStore } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem } from '../bridge.ts';
import { setUnsaved } from '../unsaved.ts';
import { BLANK_DRAFT, isBlankWallet, type Draft, type Judgement } from './draft.ts';

type File = { readonly handle: string; readonly name: string };

export type Drafting = {
  readonly draft: Draft;
  /** The file that was opened or written last. */
  readonly file: File | null;
  /** The draft is in no file as it is now. */
  readonly isChanged: boolean;
  readonly lost: readonly string[];
  /** What main says of the draft, or of the draft as it was a moment ago while `isJudging`. */
  readonly judgement: Judgement | null;
  readonly isJudging: boolean;
  readonly problem: { readonly problem: Problem; readonly operation: string } | null;
};

/** Typing is not judged letter by letter. */
const JUDGE_AFTER_MS = 250;

/** The one plan that is open. It outlives its page: whoever looks at another page finds it as it was. */
let drafting: Drafting | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(next: Drafting | null): void {
  drafting = next;
  setUnsaved(next?.isChanged === true);
  for (const listener of listeners) listener();
}

function patch(part: Partial<Drafting>): void {
  if (drafting !== null) set({ ...drafting, ...part });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The plan that is open, or null. */
export function useDrafting(): Drafting | null {
  return useSyncExternalStore(subscribe, () => drafting);
}

async function judge(): Promise<void> {
  const judged = drafting?.draft;
  if (judged === undefined) return;
  const answer = await call('plan.judge', { plan: judged });
  // It was changed meanwhile: what came is about another draft, and the next judgement is under way.
  if (drafting?.draft !== judged) return;
  if (answer.ok) patch({ judgement: answer.output, isJudging: false });
  else patch({ isJudging: false, problem: { problem: answer.error, operation: 'plan.judge' } });
}

function judgeSoon(afterMs: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void judge(), afterMs);
}

const FRESH = { file: null, lost: [], judgement: null, isJudging: true, problem: null } as const;

/** Begins a plan. Nothing is lost with it as long as nothing was filled in. */
export function beginDraft(): void {
  set({ ...FRESH, draft: BLANK_DRAFT, isChanged: false });
  judgeSoon(0);
}

/** Opens a plan's file. @returns why it cannot be opened, or null. */
export async function openDraft(file: File): Promise<Problem | null> {
  const answer = await call('plan.open', { file: file.handle });
  if (!answer.ok) return answer.error;
  const { plan, lost, ...judgement } = answer.output;
  set({ ...FRESH, draft: plan, file, lost, judgement, isJudging: false, isChanged: lost.length > 0 });
  return null;
}

export function closeDraft(): void {
  clearTimeout(timer);
  set(null);
}

export function changeDraft(change: Partial<Draft>): void {
  if (drafting === null) return;
  patch({ draft: { ...drafting.draft, ...change }, isChanged: true, isJudging: true, problem: null });
  judgeSoon(JUDGE_AFTER_MS);
}

/** Adds the wallets of a list; a wallet of which nobody has filled in anything makes room. @returns how many, or null. */
export async function takeInWallets(handle: string): Promise<number | null> {
  const answer = await call('plan.wallets', { from: handle });
  const problem = firstProblem(answer);
  patch({ problem: problem === null ? null : { problem, operation: 'plan.wallets' } });
  if (!answer.ok || drafting === null) return null;
  const { wallets } = answer.output;
  changeDraft({ wallets: [...drafting.draft.wallets.filter((wallet) => !isBlankWallet(wallet)), ...wallets] });
  return wallets.length;
}

/** Writes the draft to a new file. */
export async function saveDraft(file: File): Promise<void> {
  const saving = drafting?.draft;
  if (saving === undefined) return;
  const answer = await call('plan.save', { plan: saving, out: file.handle });
  if (drafting === null) return;
  const problem = firstProblem(answer);
  if (problem !== null) {
    patch({ problem: { problem, operation: 'plan.save' } });
    return;
  }
  patch({ file, lost: [], problem: null, isChanged: drafting.draft !== saving });
}

/** Something went wrong beside the draft itself. */
export function tellProblem(problem: Problem | null, operation: string): void {
  patch({ problem: problem === null ? null : { problem, operation } });
}
