import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Field } from '../parts/field.tsx';
import type { Chosen } from '../parts/file-browser.tsx';
import { looks } from '../parts/looks.ts';
import { State } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { PLANNED } from '../words/planned.ts';
import { RECOVERY } from '../words/recovery.ts';
import { STEPS } from '../words/steps.ts';
import { visible } from '../words/visible.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** The packages and the private half, each chosen; then what the packages hold. */
export function ReleasedStep(props: StepProps) {
  const { view } = props;
  const [isAgain, setIsAgain] = useState(false);
  const found = view.recovery?.found ?? [];
  if (found.length === 0 || isAgain) {
    return (
      <ChoosePackages
        {...props}
        onDone={() => {
          setIsAgain(false);
        }}
      />
    );
  }
  return (
    <StepFrame {...props}>
      <div className={parts.scroll}>
        <table className={parts.table}>
          <caption className={parts.hidden}>{RECOVERY.released.found}</caption>
          <thead>
            <tr>
              <th scope="col">{RECOVERY.released.file}</th>
              <th scope="col">{RECOVERY.released.what}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <tr key={one.name}>
                <td className={parts.name}>{visible(one.name)}</td>
                <td>{RECOVERY.released.kinds[one.what]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div>
        <Button
          kind="link"
          onPress={() => {
            setIsAgain(true);
          }}
        >
          {RECOVERY.released.again}
        </Button>
      </div>
    </StepFrame>
  );
}

function ChoosePackages(props: StepProps & { readonly onDone: () => void }) {
  const { view, ceremony, nativeDialogs, onDone } = props;
  const files = useFiles(nativeDialogs);
  const [packages, setPackages] = useState<readonly Chosen[]>([]);
  const [key, setKey] = useState<Chosen | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const isReady = packages.length > 0 && key !== null;
  const choosePackages = async (): Promise<void> => {
    const chosen = await files.choose({ what: 'files', title: RECOVERY.released.packagesDialog, name: '' });
    if (chosen.length > 0) setPackages(chosen);
  };
  const chooseKey = async (): Promise<void> => {
    const [chosen] = await files.choose({ what: 'file', title: RECOVERY.released.keyDialog, name: '' });
    if (chosen !== undefined) setKey(chosen);
  };
  const open = async (): Promise<void> => {
    if (!isReady) return;
    const typed = passphrase === '' ? null : passphrase;
    setPassphrase('');
    const problem = await ceremony.act('ceremony.packages', {
      ceremony: view.ceremony_id,
      packages: packages.map((one) => one.handle),
      openpgp_key: key.handle,
      passphrase: typed,
    });
    if (problem === null) onDone();
  };
  const stopped = view.now?.gate === 'stopped';
  return (
    <StepFrame
      {...props}
      primary={stopped ? null : { label: STEPS.released.action, onPress: () => void open(), isDisabled: !isReady }}
      operation="ceremony.packages"
    >
      {stopped ? null : (
        <>
          <div className={parts.two}>
            <section className={parts.card}>
              <p>{RECOVERY.released.packagesChosen(packages.length)}</p>
              {packages.length === 0 ? null : (
                <ul className={parts.bullets}>
                  {packages.map((one) => (
                    <li key={one.handle}>{visible(one.name)}</li>
                  ))}
                </ul>
              )}
              <div>
                <Button kind="ghost" onPress={() => void choosePackages()}>
                  {RECOVERY.released.packages}
                </Button>
              </div>
            </section>
            <section className={parts.card}>
              <p>{key === null ? RECOVERY.released.noKey : `${RECOVERY.released.keyChosen} ${visible(key.name)}`}</p>
              <div>
                <Button kind="ghost" onPress={() => void chooseKey()}>
                  {RECOVERY.released.key}
                </Button>
              </div>
            </section>
          </div>
          <Field label={RECOVERY.released.passphrase} value={passphrase} onChange={setPassphrase} secret onEnter={() => void open()} />
          <TriesLeft {...props} />
        </>
      )}
      {files.browser}
    </StepFrame>
  );
}

/** Said once one try is gone, not before. */
function TriesLeft({ view }: StepProps) {
  const left = view.recovery?.tries_left ?? 0;
  return left === 1 || left === 2 ? (
    <p className={parts.note} role="status">
      {RECOVERY.tries(left)}
    </p>
  ) : null;
}

/** The passphrases once more, a place for the files, and what came back. */
export function ResultStep(props: StepProps) {
  const { view, ceremony, nativeDialogs } = props;
  const files = useFiles(nativeDialogs);
  const [openpgp, setOpenpgp] = useState('');
  const [ofKey, setOfKey] = useState('');
  const [secret, setSecret] = useState('');
  const [bip39, setBip39] = useState('');
  const { asks, recovered } = view.recovery ?? { asks: { key: false, secret: false, bip39: false }, recovered: [] };
  // A phrase under another passphrase leads to another wallet: where it has one, the step can be tried again.
  const isOtherWallet = view.now?.problem === 'recovered-other-identifier' && asks.bip39;
  const waits = view.now?.gate === 'waits' || isOtherWallet;
  const isReady = (!asks.key || ofKey !== '') && (!asks.secret || secret !== '');
  const isOfPlan = recovered.some(({ controls }) => controls !== null);
  const run = async (): Promise<void> => {
    if (!isReady) return;
    const [folder] = await files.choose({ what: 'folder', title: RECOVERY.result.folderDialog, name: '' });
    if (folder === undefined) return;
    const typed = {
      openpgp_passphrase: openpgp === '' ? null : openpgp,
      key_passphrase: asks.key ? ofKey : null,
      passphrase: asks.secret ? secret : null,
      bip39_passphrase: asks.bip39 && bip39 !== '' ? bip39 : null,
    };
    setOpenpgp('');
    setOfKey('');
    setSecret('');
    setBip39('');
    await ceremony.act('ceremony.get-back', { ceremony: view.ceremony_id, ...typed, folder: folder.handle });
  };
  return (
    <StepFrame
      {...props}
      primary={waits ? { label: STEPS.result.action, onPress: () => void run(), isDisabled: !isReady } : null}
      operation="ceremony.get-back"
    >
      {recovered.length === 0 ? null : (
        <div className={parts.scroll} aria-live="polite">
          <table className={parts.table}>
            <caption className={parts.hidden}>{RECOVERY.result.back}</caption>
            <thead>
              <tr>
                <th scope="col">{RECOVERY.result.file}</th>
                <th scope="col">{RECOVERY.result.compared}</th>
                {isOfPlan ? <th scope="col">{PLANNED.recovered.title}</th> : null}
              </tr>
            </thead>
            <tbody>
              {recovered.map((one) => (
                <tr key={one.item_id}>
                  <td className={parts.name}>{one.name === null ? RECOVERY.result.notWritten : visible(one.name)}</td>
                  <td>{one.same === null ? RECOVERY.result.byLedger : RECOVERY.result.byFile}</td>
                  {isOfPlan ? (
                    <td className={parts.name}>
                      <Controls controls={one.controls} />
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {waits ? (
        <>
          <p className={parts.note}>{RECOVERY.result.clear}</p>
          <Field label={RECOVERY.result.openpgp} value={openpgp} onChange={setOpenpgp} secret />
          {asks.key ? <Field label={RECOVERY.result.key} value={ofKey} onChange={setOfKey} secret /> : null}
          {asks.secret ? (
            <Field label={RECOVERY.result.secret} help={RECOVERY.result.secretHelp} value={secret} onChange={setSecret} secret />
          ) : null}
          {asks.bip39 ? (
            <Field label={PLANNED.recovered.passphrase} help={PLANNED.recovered.passphraseHelp} value={bip39} onChange={setBip39} secret />
          ) : null}
          <TriesLeft {...props} />
        </>
      ) : null}
      {files.browser}
    </StepFrame>
  );
}

type Recovered = NonNullable<StepProps['view']['recovery']>['recovered'][number];

/** What a recovered secret turned out to control, against what the ledger keeps of it. */
function Controls({ controls }: Pick<Recovered, 'controls'>) {
  if (controls === null) return <State mark="unknown" word={PLANNED.recovered.noRecord} />;
  const { result, planned, found } = controls;
  if (result === 'matches' && found !== null) return <State mark="passed" word={PLANNED.recovered.matches(found)} />;
  if (result === 'differs') {
    return (
      <State mark="failed" word={PLANNED.recovered.differs(found ?? PLANNED.departures.nothing, planned ?? PLANNED.departures.nothing)} />
    );
  }
  return <State mark="amber" word={planned === null ? PLANNED.recovered.noRecord : PLANNED.recovered.unknown(planned)} />;
}

/** What only people can see to, and what no program can do for them. */
export function WipeStep(props: StepProps) {
  const { view, ceremony } = props;
  const points = view.recovery?.wipe ?? [];
  const [answers, setAnswers] = useState<Readonly<Record<string, boolean | null>>>(
    Object.fromEntries(points.map((point) => [point.id, point.yes])),
  );
  const given = points.flatMap(({ id }) => {
    const yes = answers[id];
    return typeof yes === 'boolean' ? [{ id, yes }] : [];
  });
  const record = (): void => void ceremony.act('ceremony.wiped', { ceremony: view.ceremony_id, answers: given });
  return (
    <StepFrame
      {...props}
      primary={{ label: STEPS.wipe.action, onPress: record, isDisabled: given.length < points.length }}
      operation="ceremony.wiped"
    >
      <p>{RECOVERY.wipe.say}</p>
      {view.now?.gate === 'open'
        ? null
        : points.map(({ id }) => (
            <div key={id} className={looks(parts.card, parts.point)}>
              <Choices
                label={RECOVERY.wipe.points[id]?.label ?? id}
                inline
                value={valueOf(answers[id])}
                onChange={(value) => {
                  setAnswers({ ...answers, [id]: value === 'yes' });
                }}
                choices={[
                  { value: 'yes', label: RECOVERY.wipe.yes },
                  { value: 'no', label: RECOVERY.wipe.no },
                ]}
              />
              <p className={parts.note}>{RECOVERY.wipe.points[id]?.why}</p>
            </div>
          ))}
    </StepFrame>
  );
}

function valueOf(yes: boolean | null | undefined): 'yes' | 'no' | null {
  if (typeof yes !== 'boolean') return null;
  return yes ? 'yes' : 'no';
}
