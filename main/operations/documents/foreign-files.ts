import { isAbsolute, relative, sep } from 'node:path';
import { listMedia, lookAtMedium } from '../../transfer/index.ts';
import { firstNames, isColdroomError, quote } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';

/** Names that are told; the rest is counted. */
const MAX_NAMES = 3;

/**
 * Tells people what lies beside Coldroom's documents in a folder that carries them, and at the root of the stick that the folder is
 * on: what came along unasked may be more than a stray file. A folder that cannot be looked into is left to whoever reads it.
 */
export async function noteForeignFiles(context: OperationContext, folder: string): Promise<void> {
  const names = await othersIn(folder, () => false);
  for (const medium of await listMedia()) {
    const way = relative(medium.path, folder);
    if (way === '' || way.startsWith('..') || isAbsolute(way)) continue;
    const [first] = way.split(sep);
    names.push(...(await othersIn(medium.path, (name) => name === first)));
  }
  if (names.length === 0) return;
  const told = firstNames(names.map(quote), MAX_NAMES);
  context.onNote(
    `more than Coldroom’s documents lies there (${told}): find out who put it there, and carry on a stick that holds nothing else`,
  );
}

async function othersIn(folder: string, isOurs: (name: string) => boolean): Promise<string[]> {
  try {
    return (await lookAtMedium(folder)).others.filter((name) => !isOurs(name));
  } catch (error) {
    if (isColdroomError(error)) return [];
    throw error;
  }
}
