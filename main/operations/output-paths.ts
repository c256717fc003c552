import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { z } from 'zod';
import { inputError, quote } from '../values/index.ts';
import { homePaths } from './station/home.ts';

/** Everything that an input names as a place to write to, by what its schema says of each member (`meta.path`). */
export function outputPathsOf(schema: z.ZodType, input: unknown): string[] {
  if (z.globalRegistry.get(schema)?.['path'] === 'output') return typeof input === 'string' ? [input] : [];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return outputPathsOf(schema.unwrap() as z.ZodType, input);
  }
  if (schema instanceof z.ZodArray) {
    return Array.isArray(input) ? input.flatMap((one) => outputPathsOf(schema.element as z.ZodType, one)) : [];
  }
  if (schema instanceof z.ZodUnion) {
    const fitting = (schema.options as z.ZodType[]).find((option) => option.safeParse(input).success);
    return fitting === undefined ? [] : outputPathsOf(fitting, input);
  }
  if (!(schema instanceof z.ZodObject) || typeof input !== 'object' || input === null) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, member]) =>
    outputPathsOf(member, (input as Record<string, unknown>)[name]),
  );
}

/** What SQLite puts beside a database, and takes for a part of it when it opens the next time. */
const BESIDE_DATABASE = ['', '-journal', '-wal', '-shm'];

/** Names that the station itself writes in its home folder, in lower case. */
function ownNames(home: string): Set<string> {
  const { station, making, ledger, rebuilding, keychain, rehearsal, settings, lock } = homePaths(home);
  const databases = [ledger, rebuilding].flatMap((path) => BESIDE_DATABASE.map((end) => path + end));
  return new Set(
    [station, making, ...databases, keychain, rehearsal, settings, dirname(lock(''))].map((path) => basename(path).toLowerCase()),
  );
}

/**
 * Refuses to write what a person asked for where the station keeps its own: a file beside the ledger is read as a part of it. In whatever
 * letters it is written, since some file systems take them for the same name.
 * @throws input `output-is-own`.
 */
export async function checkNotOwnFile(home: string, path: string): Promise<void> {
  const [own, folder] = await Promise.all([real(home), real(dirname(path))]);
  const isInLocks = folder === dirname(homePaths(own).lock('')) || folder.startsWith(dirname(homePaths(own).lock('')) + sep);
  // While a file is written it lies beside its later name: `.ledger.sqlite.….tmp` is the ledger's.
  const name = basename(path).toLowerCase();
  const later = /^\.(.+)\.[0-9a-f]{16}\.tmp$/.exec(name)?.[1] ?? name;
  if (!isInLocks && !(folder === own && ownNames(own).has(later))) return;
  throw inputError('output-is-own', `${quote(path)} is a name that this station uses itself, in its home folder`, {
    hint: 'choose another folder: what is written beside the ledger may be taken for a part of it',
  });
}

/** The folder itself, wherever a link leads; what is not there is what it is called. */
async function real(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}
