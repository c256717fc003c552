// `npm run proof -- [--seed N] [NAME …]`: the campaigns at their full size, those named or all of them. Prints what was done as a table,
// and ends with 1 where anything was lost or a campaign did nothing, with 2 where it was asked for something that is not there.
import { arch, platform, release } from 'node:os';
import { parseArgs } from 'node:util';
import { holds, table, type Figure, type Part } from './campaign.ts';
import { PARTS } from './parts.ts';

const DEFAULT_SEED = 20_261_130;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({ options: { seed: { type: 'string' } }, allowPositionals: true });
const seed = Number(values.seed ?? DEFAULT_SEED);
const unknown = positionals.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0 || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
  say(`usage: npm run proof -- [--seed N] [NAME …], N below 2^32, and of NAME there are:`);
  for (const { name, summary } of PARTS) say(`  ${name.padEnd(12)} ${summary}`);
  process.exit(2);
}

say(`Node ${process.version}, ${platform()} ${release()} ${arch()}, seed ${seed.toString()}`);
const figures: Figure[] = [];
for (const part of PARTS) if (positionals.length === 0 || positionals.includes(part.name)) figures.push(...(await figuresOf(part)));
say('');
say(table(figures, seed, new Date().toISOString().slice(0, 10)));
for (const { what, left_out: leftOut } of figures) if (leftOut !== null) say(`\nleft out of ${what}: ${leftOut}`);
for (const { what, losses } of figures) for (const loss of losses) say(`\nLOSS, ${what}: ${loss}`);
for (const one of figures) if (!holds(one) && one.losses.length === 0) say(`\nNOTHING DONE: ${one.what}`);
// Whatever a campaign left running must not keep a finished proof from ending.
process.exit(figures.length > 0 && figures.every(holds) ? 0 : 1);

async function figuresOf(part: Part): Promise<readonly Figure[]> {
  const begun = performance.now();
  say(`\n— ${part.name}: ${part.summary}`);
  try {
    return await part.run({ seed, say });
  } catch (error) {
    const loss = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ what: part.name, runs: 0, faults: 0, inputs: 0, losses: [loss], left_out: null }];
  } finally {
    say(`  ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
}
