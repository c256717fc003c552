import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { PLANNED } from '../words/planned.ts';
import { ColdSecrets } from './cold-secrets.tsx';
import { FileTable } from './file-table.tsx';
import { Inspections, plannedItemOf } from './inspections.tsx';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** For one key, or for each of several. */
export function SecretsStep(props: StepProps) {
  return props.view.keys.length > 0 ? <ColdSecrets {...props} /> : <OneKeySecrets {...props} />;
}

/** One file or many, chosen in main's dialog: names and sizes are all that comes here. */
function OneKeySecrets(props: StepProps) {
  const { view, ceremony, nativeDialogs } = props;
  const files = useFiles(nativeDialogs);
  const choose = async (): Promise<void> => {
    const chosen = await files.choose({ what: 'files', title: WORDS.secrets.dialog, name: '' });
    if (chosen.length === 0) return;
    await ceremony.act('ceremony.choose', { ceremony: view.ceremony_id, files: chosen.map((one) => one.handle) });
  };
  const chooseFolder = async (): Promise<void> => {
    const [folder] = await files.choose({ what: 'folder', title: WORDS.secrets.folderDialog, name: '' });
    if (folder === undefined) return;
    await ceremony.act('ceremony.choose', { ceremony: view.ceremony_id, files: [], folder: folder.handle });
  };
  const madeUp = (): void => void ceremony.act('ceremony.choose', { ceremony: view.ceremony_id, files: [], made_up: true });
  const isChosen = view.files.length > 0;
  const canMakeUp = view.script === 'rehearsal';
  // What is asked for beside a file is typed next to it, and that is the one thing to do.
  const isAsked = view.files.some(({ needs }) => needs !== null) && view.now?.gate === 'waits';
  return (
    <StepFrame
      {...props}
      primary={isAsked ? null : { label: WORDS.secrets.choose, onPress: () => void choose() }}
      hint={isAsked ? PLANNED.secret.hint : null}
      secondary={
        canMakeUp && !isChosen ? (
          <Button kind="ghost" onPress={madeUp}>
            {WORDS.secrets.madeUp}
          </Button>
        ) : null
      }
      operation="ceremony.choose"
    >
      <FileTable view={view} planned={(file) => plannedItemOf(view, file)?.mode ?? file.recommended} />
      <Inspections view={view} ceremony={ceremony} />
      <div className={parts.row}>
        {isChosen && (isAsked || view.now?.gate === 'open') ? (
          <Button kind="link" onPress={() => void choose()}>
            {WORDS.secrets.again}
          </Button>
        ) : null}
        <Button kind="link" isDisabled={ceremony.running !== null} onPress={() => void chooseFolder()}>
          {WORDS.secrets.chooseFolder}
        </Button>
        {canMakeUp && isChosen ? (
          <Button kind="link" isDisabled={ceremony.running !== null} onPress={madeUp}>
            {WORDS.secrets.madeUp}
          </Button>
        ) : null}
      </div>
      {files.browser}
    </StepFrame>
  );
}
