import { rename } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { flushFolder, readBoundedFile, removeFile, writeFileReplacing } from '../../files/index.ts';
import { Ledger, removeLedger } from '../../ledger/index.ts';
import { inputError, quote, systemCode } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { homePaths, parseStationFile, stationFileBytes, stationUnfinished, type StationFile } from './home.ts';
import { openKeychain } from './open-keychain.ts';

/*
 * A station is made under a name that is none yet: what is to become `station.json` is written first, as `station.json.making`, and takes
 * its name when all the rest is there. So a home folder holds a whole station, or what says which parts of one have to go. Nothing of a
 * station ever leaves it before that: no operation but `init` works without `station.json`.
 */

/** Notes what is about to be made. @throws input `output-unwritable`. */
export async function beginMaking(home: string, file: StationFile): Promise<void> {
  await writeFileReplacing(homePaths(home).making, stationFileBytes(file));
}

/** What was noted takes its name: from here on there is a station. @throws input `home-unusable`. */
export async function finishMaking(home: string): Promise<void> {
  const { making, station } = homePaths(home);
  try {
    await rename(making, station);
    await flushFolder(dirname(station));
  } catch (cause) {
    throw inputError('home-unusable', `${quote(station)} cannot be written (${systemCode(cause) ?? 'unknown error'})`, {
      hint: 'check free space and permissions, then run it again',
      cause,
    });
  }
}

/**
 * Takes away what an `init` that was cut short, or that failed, has left: its keys in the keychain, its ledger, its note. Where there
 * is no such note, or the ledger has been used, nothing is touched.
 * @throws input `station-unfinished`, the keychain's own errors.
 */
export async function clearUnfinished(context: OperationContext): Promise<void> {
  const paths = homePaths(context.home);
  const noted = await readMaking(paths.making);
  if (noted === 'none' && !existsSync(paths.ledger)) return;
  if (noted === 'none' || (existsSync(paths.ledger) && !Ledger.isUnused(paths.ledger))) throw stationUnfinished(paths.ledger);
  if (noted !== 'unreadable') await forgetKeys(context, noted);
  removeLedger(paths.ledger);
  await removeFile(paths.making);
}

async function readMaking(path: string): Promise<StationFile | 'none' | 'unreadable'> {
  if (!existsSync(path)) return 'none';
  const bytes = await readBoundedFile(path, { maxBytes: 64 * 1024, what: 'the note of an `init`', allowEmpty: true });
  try {
    return parseStationFile(bytes);
  } catch {
    return 'unreadable'; // whatever is wrong with it, it names no keys that could be looked for
  }
}

async function forgetKeys(context: OperationContext, { keychain: kind, keychain_scope: scope }: StationFile): Promise<void> {
  const keychain = await openKeychain(context, kind);
  try {
    for (const entry of ['station-key', 'mac-key']) await keychain.delete(`${scope}/${entry}`);
  } finally {
    await keychain.close();
  }
}
