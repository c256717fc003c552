// `npm run bench`: how soon the window can be used, against an empty page in the same browser, same run; how much script a first
// load takes; how long a large ledger takes to check, a plan, a phrase and damaged secrets. Medians of five after one warm-up; nothing here fails a build but a bound that is missed.
import { spawn } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureLedgerCheck } from './ledger.ts';
import { measureJudging, measurePlan } from './plan.ts';

const root = join(import.meta.dirname, '..', '..');
const RUNS = 5;
const BOUNDS = {
  overEmptyMs: 500,
  fromStartMs: 2200,
  scriptBytes: 250_000,
  ledgerCheckMs: 3000,
  inspectMs: 400,
  planCheckMs: 500,
  judgeMs: 300,
};
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Milliseconds from the process's start to the line that it prints when its page can be used. */
async function timeStart(...args: string[]): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'coldroom-bench-'));
  const window = join(root, 'dist', 'chromium', 'window.mjs');
  const child = spawn(process.execPath, [window, '--home', join(home, 'home'), '--headless', '--time', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (piece: Buffer) => {
        text += piece.toString();
        const found = /^usable (\d+)$/m.exec(text);
        if (found !== null) resolve(Number(found[1]));
      });
      child.once('exit', () => {
        reject(new Error('the window ended before it could be used'));
      });
    });
  } finally {
    child.removeAllListeners('exit');
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
    rmSync(home, { recursive: true, force: true });
  }
}

/** In turns, so that whatever else this machine does falls on both alike. */
async function measure(): Promise<{ empty: number[]; wizard: number[] }> {
  const empty: number[] = [];
  const wizard: number[] = [];
  await timeStart();
  for (let run = 0; run < RUNS; run += 1) {
    empty.push(await timeStart('--empty'));
    wizard.push(await timeStart());
  }
  return { empty, wizard };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The scripts that index.html names and those that they import at once, gzipped. */
function firstLoadBytes(): number {
  const assets = join(root, 'dist', 'app', 'renderer', 'assets');
  const html = readFileSync(join(root, 'dist', 'app', 'renderer', 'index.html'), 'utf8');
  const wanted = [...html.matchAll(/assets\/([\w.-]+\.js)/g)].map((match) => match[1] ?? '');
  const all = new Set(readdirSync(assets));
  const seen = new Set<string>();
  while (wanted.length > 0) {
    const name = wanted.pop() ?? '';
    if (seen.has(name) || !all.has(name)) continue;
    seen.add(name);
    const text = readFileSync(join(assets, name), 'utf8');
    wanted.push(...[...text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)].map((match) => match[1] ?? ''));
  }
  return [...seen].reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
}

const { empty, wizard } = await measure();
const over = median(wizard) - median(empty);
const bytes = firstLoadBytes();
const ledger = measureLedgerCheck();
const plan = measurePlan();
const judging = await measureJudging();
const lines: [string, number, number, string][] = [
  ['wizard usable after an empty page would be', over, BOUNDS.overEmptyMs, 'ms'],
  ['wizard usable after the process starts', median(wizard), BOUNDS.fromStartMs, 'ms'],
  ['a ledger of 100,000 events checks in', median(ledger.check), BOUNDS.ledgerCheckMs, 'ms'],
  ['a phrase of 24 words is inspected in', median(plan.inspect), BOUNDS.inspectMs, 'ms'],
  ['a plan of 1,000 wallets is checked in', median(plan.planCheck), BOUNDS.planCheckMs, 'ms'],
  ['the slowest of 500 damaged secrets is judged in', judging, BOUNDS.judgeMs, 'ms'],
  ['first-load script, gzipped', bytes, BOUNDS.scriptBytes, 'bytes'],
];
say(`Node ${process.version}, empty page ${empty.join(' ')} ms, wizard ${wizard.join(' ')} ms`);
say(
  `ledger check ${ledger.check.join(' ')} ms, ${(median(ledger.check) / median(ledger.bare)).toFixed(1)} times a bare loop of hashes and MACs (${ledger.bare.join(' ')} ms)`,
);
for (const [what, value, bound, unit] of lines) {
  say(`${value <= bound ? 'ok  ' : 'MISS'} ${what}: ${value.toString()} ${unit} (at most ${bound.toString()})`);
}
if (lines.some(([, value, bound]) => value > bound)) process.exitCode = 1;
