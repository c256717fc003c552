import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Which of these texts stand anywhere in the memory of a process that may be written to, as UTF-8 or UTF-16. Linux alone. */
export function inMemoryOf(pid: number, texts: readonly string[]): string[] {
  const wanted = texts.map((text) => ({ text, forms: [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')] }));
  const found = new Set<string>();
  searchMemory(pid, Math.max(...wanted.flatMap(({ forms }) => forms.map((form) => form.length))), (held) => {
    for (const { text, forms } of wanted) if (forms.some((form) => held.includes(form))) found.add(text);
  });
  return texts.filter((text) => found.has(text));
}

/** Which of these bytes stand there, by their names. */
export function bytesInMemoryOf(pid: number, wanted: Readonly<Record<string, Buffer>>): string[] {
  const found = new Set<string>();
  searchMemory(pid, Math.max(...Object.values(wanted).map((bytes) => bytes.length)), (held) => {
    for (const [name, bytes] of Object.entries(wanted)) if (held.includes(bytes)) found.add(name);
  });
  return Object.keys(wanted).filter((name) => found.has(name));
}

/** @param longest in bytes, so that what lies across two pieces is seen in one. */
function searchMemory(pid: number, longest: number, look: (held: Buffer) => void): void {
  const memory = openSync(`/proc/${pid.toString()}/mem`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid.toString()}/maps`, 'utf8').split('\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (from === undefined || to === undefined) continue;
      const end = Number.parseInt(to, 16);
      for (let at = Number.parseInt(from, 16); at < end; at += CHUNK_BYTES) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES + longest, end - at));
        look(chunk.subarray(0, readSome(memory, chunk, at)));
      }
    }
  } finally {
    closeSync(memory);
  }
}

/** Pages that were reserved and never touched cannot be read. */
function readSome(memory: number, into: Buffer, at: number): number {
  try {
    return readSync(memory, into, 0, into.length, at);
  } catch {
    return 0;
  }
}
