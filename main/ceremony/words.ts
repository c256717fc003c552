import { fingerprintWords, inputError, type Fingerprint } from '../values/index.ts';

const ASKED = 2;

/**
 * Holds entered words against a fingerprint's. Capitals and spaces around do not matter: people read them aloud.
 * @throws input `words-missing` unless two different positions were entered; `words-differ`, saying which of them does not fit.
 */
export function checkWords(fingerprint: Fingerprint, entered: readonly { position: number; word: string }[]): void {
  const words = fingerprintWords(fingerprint);
  if (new Set(entered.map((one) => one.position)).size !== ASKED) {
    throw inputError('words-missing', 'two words of the fingerprint are to be entered', { hint: 'enter both' });
  }
  const wrong = entered.filter(({ position, word }) => words[position - 1]?.toLowerCase() !== word.trim().toLowerCase());
  if (wrong.length === 0) return;
  throw inputError(
    'words-differ',
    wrong.length === 1
      ? `word ${wrong.map((one) => one.position.toString()).join('')} is not that of this fingerprint`
      : `words ${wrong.map((one) => one.position.toString()).join(' and ')} are not those of this fingerprint`,
    {
      hint: 'read all words aloud again; if the card really differs, stop and escalate',
    },
  );
}
