import { useState, type ReactNode } from 'react';
import { useFingerprintWords } from '../parts/fingerprint-words.tsx';
import parts from '../parts/parts.module.css';
import { PLANNED } from '../words/planned.ts';

type Subject = { readonly fingerprint: string; readonly words: readonly string[] };

type Reading = {
  /** Two words that were hidden were entered as they stand there. */
  readonly isCompared: boolean;
  readonly panel: ReactNode;
  readonly primary: { readonly label: string; readonly onPress: () => void } | null;
  readonly secondary: ReactNode;
};

/**
 * A plan's digest in words, to be read aloud, and two of them asked for. The page compares them itself: they keep people from passing
 * over the reading, and protect nobody from the page. What binds is the digest that initials are put to, which main compares.
 */
export function usePlanWords(subject: Subject | null): Reading {
  const [compared, setCompared] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  const isCompared = subject !== null && compared === subject.fingerprint;
  const { panel, primary, secondary } = useFingerprintWords({
    title: PLANNED.words.title,
    subject: isCompared ? null : subject,
    onCompare: (entered) => {
      const isSame = subject !== null && entered.every(({ position, word }) => folded(subject.words[position - 1] ?? '') === folded(word));
      setCompared(isSame ? subject.fingerprint : null);
      setWrong(!isSame);
    },
  });
  return {
    isCompared,
    primary,
    secondary,
    panel: (
      <>
        {panel}
        <p role="status" className={isWrong ? parts.error : parts.note}>
          {isWrong ? PLANNED.words.differ : isCompared ? PLANNED.words.compared : ''}
        </p>
      </>
    ),
  };
}

function folded(word: string): string {
  return word.trim().toLowerCase();
}
