import { chmod, mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inputError, parseJson, quote, systemCode } from '../../values/index.ts';
import { fingerprint, stationName, uuid } from '../fields.ts';

/** Where the parts of a station lie in its home folder. */
export const homePaths = (home: string) => ({
  station: join(home, 'station.json'),
  /** What becomes `station.json` once all else of a new station is there. */
  making: join(home, 'station.json.making'),
  ledger: join(home, 'ledger.sqlite'),
  /** What becomes the ledger once everything that a lost one held and documents say is in it. */
  rebuilding: join(home, 'ledger.sqlite.rebuilding'),
  keychain: join(home, 'keychain.box'),
  /** The stand-in of a rehearsal that a window began, encrypted. */
  rehearsal: join(home, 'rehearsal.box'),
  /** What people chose for the window. */
  settings: join(home, 'window.json'),
  lock: (name: string) => join(home, 'locks', `${name}.lock`),
});

/**
 * `station.json`: what must be known before ledger and keychain can be opened, and all that `ledger rebuild` has when the
 * ledger is gone. Nothing in it is secret.
 */
const stationFile = z.strictObject({
  version: z.literal(1),
  id: fingerprint,
  name: stationName,
  role: z.enum(['single', 'cold', 'online']),
  public_key: z.string(),
  keychain: z.enum(['os', 'file']),
  /** Names this station's entries in a keychain that other stations may share. */
  keychain_scope: uuid,
});

export type StationFile = z.infer<typeof stationFile>;

/** Makes the home folder (0700) where it is missing. @throws input `home-unusable`. */
export async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await chmod(home, 0o700); // it may have been there before, open to others
  } catch (cause) {
    throw inputError('home-unusable', `the home folder ${quote(home)} cannot be made (${systemCode(cause) ?? 'unknown error'})`, {
      hint: 'choose another with --home DIR',
      cause,
    });
  }
}

/** The station's file, or null where no station is. @throws input `station-file-damaged`. */
export async function readStationFile(home: string): Promise<StationFile | null> {
  const path = homePaths(home).station;
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw inputError('home-unusable', `${quote(path)} cannot be read (${code ?? 'unknown error'})`, {
      hint: 'check who may read it',
      cause,
    });
  }
  try {
    return parseStationFile(bytes);
  } catch (cause) {
    throw inputError('station-file-damaged', `${quote(path)} is damaged`, {
      hint: 'restore it from a copy of the home folder; a recovery needs no station: for that name an empty folder with --home DIR',
      cause,
    });
  }
}

/** As {@link readStationFile}. @throws input `station-missing`; `station-unfinished` where its ledger is there. */
export async function requireStationFile(home: string): Promise<StationFile> {
  const file = await readStationFile(home);
  if (file === null) {
    await checkNoStationLost(home);
    throw inputError('station-missing', `there is no station in ${quote(home)}`, {
      hint: 'make one with `coldroom init --role single|cold|online`, or name its folder with --home DIR',
    });
  }
  return file;
}

/**
 * Looks, where no station is, whether one was: nobody is told to make one over a ledger that somebody may miss. While a station is
 * being made its note stands there, and `init` says the rest.
 * @throws input `station-unfinished`.
 */
export async function checkNoStationLost(home: string): Promise<void> {
  const { ledger, making } = homePaths(home);
  if (!existsSync(ledger) || existsSync(making)) return;
  if ((await readStationFile(home)) === null) throw stationUnfinished(ledger); // the note may have taken its name a moment ago
}

/** A ledger without `station.json`, and nothing that says why: somebody removed a file. We cannot tell, so we do not delete. */
export function stationUnfinished(ledgerPath: string): Error {
  return inputError('station-unfinished', `${quote(ledgerPath)} is there, but no station.json beside it`, {
    hint: 'restore station.json from a copy; if there never was a station here, move the folder away and run `init` again',
  });
}

/** @throws what parsing throws: the caller says which file it was. */
export function parseStationFile(bytes: Buffer): StationFile {
  return stationFile.parse(parseJson(bytes, { maxBytes: 64 * 1024 }));
}

export function stationFileBytes(file: StationFile): Buffer {
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`, 'utf8');
}

export function hasLedger(home: string): boolean {
  return existsSync(homePaths(home).ledger);
}
