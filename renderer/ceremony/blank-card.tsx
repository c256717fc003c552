import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { PASS } from '../words/passphrase.ts';

/** An empty card with as many lines, to be saved and printed: nothing secret is on it. */
export function BlankCard({ words, nativeDialogs }: { readonly words: number; readonly nativeDialogs: boolean }) {
  const files = useFiles(nativeDialogs);
  const [told, setTold] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (paper: 'a4' | 'letter'): Promise<void> => {
    setTold('');
    const [file] = await files.choose({ what: 'save', title: PASS.cardDialog, name: `passphrase-card-${paper}.pdf` });
    if (file === undefined) return;
    const answer = await call('passphrase.card', { out: file.handle, words, paper });
    setTold(answer.ok ? PASS.cardSaved : '');
    setProblem(answer.ok ? null : answer.error);
  };
  return (
    <div className={parts.stack}>
      <div className={parts.row}>
        {(['a4', 'letter'] as const).map((paper) => (
          <Button key={paper} kind="link" onPress={() => void save(paper)}>
            {PASS.card(PASS.papers[paper])}
          </Button>
        ))}
        <span role="status">{told}</span>
      </div>
      {problem === null ? null : <FailurePanel problem={problem} operation="passphrase.card" />}
      {files.browser}
    </div>
  );
}
