import { useEffect, useState } from 'react';
import { call, type Output } from '../bridge.ts';
import { TWO } from '../words/two-stations.ts';
import { Button } from './button.tsx';
import parts from './parts.module.css';

type Props = { readonly isForWriting?: boolean; readonly onUse: (handle: string) => void };

/** The sticks in this computer, and what is on them, so that nobody has to find one in a dialog. */
export function MediaList({ isForWriting = false, onUse }: Props) {
  const [media, setMedia] = useState<Output<'window.media'>['media'] | null>(null);
  const look = (): void => {
    void call('window.media', {}).then((answer) => {
      setMedia(answer.ok ? answer.output.media : []);
    });
  };
  useEffect(look, []);
  if (media === null) return null;
  return (
    <section className={parts.card}>
      <h2>{TWO.carry.media}</h2>
      {media.length === 0 ? <p>{TWO.carry.noMedia}</p> : null}
      {media.map((medium) => (
        <div key={medium.handle} className={parts.row}>
          <span>{medium.label}</span>
          {isForWriting ? null : <span className={parts.note}>{TWO.bring.documents(medium.documents)}</span>}
          <span className={parts.note}>{othersOn(medium.others, isForWriting)}</span>
          <Button
            kind="link"
            isDisabled={isForWriting ? !medium.writable : medium.documents === 0}
            onPress={() => {
              onUse(medium.handle);
            }}
          >
            {isForWriting ? TWO.carry.use : TWO.bring.use}
          </Button>
        </div>
      ))}
      <div>
        <Button kind="link" onPress={look}>
          {TWO.carry.lookForMedia}
        </Button>
      </div>
    </section>
  );
}

function othersOn(count: number, isForWriting: boolean): string {
  if (count === 0) return TWO.carry.empty;
  return isForWriting ? TWO.carry.others(count) : TWO.bring.others(count);
}
