import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkNewFile, isPlainFileName, readBoundedFile, removeFile, writeNewFile } from '../files/index.ts';
import { checkError, inputError, isColdroomError, quote, systemCode, type ColdroomError, firstNames } from '../values/index.ts';

export interface CarriedFile {
  /** A plain file name that every system takes: no path, no reserved sign. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface MediumProgress {
  readonly name: string;
  /** How many files are on the medium now, those that were there before among them. */
  readonly done: number;
  readonly total: number;
}

export interface WriteToMediumOptions {
  readonly onProgress?: (progress: MediumProgress) => void;
  /** How a file that was written is read again, for tests of media that do not keep what they are given. */
  readonly readBack?: (path: string) => Promise<Buffer>;
}

export interface WrittenToMedium {
  readonly written: number;
  /** Files that were there already with the very same bytes. */
  readonly already_there: number;
}

/** Everybody may read documents: a stick with owners' rights is read on another machine, by another user number. */
const MODE = 0o644;

/**
 * Writes files to a folder of a medium, each as new: flushed with its folder, opened again and compared byte by byte. If any of them is
 * there with other bytes, nothing is written at all. The honest gap: reading back may be served from the system's memory, so it shows
 * what the system will hand out, not what the chips will keep.
 * @throws check `read-back-differs`: the file is removed again; those before it stay.
 * @throws input `output-exists`, `output-folder-missing`; `medium-full`, `medium-read-only` and `medium-lost` (taken out or failed), which
 *   say what is saved.
 * @throws TypeError for a name that is no plain file name, or stands twice: the caller's bug.
 */
export async function writeToMedium(
  folder: string,
  files: readonly CarriedFile[],
  options: WriteToMediumOptions = {},
): Promise<WrittenToMedium> {
  checkNames(files);
  if (files.length === 0) return { written: 0, already_there: 0 };
  const saved: string[] = [];
  const onMedium: boolean[] = [];
  for (const file of files) onMedium.push(await saving(file.name, saved, () => isThere(folder, file)));
  const device = await saving(files[0]?.name ?? '', saved, () => deviceOf(folder));
  let written = 0;
  for (const [index, file] of files.entries()) {
    if (onMedium[index] !== true) {
      await saving(file.name, saved, () => writeOne(folder, file, device, options.readBack ?? readAgain));
      written += 1;
    }
    saved.push(file.name);
    options.onProgress?.({ name: file.name, done: saved.length, total: files.length });
  }
  return { written, already_there: files.length - written };
}

function checkNames(files: readonly CarriedFile[]): void {
  const names = files.map(({ name }) => name);
  for (const name of names) if (!isPlainFileName(name)) throw new TypeError(`${quote(name)} is no plain file name`);
  // FAT and others take two names that differ in case for one.
  const twice = names.find((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== index);
  if (twice !== undefined) throw new TypeError(`${quote(twice)} is to be written twice`);
}

/** Whether the file is there already, byte for byte. @throws input `output-exists`, `output-folder-missing`. */
async function isThere(folder: string, file: CarriedFile): Promise<boolean> {
  const path = join(folder, file.name);
  if ((await isRegularOfSize(path, file.bytes.length)) && (await holds(path, file, readAgain))) return true;
  await checkNewFile(path);
  return false;
}

async function isRegularOfSize(path: string, sizeBytes: number): Promise<boolean> {
  try {
    const there = await lstat(path);
    return there.isFile() && there.size === sizeBytes;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

async function deviceOf(folder: string): Promise<number> {
  return (await stat(folder)).dev;
}

async function writeOne(folder: string, file: CarriedFile, device: number, readBack: ReadBack): Promise<void> {
  // A stick that was unmounted leaves its mount point: writing on would fill this machine's own disk.
  if ((await deviceOf(folder)) !== device) throw Object.assign(new Error('another file system is mounted here now'), { code: 'ENODEV' });
  const path = join(folder, file.name);
  await writeNewFile(path, file.bytes, MODE);
  let kept = false;
  try {
    kept = await holds(path, file, readBack);
  } finally {
    // What was not read back does not stay under its name, whatever went wrong.
    if (!kept) await removeFile(path);
  }
  if (!kept) throw differs(file.name);
}

type ReadBack = (path: string, sizeBytes: number) => Promise<Buffer>;

const readAgain: ReadBack = (path, sizeBytes) =>
  readBoundedFile(path, { maxBytes: sizeBytes, what: 'the file on the medium', allowEmpty: true });

/** How a read says that a file is not as long as it was said to be. */
const OTHER_SIZE = ['file-changed', 'file-too-large'];

/** Whether the file holds just these bytes. @throws what the medium throws. */
async function holds(path: string, { bytes }: CarriedFile, read: ReadBack): Promise<boolean> {
  try {
    return (await read(path, bytes.length)).equals(bytes);
  } catch (error) {
    if (isColdroomError(error) && OTHER_SIZE.includes(error.code)) return false;
    throw error;
  }
}

function differs(name: string, cause?: unknown): ColdroomError {
  return checkError('read-back-differs', `${quote(name)} reads back differently from what was written, and was removed again`, {
    hint: 'the medium is faulty: use another, and write everything again',
    cause,
  });
}

/** Errors that say something of their own, whatever the medium does. */
const OWN_CODES = ['output-exists', 'output-folder-missing', 'read-back-differs'];

/** Does one file's work; a failure of the medium becomes one that says what is saved. */
async function saving<T>(name: string, saved: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isColdroomError(error)) {
      const atStart = saved.length === 0 || error.code !== 'output-folder-missing';
      if (OWN_CODES.includes(error.code) && atStart) throw error;
      // What writeNewFile says, without a system's code, of its own reading back.
      if (error.code === 'output-unwritable' && systemCode(error.cause) === null) throw differs(name, error);
      throw mediumError(name, saved, systemCode(error.cause), error);
    }
    if (systemCode(error) === null) throw error;
    throw mediumError(name, saved, systemCode(error), error);
  }
}

function mediumError(name: string, saved: readonly string[], system: string | null, cause: unknown): ColdroomError {
  const message = `${quote(name)} could not be written (${system ?? 'it is no longer there'}); ${savedText(saved)}`;
  if (system === 'ENOSPC' || system === 'EDQUOT') {
    return inputError('medium-full', message, { hint: 'make room on it or use another medium, then write again', cause });
  }
  if (system === 'EROFS' || system === 'EACCES' || system === 'EPERM') {
    return inputError('medium-read-only', message, { hint: 'unlock the medium or use another, then write again', cause });
  }
  return inputError('medium-lost', message, { hint: 'put the medium back in or use another, then write again', cause });
}

/** The most names in a message. */
const NAMES_SHOWN = 10;

function savedText(saved: readonly string[]): string {
  if (saved.length === 0) return 'nothing is saved on the medium';
  return `saved on the medium: ${firstNames(saved.map(quote), NAMES_SHOWN)}`;
}
