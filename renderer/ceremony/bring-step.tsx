import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { MediaList } from '../parts/media-list.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { TWO } from '../words/two-stations.ts';
import { FileTable } from './file-table.tsx';
import { StepFrame, type Primary, type StepProps } from './step-frame.tsx';

const CodeRead = lazy(async () => ({ default: (await import('../parts/code-read.tsx')).CodeRead }));

type Bringing = {
  readonly primary: Primary;
  readonly again: ReactNode;
  /** The sticks, and what to do without one. */
  readonly ways: ReactNode;
  readonly dialogs: ReactNode;
  readonly reader: ReactNode;
};

/** The ways in which documents of the other station come in: a folder on a stick, files, or codes before the camera. */
export function useBringing({ view, ceremony, nativeDialogs }: StepProps): Bringing {
  const files = useFiles(nativeDialogs);
  const [reading, setReading] = useState(false);
  const take = (handles: string[]): void => void ceremony.act('ceremony.bring', { ceremony: view.ceremony_id, files: handles });
  const fromFolder = async (): Promise<void> => {
    const [folder] = await files.choose({ what: 'folder', title: TWO.bring.dialog, name: '' });
    if (folder !== undefined) take([folder.handle]);
  };
  const fromFiles = async (): Promise<void> => {
    const chosen = await files.choose({ what: 'files', title: TWO.bring.dialog, name: '' });
    if (chosen.length > 0) take(chosen.map((one) => one.handle));
  };
  const reader = reading ? (
    <Suspense>
      <CodeRead
        isPage
        onReceived={(received) => {
          setReading(false);
          take([received.handle]);
        }}
        onCancel={() => {
          setReading(false);
        }}
      />
    </Suspense>
  ) : null;
  const ways = (
    <>
      <MediaList
        onUse={(handle) => {
          take([handle]);
        }}
      />
      <section className={parts.card}>
        <h2>{TWO.bring.otherWays}</h2>
        <div className={parts.row}>
          <Button
            kind="link"
            onPress={() => {
              setReading(true);
            }}
          >
            {TWO.bring.code}
          </Button>
          <Button kind="link" onPress={() => void fromFiles()}>
            {TWO.bring.files}
          </Button>
        </div>
      </section>
    </>
  );
  return {
    primary: { label: TWO.bring.stick, onPress: () => void fromFolder() },
    again: (
      <Button kind="ghost" onPress={() => void fromFolder()}>
        {TWO.bring.more}
      </Button>
    ),
    ways,
    reader,
    dialogs: files.browser,
  };
}

/** Sealed items or receipts come in. */
export function BringStep(props: StepProps) {
  const { view } = props;
  const bringing = useBringing(props);
  const count = view.files.length;
  if (bringing.reader !== null)
    return (
      <StepFrame {...props} alone>
        {bringing.reader}
      </StepFrame>
    );
  return (
    <StepFrame {...props} primary={bringing.primary} operation="ceremony.bring">
      {count === 0 ? null : <p className={parts.note}>{TWO.bring.brought(count)}</p>}
      <FileTable view={view} />
      {view.now?.gate === 'open' ? <div className={parts.row}>{bringing.again}</div> : bringing.ways}
      {bringing.dialogs}
    </StepFrame>
  );
}
