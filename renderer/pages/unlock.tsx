import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { Working } from '../parts/progress.tsx';
import { WORDS } from '../words/catalogue.ts';
import { looks } from '../parts/looks.ts';

/** The keychain file's passphrase: typed once, to main, and out of here. */
export function Unlock({ name, onDone }: { readonly name: string; readonly onDone: () => Promise<void> }) {
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const unlock = async (): Promise<void> => {
    const typed = passphrase;
    setPassphrase('');
    setBusy(true);
    setProblem(null);
    const answer = await call('window.unlock', { passphrase: typed });
    setBusy(false);
    if (answer.ok) await onDone();
    else setProblem(answer.error);
  };
  return (
    <main className={frame.bare}>
      <div className={frame.center}>
        <h1>{WORDS.unlock.title}</h1>
        <p className={frame.say}>{WORDS.unlock.say(name)}</p>
        {problem === null ? null : <FailurePanel problem={problem} operation="unlock" />}
        <Field label={WORDS.unlock.passphrase} value={passphrase} onChange={setPassphrase} secret autoFocus onEnter={() => void unlock()} />
        {busy ? <Working operation="window.unlock" /> : null}
        <div className={looks(parts.row, parts.end)}>
          <Button isDisabled={passphrase === '' || busy} onPress={() => void unlock()}>
            {WORDS.unlock.button}
          </Button>
        </div>
      </div>
    </main>
  );
}
