import { lazy, Suspense, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { MediaList } from '../parts/media-list.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { TWO } from '../words/two-stations.ts';
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
  const byCode = view.carry.every((one) => one.by_code);
  const codes = byCode ? (
    <Button kind="ghost" onPress={() => void ceremony.act('ceremony.carried-by-code', { ceremony: view.ceremony_id })}>
      {TWO.carry.codesDone}
    </Button>
  ) : null;
  const isDone = view.now?.gate === 'open';
  return (
    <StepFrame {...props} primary={{ label: TWO.carry.stick, onPress: () => void choose() }} secondary={codes} operation="ceremony.carry">
      <p>{TWO.carry.say(view.carry.length)}</p>
      {isDone && view.carried?.via === 'medium' ? (
        <>
          <p className={parts.note} role="status">
            {TWO.carry.safe}
          </p>
          <p>{TWO.carry.digest}</p>
          <p>
            <b>{view.carried.list_words.slice(0, LABEL_WORDS).join(' ')}</b>
          </p>
          <div>
            <Button kind="link" onPress={() => void choose()}>
              {TWO.carry.writeAgain}
            </Button>
          </div>
        </>
      ) : (
        <MediaList isForWriting onUse={write} />
      )}
      <div className={parts.scroll}>
        <table className={parts.table}>
          <thead>
            <tr>
              <th scope="col">{TWO.carry.document}</th>
              <th scope="col">{TWO.carry.name}</th>
              <th scope="col">
                <span className={parts.hidden}>{TWO.carry.show}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {view.carry.slice(0, MAX_ROWS).map((one) => (
              <tr key={one.document_id}>
                <td>{TWO.carry.kinds[one.kind] ?? one.kind}</td>
                <td>{one.name}</td>
                <td>
                  {one.by_code ? (
                    <Button
                      kind="link"
                      onPress={() => {
                        setShown(one.document_id);
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
      </div>
      {shown === null ? null : (
        <Suspense>
          <CodeShow
            documentId={shown}
            onDone={() => {
              setShown(null);
            }}
          />
        </Suspense>
      )}
      {files.browser}
    </StepFrame>
  );
}
