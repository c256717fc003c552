import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, type Input, type Output } from '../bridge.ts';

export type BackupLine = Output<'ledger.page'>['lines'][number];
export type BackupFilter = NonNullable<Input<'ledger.page'>['filter']>;
export type BackupCounts = NonNullable<Output<'ledger.page'>['counts']>;

const PAGE_LINES = 100;
/** More pages than a window shows at once; of those read longest ago the memory is given back. */
const KEPT_PAGES = 20;

/** What was found, as far as it was read: lines by page. */
export type Found = { readonly total: number; readonly pages: ReadonlyMap<number, readonly BackupLine[]> };

type Backups = {
  readonly found: Found | null;
  readonly counts: BackupCounts | null;
  readonly problem: Problem | null;
  /** Reads everything anew, after something changed. */
  readonly look: () => void;
  /** Has the lines of these places read, unless they are there. */
  readonly need: (first: number, last: number) => void;
};

/** The backups that fit, page by page as they are needed: main searches and counts, and a window holds what it shows. */
export function useBackups(filter: BackupFilter, search: string): Backups {
  const [found, setFound] = useState<Found | null>(null);
  const [counts, setCounts] = useState<BackupCounts | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** Counts up with every new question: what still comes to an older one is dropped. */
  const question = useRef(0);
  const asked = useRef(new Set<number>());

  const ask = useCallback(
    (count: 'found' | 'all'): void => {
      question.current += 1;
      const mine = question.current;
      void call('ledger.page', { search, filter, limit: PAGE_LINES, count }).then((answer) => {
        if (question.current !== mine) return;
        if (!answer.ok) {
          setProblem(answer.error);
          return;
        }
        setProblem(null);
        asked.current = new Set([0]);
        setFound({ total: answer.output.total ?? 0, pages: new Map([[0, answer.output.lines]]) });
        if (answer.output.counts !== null) setCounts(answer.output.counts);
      });
    },
    [filter, search],
  );
  const counted = useRef(false);
  useEffect(() => {
    // What is searched for changes nothing of what there is.
    ask(counted.current ? 'found' : 'all');
    counted.current = true;
  }, [ask]);
  const look = useCallback((): void => {
    ask('all');
  }, [ask]);

  const need = useCallback(
    (first: number, last: number): void => {
      const mine = question.current;
      for (let page = Math.floor(first / PAGE_LINES); page <= Math.floor(last / PAGE_LINES); page += 1) {
        if (asked.current.has(page)) continue;
        asked.current.add(page);
        void call('ledger.page', { search, filter, offset: page * PAGE_LINES, limit: PAGE_LINES, count: 'nothing' }).then((answer) => {
          if (question.current !== mine) return;
          if (!answer.ok) {
            setProblem(answer.error);
            return;
          }
          setFound((before) => {
            if (before === null) return null;
            const pages = new Map(before.pages).set(page, answer.output.lines);
            for (const oldest of [...pages.keys()].slice(0, Math.max(0, pages.size - KEPT_PAGES))) {
              pages.delete(oldest);
              asked.current.delete(oldest);
            }
            return { total: before.total, pages };
          });
        });
      }
    },
    [filter, search],
  );
  return { found, counts, problem, look, need };
}

/** The line at that place, or null where it was not read yet. */
export function lineAt(found: Found, index: number): BackupLine | null {
  return found.pages.get(Math.floor(index / PAGE_LINES))?.[index % PAGE_LINES] ?? null;
}
