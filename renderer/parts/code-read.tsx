import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, type Output } from '../bridge.ts';
import { WORDS } from '../words/catalogue.ts';
import { CODE_WORDS } from '../words/codes.ts';
import { Button } from './button.tsx';
import { lookThroughCamera, type CameraTrouble } from './camera.ts';
import styles from './code.module.css';
import { FailurePanel } from './failure-panel.tsx';
import { Field } from './field.tsx';
import { looks } from './looks.ts';
import parts from './parts.module.css';
import { Ring } from './ring.tsx';

/** A document that was read whole: its handle stands for a path wherever an operation takes one. */
export type ReceivedDocument = NonNullable<Output<'window.code-part'>['received']>;

type Props = {
  readonly onReceived: (received: ReceivedDocument) => void;
  readonly onCancel: () => void;
  /** Nothing else has the page: the heading is the page's own. */
  readonly isPage?: boolean;
};

/** What is said beside the ring without ending the reading. */
type Note = 'foreign' | 'damaged' | 'another';
const NOTES: Readonly<Record<string, Note>> = { 'code-not-ours': 'foreign', 'code-damaged': 'damaged', 'code-another': 'another' };
/** As long as main takes; what is longer is no part of a document. */
const MAX_PART_LENGTH = 4096;

/**
 * Reads a document from another station's screen by camera, or from what a scanner types. The camera is allowed while this is
 * shown, and no longer.
 */
export function CodeRead({ onReceived, onCancel, isPage = false }: Props) {
  const Heading = isPage ? 'h1' : 'h2';
  const [progress, setProgress] = useState(0);
  const [note, setNote] = useState<Note | null>(null);
  const [trouble, setTrouble] = useState<CameraTrouble | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [whole, setWhole] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [typed, setTyped] = useState('');
  const video = useRef<HTMLVideoElement>(null);
  const received = useRef(onReceived);
  useEffect(() => {
    received.current = onReceived;
  }, [onReceived]);

  const take = useCallback(async (part: string): Promise<void> => {
    if (part.length > MAX_PART_LENGTH) {
      setNote('foreign');
      return;
    }
    const answer = await call('window.code-part', { part });
    if (answer.ok) {
      setNote(null);
      setProgress(answer.output.progress);
      if (answer.output.received === null) return;
      setWhole(true); // the code still goes round; it is not read once more
      received.current(answer.output.received);
      return;
    }
    const known = NOTES[answer.error.code];
    if (known === undefined) {
      // What was read so far is of no use, and main has dropped it.
      setProgress(0);
      setProblem(answer.error);
    } else setNote(known);
  }, []);

  const failed = problem !== null;
  useEffect(() => {
    const { current } = video;
    if (current === null || failed || whole) return;
    let stop: (() => void) | null = null;
    let left = false;
    const start = async (): Promise<void> => {
      await call('window.code-reset', {});
      const allowed = await call('window.camera', { on: true });
      if (left) return;
      if (allowed.ok) stop = lookThroughCamera(current, { code: take, trouble: setTrouble });
      else setProblem(allowed.error);
    };
    void start();
    return () => {
      left = true;
      stop?.();
      void call('window.camera', { on: false });
    };
  }, [attempt, failed, whole, take]);

  const again = (): void => {
    setProgress(0);
    setNote(null);
    setTrouble(null);
    setProblem(null);
    setAttempt(attempt + 1);
  };
  const leave = (): void => {
    if (progress > 0 && !failed && !whole) setLeaving(true);
    else onCancel();
  };
  const percent = Math.floor(progress * 100);
  return (
    <section className={looks(styles.code)} aria-label={CODE_WORDS.readTitle}>
      <div className={looks(styles.head)}>
        <Heading>{CODE_WORDS.readTitle}</Heading>
        {leaving ? null : (
          <Button kind="ghost" onPress={leave}>
            {WORDS.common.cancel}
          </Button>
        )}
      </div>
      <p>{CODE_WORDS.readSay}</p>
      {problem === null ? null : <FailurePanel problem={problem} operation="document.code" />}
      {leaving ? (
        <div className={parts.row} role="alert">
          <span>{CODE_WORDS.leaveAsk}</span>
          <Button
            kind="ghost"
            onPress={() => {
              setLeaving(false);
            }}
          >
            {CODE_WORDS.stay}
          </Button>
          <Button kind="plainDanger" onPress={onCancel}>
            {CODE_WORDS.leave}
          </Button>
        </div>
      ) : null}
      {failed ? (
        <div>
          <Button onPress={again}>{CODE_WORDS.again}</Button>
        </div>
      ) : (
        <>
          <div className={looks(styles.strip)}>
            <div role="progressbar" aria-label={CODE_WORDS.progress} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
              <Ring part={progress} />
            </div>
            <p>{CODE_WORDS.percent(percent)}</p>
            <p role="status">
              {trouble === null ? (note === null ? CODE_WORDS.looking : CODE_WORDS.notes[note]) : CODE_WORDS.troubles[trouble]}
            </p>
            {note === 'another' || trouble !== null ? (
              <Button kind="ghost" onPress={again}>
                {trouble === null ? CODE_WORDS.startOver : CODE_WORDS.again}
              </Button>
            ) : null}
          </div>
          <div className={looks(styles.sides)}>
            <video ref={video} className={styles.video} hidden={trouble !== null} muted playsInline aria-label={CODE_WORDS.video} />
            <div className={styles.beside}>
              <Field
                label={CODE_WORDS.typed}
                help={CODE_WORDS.typedHelp}
                value={typed}
                onChange={setTyped}
                maxLength={MAX_PART_LENGTH}
                mono
                onEnter={() => {
                  setTyped('');
                  if (typed.trim() !== '') void take(typed.trim());
                }}
              />
            </div>
          </div>
        </>
      )}
    </section>
  );
}
