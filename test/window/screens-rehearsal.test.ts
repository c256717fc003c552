import '../cheap-scrypt.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lookThrough } from './screens.ts';
import { TOURS } from './tour.ts';

/** How few screens would mean that the tour was cut short. */
const SCREENS = 46;

/** In the order of the tour: where a passphrase, a password or an API key is typed, or words of a secret are shown. */
const BEARING_SECRETS: readonly string[] = ['first-start', 'locked', 'seal-passphrase', 'unlock', 'unlock-wrong'];

describe('every screen and state of the tours of rehearsal', () => {
  let seen: Awaited<ReturnType<typeof lookThrough>>;
  beforeAll(async () => {
    seen = await lookThrough('rehearsal');
  }, 900_000);

  it('has nothing for axe to find, light or dark, and loses nothing at 1024×700 or at 200 %', () => {
    expect(seen.findings).toEqual([]);
    expect(seen.screens.length).toBeGreaterThanOrEqual(SCREENS);
  });

  it('is kept out of screen pictures where a secret is typed or shown, and nowhere else', () => {
    expect(seen.kept).toEqual(BEARING_SECRETS);
  });

  it('is in one of the suites that look at screens', () => {
    const suites = Object.keys(TOURS).map((group) => `screens-${group}.test.ts`);
    expect(suites.filter((name) => !existsSync(join(import.meta.dirname, name)))).toEqual([]);
  });
});
