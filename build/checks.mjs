// What `npm test` looks at before it runs the tests: types, lint, format, unused code, and what would be packed. As many at a time as
// there are processors; the slowest of them then says how long it takes. Node's own modules alone, as bootstrap.mjs has them.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const tool = (path) => join('node_modules', path);

const LINT = [tool('eslint/bin/eslint.js'), '--max-warnings', '0'];

/** By name: what Node is started with. The slowest first, so that none of those is what the end waits for. */
const CHECKS = [
  // Apart, because what runs in a browser has types of its own: neither half needs those of the other.
  ['lint', [...LINT, '.', '--ignore-pattern', 'renderer/', '--ignore-pattern', 'test/window/']],
  ['lint of what runs in a browser', [...LINT, 'renderer', 'test/window']],
  ['types', [tool('typescript/bin/tsc'), '-p', '.']],
  ['the package', ['build/package-check.mjs']],
  ['format', [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['types of the page', [tool('typescript/bin/tsc'), '-p', 'renderer']],
  ['types of the window’s tests', [tool('typescript/bin/tsc'), '-p', 'test/window']],
  ['unused code', [tool('knip/bin/knip.js')]],
];

/** Runs every check; what one has to say is printed once it has ended. @returns 0, or the exit code of the first that failed: the others end with it. */
export async function runChecks(node, root) {
  const waiting = [...CHECKS];
  const running = new Set();
  let failed = 0;
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined && failed === 0; next = waiting.shift()) {
      const [name, args] = next;
      const { code, said } = await runOne(node, args, root, running);
      if (failed !== 0) return;
      process.stderr.write(`— ${name}${code === 0 ? '' : ': failed'}\n${said}`);
      if (code === 0) continue;
      failed = code;
      for (const other of running) other.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane));
  return failed;
}

async function runOne(node, args, cwd, running) {
  const child = spawn(node, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: process.stderr.isTTY ? '1' : '0' },
  });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (piece) => (said += piece));
  }
  // What was killed has no exit code.
  const code = await new Promise((done) => child.once('close', (status) => done(status ?? 1)));
  running.delete(child);
  return { code, said };
}
