import { useState, type ReactNode } from 'react';
import { WORDS } from '../words/catalogue.ts';
import { Button } from './button.tsx';
import { Copyable } from './copy.tsx';
import styles from './parts.module.css';
import { QrCode } from './qr-code.tsx';

export type EnteredWord = { readonly position: number; readonly word: string };

type Options = {
  readonly title: string;
  /** Null while there is no fingerprint to compare yet. */
  readonly subject: { readonly fingerprint: string; readonly words: readonly string[] } | null;
  readonly onCompare: (entered: EnteredWord[]) => void;
};

type Comparison = {
  readonly panel: ReactNode;
  /** The one thing to do next: hide two words, or compare those that were entered. */
  readonly primary: { readonly label: string; readonly onPress: () => void } | null;
  readonly secondary: ReactNode;
};

/**
 * A fingerprint as 32 words, to be read aloud; then two of them are hidden and asked for, so that reading cannot be skipped.
 * Which two is drawn anew each time.
 */
export function useFingerprintWords({ title, subject, onCompare }: Options): Comparison {
  const [asked, setAsked] = useState<{ readonly of: string; readonly positions: readonly number[] } | null>(null);
  const [entered, setEntered] = useState<Readonly<Record<number, string>>>({});
  if (subject === null) return { panel: null, primary: null, secondary: null };
  const positions = asked?.of === subject.fingerprint ? asked.positions : null;
  const hide = (): void => {
    setAsked({ of: subject.fingerprint, positions: draw(subject.words.length) });
    setEntered({});
  };
  const compare = (): void => {
    onCompare((positions ?? []).map((position) => ({ position, word: entered[position] ?? '' })));
  };
  const isWhole = positions?.every((position) => (entered[position] ?? '').trim() !== '') === true;
  const field = (position: number): ReactNode => (
    <input
      className={styles.wordInput}
      ref={position === positions?.[0] ? focusOn : null}
      aria-label={WORDS.words.word(position)}
      autoComplete="off"
      spellCheck={false}
      value={entered[position] ?? ''}
      onChange={(event) => {
        setEntered({ ...entered, [position]: event.target.value });
      }}
      onKeyDown={(event) => {
        // Half of what was asked for is no answer yet, and a key held down is one press.
        if (event.key === 'Enter' && !event.repeat && isWhole) compare();
      }}
    />
  );
  const panel = (
    <section className={styles.words} aria-label={title}>
      <h2>{`${title}: ${positions === null ? WORDS.words.read : WORDS.words.enter}`}</h2>
      <ol className={styles.grid}>
        {subject.words.map((word, index) => {
          const position = index + 1;
          return (
            <li key={position}>
              <span aria-hidden="true">{position}</span>
              {positions?.includes(position) === true ? field(position) : <span data-word={position}>{word}</span>}
            </li>
          );
        })}
      </ol>
      {positions === null ? (
        <details className={styles.more}>
          <summary>{WORDS.words.hexAndQr}</summary>
          <div className={styles.fingerprint}>
            <QrCode text={subject.fingerprint} label={WORDS.words.qrAlt} />
            <Copyable value={subject.fingerprint} what={title} hex />
          </div>
        </details>
      ) : null}
    </section>
  );
  if (positions === null) return { panel, primary: { label: WORDS.words.hide, onPress: hide }, secondary: null };
  const secondary = (
    <Button
      kind="ghost"
      onPress={() => {
        setAsked(null);
      }}
    >
      {WORDS.words.again}
    </Button>
  );
  return { panel, primary: { label: WORDS.words.compare, onPress: compare }, secondary };
}

/** The first of the words asked for is typed at once. */
function focusOn(element: HTMLInputElement | null): void {
  element?.focus();
}

/** Two different positions, in order. Guessing them gains nobody anything: main compares the words. */
function draw(count: number): number[] {
  const first = 1 + Math.floor(Math.random() * count);
  const other = 1 + Math.floor(Math.random() * (count - 1));
  return [first, other >= first ? other + 1 : other].toSorted((a, b) => a - b);
}
