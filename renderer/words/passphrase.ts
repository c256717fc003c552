/** What the window says of passphrases to seal under, and of why a mode is recommended. Loads with the ceremony's screens. */
export const PASS = {
  hint: 'First the passphrase.',
  source: 'Where the passphrase comes from',
  sources: {
    draw: { label: 'Coldroom draws words', why: 'Recommended. You write them down by hand, then type them back.' },
    halves: {
      label: 'Two people, half each',
      why: 'Neither sees the other’s half. Whoever recovers needs both: losing either half loses all.',
    },
    own: { label: 'One of your own', why: 'Coldroom judges how hard it is to guess.' },
    before: { label: 'Words that were drawn before', why: 'For the rest of the files: type the words from your card.' },
  },
  number: 'How many words',
  numbers: (count: number, bits: number) => `${count.toString()} words, ${bits.toString()} bits`,
  draw: 'Draw the words',
  drawSay:
    'Have a pen and an empty card at hand. Everybody who is not to know the passphrase looks away. The words are shown once: they are never stored, printed or shown again.',
  shown: 'Write these words down',
  shownSay: 'By hand, in this order, on paper. Then hide them: from here they cannot be shown again.',
  words: 'The words of the passphrase',
  hide: 'They are written down: hide them',
  back: 'Type them back',
  backSay: 'From what was written down, not from memory: in small letters, with one space between.',
  backField: 'The words, as written down',
  compare: 'Compare',
  anew: 'Draw new words',
  kept: 'The words were typed back. They stay in this computer’s memory until every file is sealed.',
  card: (paper: string) => `Save an empty card (${paper})`,
  cardDialog: 'Save the empty card',
  cardSaved: 'The card is saved. Print it, and fill it in by hand.',
  papers: { a4: 'A4', letter: 'Letter' },
  half: {
    titles: { first: 'First half', second: 'Second half' },
    first: 'Only the person who brings the first half looks at this screen. Everybody else looks away.',
    second: (initials: string) =>
      `The first half, by ${initials}, is kept and cannot be seen. Now only the person who brings the second half looks at this screen.`,
    warning: 'Losing either half loses all: both are needed to open what is sealed, and nobody can help without them.',
    initials: 'Initials of whose half this is',
    how: 'This half',
    own: 'I make it up',
    draw: 'Coldroom draws its words',
    field: 'Your half',
    again: 'Your half again',
    differ: 'The two are not the same.',
    help: 'At least 10 characters. The two halves are joined by one space.',
    keep: (title: string) => `Keep the ${title.toLowerCase()}`,
    kept: (first: string, second: string) =>
      `Both halves are kept: the first by ${first}, the second by ${second}. Together they make the passphrase, with one space between.`,
    restart: 'Start again with the first half',
  },
  /** Why a mode is recommended, by what a file's size leaves room for. */
  because: {
    direct: (sizes: string, most: number) => `${sizes}: fits into one block for CoinCover’s key, which holds ${most.toString()} bytes.`,
    passphrase: (sizes: string, most: number) =>
      `${sizes}: fits into one block together with the 36 bytes that a passphrase adds, which leaves ${most.toString()}.`,
    envelope: (sizes: string, most: number) =>
      `${sizes}: more than the ${most.toString()} bytes that one block holds, so a fresh key wraps the file, and CoinCover’s key wraps that.`,
    'envelope+passphrase': (sizes: string, most: number) =>
      `${sizes}: more than the ${most.toString()} bytes that one block leaves beside a passphrase, so a fresh key wraps it.`,
  } as Readonly<Record<string, (sizes: string, most: number) => string>>,
  sizes: (count: number, least: number, most: number) => {
    const bytes = (size: number) => size.toLocaleString('en-US');
    if (count === 1) return `1 file of ${bytes(least)} ${least === 1 ? 'byte' : 'bytes'}`;
    return least === most
      ? `${count.toString()} files of ${bytes(least)} bytes each`
      : `${count.toString()} files of ${bytes(least)} to ${bytes(most)} bytes`;
  },
  withPassphrase: 'With a passphrase',
  human: 'Better for anything that a person made up, and it keeps the secret even from whoever holds the key.',
};
