import { useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { Working } from '../parts/progress.tsx';
import { WORDS } from '../words/catalogue.ts';
import { looks } from '../parts/looks.ts';

const SHORTEST = 12;

type Role = 'single' | 'cold' | 'online';

/** Role, name, rehearse first; and where the station's keys are kept. */
export function FirstStart({ onDone }: { readonly onDone: (rehearse: boolean) => Promise<void> }) {
  const [role, setRole] = useState<Role | null>(null);
  const [name, setName] = useState('');
  const [rehearse, setRehearse] = useState<string | null>(null);
  const [os, setOs] = useState<'available' | 'locked' | 'none' | null>(null);
  const [keychain, setKeychain] = useState<'os' | 'file' | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    void call('window.keychain', {}).then((answer) => {
      setOs(answer.ok ? answer.output.os : 'none');
    });
  }, []);
  const kind = os === 'none' ? 'file' : keychain;
  const short = passphrase !== '' && passphrase.length < SHORTEST;
  const differ = again !== '' && again !== passphrase;
  const sealed = kind === 'os' || (kind === 'file' && passphrase.length >= SHORTEST && passphrase === again);
  const ready = role !== null && name.trim() !== '' && (rehearse !== null || role !== 'single') && sealed && !busy;
  const make = async (): Promise<void> => {
    if (!ready) return;
    setBusy(true);
    const answer = await call('window.first-start', {
      role,
      name: name.trim(),
      keychain: kind,
      passphrase: kind === 'file' ? passphrase : null,
    });
    setPassphrase('');
    setAgain('');
    if (answer.ok) await onDone(rehearse === 'yes' && role === 'single');
    else setProblem(answer.error);
    setBusy(false);
  };
  return (
    <main className={frame.bare}>
      <div className={frame.center}>
        <h1>{WORDS.firstStart.title}</h1>
        <p className={frame.say}>{WORDS.firstStart.say}</p>
        {problem === null ? null : <FailurePanel problem={problem} operation="init" />}
        <Choices
          label={WORDS.firstStart.role}
          inRow
          value={role}
          onChange={(value) => {
            setRole(value as Role);
          }}
          choices={[
            { value: 'single', label: WORDS.firstStart.single, why: WORDS.firstStart.singleWhy },
            { value: 'cold', label: WORDS.firstStart.cold, why: WORDS.firstStart.coldWhy },
            { value: 'online', label: WORDS.firstStart.online, why: WORDS.firstStart.onlineWhy },
          ]}
        />
        <Field label={WORDS.firstStart.name} help={WORDS.firstStart.nameHelp} value={name} onChange={setName} maxLength={100} />
        {role === 'cold' || role === 'online' ? null : (
          <Choices
            label={WORDS.firstStart.rehearse}
            inRow
            value={rehearse}
            onChange={setRehearse}
            choices={[
              { value: 'yes', label: WORDS.firstStart.rehearseYes, why: WORDS.firstStart.rehearseYesWhy },
              { value: 'no', label: WORDS.firstStart.rehearseNo, why: WORDS.firstStart.rehearseNoWhy },
            ]}
          />
        )}
        {os === null ? null : os === 'none' ? (
          <p className={parts.note}>{WORDS.firstStart.keychainOsNone}</p>
        ) : (
          <Choices
            label={WORDS.firstStart.keychain}
            inRow
            value={keychain}
            onChange={(value) => {
              setKeychain(value === 'os' ? 'os' : 'file');
            }}
            choices={[
              { value: 'os', label: WORDS.firstStart.keychainOs, why: WORDS.firstStart.keychainOsWhy },
              { value: 'file', label: WORDS.firstStart.keychainFile, why: WORDS.firstStart.keychainFileWhy },
            ]}
          />
        )}
        {kind === 'file' ? (
          <div className={parts.two}>
            <Field
              label={WORDS.firstStart.passphrase}
              help={WORDS.firstStart.passphraseHelp}
              value={passphrase}
              onChange={setPassphrase}
              secret
              error={short ? WORDS.firstStart.short : null}
            />
            <Field
              label={WORDS.firstStart.again}
              value={again}
              onChange={setAgain}
              secret
              error={differ ? WORDS.firstStart.differ : null}
              onEnter={() => void make()}
            />
          </div>
        ) : null}
        {busy ? <Working operation="window.first-start" /> : null}
        <div className={looks(parts.row, parts.end)}>
          <Button isDisabled={!ready} onPress={() => void make()}>
            {WORDS.firstStart.button}
          </Button>
        </div>
      </div>
    </main>
  );
}
