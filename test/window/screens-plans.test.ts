import '../cheap-scrypt.mjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { lookThrough } from './screens.ts';

/** How few screens would mean that the tour was cut short. */
const SCREENS = 37;

/** In the order of the tour: where a passphrase, a password, a PIN or an API key is typed, or words of a secret are shown. */
const BEARING_SECRETS: readonly string[] = [
  'planned-secrets-stop',
  'planned-secrets-found',
  'planned-exception',
  'planned-nearest-words',
  'planned-passphrase',
  'planned-other-wallet',
  'planned-recovery-result-other',
  'pins-choose',
  'pins-weak',
  'pins-sign',
  'pins-wrong',
  'pins-locked',
  'pins-hand-over',
];

describe('every screen and state of the tours of plans', () => {
  let seen: Awaited<ReturnType<typeof lookThrough>>;
  beforeAll(async () => {
    seen = await lookThrough('plans');
  }, 900_000);

  it('has nothing for axe to find, light or dark, and loses nothing at 1024×700 or at 200 %', () => {
    expect(seen.findings).toEqual([]);
    expect(seen.screens.length).toBeGreaterThanOrEqual(SCREENS);
  });

  it('is kept out of screen pictures where a secret is typed or shown, and nowhere else', () => {
    expect(seen.kept).toEqual(BEARING_SECRETS);
  });
});
