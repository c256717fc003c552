import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../proof/campaign.ts';
import { FAULTS } from './faults.ts';
import { Lane } from './lane.ts';

const shim = join(import.meta.dirname, '../../app/cli/coldroom');
/** A process of the command line takes some 175 MiB for scrypt alone; a tenth of the answer would not fit beside it. */
const MOST_BYTES = 300 * 1024 * 1024;
/** A check that is asked three times, with its pauses, on a machine that is busy. */
const MOST_MS = 60_000;
const LOOK_EVERY_MS = 20;

export type Weight = { readonly exit: number; readonly peakBytes: number; readonly tookMs: number };

/** Runs the command line, and watches the most memory that its process ever held (`VmHWM`; Linux alone says it). */
export async function weigh(lane: Lane, words: readonly string[]): Promise<Weight> {
  const begun = Date.now();
  const child = spawn(shim, ['--home', lane.home, '--json', '--keychain-passphrase-file', lane.path('passphrase'), ...words], {
    stdio: 'ignore',
  });
  let peakBytes = 0;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, LOOK_EVERY_MS);
  const exit = await new Promise<number>((done) =>
    child.once('close', (code) => {
      done(code ?? -1);
    }),
  );
  clearInterval(watch);
  return { exit, peakBytes, tookMs: Date.now() - begun };
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended between two looks
  }
}

/** Answers of a gigabyte to every call, each bounded in memory and time. @param every false: one shape of answer for each call. */
export async function gigabyteCampaign(every: boolean): Promise<Figure> {
  const what = 'answers of 1 GiB, through the command line';
  if (process.platform !== 'linux')
    return { what, runs: 0, faults: 0, inputs: 0, losses: [], left_out: 'only Linux says what a process holds' };
  const lane = new Lane('command line');
  const losses: string[] = [];
  let runs = 0;
  try {
    await lane.open();
    const large = FAULTS.filter((one) => one.name.startsWith('a gigabyte'));
    const store = async (call: 'store-data' | 'store-file') => ['store', await lane.nextSealed(call), '--out', lane.path('receipts')];
    const calls = {
      jwks: () => ['trust', 'add', '--environment', 'rehearsal', '--fetch'],
      assign: () => [
        'assign',
        '--environment',
        'rehearsal',
        '--user',
        lane.fresh('large'),
        '--key-environment',
        'HOT',
        '--out',
        lane.path(lane.fresh('pack')),
      ],
      'store-data': () => store('store-data'),
      'store-file': () => store('store-file'),
      'verify-key': () => ['verify', '--key', lane.keyId],
      'verify-backup': () => ['verify', '--backup', lane.backupId],
    };
    for (const [at, [call, words]] of Object.entries(calls).entries()) {
      for (const fault of every ? large : large.slice(at % large.length, (at % large.length) + 1)) {
        lane.proxy.do(call as keyof typeof calls, fault.do({ everyMs: 0, elsewhere: '' }));
        const weight = await weigh(lane, await words());
        runs += 1;
        const said = `${call}: ${fault.name}: exit ${weight.exit.toString()}, ${Math.round(weight.peakBytes / 1024 / 1024).toString()} MiB, ${weight.tookMs.toString()} ms`;
        if (weight.exit !== 5 || weight.peakBytes > MOST_BYTES || weight.peakBytes === 0 || weight.tookMs > MOST_MS) losses.push(said);
        lane.proxy.do(call as keyof typeof calls, null);
      }
    }
    losses.push(...lane.missing());
  } finally {
    await lane.close();
  }
  return { what, runs, faults: runs, inputs: 0, losses, left_out: null };
}
