import { checkTitle } from './checks.ts';
import { networkReasons } from './two-stations.ts';

/** An exception that Coldroom wrote by itself names what it saw as main does: those names become sentences. */
export function exceptionWords(text: string): string {
  return text
    .replace(
      /^(Went on with a live network )\(([^)]*)\)/,
      (_, start: string, seen: string) => `${start}(${networkReasons(seen).join('. ')})`,
    )
    .replace(/^(The self-check failed: )(.*)$/, (_, start: string, ids: string) => `${start}${ids.split(', ').map(checkTitle).join(', ')}`);
}
