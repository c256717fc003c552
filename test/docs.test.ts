import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../app/cli/commands.ts';
import { OPERATIONS, WINDOW_OPERATIONS } from '../main/operations/index.ts';
import { FAULTS } from '../main/rehearsal/index.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('what is written about the project', () => {
  it.each(COMMANDS.map((command) => command.words.join(' ')))('README names the command %s', (words) => {
    expect(readme).toContain(`\`${words}`);
  });
  it('every operation has a command or a screen, and every command an operation', () => {
    const asked = new Set<string>([...COMMANDS.map((command) => command.operation), ...WINDOW_OPERATIONS]);
    expect([...asked].toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
    for (const [name, operation] of Object.entries(OPERATIONS)) expect(operation.name).toBe(name);
  });
  it('files that README names are there', () => {
    const named = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(2);
    for (const path of named) expect(() => readFileSync(join(root, path))).not.toThrow();
  });
  it.each(readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')))('files that docs/%s names are there', (page) => {
    const text = readFileSync(join(root, 'docs', page), 'utf8');
    for (const [, path = ''] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      expect(() => readFileSync(join(root, 'docs', path))).not.toThrow();
  });
  it('docs/rehearsal.md lists every fault of the stand-in', () => {
    const text = readFileSync(join(root, 'docs/rehearsal.md'), 'utf8').replace(/ +/g, ' ');
    for (const [name, fault] of Object.entries(FAULTS)) expect(text).toContain(`| \`${name}\` | ${fault.description} |`);
  });
  it('every dependency has its reason', () => {
    const reasons = readFileSync(join(root, 'build/dependencies.md'), 'utf8');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string> | undefined>;
    const names = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) => Object.keys(manifest[kind] ?? {}));
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(reasons).toContain(`\`${name}\``);
  });
  it('every version is exact', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string> | undefined>;
    const versions = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) => Object.values(manifest[kind] ?? {}));
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
  it('every known answer is read by a test', () => {
    const tests = ['main', 'test'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    );
    const vectors = readdirSync(join(root, 'test/vectors'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
    expect(vectors.length).toBeGreaterThan(7);
    for (const name of vectors)
      expect(
        tests.some((text) => text.includes(name)),
        name,
      ).toBe(true);
  });
});
