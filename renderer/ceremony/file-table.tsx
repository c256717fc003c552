import { Fragment } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { MODES } from '../words/steps.ts';
import { TWO } from '../words/two-stations.ts';
import { visible } from '../words/visible.ts';

const MARKS: Readonly<Record<string, string>> = {
  chosen: 'waits',
  sealed: 'waits',
  stored: 'passed',
  refused: 'failed',
  'not-sent': 'amber',
  unknown: 'unknown',
};

/** More rows help nobody; the rest is counted. */
const MAX_ROWS = 200;

/** The chosen files, how each is sealed, and what became of it. */
export function FileTable({ view }: { readonly view: CeremonyView }) {
  const { files } = view;
  // Of several keys, each file says whose it is.
  const wallets = new Map(view.keys.map((key) => [key.key_id, key.user_identifier]));
  const isForSeveral = wallets.size > 1;
  if (files.length === 0) return null;
  return (
    <div className={parts.scroll}>
      <table className={parts.table}>
        <caption className={parts.hidden}>{WORDS.secrets.count(files.length)}</caption>
        <thead>
          <tr>
            <th scope="col">{WORDS.secrets.name}</th>
            <th scope="col">{WORDS.secrets.size}</th>
            <th scope="col">{WORDS.secrets.how}</th>
            <th scope="col">{WORDS.secrets.state}</th>
          </tr>
        </thead>
        <tbody>
          {files.slice(0, MAX_ROWS).map((file) => (
            <Fragment key={file.item_id}>
              <tr>
                <td className={parts.name}>{visible(file.name)}</td>
                <td>{WORDS.secrets.bytes(file.size_bytes)}</td>
                <td>{MODES[file.mode ?? file.recommended]?.label ?? file.mode}</td>
                <td>
                  <span className={parts.state}>
                    <Mark state={MARKS[file.state] ?? 'unknown'} word={false} />
                    {WORDS.store.states[file.state] ?? file.state}
                  </span>
                </td>
              </tr>
              {isForSeveral ? (
                <tr className={parts.under}>
                  <td colSpan={4} className={parts.name}>
                    {TWO.secrets.wallet(visible(wallets.get(file.key_id ?? '') ?? ''))}
                  </td>
                </tr>
              ) : null}
              {file.backup_id === null ? null : (
                <tr className={parts.under}>
                  <td colSpan={4}>
                    {WORDS.store.backupId} <code>{file.backup_id}</code>
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {files.length > MAX_ROWS ? <p className={parts.note}>{WORDS.backups.more(files.length - MAX_ROWS)}</p> : null}
    </div>
  );
}
