import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBoundedFile, writeNewFile } from '../../main/files/index.ts';
import { CodeReceiver, kindOf, readDocument, type DocumentKindName } from '../../main/transfer/index.ts';
import { isColdroomError } from '../../main/values/index.ts';

/** Where documents that came by camera are kept, inside the station's folder. */
const FOLDER = 'received';

export type Received = { readonly path: string; readonly kind: DocumentKindName };

/** Puts together what a camera reads, and keeps it as a file like one that came on a stick. */
export class ReceivedCodes {
  readonly #home: string;
  #receiver = new CodeReceiver();

  constructor(home: string) {
    this.#home = home;
  }

  /** The next code begins a document. */
  reset(): void {
    this.#receiver = new CodeReceiver();
  }

  /**
   * Takes one code in. The file is written once the document is whole and in order by itself; whose it is, and whether this
   * station wants it, is for whoever takes it in.
   * @throws as CodeReceiver.take, as readDocument (what was read is dropped then), and as writeNewFile.
   */
  async take(part: string): Promise<{ progress: number; received: Received | null }> {
    this.#receiver.take(part);
    const { bytes, progress } = this.#receiver;
    if (bytes === null) return { progress, received: null };
    this.reset();
    return { progress, received: await this.#keep(bytes) };
  }

  async #keep(bytes: Buffer): Promise<Received> {
    const { document, sha256 } = readDocument(bytes, 'the code');
    const folder = join(this.#home, FOLDER);
    const kind = kindOf(document);
    const path = join(folder, `${kind}-${sha256.slice(0, 12)}.json`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      await writeNewFile(path, bytes);
    } catch (error) {
      // The very same document again: whoever reads a code twice has done nothing wrong.
      if (!isColdroomError(error) || error.code !== 'output-exists' || !(await isSame(path, bytes))) throw error;
    }
    return { path, kind };
  }
}

async function isSame(path: string, bytes: Buffer): Promise<boolean> {
  return (await readBoundedFile(path, { maxBytes: bytes.length, what: 'the document' })).equals(bytes);
}
