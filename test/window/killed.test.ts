import '../cheap-scrypt.mjs';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandIn } from '../../main/rehearsal/index.ts';
import { Journey } from './journey.ts';
import { openWindow } from './open-window.ts';
import { CANARY_SECRET, ceremonyAt, Outside, PASSPHRASE, Place, stationAt } from './station.ts';
import type { Order, Report } from './window-child.ts';

const STEPS = 12;

/** Starts a window in a process of its own, waits until it has done its part, and kills it without warning. */
async function startAndKill(order: Order): Promise<Report> {
  const child = fork(join(import.meta.dirname, 'window-child.ts'), [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (piece: Buffer) => {
    errors += piece.toString();
  });
  const report = await new Promise<Report>((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as Report);
    });
    child.once('exit', () => {
      reject(new Error(errors.slice(0, 2000)));
    });
  });
  child.removeAllListeners('exit');
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
  return report;
}

describe('the app, killed in every step', () => {
  const place = new Place();
  let standIn: StandIn;

  beforeAll(async () => {
    place.write('seed.txt', CANARY_SECRET);
    const station = await stationAt(place);
    standIn = station.standIn;
    await station.outside.run('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' });
    await station.outside.close();
  });

  afterAll(async () => {
    await standIn.close();
    place.remove();
  });

  it('comes back to the same step each time, with all that was done in it', async () => {
    for (let number = 1; number <= STEPS + 1; number += 1) {
      const report = await startAndKill({ home: place.home, filesName: place.filesName, file: 'seed.txt', number });
      expect(report.done).toBe(true);
    }
  }, 900_000);

  it('has sent nothing twice, and the ledger holds', async () => {
    const posts = standIn.requests.filter((request) => request.method === 'POST').map((request) => request.path);
    expect(posts.toSorted()).toEqual(['/v1/keys', '/v1/secure/data']);
    const outside = new Outside(place.home);
    expect(await outside.run('ledger.check', {})).toMatchObject({ ok: true, macs: 'valid' });
    expect(await outside.run('ceremony.list', {})).toMatchObject({ ceremonies: [{ state: 'closed' }] });
    await outside.close();
  });
});

describe('the app, killed while CoinCover is being asked', () => {
  it.each([
    ['assign', 'Have a key assigned', '/v1/keys', /no trustworthy answer/i],
    ['store', 'Send 1 sealed item', '/v1/secure/data', /not known whether|may or may not/i],
  ] as const)('in %s: says that nobody knows, and sends nothing again', async (step, button, path, words) => {
    const place = new Place();
    const file = place.write('seed.txt', CANARY_SECRET);
    // The stand-in is closed long before it would answer.
    const { standIn, outside } = await stationAt(place, null, { slowMs: 120_000 });
    const id = await ceremonyAt(outside, step, file);
    standIn.setFault('slow');
    const window = await openWindow({ home: place.home });
    const journey = new Journey(window.page);
    await journey.unlock(PASSPHRASE);
    await journey.press(button);
    await expect.poll(() => standIn.requests.filter((request) => request.path === path).length).toBe(1);
    // What a kill leaves: the intent is in the ledger, the answer is not. The page goes, and with it everything it knew.
    await window.page.context().close();
    await standIn.close();
    await window.close();
    const again = await openWindow({ home: place.home });
    const second = new Journey(again.page);
    await second.unlock(PASSPHRASE);
    await expect.poll(() => again.page.getByRole('alert').first().innerText()).toMatch(words);
    expect(await again.page.getByRole('button', { name: button }).count()).toBe(0);
    const { ceremony } = await outside.run<{ ceremony: { now: { gate: string } } }>('ceremony.show', { ceremony: id });
    expect(ceremony.now.gate).toBe('settle');
    await again.close();
    await outside.close();
    place.remove();
  });
});
