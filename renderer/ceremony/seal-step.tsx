import { useEffect, useState } from 'react';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { TickBox } from '../parts/tick-box.tsx';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { MODES } from '../words/steps.ts';
import { FileTable } from './file-table.tsx';
import { StepFrame, type StepProps } from './step-frame.tsx';

type Mode = 'auto' | 'direct' | 'passphrase' | 'envelope' | 'envelope+passphrase';

/** How the files are sealed: recommended by size, changeable, with each limit said. */
export function SealStep(props: StepProps) {
  const { view, ceremony, nativeDialogs } = props;
  const files = useFiles(nativeDialogs);
  const [mode, setMode] = useState<Mode>('auto');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [sendName, setSendName] = useState(false);
  const wants = mode.includes('passphrase');
  useEffect(() => {
    void call('window.protect', { on: wants });
    return () => {
      void call('window.protect', { on: false });
    };
  }, [wants]);
  const open = view.now?.gate === 'open';
  const left = view.files.filter((file) => file.state === 'chosen').length;
  const begun = left > 0 && left < view.files.length;
  const differs = wants && again !== '' && passphrase !== again;
  const ready = !wants || (passphrase !== '' && passphrase === again);
  const seal = (): void => {
    if (!ready) return;
    // One way: to main, and out of here.
    const typed = wants ? passphrase : null;
    setPassphrase('');
    setAgain('');
    void ceremony.act('ceremony.seal', { ceremony: view.ceremony_id, mode, passphrase: typed, send_name: sendName });
  };
  // A file that is gone for good would otherwise keep all the others from going on: another list, signed for again.
  const choose = async (): Promise<void> => {
    const chosen = await files.choose({ what: 'files', title: WORDS.secrets.dialog, name: '' });
    if (chosen.length === 0) return;
    await ceremony.act('ceremony.choose', { ceremony: view.ceremony_id, files: chosen.map((one) => one.handle) });
  };
  const recommended = [...new Set(view.files.map((file) => MODES[file.recommended]?.label ?? file.recommended))].join(', ');
  const label = begun ? WORDS.seal.goOn : WORDS.seal.button(view.files.length);
  return (
    <StepFrame
      {...props}
      primary={{ label, onPress: seal, isDisabled: !ready }}
      secondary={
        <Button kind="ghost" isDisabled={ceremony.running !== null} onPress={() => void choose()}>
          {WORDS.secrets.again}
        </Button>
      }
      operation="ceremony.seal"
    >
      <FileTable view={view} />
      {open ? null : (
        <div className={parts.stack}>
          <Choices
            label={WORDS.seal.mode}
            value={mode}
            onChange={(value) => {
              setMode(value as Mode);
            }}
            choices={[
              { value: 'auto', label: WORDS.seal.recommended(recommended), why: MODES.auto?.why ?? '' },
              ...view.modes.map((one) => ({ value: one, label: MODES[one]?.label ?? one, why: MODES[one]?.why ?? '' })),
            ]}
          />
          <p className={parts.note}>{WORDS.seal.limit(WORDS.secrets.bytes(view.limit_bytes))}</p>
          {wants ? (
            <div className={parts.two} ref={intoSight}>
              <Field
                label={WORDS.seal.passphrase}
                help={`${WORDS.seal.passphraseLeast(view.policy.rules.passphrase.least_length)} ${WORDS.seal.passphraseHelp}`}
                value={passphrase}
                onChange={setPassphrase}
                secret
              />
              <Field
                label={WORDS.seal.again}
                value={again}
                onChange={setAgain}
                secret
                error={differs ? WORDS.seal.differ : null}
                onEnter={seal}
              />
            </div>
          ) : null}
          {view.policy.rules.file_names_may_be_sent ? (
            <TickBox label={WORDS.seal.sendName} help={WORDS.seal.sendNameHelp} isSelected={sendName} onChange={setSendName} />
          ) : (
            <p className={parts.note}>{WORDS.seal.nameKept}</p>
          )}
        </div>
      )}
      {files.browser}
    </StepFrame>
  );
}

/** The fields that a choice brings up may lie below the fold. */
function intoSight(fields: HTMLDivElement | null): void {
  fields?.scrollIntoView({ block: 'nearest' });
}
