import { describe, expect, it } from 'vitest';
import { PathHandles, shownName } from './path-handles.ts';

describe('handles', () => {
  it('are the same for the same path, others for others, and tell nothing', () => {
    const handles = new PathHandles();
    const [one, two] = [handles.handleOf('/secret/a'), handles.handleOf('/secret/b')];
    expect(handles.handleOf('/secret/a')).toBe(one);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^[a-z0-9-]{36}$/);
    expect([handles.pathOf(one), handles.pathOf(two)]).toEqual(['/secret/a', '/secret/b']);
    expect([...handles.paths()]).toEqual(['/secret/a', '/secret/b']);
  });

  it('are of one window: another knows none of them, and no path', () => {
    const given = new PathHandles().handleOf('/secret/a');
    const other = new PathHandles();
    other.handleOf('/secret/a');
    for (const handle of [given, '/secret/a', '', '__proto__', 'constructor']) {
      expect(() => other.pathOf(handle)).toThrow(
        expect.objectContaining({ code: 'handle-unknown', message: expect.not.stringContaining('secret') as string }),
      );
    }
  });

  it('are forgotten, the oldest first, beyond twenty thousand', () => {
    const handles = new PathHandles();
    const first = Array.from({ length: 20_000 }, (_, at) => handles.handleOf(`/${at.toString()}`));
    expect(handles.pathOf(first[0] ?? '')).toBe('/0');
    const last = handles.handleOf('/one more');
    expect(() => handles.pathOf(first[0] ?? '')).toThrow(expect.objectContaining({ code: 'handle-unknown' }));
    expect([handles.pathOf(first[1] ?? ''), handles.pathOf(last)]).toEqual(['/1', '/one more']);
    expect([...handles.paths()]).toHaveLength(20_000);
    expect(handles.handleOf('/0')).not.toBe(first[0]);
  });

  it('are shown by the last part of their path, well formed', () => {
    expect(shownName('/a/b.txt')).toBe('b.txt');
    expect(shownName('/a/\ud800b')).toBe('\ufffdb');
  });
});
