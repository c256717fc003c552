import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Copyable } from '../parts/copy.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { useFingerprintWords } from '../parts/fingerprint-words.tsx';
import { looks } from '../parts/looks.ts';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { TWO } from '../words/two-stations.ts';
import { visible } from '../words/visible.ts';

const CodeShow = lazy(async () => ({ default: (await import('../parts/code-show.tsx')).CodeShow }));
const CodeRead = lazy(async () => ({ default: (await import('../parts/code-read.tsx')).CodeRead }));

type Card = Output<'pair.card'>;
type Partner = Output<'pair.list'>['stations'][number];
type Open = { readonly what: 'pair' | 'show' } | { readonly what: 'unpair'; readonly partner: Partner };

type Props = {
  readonly nativeDialogs: boolean;
  /** The code of a failure that stands on the page already, and need not stand there twice. */
  readonly told: string | null;
};

/** The stations that this one reads documents of, and its own card for them. */
export function PairedStations({ nativeDialogs, told }: Props) {
  const [card, setCard] = useState<Card | null>(null);
  const [partners, setPartners] = useState<readonly Partner[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saved, setSaved] = useState(false);
  const [open, setOpen] = useState<Open | null>(null);
  const files = useFiles(nativeDialogs);
  const load = useCallback(async () => {
    const [own, list] = await Promise.all([call('pair.card', {}), call('pair.list', {})]);
    setProblem(firstProblem(own) ?? firstProblem(list));
    if (own.ok) setCard(own.output);
    if (list.ok) setPartners(list.output.stations);
  }, []);
  useEffect(() => {
    void load();
  }, [load]);
  const done = (): void => {
    setOpen(null);
    void load();
  };
  const save = async (): Promise<void> => {
    if (card === null) return;
    const [file] = await files.choose({ what: 'save', title: TWO.stations.cardDialog, name: `${card.name}.station.json` });
    if (file === undefined) return;
    // A fresh one: after an unpairing the other station does not take a card that it has read.
    const fresh = await call('pair.card', { fresh: true });
    if (!fresh.ok) {
      setProblem(firstProblem(fresh));
      return;
    }
    const answer = await call('document', { id: fresh.output.document_id, out: file.handle });
    setProblem(firstProblem(answer));
    setSaved(answer.ok);
  };
  // The code takes the place of the card, where it was asked for.
  const code =
    open?.what === 'show' && card !== null ? (
      <Suspense>
        <CodeShow documentId={card.document_id} onDone={done} />
      </Suspense>
    ) : null;
  // All at once: nothing moves away under the hand that points at it.
  if (partners === null && problem === null) return null;
  return (
    <>
      {problem === null || problem.code === told ? null : <FailurePanel problem={problem} operation="pair" />}
      {code}
      {card === null || code !== null ? null : (
        <section className={parts.card} aria-label={WORDS.trust.station}>
          <h2>{`${WORDS.trust.station}: ${TWO.stations.of(visible(card.name), card.role)}`}</h2>
          <p>{TWO.stations.ownSay}</p>
          <ol className={parts.grid}>
            {card.words.map((word, index) => (
              <li key={index}>
                <span aria-hidden="true">{index + 1}</span>
                <span data-word={index + 1}>{word}</span>
              </li>
            ))}
          </ol>
          <Copyable value={card.fingerprint} what={WORDS.trust.fingerprint} hex />
          <div className={parts.row}>
            <Button kind="link" onPress={() => void save()}>
              {TWO.stations.saveCard}
            </Button>
            <Button
              kind="link"
              onPress={() => {
                setOpen({ what: 'show' });
              }}
            >
              {TWO.stations.showCard}
            </Button>
            <span role="status">{saved ? TWO.stations.saved : null}</span>
          </div>
        </section>
      )}
      <section className={parts.card} aria-label={TWO.stations.title}>
        <h2>{TWO.stations.title}</h2>
        {partners === null || partners.length === 0 ? <p>{TWO.stations.none}</p> : null}
        <ul className={parts.anchors}>
          {(partners ?? []).map((partner) => (
            <li key={partner.station_id}>
              <b>{TWO.stations.of(visible(partner.name), partner.role)}</b>
              <span>{TWO.stations.states[partner.state]}</span>
              <Copyable value={partner.station_id} what={WORDS.trust.fingerprint} hex />
              {partner.state === 'paired' || partner.state === 'followed' ? (
                <Button
                  kind="plainDanger"
                  onPress={() => {
                    setOpen({ what: 'unpair', partner });
                  }}
                >
                  {TWO.stations.unpair}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
        <div>
          <Button
            onPress={() => {
              setOpen({ what: 'pair' });
            }}
          >
            {TWO.stations.pair}
          </Button>
        </div>
      </section>
      {open?.what === 'pair' ? <PairDialog nativeDialogs={nativeDialogs} onDone={done} /> : null}
      {open?.what === 'unpair' ? <UnpairDialog partner={open.partner} onDone={done} /> : null}
      {files.browser}
    </>
  );
}

type Read = Output<'pair.read'>;

function PairDialog({ nativeDialogs, onDone }: { readonly nativeDialogs: boolean; readonly onDone: () => void }) {
  const files = useFiles(nativeDialogs);
  const [card, setCard] = useState<{ readonly handle: string; readonly read: Read } | null>(null);
  const [succeeds, setSucceeds] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [camera, setCamera] = useState(false);
  const take = async (handle: string): Promise<void> => {
    const answer = await call('pair.read', { file: handle });
    setProblem(firstProblem(answer));
    if (answer.ok) setCard({ handle, read: answer.output });
  };
  const choose = async (): Promise<void> => {
    const [file] = await files.choose({ what: 'file', title: TWO.stations.chooseDialog, name: '' });
    if (file !== undefined) await take(file.handle);
  };
  const isReplacement = card !== null && card.read.replaces.length > 0;
  const comparison = useFingerprintWords({
    title: TWO.stations.wordsTitle(visible(card?.read.name ?? '')),
    subject: card?.read ?? null,
    onCompare: (words) => {
      if (card === null) return;
      const old = succeeds === null || succeeds === 'no' ? null : succeeds;
      void call('pair.confirm', { file: card.handle, fingerprint: card.read.fingerprint, words, succeeds: old }).then((answer) => {
        setProblem(firstProblem(answer));
        if (answer.ok) onDone();
      });
    },
  });
  if (camera) {
    return (
      <Suspense>
        <CodeRead
          onReceived={(received) => {
            setCamera(false);
            void take(received.handle);
          }}
          onCancel={() => {
            setCamera(false);
          }}
        />
      </Suspense>
    );
  }
  return (
    <>
      <Dialog title={TWO.stations.pairTitle} onClose={onDone}>
        {problem === null ? null : <FailurePanel problem={problem} operation="pair" />}
        {card === null ? (
          <>
            <p>{TWO.stations.pairSay}</p>
            <div className={looks(parts.row, parts.end)}>
              <Button
                kind="ghost"
                onPress={() => {
                  setCamera(true);
                }}
              >
                {TWO.bring.code}
              </Button>
              <Button onPress={() => void choose()}>{TWO.stations.choose}</Button>
            </div>
          </>
        ) : (
          <>
            <p>{TWO.stations.compare(TWO.stations.of(visible(card.read.name), card.read.role))}</p>
            {card.read.known?.state === 'paired' ? <p className={parts.note}>{TWO.stations.known}</p> : null}
            {isReplacement ? (
              <Choices
                label={TWO.stations.succeeds}
                value={succeeds}
                onChange={setSucceeds}
                choices={[
                  { value: 'no', label: TWO.stations.succeedsNo, why: TWO.stations.succeedsNoWhy },
                  ...card.read.replaces.map((one) => ({
                    value: one.station_id,
                    label: TWO.stations.succeedsYes(visible(one.name)),
                    why: TWO.stations.succeedsYesWhy,
                  })),
                ]}
              />
            ) : null}
            {comparison.panel}
            <div className={looks(parts.row, parts.end)}>
              <Button kind="ghost" onPress={onDone}>
                {TWO.stations.cancel}
              </Button>
              {comparison.secondary}
              {comparison.primary === null ? null : (
                <Button isDisabled={isReplacement && succeeds === null} onPress={comparison.primary.onPress}>
                  {comparison.primary.label}
                </Button>
              )}
            </div>
          </>
        )}
      </Dialog>
      {files.browser}
    </>
  );
}

function UnpairDialog({ partner, onDone }: { readonly partner: Partner; readonly onDone: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const remove = async (): Promise<void> => {
    const answer = await call('pair.remove', { station_id: partner.station_id });
    setProblem(firstProblem(answer));
    if (answer.ok) onDone();
  };
  return (
    <Dialog title={TWO.stations.unpairTitle(visible(partner.name))} onClose={onDone}>
      {problem === null ? null : <FailurePanel problem={problem} operation="pair" />}
      <p>{TWO.stations.unpairSay}</p>
      <div className={looks(parts.row, parts.end)}>
        <Button kind="ghost" onPress={onDone}>
          {TWO.stations.cancel}
        </Button>
        <Button kind="danger" onPress={() => void remove()}>
          {TWO.stations.unpair}
        </Button>
      </div>
    </Dialog>
  );
}
