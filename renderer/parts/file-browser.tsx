import { useEffect, useState } from 'react';
import { call, type Output } from '../bridge.ts';
import { WORDS } from '../words/catalogue.ts';
import { visible } from '../words/visible.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import styles from './parts.module.css';
import { looks } from './looks.ts';

export type Chosen = { readonly handle: string; readonly name: string };
export type Wish = { readonly what: 'files' | 'file' | 'folder' | 'save'; readonly title: string; readonly name: string };

type Listing = Output<'window.browse'>;

type Props = { readonly wish: Wish; readonly onDone: (chosen: readonly Chosen[]) => void };

/** In place of native dialogs: folders and files by name, chosen by handle. No path is shown or known here. */
export function FileBrowser({ wish, onDone }: Props) {
  const [listing, setListing] = useState<Listing | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [picked, setPicked] = useState<ReadonlyMap<string, string>>(new Map());
  const [fileName, setFileName] = useState(wish.name);
  const go = async (folder: string | null): Promise<void> => {
    const answer = await call('window.browse', { folder });
    if (answer.ok) setListing(answer.output);
    setError(answer.ok ? null : answer.error.message);
  };
  useEffect(() => {
    void go(null);
  }, []);
  const pick = (handle: string, name: string): void => {
    if (wish.what === 'file') {
      setPicked(new Map([[handle, name]]));
      return;
    }
    const next = new Map(picked);
    if (!next.delete(handle)) next.set(handle, name);
    setPicked(next);
  };
  const finish = async (): Promise<void> => {
    if (listing === null) return;
    if (wish.what === 'folder') {
      onDone([listing.folder]);
    } else if (wish.what === 'save') {
      const answer = await call('window.new-file', { folder: listing.folder.handle, name: fileName });
      if (answer.ok) onDone([{ handle: answer.output.handle, name: fileName }]);
      else setError(answer.error.message);
    } else {
      onDone([...picked].map(([handle, name]) => ({ handle, name })));
    }
  };
  const takesFiles = wish.what === 'files' || wish.what === 'file';
  return (
    <Dialog
      title={wish.title}
      onClose={() => {
        onDone([]);
      }}
    >
      {listing === null ? (
        <p role="status">{WORDS.app.loading}</p>
      ) : (
        <>
          <div className={styles.ways} role="group" aria-label={WORDS.files.places}>
            {listing.places.map((place) => (
              <Button key={place.handle} kind="link" onPress={() => void go(place.handle)}>
                {WORDS.files.starts[place.what]}
              </Button>
            ))}
            {listing.up === null ? null : (
              <Button kind="link" onPress={() => void go(listing.up)}>
                {WORDS.files.up}
              </Button>
            )}
          </div>
          <h3>{WORDS.files.inFolder(listing.folder.name === '' ? WORDS.files.root : visible(listing.folder.name))}</h3>
          {error === null ? null : (
            <p className={styles.error} role="alert">
              {error}
            </p>
          )}
          <ul className={styles.fileList} aria-label={WORDS.files.list}>
            {listing.entries.length === 0 ? <li className={styles.note}>{WORDS.files.empty}</li> : null}
            {listing.entries.map((entry) => (
              <li key={entry.handle}>
                {entry.kind === 'folder' ? (
                  <button
                    type="button"
                    className={styles.entry}
                    aria-label={WORDS.files.open(visible(entry.name))}
                    onClick={() => void go(entry.handle)}
                  >
                    <span aria-hidden="true">▸</span>
                    <span>{visible(entry.name)}</span>
                  </button>
                ) : (
                  <button
                    type="button"
                    className={styles.entry}
                    aria-pressed={picked.has(entry.handle)}
                    disabled={!takesFiles}
                    onClick={() => {
                      pick(entry.handle, entry.name);
                    }}
                  >
                    <span aria-hidden="true">{picked.has(entry.handle) ? '✓' : ''}</span>
                    <span>{visible(entry.name)}</span>
                    <small>{entry.size_bytes === null ? '' : WORDS.secrets.bytes(entry.size_bytes)}</small>
                  </button>
                )}
              </li>
            ))}
          </ul>
          {listing.cut ? <p className={styles.note}>{WORDS.files.cut}</p> : null}
          {wish.what === 'save' ? <Field label={WORDS.files.fileName} value={fileName} onChange={setFileName} maxLength={100} /> : null}
          <div className={looks(styles.row, styles.end)}>
            <Button
              kind="ghost"
              onPress={() => {
                onDone([]);
              }}
            >
              {WORDS.files.cancel}
            </Button>
            <Button isDisabled={takesFiles ? picked.size === 0 : wish.what === 'save' && fileName === ''} onPress={() => void finish()}>
              {finishWords(wish.what, picked.size)}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function finishWords(what: Wish['what'], count: number): string {
  if (what === 'folder') return WORDS.files.chooseFolder;
  if (what === 'save') return WORDS.files.save;
  return count === 0 ? WORDS.files.choose : WORDS.files.chooseCount(count);
}
