import { WORDS } from '../words/catalogue.ts';
import { Choices } from './choices.tsx';

type SigningKey = { readonly fingerprint: string; readonly words: readonly string[] };

type Props<Key extends SigningKey> = {
  readonly keys: readonly Key[];
  /** A fingerprint. Null: nothing is chosen yet. */
  readonly value: string | null;
  readonly onChange: (fingerprint: string) => void;
  /** What is said of a key beside the beginning of its fingerprint. */
  readonly standing?: (key: Key) => string;
};

/** Which of several signing keys people compare with CoinCover's card: by the first words of its fingerprint. */
export function SigningKeyChoices<Key extends SigningKey>({ keys, value, onChange, standing }: Props<Key>) {
  return (
    <Choices
      label={WORDS.signIn.chosenKey}
      value={value}
      onChange={onChange}
      choices={keys.map((one) => ({
        value: one.fingerprint,
        label: one.words.slice(0, 4).join(' '),
        why: `${one.fingerprint.slice(0, 16)}${standing === undefined ? '' : `: ${standing(one)}`}`,
      }))}
    />
  );
}
