import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/assurance.md'), 'utf8');

type Link = { readonly path: string; readonly title: string | null };
type Claim = { readonly id: string; readonly code: readonly Link[]; readonly tests: readonly Link[] };

/** Each claim with what follows "Code:" and "Test:" up to the next heading. A line's end inside a title is a space. */
const CLAIMS: readonly Claim[] = page
  .split(/^#{2,3} /m)
  .filter((part) => part.startsWith('REQ-'))
  .map((part) => {
    const text = part.replaceAll(/\s+/g, ' ');
    const [, code = '', tests = ''] = /Code: (.*?) ?Test: (.*?)( Not claimed:|$)/.exec(text) ?? [];
    return { id: text.slice(0, text.indexOf(':')), code: linksOf(code), tests: linksOf(tests) };
  });

function linksOf(text: string): Link[] {
  return [...text.matchAll(/\]\(\.\.\/([^)]+)\)(?: "([^"]+)")?/g)].map(([, path = '', title]) => ({ path, title: title ?? null }));
}

/** Every mark in the sources: where it stands, and its name; null where it has none. */
const MARKS = ['app', 'main', 'renderer', 'build', 'electron-builder.yml'].flatMap((place) => {
  const files = place.includes('.')
    ? [place]
    : readdirSync(join(root, place), { recursive: true, encoding: 'utf8' }).map((name) => `${place}/${name}`);
  return files
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.(tsx?|mjs|yml)$/.test(name) && !/\.(test|fixture)\.tsx?$/.test(name))
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/\bSECURITY(?:\(([A-Z-]+)\))?: /g)].map(([, id]) => ({ path, id: id ?? null })),
    );
});

describe('the claims', () => {
  it('have a name each, and somewhere to look', () => {
    expect(CLAIMS.length).toBeGreaterThan(30);
    expect(new Set(CLAIMS.map(({ id }) => id)).size).toBe(CLAIMS.length);
    expect(page.match(/^### /gm)).toHaveLength(CLAIMS.length);
  });
  it.each(CLAIMS.map((claim) => [claim.id, claim] as const))('%s rests on code that is marked with its name', (id, { code }) => {
    expect(code.length).toBeGreaterThan(0);
    for (const { path } of code) expect(MARKS).toContainEqual({ path, id });
  });
  it.each(CLAIMS.map((claim) => [claim.id, claim] as const))('%s has tests, by file and title', (_id, { tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const { path, title } of tests) {
      expect(path).toMatch(/\.test\.ts$/);
      const text = readFileSync(join(root, path), 'utf8');
      expect(titlesOf(text)).toContain(title);
      expect(text).not.toMatch(/\b(?:it|test|describe)\.(?:skip|todo|only|fails)\b/);
    }
  });
});

describe('the marks in the sources', () => {
  it('have a name each, which stands among the claims', () => {
    expect(MARKS.length).toBeGreaterThan(50);
    const known = CLAIMS.map(({ id }) => id);
    expect(MARKS.filter(({ id }) => id === null || !known.includes(id))).toEqual([]);
  });
});

/** What tests and groups of tests are called, as the source has it. */
function titlesOf(text: string): string[] {
  return [...text.matchAll(/\b(?:it|describe)\b[^\n]*?\(\s*(['"`])((?:(?!\1).)+)\1,/g)]
    .map((match) => match[2] ?? '')
    .concat(
      // Where a table of cases stands before the title, the title follows a closing parenthesis: `])('%s is …', …`.
      [...text.matchAll(/\)\(\s*(['"`])((?:(?!\1).)+)\1,/g)].map((match) => match[2] ?? ''),
    );
}
