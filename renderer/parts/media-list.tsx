import { useEffect, useState } from 'react';
import { call, type Output } from '../bridge.ts';
import { TWO } from '../words/two-stations.ts';
import { Button } from './button.tsx';
import parts from './parts.module.css';

type Medium = Output<'window.media'>['media'][number];
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
      {media.length === 0 ? null : (
        <ul className={parts.media}>
          {media.map((medium) => (
            <li key={medium.handle}>
              <b>{medium.label}</b>
              <span className={parts.note}>{whatLiesOn(medium, isForWriting)}</span>
              <Button
                kind="link"
                isDisabled={isForWriting ? !medium.writable : medium.documents === 0}
                onPress={() => {
                  onUse(medium.handle);
                }}
              >
                {isForWriting ? TWO.carry.use : TWO.bring.use}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button kind="link" onPress={look}>
          {TWO.carry.lookForMedia}
        </Button>
      </div>
    </section>
  );
}

function whatLiesOn({ documents, others, writable }: Medium, isForWriting: boolean): string {
  if (isForWriting && !writable) return TWO.carry.readOnly;
  const also = others === 0 ? null : isForWriting ? TWO.carry.others(others) : TWO.bring.others(others);
  if (isForWriting) return also ?? (documents === 0 ? TWO.carry.empty : TWO.carry.before(documents));
  return [`${TWO.bring.documents(documents)}.`, also ?? TWO.carry.nothingElse].join(' ');
}
