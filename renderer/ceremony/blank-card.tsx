import { useState } from 'react';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { PASS } from '../words/passphrase.ts';

/** An empty card with as many lines, to be saved and printed: nothing secret is on it. */
export function BlankCard({ words, nativeDialogs }: { readonly words: number; readonly nativeDialogs: boolean }) {
  const files = useFiles(nativeDialogs);
  const [told, setTold] = useState('');
  const save = async (paper: 'a4' | 'letter'): Promise<void> => {
    setTold('');
    const [file] = await files.choose({ what: 'save', title: PASS.cardDialog, name: `passphrase-card-${paper}.pdf` });
    if (file === undefined) return;
    const answer = await call('passphrase.card', { out: file.handle, words, paper });
    setTold(answer.ok ? PASS.cardSaved : answer.error.message);
  };
  return (
    <div className={parts.row}>
      {(['a4', 'letter'] as const).map((paper) => (
        <Button key={paper} kind="link" onPress={() => void save(paper)}>
          {PASS.card(PASS.papers[paper])}
        </Button>
      ))}
      <span role="status">{told}</span>
      {files.browser}
    </div>
  );
}
