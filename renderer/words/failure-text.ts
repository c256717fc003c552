/** What a screen says of one failure. Plain words a treasurer knows; the words of design.md. */
export type FailureText = {
  /** stop: red, the step cannot go on. settle: amber, a person must decide or wait. mend: neutral, bad input: correct it and go on. */
  readonly tone: 'stop' | 'settle' | 'mend';
  /** Sentence case, no full stop. */
  readonly title: string;
  /** One or two sentences. */
  readonly happened: string;
  /** What it means for the secret and for the backup. */
  readonly means: string;
  /** 1–4 steps, each an imperative sentence. */
  readonly doNow: readonly string[];
  /** What Coldroom has saved already, or that nothing was sent. */
  readonly saved: string;
};

/** Texts by key; see `failures.ts` for how a key is made. */
export type FailureTexts = Readonly<Record<string, FailureText>>;

/** One reason for which an assigned key is not trusted, wherever that comes out. */
export type Judged = {
  readonly title: string;
  readonly happened: string;
  /** What could be true if one went on all the same. */
  readonly risk: string;
  /** What can settle it, before the steps of the place; left out where only CoinCover can explain it. `again` says how to go on. */
  readonly first?: (again: string) => readonly string[];
  /** The list of signing keys itself is at fault: an answer kept with it is judged again by one that is fetched anew. */
  readonly isListAtFault?: boolean;
};
