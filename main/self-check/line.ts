/**
 * One line of a self-check. `ok`: it was looked at and is as it should be. `warn`: it is not, and a ceremony may go on all the same.
 * `failed`: stop. `not-checkable`: this system, or what was given, does not say; that is neither a pass nor a failure.
 */
export type CheckLine = {
  /** Stable: scripts and the screen's words go by it. */
  readonly id: string;
  readonly result: 'ok' | 'warn' | 'failed' | 'not-checkable';
  /** What holds when it is `ok`, in lower case. */
  readonly what: string;
  /** What was seen. Holds no secret. */
  readonly rests_on: string;
  /** One sentence; null where nothing is to be done. */
  readonly to_do: string | null;
};

type Subject = Pick<CheckLine, 'id' | 'what'>;

export const ok = (subject: Subject, restsOn: string): CheckLine => ({ ...subject, result: 'ok', rests_on: restsOn, to_do: null });

/** Of whatever is not as it should be it is said what is to be done. */
export const unlike = (subject: Subject, result: Exclude<CheckLine['result'], 'ok'>, restsOn: string, toDo: string): CheckLine => ({
  ...subject,
  result,
  rests_on: restsOn,
  to_do: toDo,
});
