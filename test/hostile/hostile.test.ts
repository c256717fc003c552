import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Campaign, Figure } from '../proof/campaign.ts';
import { keptInputs } from './corpus.ts';
import { fuzzCampaign } from './fuzz.ts';
import { formulaCampaign, namesCampaign } from './names.ts';
import { oddPathsCampaign, READ_LATER, READS, readingOptions } from './odd-paths.ts';
import { corpusCampaign } from './part.ts';
import { windowCampaign } from './window.ts';

/** Half a minute of a quiet machine in all. */
const PATIENT_MS = 900_000;
const campaign: Campaign = { seed: 20_261_130, say: () => undefined };

function expectNoLoss(figure: Figure, leastInputs: number): void {
  expect(figure.losses).toEqual([]);
  expect(figure.inputs).toBeGreaterThanOrEqual(leastInputs);
}

/** A part of what `npm run proof` does in full; a loss names the seed that shows it again. */
describe('hostile input', { timeout: PATIENT_MS }, () => {
  it('that is kept is refused for the reason that it is kept for', async () => {
    expect(new Set(keptInputs().map((one) => one.target)).size).toBeGreaterThanOrEqual(12);
    expectNoLoss(await corpusCampaign(), 140);
  });

  it('spoilt from what is whole is refused with a code, or is what a second judge takes as well', async () => {
    const figures = await fuzzCampaign(campaign, 60);
    expect(figures.length).toBeGreaterThanOrEqual(17);
    for (const figure of figures) expectNoLoss(figure, 60);
  });

  it('from a page that was taken over is answered, and is never a bug', async () => {
    expectNoLoss(await windowCampaign(campaign, 120), 120);
  });

  it('that has a path and is no file is refused by every command that reads one', async () => {
    const first = new Set<string>();
    // Each path that is read, with one odd file; each odd file, with one path.
    const figure = await oddPathsCampaign((line, what) => {
      if (first.has(line) && first.has(what)) return false;
      first.add(line).add(what);
      return true;
    });
    expectNoLoss(figure, READS.length);
  });

  it('has a command line for every option that reads a path', () => {
    const covered = readingOptions().filter((one) => {
      const [command = '', option = ''] = one.split(' --');
      return READS.some((line) => line.startsWith(`${command} `) && line.includes(`--${option} @odd`));
    });
    expect(new Set(readingOptions().filter((one) => !covered.includes(one)))).toEqual(new Set(READ_LATER));
  });

  it('in names gets nowhere but where it was sealed, and is no formula in an export', async () => {
    expectNoLoss(await namesCampaign(), 40);
    expectNoLoss(formulaCampaign(campaign, 5_000), 5_000);
  });

  it('cannot be markup: nothing of the page is made of text', () => {
    const folder = join(import.meta.dirname, '../../renderer');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.tsx?$/.test(name) && !name.includes('.test.'),
    );
    expect(files.length).toBeGreaterThan(50);
    const markup = /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcDoc/;
    expect(files.filter((name) => markup.test(readFileSync(join(folder, name), 'utf8')))).toEqual([]);
  });
});
