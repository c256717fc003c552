import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import parts from '../parts/parts.module.css';
import { TickBox } from '../parts/tick-box.tsx';
import { useProtection } from '../protection.ts';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { PASS } from '../words/passphrase.ts';
import { PLANNED } from '../words/planned.ts';
import { MODES } from '../words/steps.ts';
import { FileTable } from './file-table.tsx';
import { plannedItemOf } from './inspections.tsx';
import { modeReasons, recommendedModes } from './mode-reasons.ts';
import { PassphraseSource, type Source } from './passphrase-source.tsx';
import { StepFrame, type StepProps } from './step-frame.tsx';

type Mode = 'plan' | 'auto' | 'auto+passphrase' | 'direct' | 'passphrase' | 'envelope' | 'envelope+passphrase';

/** How the files are sealed: recommended by size, with the reason, and changeable; and under which passphrase. */
export function SealStep(props: StepProps) {
  const { view, ceremony, nativeDialogs } = props;
  const files = useFiles(nativeDialogs);
  const [mode, setMode] = useState<Mode>(view.plan === null ? 'auto' : 'plan');
  const [own, setOwn] = useState<string | null>(null);
  const [isKept, setKept] = useState(false);
  const [isPrivate, setPrivate] = useState(false);
  const [source, setSource] = useState<Source>('draw');
  const [round, setRound] = useState(0);
  const [sendName, setSendName] = useState(false);
  const chosen = view.files.filter((file) => file.state === 'chosen');
  const byPlan = (file: CeremonyView['files'][number]): string => plannedItemOf(view, file)?.mode ?? file.recommended;
  const wants = mode === 'plan' ? chosen.some((file) => byPlan(file).includes('passphrase')) : mode.includes('passphrase');
  useProtection(wants);
  const open = view.now?.gate === 'open';
  const left = chosen;
  const begun = left.length > 0 && left.length < view.files.length;
  const ready = !wants || isKept || own !== null;
  /** What was typed is gone from here, and so is what main kept. */
  const startPassphrase = (): void => {
    setOwn(null);
    setKept(false);
    setPrivate(false);
    setRound(round + 1);
  };
  const seal = async (): Promise<void> => {
    if (!ready) return;
    const typed = wants && !isKept ? own : null;
    // One way: to main, and out of here.
    if (typed !== null) startPassphrase();
    const problem = await ceremony.act('ceremony.seal', { ceremony: view.ceremony_id, mode, passphrase: typed, send_name: sendName });
    if (problem?.code === 'passphrase-needed') startPassphrase();
  };
  // A file that is gone for good would otherwise keep all the others from going on: another list, signed for again.
  const choose = async (): Promise<void> => {
    const chosen = await files.choose({ what: 'files', title: WORDS.secrets.dialog, name: '' });
    if (chosen.length === 0) return;
    await ceremony.act('ceremony.choose', { ceremony: view.ceremony_id, files: chosen.map((one) => one.handle) });
  };
  const label = begun ? WORDS.seal.goOn : WORDS.seal.button(view.files.length);
  const passphrase = wants ? (
    <PassphraseSource
      key={round.toString()}
      view={view}
      begun={begun}
      nativeDialogs={nativeDialogs}
      source={source}
      onSource={setSource}
      onOwn={setOwn}
      onKept={setKept}
      onPrivate={setPrivate}
      onEnter={() => void seal()}
    />
  ) : null;
  return (
    <StepFrame
      {...props}
      primary={isPrivate ? null : { label, onPress: () => void seal(), isDisabled: !ready }}
      hint={ready ? null : PASS.hint}
      secondary={
        isPrivate ? null : (
          <Button kind="ghost" isDisabled={ceremony.running !== null} onPress={() => void choose()}>
            {WORDS.secrets.again}
          </Button>
        )
      }
      operation="ceremony.seal"
    >
      {isPrivate ? null : <FileTable view={view} planned={(file) => (mode === 'plan' ? byPlan(file) : plannedMode(file, mode))} />}
      {open ? null : (
        <div className={parts.stack}>
          {isPrivate ? null : (
            <>
              <Choices
                label={WORDS.seal.mode}
                value={mode}
                onChange={(value) => {
                  setMode(value as Mode);
                  startPassphrase();
                }}
                choices={[
                  ...(view.plan === null
                    ? []
                    : [
                        {
                          value: 'plan',
                          label: PLANNED.seal.mode([...new Set(left.map((file) => MODES[byPlan(file)]?.label ?? byPlan(file)))].join('; ')),
                          why: PLANNED.seal.why,
                        },
                      ]),
                  {
                    value: 'auto',
                    label: WORDS.seal.recommended(recommendedModes(left, 'recommended')),
                    why: modeReasons(left, 'recommended').join(' '),
                  },
                  {
                    value: 'auto+passphrase',
                    label: PASS.withPassphrase,
                    why: [PASS.human, ...modeReasons(left, 'with_passphrase')].join(' '),
                  },
                  ...view.modes.map((one) => ({ value: one, label: MODES[one]?.label ?? one, why: MODES[one]?.why ?? '' })),
                ]}
              />
              <p className={parts.note}>{WORDS.seal.limit(WORDS.secrets.bytes(view.limit_bytes))}</p>
            </>
          )}
          {passphrase}
          {isPrivate ? null : view.policy.rules.file_names_may_be_sent ? (
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

/** What a choice comes to for one file. */
function plannedMode(file: CeremonyView['files'][number], mode: Exclude<Mode, 'plan'>): string {
  if (mode === 'auto') return file.recommended;
  return mode === 'auto+passphrase' ? file.with_passphrase : mode;
}
