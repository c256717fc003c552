import { lazy, Suspense, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { MediaList } from '../parts/media-list.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { TWO } from '../words/two-stations.ts';
import { visible } from '../words/visible.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

const CodeShow = lazy(async () => ({ default: (await import('../parts/code-show.tsx')).CodeShow }));

/** Enough to tell two sticks apart; the whole digest is in the evidence. */
const LABEL_WORDS = 6;

/** More rows help nobody; the rest is counted. */
const MAX_ROWS = 200;

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
  // That codes were read can be said once one was shown, and where all go by code.
  const [wasShown, setWasShown] = useState(false);
  const byCode = view.carry.every((one) => one.by_code);
  const isDone = view.now?.gate === 'open';
  if (shown !== null) {
    return (
      <StepFrame {...props} alone>
        <Suspense>
          <CodeShow
            documentId={shown}
            onDone={() => {
              setShown(null);
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
      <p>{byCode && !isDone ? `${TWO.carry.say(view.carry.length)} ${TWO.carry.code}` : TWO.carry.say(view.carry.length)}</p>
      <div className={parts.scroll}>
        <table className={parts.table}>
          <thead>
            <tr>
              <th scope="col">{TWO.carry.name}</th>
              <th scope="col">{TWO.carry.document}</th>
              <th scope="col">
                <span className={parts.hidden}>{TWO.carry.show}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {view.carry.slice(0, MAX_ROWS).map((one) => (
              <tr key={one.document_id}>
                <td className={parts.name}>{visible(one.name)}</td>
                <td>{TWO.carry.kinds[one.kind] ?? one.kind}</td>
                <td className={parts.do}>
                  {one.by_code ? (
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
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {view.carry.length > MAX_ROWS ? <p className={parts.note}>{WORDS.backups.more(view.carry.length - MAX_ROWS)}</p> : null}
      </div>
      {byCode && wasShown && !isDone ? (
        <div>
          <Button kind="link" onPress={() => void ceremony.act('ceremony.carried-by-code', { ceremony: view.ceremony_id })}>
            {TWO.carry.codesDone}
          </Button>
        </div>
      ) : null}
      {files.browser}
    </StepFrame>
  );
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
