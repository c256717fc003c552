import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const folder = join(import.meta.dirname, '../corpus');

/**
 * One hostile input that is kept: the class that it stands for, and what has to become of it. `refused` is the code of the refusal;
 * null where it is in order and has to be taken. Either `text`, or `base64` for bytes that no text holds. `repeat` makes it long.
 */
export type Kept = {
  readonly target: string;
  readonly class: string;
  readonly bytes: Buffer;
  readonly refused: string | null;
};

type Entry = {
  class: string;
  refused: string | null;
  text?: string;
  base64?: string;
  hex?: string;
  repeat?: number;
  before?: string;
  after?: string;
};

/** Everything under test/corpus; a file is named for the target that its inputs are for. @throws where there is none. */
export function keptInputs(): Kept[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const kept = files.flatMap((name) => {
    const { target, inputs } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { target: string; inputs: Entry[] };
    if (inputs.length === 0) throw new Error(`${basename(name)} holds no input`);
    return inputs.map((one) => ({ target, class: one.class, bytes: bytesOf(one), refused: one.refused }));
  });
  if (kept.length === 0) throw new Error('the corpus is empty');
  return kept;
}

function bytesOf({ text, base64, hex, repeat = 1, before = '', after = '' }: Entry): Buffer {
  const middle = text === undefined ? Buffer.from(base64 ?? hex ?? '', base64 === undefined ? 'hex' : 'base64') : Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from(before), ...Array.from({ length: repeat }, () => middle), Buffer.from(after)]);
}
