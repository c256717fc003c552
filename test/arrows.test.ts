import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

type Verdict = { summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number } };

function cruise(...places: string[]): Verdict {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...places];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })) as Verdict;
}

describe('the house plan', () => {
  it('has no arrow that it forbids', () => {
    const { summary } = cruise('main', 'app', 'renderer', 'test');
    expect(summary.violations.map((one) => `${one.rule.name}: ${one.from} → ${one.to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(50);
  });

  it('would find one: a room of sealing that imports the ledger, and one that passes an index by', () => {
    const folder = mkdtempSync(join(root, 'main/sealing/arrow-probe-'));
    try {
      writeFileSync(join(folder, 'probe.ts'), "import '../../ledger/index.ts';\nimport '../../values/json.ts';\n");
      const found = cruise('main/sealing').summary.violations.filter((one) => one.from.includes('arrow-probe-'));
      expect(new Set(found.map((one) => one.rule.name))).toEqual(new Set(['sealing-imports', 'rooms-are-entered-by-their-index']));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
