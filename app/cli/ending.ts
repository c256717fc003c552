import { setImmediate } from 'node:timers/promises';
import { inputError, systemCode, type ColdroomError } from '../../main/values/index.ts';

/** By these a program is ended from outside; closing a terminal sends SIGHUP. Each with its number, which makes the exit code. */
const SIGNALS = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGQUIT', 3],
  ['SIGTERM', 15],
] as const;

/** What the signals of this process come to; a listener that another one takes the place of would lose what is under way to it. */
let end: ((signal: NodeJS.Signals, number: number) => void) | null = null;

/**
 * Ending through exit(), not by the signal itself, lets what is temporary be removed; what was sent is in the ledger. A second
 * signal changes nothing: npm passes a Ctrl-C on that the terminal has sent already, and it must not cut the removing short.
 */
export function endThroughExit(tell: (problem: ColdroomError) => void): void {
  onSignals((signal, number) => {
    tell(
      inputError('stopped', `stopped by ${signal} before the end`, {
        hint: 'look with `coldroom ledger list` before anything is sent again: what CoinCover had not answered yet is unknown there',
      }),
    );
    process.exit(128 + number);
  });
}

/** For a command that stays open, before it says what it came to: from here on a signal is the end that it waits for. */
export function endAsAwaited(): void {
  onSignals(() => process.exit(0));
}

/** Never returns, and keeps the process alive, which a promise alone does not. */
export function stayOpen(): Promise<never> {
  setInterval(() => undefined, 60_000);
  return new Promise<never>(() => undefined);
}

function onSignals(wanted: NonNullable<typeof end>): void {
  const isFirst = end === null;
  end = wanted;
  if (!isFirst) return;
  for (const [signal, number] of SIGNALS) process.on(signal, () => end?.(signal, number));
}

/**
 * Whoever reads may go before the end, as `head` does, and the disk behind `> FILE` may be full: what was begun is finished all the same.
 * @returns what tells, at the end, that standard output was not kept. A reader who went has seen what he wanted.
 */
export function outliveReaders(): () => Promise<ColdroomError | null> {
  let code: string | null = null;
  process.stdout.on('error', (error) => {
    if (systemCode(error) !== 'EPIPE') code ??= systemCode(error) ?? 'unknown error';
  });
  process.stderr.on('error', () => undefined); // there is nowhere left to say it
  return async () => {
    await setImmediate(); // a stream tells its errors in a turn of their own
    if (code === null) return null;
    return inputError('output-unwritable', `what this came to cannot be written to standard output (${code})`, {
      hint: 'it was done all the same: look with `coldroom ledger list`, and make room before running it again',
    });
  };
}
