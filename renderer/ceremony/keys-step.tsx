import { useState } from 'react';
import { Field } from '../parts/field.tsx';
import { useFingerprintWords } from '../parts/fingerprint-words.tsx';
import { State } from '../parts/mark.tsx';
import { Table } from '../parts/table.tsx';
import { TWO } from '../words/two-stations.ts';
import { visible } from '../words/visible.ts';
import { useBringing } from './bring-step.tsx';
import { StepFrame, type StepProps } from './step-frame.tsx';
import { WalletList } from './wallets-step.tsx';

/** A key for every wallet, and the words of each read aloud. */
export function KeysStep(props: StepProps) {
  const { view, ceremony } = props;
  const reading = useReading(props, false);
  const missing = view.wallets.filter((one) => one.state !== 'assigned').length;
  const assign = (): void => void ceremony.act('ceremony.assign-all', { ceremony: view.ceremony_id });
  if (missing > 0) {
    const label = view.wallets.some((one) => one.state !== 'listed' && one.state !== 'assigned')
      ? TWO.keys.again
      : TWO.keys.assign(missing);
    return (
      <StepFrame {...props} primary={{ label, onPress: assign }} operation="ceremony.assign">
        <WalletList {...props} />
      </StepFrame>
    );
  }
  return (
    <StepFrame {...props} primary={reading.primary} secondary={reading.secondary} isFolded={reading.panel !== null}>
      {reading.panel}
      <KeyList {...props} />
    </StepFrame>
  );
}

/** Key packs that were brought: their words read, and HOT or COLD typed from the paper order. */
export function PacksStep(props: StepProps) {
  const { view } = props;
  const bringing = useBringing(props);
  const reading = useReading(props, true);
  const none = view.keys.length === 0;
  // What was typed wrong is typed again; whatever else stops here wants other documents.
  const stopped = view.now?.gate === 'stopped' && view.now.problem !== 'kept-differs';
  if (bringing.reader !== null)
    return (
      <StepFrame {...props} alone>
        {bringing.reader}
      </StepFrame>
    );
  return (
    <StepFrame
      {...props}
      primary={none || stopped ? bringing.primary : reading.primary}
      secondary={none || stopped ? null : (reading.secondary ?? bringing.again)}
      isFolded={!none && !stopped && reading.panel !== null}
      hint={none || stopped ? null : reading.hint}
      operation="ceremony.bring"
    >
      {none || stopped ? bringing.ways : reading.panel}
      <KeyList {...props} />
      {bringing.dialogs}
    </StepFrame>
  );
}

/** The next key whose words are to be read, one at a time. */
function useReading({ view, ceremony }: StepProps, withKept: boolean) {
  const [kept, setKept] = useState('');
  const next = view.keys.find((key) => !key.read || (key.kept !== null && key.kept !== key.key_environment)) ?? null;
  const typed = kept.trim() === 'HOT' || kept.trim() === 'COLD' ? (kept.trim() as 'HOT' | 'COLD') : null;
  const comparison = useFingerprintWords({
    title: TWO.keys.of(visible(next?.user_identifier ?? '')),
    subject: next,
    onCompare: (words) => {
      if (next === null) return;
      void ceremony
        .act('ceremony.key-read', { ceremony: view.ceremony_id, key_id: next.key_id, words, kept: withKept ? typed : null })
        .then((problem) => {
          if (problem === null) setKept('');
        });
    },
  });
  if (next === null) return { panel: null, primary: null, secondary: null, hint: null };
  const waitsForKept = withKept && typed === null;
  return {
    panel: (
      <>
        {withKept ? (
          <Field
            label={TWO.keys.typedKept}
            help={TWO.keys.typedKeptHelp(visible(next.user_identifier))}
            value={kept}
            onChange={setKept}
            maxLength={10}
          />
        ) : null}
        {comparison.panel}
      </>
    ),
    primary: comparison.primary === null ? null : { ...comparison.primary, isDisabled: waitsForKept },
    secondary: comparison.secondary,
    hint: waitsForKept ? TWO.keys.unkept : null,
  };
}

function KeyList({ view }: StepProps) {
  if (view.keys.length === 0) return null;
  return (
    <Table
      caption={TWO.wallets.list}
      rows={view.keys}
      rowKey={(key) => key.key_id}
      filter={{ label: TWO.wallets.find, text: (key) => `${key.user_identifier} ${key.key_environment} ${readState(key).word}` }}
      columns={[
        { heading: TWO.keys.wallet, kind: 'name', cell: (key) => visible(key.user_identifier) },
        { heading: TWO.keys.asked, cell: (key) => key.key_environment },
        { heading: TWO.keys.read, cell: (key) => <State {...readState(key)} /> },
      ]}
    />
  );
}

function readState(key: StepProps['view']['keys'][number]): { readonly mark: string; readonly word: string } {
  if (key.problem !== null) return { mark: 'failed', word: TWO.keys.failed };
  return key.read ? { mark: 'passed', word: TWO.keys.yes } : { mark: 'waits', word: TWO.keys.no };
}
