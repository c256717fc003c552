import { lazy, Suspense, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { State } from '../parts/mark.tsx';
import { MediaList } from '../parts/media-list.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { useFiles } from '../use-files.tsx';
import { TWO } from '../words/two-stations.ts';
import { visible } from '../words/visible.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

const CodeShow = lazy(async () => ({ default: (await import('../parts/code-show.tsx')).CodeShow }));

/** Enough to tell two sticks apart; the whole digest is in the evidence. */
const LABEL_WORDS = 6;

/** What goes to the other station: onto a stick with its list, or over the screen. */
export function CarryStep(props: StepProps) {
  const { view, ceremony, nativeDialogs } = props;
  const files = useFiles(nativeDialogs);
  const [shown, setShown] = useState<string | null>(null);
  const write = (handle: string): void => void ceremony.act('ceremony.carry', { ceremony: view.ceremony_id, folder: handle });
  const choose = async (): Promise<void> => {
    const [folder] = await files.choose({ what: 'folder', title: TWO.carry.dialog, name: '' });
    if (folder !== undefined) write(folder.handle);
  };
  // That codes were read can be said where all go by code, and once each was shown from its first picture to its last.
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const [wasShown, setWasShown] = useState(false);
  const byCode = view.carry.every((one) => one.by_code);
  const left = view.carry.filter((one) => !whole.has(one.document_id)).length;
  const isDone = view.now?.gate === 'open';
  if (shown !== null) {
    return (
      <StepFrame {...props} alone>
        <Suspense>
          <CodeShow
            isPage
            documentId={shown}
            onDone={() => {
              setShown(null);
            }}
            onRound={() => {
              setWhole((before) => (before.has(shown) ? before : new Set([...before, shown])));
            }}
          />
        </Suspense>
      </StepFrame>
    );
  }
  return (
    <StepFrame {...props} primary={{ label: TWO.carry.stick, onPress: () => void choose() }} operation="ceremony.carry">
      {isDone && view.carried?.via === 'medium' ? (
        <Label words={view.carried.list_words.slice(0, LABEL_WORDS)} onAgain={() => void choose()} />
      ) : (
        <MediaList isForWriting onUse={write} />
      )}
      <p>{byCode && !isDone ? `${TWO.carry.say(view.carry.length)} ${TWO.carry.byCode}` : TWO.carry.say(view.carry.length)}</p>
      <Table
        caption={TWO.carry.say(view.carry.length)}
        rows={view.carry}
        rowKey={(one) => one.document_id}
        filter={{ label: TWO.carry.find, text: (one) => `${one.name} ${kindOf(one.kind)}` }}
        columns={[
          { heading: TWO.carry.name, kind: 'name', cell: (one) => visible(one.name) },
          { heading: TWO.carry.document, cell: (one) => kindOf(one.kind) },
          ...(byCode && wasShown && !isDone
            ? [
                {
                  heading: TWO.carry.code,
                  cell: (one: StepProps['view']['carry'][number]) =>
                    whole.has(one.document_id) ? (
                      <State mark="passed" word={TWO.carry.shownWhole} />
                    ) : (
                      <State mark="waits" word={TWO.carry.notShown} />
                    ),
                },
              ]
            : []),
          {
            heading: TWO.carry.show,
            kind: 'do',
            cell: (one) =>
              one.by_code ? (
                <Button
                  kind="link"
                  aria-label={TWO.carry.showOf(visible(one.name))}
                  onPress={() => {
                    setShown(one.document_id);
                    setWasShown(true);
                  }}
                >
                  {TWO.carry.show}
                </Button>
              ) : (
                TWO.carry.stickOnly
              ),
          },
        ]}
      />
      {byCode && wasShown && !isDone ? (
        <div className={parts.row}>
          <Button
            kind="link"
            isDisabled={left > 0}
            onPress={() => void ceremony.act('ceremony.carried-by-code', { ceremony: view.ceremony_id })}
          >
            {TWO.carry.codesDone}
          </Button>
          <span className={parts.note}>{left > 0 ? TWO.carry.left(left) : null}</span>
        </div>
      ) : null}
      {files.browser}
    </StepFrame>
  );
}

function kindOf(kind: string): string {
  return TWO.carry.kinds[kind] ?? kind;
}

/** What goes onto the stick's label once it is written. */
function Label({ words, onAgain }: { readonly words: readonly string[]; readonly onAgain: () => void }) {
  return (
    <section className={parts.card}>
      <p role="status">{TWO.carry.safe}</p>
      <h2>{TWO.carry.label}</h2>
      <p>{TWO.carry.digest}</p>
      <p className={parts.label}>{words.join(' ')}</p>
      <div>
        <Button kind="link" onPress={onAgain}>
          {TWO.carry.writeAgain}
        </Button>
      </div>
    </section>
  );
}
