import { useEffect, useMemo, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, type Output } from '../bridge.ts';
import { CODE_WORDS } from '../words/codes.ts';
import { Button } from './button.tsx';
import { Choices } from './choices.tsx';
import styles from './code.module.css';
import { FailurePanel } from './failure-panel.tsx';
import { looks } from './looks.ts';
import parts from './parts.module.css';
import { qrPath } from './qr-path.ts';
import { Ring } from './ring.tsx';

/** Pictures a second, from slow to fast. */
const RATES = [2, 4, 8, 12] as const;
const USUAL_RATE = 2;
/** White around a code, in its squares (ISO/IEC 18004 §6.3.8). */
const QUIET = 4;

type Density = 'fine' | 'coarse';

type Props = {
  /** A document that this station's ledger holds. */
  readonly documentId: string;
  readonly onDone: () => void;
  /** Nothing else has the page: the heading is the page's own. */
  readonly isPage?: boolean;
  /** Every picture has been on screen for its time. */
  readonly onRound?: () => void;
};

/**
 * A document as a moving code, for the camera of another station. It goes round and round; where people asked their system
 * for less motion it stands still until they start it.
 */
export function CodeShow({ documentId, onDone, isPage = false, onRound }: Props) {
  const Heading = isPage ? 'h1' : 'h2';
  const [density, setDensity] = useState<Density>('fine');
  const [code, setCode] = useState<Output<'document.code'> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let left = false;
    void call('document.code', { id: documentId, density }).then((answer) => {
      if (left) return;
      setCode(answer.ok ? answer.output : null);
      setProblem(answer.ok ? null : answer.error);
    });
    return () => {
      left = true;
    };
  }, [documentId, density]);
  const done = <Button onPress={onDone}>{CODE_WORDS.done}</Button>;
  if (problem !== null) {
    return (
      <div className={looks(styles.code)}>
        <FailurePanel problem={problem} operation="document.code" />
        <div>{done}</div>
      </div>
    );
  }
  if (code === null) return <p role="status">{CODE_WORDS.preparing}</p>;
  return (
    <section className={looks(styles.code)} aria-label={CODE_WORDS.showTitle(CODE_WORDS.kinds[code.kind])}>
      <div className={looks(styles.head)}>
        <Heading>{CODE_WORDS.showTitle(CODE_WORDS.kinds[code.kind])}</Heading>
        {done}
      </div>
      <p>{CODE_WORDS.showSay}</p>
      <Loop key={code.frames[0]} code={code} density={density} onDensity={setDensity} onRound={onRound} />
    </section>
  );
}

type LoopProps = {
  readonly code: Output<'document.code'>;
  readonly density: Density;
  readonly onDensity: (density: Density) => void;
  readonly onRound: (() => void) | undefined;
};

function Loop({ code: { frames, fragments }, density, onDensity, onRound }: LoopProps) {
  /** How many pictures came before this one, round after round. */
  const [at, setAt] = useState(0);
  const [rate, setRate] = useState(USUAL_RATE);
  const [moving, setMoving] = useState(() => !matchMedia('(prefers-reduced-motion: reduce)').matches);
  const perSecond = RATES[rate] ?? RATES[USUAL_RATE];
  useEffect(() => {
    if (!moving || frames.length === 1) return;
    const timer = setInterval(() => {
      setAt((before) => before + 1);
    }, 1000 / perSecond);
    return () => {
      clearInterval(timer);
    };
  }, [moving, perSecond, frames.length]);
  const shown = at % frames.length;
  const isRound = frames.length === 1 || at >= frames.length;
  useEffect(() => {
    if (isRound) onRound?.();
  }, [isRound, onRound]);
  const { path, size } = useMemo(() => qrPath(frames[shown] ?? '', 'L', QUIET), [frames, shown]);
  return (
    <>
      {frames.length === 1 ? (
        <p>{CODE_WORDS.single}</p>
      ) : (
        <div className={looks(styles.strip)}>
          <Ring part={(shown + 1) / frames.length} />
          <p>{CODE_WORDS.at(shown + 1, frames.length)}</p>
          <Button
            kind="ghost"
            onPress={() => {
              setMoving(!moving);
            }}
          >
            {moving ? CODE_WORDS.pause : CODE_WORDS.play}
          </Button>
          <p role="status">{isRound ? CODE_WORDS.round : null}</p>
        </div>
      )}
      <div className={looks(styles.sides)}>
        <svg
          className={styles.qr}
          viewBox={`0 0 ${size.toString()} ${size.toString()}`}
          role="img"
          aria-label={CODE_WORDS.picture}
          shapeRendering="crispEdges"
          data-frame={shown}
        >
          <path d={path} />
        </svg>
        <div className={styles.beside}>
          {frames.length === 1 ? null : (
            <>
              <p>{CODE_WORDS.takes(fragments, Math.ceil(fragments / perSecond))}</p>
              <div className={parts.row}>
                <Button
                  kind="link"
                  isDisabled={rate === 0}
                  onPress={() => {
                    setRate(rate - 1);
                  }}
                >
                  {CODE_WORDS.slower}
                </Button>
                <Button
                  kind="link"
                  isDisabled={rate === RATES.length - 1}
                  onPress={() => {
                    setRate(rate + 1);
                  }}
                >
                  {CODE_WORDS.faster}
                </Button>
                <span className={parts.note}>{CODE_WORDS.rate(perSecond)}</span>
              </div>
            </>
          )}
          <Choices
            label={CODE_WORDS.density}
            value={density}
            onChange={(value) => {
              onDensity(value as Density);
            }}
            choices={(['fine', 'coarse'] as const).map((value) => ({ value, ...CODE_WORDS.densities[value] }))}
          />
        </div>
      </div>
    </>
  );
}
