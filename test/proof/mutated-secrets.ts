import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KINDS } from '../../main/content/index.ts';
import type { Figure } from './campaign.ts';

const MUTANTS = 10_000;
const root = join(import.meta.dirname, '../..');
const SUITE = 'main/content/mutation.test.ts';

type Told = { readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[] };
type Assertion = {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
};

/**
 * The mutated secrets of `npm test`, as many of each kind as the full number: the suite itself, in a process of its own, which judges each
 * by a second implementation or by how it was made. Its sequence has a seed of its own, so that `npm test` runs the beginning of the same.
 */
export function mutatedSecrets(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-proof-'));
  try {
    const file = join(folder, 'told.json');
    const { stderr, status } = spawnSync(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', SUITE, '--reporter=json', `--outputFile=${file}`, '--testTimeout=1800000'],
      { cwd: root, encoding: 'utf8', env: { ...process.env, COLDROOM_MUTANTS: MUTANTS.toString() } },
    );
    if (!existsSync(file)) throw new Error(`${SUITE} told nothing and ended with ${String(status)}: ${stderr.slice(0, 500)}`);
    return Promise.resolve([figureOf(JSON.parse(readFileSync(file, 'utf8')) as Told)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param told what vitest's reporter writes as JSON. */
export function figureOf(told: Told): Figure {
  const tests = told.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ ancestorTitles }) => ancestorTitles.includes('mutated secrets of each kind'));
  // One test for each kind mutates; what holds the second implementation to account is no input.
  const kinds = KINDS.filter((kind) => tests.some(({ title }) => title.startsWith(`${kind}: `)));
  const losses = tests
    .filter((one) => one.status !== 'passed')
    .map((one) => `${one.title}: ${one.failureMessages[0]?.split('\n')[0] ?? one.status}`);
  const figure = { what: `mutated secrets, ${MUTANTS.toLocaleString('en-US')} of each kind`, runs: 0, faults: 0, left_out: null };
  return { ...figure, inputs: kinds.length * MUTANTS, losses };
}
