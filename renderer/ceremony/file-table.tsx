import type { CeremonyView } from '../../main/operations/index.ts';
import { Copyable } from '../parts/copy.tsx';
import { State } from '../parts/mark.tsx';
import { Table } from '../parts/table.tsx';
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

type Props = {
  readonly view: CeremonyView;
  /** The mode that a file would be sealed in as things stand; left out, the one that is recommended. */
  readonly planned?: (file: CeremonyView['files'][number]) => string;
};

/** The chosen files, how each is sealed, and what became of it. */
export function FileTable({ view, planned }: Props) {
  const { files } = view;
  // Of several keys, each file says whose it is.
  const wallets = new Map(view.keys.map((key) => [key.key_id, key.user_identifier]));
  const isForSeveral = wallets.size > 1;
  const walletOf = (file: (typeof files)[number]): string => wallets.get(file.key_id ?? '') ?? '';
  if (files.length === 0) return null;
  return (
    <Table
      caption={WORDS.secrets.count(files.length)}
      rows={files}
      rowKey={(file) => file.item_id}
      filter={{
        label: WORDS.secrets.find,
        text: (file) => `${file.name} ${walletOf(file)} ${stateOf(file.state)} ${file.backup_id ?? ''}`,
      }}
      under={(file) => [
        ...(isForSeveral ? [TWO.secrets.wallet(visible(walletOf(file)))] : []),
        ...(file.backup_id === null
          ? []
          : [
              <>
                {WORDS.store.backupId} <Copyable value={file.backup_id} what={WORDS.detail.backupIdOf(visible(file.name))} />
              </>,
            ]),
      ]}
      columns={[
        { heading: WORDS.secrets.name, kind: 'name', cell: (file) => visible(file.name) },
        { heading: WORDS.secrets.size, cell: (file) => WORDS.secrets.bytes(file.size_bytes) },
        { heading: WORDS.secrets.how, cell: (file) => MODES[file.mode ?? planned?.(file) ?? file.recommended]?.label ?? file.mode },
        { heading: WORDS.secrets.state, cell: (file) => <State mark={MARKS[file.state] ?? 'unknown'} word={stateOf(file.state)} /> },
      ]}
    />
  );
}

function stateOf(state: string): string {
  return WORDS.store.states[state] ?? state;
}
