import { basename } from 'node:path';
import { randomUUID } from 'node:crypto';
import { inputError } from '../../main/values/index.ts';

/** More than this were never chosen by hand; the oldest go. */
const MAX_HANDLES = 20_000;

/** Opaque names for paths that people chose in a dialog of main's. The page hands them back; it never sees or names a path. */
export class PathHandles {
  readonly #paths = new Map<string, string>();
  readonly #handles = new Map<string, string>();

  /** The handle of a path; the same path keeps its handle. */
  handleOf(path: string): string {
    const known = this.#handles.get(path);
    if (known !== undefined) return known;
    const handle = randomUUID();
    this.#paths.set(handle, path);
    this.#handles.set(path, handle);
    this.#dropOldest();
    return handle;
  }

  /** @throws input `handle-unknown`: a handle of an earlier window, or none that main gave. */
  pathOf(handle: string): string {
    const path = this.#paths.get(handle);
    if (path === undefined)
      throw inputError('handle-unknown', 'that choice is not known to this window any more', { hint: 'choose again' });
    return path;
  }

  /** Every path that is known, for hiding them in what goes to the page. */
  paths(): Iterable<string> {
    return this.#handles.keys();
  }

  #dropOldest(): void {
    if (this.#paths.size <= MAX_HANDLES) return;
    const [oldest] = this.#paths;
    if (oldest === undefined) return;
    this.#paths.delete(oldest[0]);
    this.#handles.delete(oldest[1]);
  }
}

/** A path's last part, as it may be shown. */
export function shownName(path: string): string {
  return basename(path).toWellFormed();
}
