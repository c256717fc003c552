/** Lines of plain text for a person; null leaves a line out. */
export function lines(...given: readonly (string | null)[]): string {
  return given
    .filter((line) => line !== null)
    .map((line) => `${line}\n`)
    .join('');
}

/** A number and what there is of it: "1 wallet", "2 wallets". */
export function counted(count: number, thing: string): string {
  return `${count.toString()} ${thing}${count === 1 ? '' : 's'}`;
}

/** A path as it may stand in a line: what could forge another line, or hide its own direction, is escaped. Never cut. */
export function shownPath(path: string): string {
  return JSON.stringify(path).replace(/[\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16) ?? '?'}}`);
}

const MARKS = { passed: 'ok   ', amber: 'amber', failed: 'FAIL ' } as const;

const SELF_CHECK_MARKS = { ok: 'ok           ', warn: 'warn         ', failed: 'FAILED       ', 'not-checkable': 'not-checkable' } as const;

/** One line of a self-check, and below it what to do. */
export function selfCheckLines(line: {
  result: 'ok' | 'warn' | 'failed' | 'not-checkable';
  what: string;
  rests_on: string;
  to_do: string | null;
}): string[] {
  const first = `${SELF_CHECK_MARKS[line.result]} ${line.what} (${line.rests_on})`;
  return line.to_do === null ? [first] : [first, `              do: ${line.to_do}`];
}

/** One check: its result as a word, what was checked, what that rests on. */
export function checkLine(check: { result: 'passed' | 'amber' | 'failed'; what: string; rests_on: string }): string {
  return `${MARKS[check.result]} ${check.what} (${check.rests_on})`;
}

/** The 32 words of a fingerprint, numbered, four to a row, as they are read aloud. */
export function wordsInRows(fingerprintWords: readonly string[]): string[] {
  const numbered = fingerprintWords.map((word, index) => `${(index + 1).toString().padStart(2)} ${word.padEnd(13)}`);
  return Array.from(
    { length: Math.ceil(numbered.length / 4) },
    (_, row) =>
      `  ${numbered
        .slice(row * 4, row * 4 + 4)
        .join(' ')
        .trimEnd()}`,
  );
}
