// `npm run bench`: every figure that Coldroom is held to, as a ratio against a peer of the same run where there is one. Medians of five
// after one that warms up; nothing fails a build here but a bound that is missed.
import { spawn } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureStatus, measureThousandFiles } from './commands.ts';
import { measureLedgerCheck } from './ledger.ts';
import { measureLoad } from './load.ts';
import { holds, median, told, type Line } from './lines.ts';
import { measureDirect, measureLargeFile, measureTenMegabytes } from './sealing.ts';
import { measureJudging, measurePlan } from './plan.ts';

const root = join(import.meta.dirname, '..', '..');
const RUNS = 5;
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

/** The parts by name: `npm run bench -- NAME …` runs those alone. */
const PARTS: Readonly<Record<string, () => Promise<Line[]> | Line[]>> = {
  window: async () => {
    const { empty, wizard } = await measure();
    say(`empty page ${empty.join(' ')} ms, wizard ${wizard.join(' ')} ms`);
    return [
      ['the wizard is usable after an empty page would be, ms', median(wizard) - median(empty), 'at most', 500],
      ['the wizard is usable after the process starts, ms', median(wizard), 'at most', 2200],
      ['first-load script, gzipped, bytes', firstLoadBytes(), 'at most', 250_000],
    ];
  },
  ledger: () => {
    const { check, bare } = measureLedgerCheck();
    say(`ledger check ${check.join(' ')} ms, a bare loop of hashes and MACs ${bare.join(' ')} ms`);
    return [['a ledger of 100,000 events checks in, ms', median(check), 'at most', 3000]];
  },
  plan: async () => {
    const plan = measurePlan();
    return [
      ['a phrase of 24 words is inspected in, ms', median(plan.inspect), 'at most', 400],
      ['a plan of 1,000 wallets is checked in, ms', median(plan.planCheck), 'at most', 500],
      ['the slowest of 500 damaged secrets is judged in, ms', await measureJudging(), 'at most', 300],
    ];
  },
  status: () => measureStatus(say),
  thousand: () => measureThousandFiles(say),
  direct: measureDirect,
  memory: measureTenMegabytes,
  file: () => measureLargeFile(say),
};

/** Those that take minutes run only where they are named. */
const WHERE_NAMED: typeof PARTS = { load: () => measureLoad(say) };

const asked = process.argv.slice(2);
say(`Node ${process.version}, OpenSSL ${process.versions.openssl}`);
for (const [name, measurePart] of Object.entries({ ...PARTS, ...WHERE_NAMED })) {
  if (asked.length > 0 ? !asked.includes(name) : name in WHERE_NAMED) continue;
  const lines = await measurePart();
  for (const line of lines) say(told(line));
  if (!lines.every(holds)) process.exitCode = 1;
}
