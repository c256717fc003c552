import '../cheap-scrypt.mjs';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandIn } from '../../main/rehearsal/index.ts';
import { Journey, keyboard } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { accessibilityFindings } from './screens.ts';
import { Place, stationAt, type Outside } from './station.ts';
import { beginWithPins, PINS, walkWithPins } from './tour-pins.ts';

describe('PINs in a window', () => {
  const place = new Place();
  let standIn: StandIn;
  let outside: Outside;
  let window: OpenWindow;
  let ceremony: string;
  const screens: string[] = [];
  const findings: string[] = [];

  beforeAll(async () => {
    ({ standIn, outside } = await stationAt(place));
    ceremony = await beginWithPins(place, outside);
    window = await openWindow({ home: place.home });
  });

  afterAll(async () => {
    await window.close();
    await Promise.all([standIn.close(), outside.close()]);
    place.remove();
  });

  it('are chosen, typed wrongly, locked and handed over by the keyboard alone', async () => {
    await walkWithPins(window, new Journey(window.page, keyboard(window.page)), async (name, page) => {
      screens.push(name);
      for (const what of await accessibilityFindings(page)) findings.push(`${name}: ${what}`);
    });
    const { ceremony: view } = await outside.run<{ ceremony: { exceptions: { text: string; initials: string | null }[] } }>(
      'ceremony.show',
      { ceremony },
    );
    const handOver = 'The role of witness passed from Carl Dahl (CD) to Gus Hahn (GH), without the PIN of CD: locked';
    expect(view.exceptions.map(({ text, initials }) => [text, initials])).toEqual([
      ['Carl Dahl (CD) is locked: 5 wrong PINs in a row', null],
      [handOver, 'AB'],
      [handOver, 'EF'],
    ]);
  }, 600_000);

  it('leave axe nothing to find', () => {
    expect(screens.length).toBeGreaterThan(6);
    expect(findings).toEqual([]);
  });

  it('stay in no field of the page, are in no answer to it, and in no file', async () => {
    const fields = await window.page.locator('input').evaluateAll((inputs) => inputs.map((one) => (one as HTMLInputElement).value));
    const answers = window.crossed.join('\n');
    const files = readdirSync(place.home, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => readFileSync(join(one.parentPath, one.name)));
    expect([answers.length > 1000, files.length > 2]).toEqual([true, true]);
    for (const pin of Object.values(PINS)) {
      expect(fields).not.toContain(pin);
      expect(answers).not.toContain(pin);
      for (const bytes of files) expect(bytes.includes(pin)).toBe(false);
    }
  });
});
