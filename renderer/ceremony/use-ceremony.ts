import { useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { CeremonyView, Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type CallName, type Input } from '../bridge.ts';

/** What a step may ask main for. Gives the problem that came of it, or null. */
export type Act = <Name extends CallName>(name: Name, input: Input<Name>) => Promise<Problem | null>;

export type Ceremony = {
  /** Null until main has answered for the first time. */
  readonly view: CeremonyView | null;
  /** What went wrong in the last act, and in which. */
  readonly problem: { readonly problem: Problem; readonly operation: string } | null;
  /** What runs now. */
  readonly running: string | null;
  readonly notes: readonly string[];
  readonly act: Act;
};

/** One ceremony, as the ledger has it: nothing of it is kept here but what is on screen. */
export function useCeremony(id: string): Ceremony {
  const [view, setView] = useState<CeremonyView | null>(null);
  const [problem, setProblem] = useState<Ceremony['problem']>(null);
  const [running, setRunning] = useState<string | null>(null);
  const [notes, setNotes] = useState<readonly string[]>([]);

  const last = useRef<{ readonly name: string; readonly input: unknown; readonly answer: Promise<Problem | null> } | null>(null);

  const act: Act = useCallback(
    (name, input) => {
      const before = last.current?.name === name ? last.current : null;
      // The same again while it runs is one press that was held or came twice, not two.
      if (before !== null && JSON.stringify(before.input) === JSON.stringify(input)) return before.answer;
      const run = async (): Promise<Problem | null> => {
        // Something else of the same kind is work of its own, and comes after.
        await before?.answer;
        setRunning(name);
        setProblem(null);
        const answer = await call(name, input);
        // Refused as it stands: another window may have gone on meanwhile, so the screen looks again.
        const shown = answer.ok || name === 'ceremony.show' ? null : await call('ceremony.show', { ceremony: id });
        const wrong = firstProblem(answer);
        // Put on screen before the same may be asked again: else a key that is still held asks it of the step that was there before.
        flushSync(() => {
          setRunning(null);
          const output: unknown = answer.ok ? answer.output : shown?.ok === true ? shown.output : null;
          if (isCeremony(output)) setView(output.ceremony);
          if (answer.ok) setNotes(answer.notes);
          if (wrong !== null) setProblem({ problem: wrong, operation: name });
        });
        if (last.current === mine) last.current = null;
        return wrong;
      };
      const mine = { name, input, answer: run() };
      last.current = mine;
      return mine.answer;
    },
    [id],
  );

  useEffect(() => {
    void act('ceremony.show', { ceremony: id });
  }, [act, id]);

  return { view, problem, running, notes, act };
}

function isCeremony(output: unknown): output is { ceremony: CeremonyView } {
  return typeof output === 'object' && output !== null && 'ceremony' in output;
}
