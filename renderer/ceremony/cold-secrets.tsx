import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { TWO } from '../words/two-stations.ts';
import { visible } from '../words/visible.ts';
import { FileTable } from './file-table.tsx';
import { Inspections, plannedItemOf } from './inspections.tsx';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** Files for each of several keys. */
export function ColdSecrets(props: StepProps) {
  const { view, ceremony, nativeDialogs } = props;
  const files = useFiles(nativeDialogs);
  const choose = async (keyId: string): Promise<void> => {
    const chosen = await files.choose({ what: 'files', title: WORDS.secrets.dialog, name: '' });
    if (chosen.length === 0) return;
    await ceremony.act('ceremony.choose', { ceremony: view.ceremony_id, files: chosen.map((one) => one.handle), key_id: keyId });
  };
  const chooseFolder = async (keyId: string): Promise<void> => {
    const [folder] = await files.choose({ what: 'folder', title: WORDS.secrets.folderDialog, name: '' });
    if (folder === undefined) return;
    await ceremony.act('ceremony.choose', { ceremony: view.ceremony_id, files: [], folder: folder.handle, key_id: keyId });
  };
  // One primary button: the first wallet that has no file.
  const next = view.keys.find((key) => view.files.every((file) => file.key_id !== key.key_id))?.key_id;
  return (
    <StepFrame {...props} operation="ceremony.choose">
      {view.keys.map((key) => {
        const own = view.files.filter((file) => file.key_id === key.key_id);
        return (
          <section key={key.key_id} className={parts.card} aria-label={TWO.secrets.forWallet(visible(key.user_identifier))}>
            <h2>{TWO.secrets.forWallet(visible(key.user_identifier))}</h2>
            <FileTable view={{ ...view, files: own, keys: [] }} planned={(file) => plannedItemOf(view, file)?.mode ?? file.recommended} />
            <Inspections view={{ ...view, files: own }} ceremony={ceremony} />
            {own.length === 0 ? <p className={parts.note}>{TWO.secrets.none}</p> : null}
            <div className={parts.row}>
              <Button
                kind={key.key_id === next ? 'primary' : 'link'}
                isDisabled={ceremony.running !== null}
                onPress={() => void choose(key.key_id)}
              >
                {own.length === 0 ? TWO.secrets.choose(visible(key.user_identifier)) : WORDS.secrets.again}
              </Button>
              <Button kind="link" isDisabled={ceremony.running !== null} onPress={() => void chooseFolder(key.key_id)}>
                {WORDS.secrets.chooseFolder}
              </Button>
            </div>
          </section>
        );
      })}
      {files.browser}
    </StepFrame>
  );
}
