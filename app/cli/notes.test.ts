import { afterEach, describe, expect, it, vi } from 'vitest';
import { inputError } from '../../main/values/index.ts';
import { Notes, takeWarnings, warningsTold } from './notes.ts';
import { printError } from './print.ts';

const listeners = process.listeners('warning');

afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners('warning');
  for (const listener of listeners) process.on('warning', listener);
});

function written(): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  return lines;
}

describe('what a command says beside its result', () => {
  it('with --json is kept for one object: what was noted, and warnings of our own', async () => {
    const lines = written();
    const notes = new Notes(true);
    takeWarnings(notes);
    notes.add('a name was shortened');
    notes.add('a name was shortened');
    process.emitWarning('a temporary file could not be removed');
    process.emitWarning('use something newer', 'DeprecationWarning');
    await warningsTold();
    printError(inputError('file-unreadable', 'it cannot be read', { hint: 'plug the stick in again' }), notes.kept, true);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        error: { code: 'file-unreadable', message: 'it cannot be read', hint: 'plug the stick in again' },
        notes: ['a name was shortened', 'a temporary file could not be removed'],
      },
    ]);
  });

  it('is told at once without it, once', async () => {
    const lines = written();
    const notes = new Notes(false);
    takeWarnings(notes);
    notes.add('a name was shortened');
    process.emitWarning('a temporary file could not be removed');
    process.emitWarning('a temporary file could not be removed');
    await warningsTold();
    expect(lines).toEqual(['note: a name was shortened\n', 'note: a temporary file could not be removed\n']);
  });

  it('leaves an error without notes as the three members that it has', () => {
    const lines = written();
    printError(inputError('file-unreadable', 'it cannot be read'), [], true);
    expect(lines).toEqual(['{"error":{"code":"file-unreadable","message":"it cannot be read","hint":null}}\n']);
  });
});
