import { useRef, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { WORDS } from '../words/catalogue.ts';
import { visible } from '../words/visible.ts';
import { Settle, type Word } from '../parts/settle.tsx';
import { FileTable } from './file-table.tsx';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** Sends what is sealed; what nobody knows about waits for a person's word. */
export function StoreStep(props: StepProps) {
  const { view, ceremony } = props;
  const [settled, setSettled] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const unknown = view.files.find((file) => file.state === 'unknown');
  const left = view.files.filter((file) => file.state !== 'stored').length;
  const send = (): void => void ceremony.act('ceremony.store', { ceremony: view.ceremony_id, resolve: null });
  const settle = async (word: Word): Promise<void> => {
    if (unknown === undefined) return;
    await ceremony.act('ceremony.store', { ceremony: view.ceremony_id, resolve: { item_id: unknown.item_id, word } });
    setSettled(settled + 1);
  };
  const again = view.files.some((file) => file.state === 'refused' || file.state === 'not-sent');
  const label = again ? WORDS.store.again : WORDS.store.button(left);
  // What is to be done stands below all that is said of it: the button leads there.
  const toSettle = (): void => {
    heading.current?.scrollIntoView({ block: 'start' });
    heading.current?.focus({ preventScroll: true });
  };
  const lead = (
    <Button kind="ghost" isDisabled={ceremony.running !== null} onPress={toSettle}>
      {WORDS.store.toSettle}
    </Button>
  );
  return (
    <StepFrame
      {...props}
      primary={unknown === undefined ? { label, onPress: send } : null}
      secondary={unknown === undefined ? null : lead}
      operation="ceremony.store"
    >
      <FileTable view={view} />
      {unknown === undefined || ceremony.running !== null ? null : (
        <Settle
          key={`${unknown.item_id}-${settled.toString()}`}
          name={visible(unknown.name)}
          onSettle={(word) => void settle(word)}
          headingRef={heading}
        />
      )}
    </StepFrame>
  );
}
