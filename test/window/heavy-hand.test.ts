import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ledger } from '../../main/ledger/index.ts';
import { doubleClicking, journey, leaningOnEnter } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { Place } from './station.ts';

/** A whole rehearsal by a hand that presses every button more often than once: everything still happens once. */
describe('a heavy hand', () => {
  let place: Place;
  let window: OpenWindow;

  beforeEach(async () => {
    place = new Place();
    window = await openWindow({ home: place.home });
  });

  afterEach(async () => {
    await window.close();
    place.remove();
  });

  /** How often each type of event is in the ledger that it left. */
  function counts(): Record<string, number> {
    const ledger = Ledger.open(join(place.home, 'ledger.sqlite'), { clock: { now: () => 0 }, macKey: null });
    const found: Record<string, number> = {};
    for (const { type } of ledger.events()) found[type] = (found[type] ?? 0) + 1;
    ledger.close();
    return found;
  }

  it.each([
    ['clicks twice', doubleClicking],
    ['leans on Enter', leaningOnEnter],
  ])('that %s on every button does everything once', async (_, hand) => {
    await journey(window.page, hand(window.page));
    expect(counts()).toMatchObject({
      'station-made': 1,
      'ceremony-begun': 1,
      'assignment-begun': 1,
      'key-pack-written': 1,
      'item-sealed': 1,
      'store-begun': 1,
      'item-stored': 1,
      'receipt-written': 1,
      'ceremony-evidence': 12,
      'ceremony-signed': 24,
      'ceremony-ended': 1,
    });
    expect(counts()).not.toHaveProperty('refusal');
    expect(await window.page.getByRole('alert').allInnerTexts()).toEqual([]);
  });
});
