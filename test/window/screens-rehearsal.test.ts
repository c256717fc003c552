import '../cheap-scrypt.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lookThrough } from './screens.ts';
import { TOURS } from './tour.ts';

lookThrough('rehearsal', {
  least: 46,
  bearingSecrets: ['first-start', 'locked', 'seal-passphrase', 'unlock', 'unlock-wrong'],
});

it('every group of tours is in one of the suites that look at screens', () => {
  const suites = Object.keys(TOURS).map((group) => `screens-${group}.test.ts`);
  expect(suites.filter((name) => !existsSync(join(import.meta.dirname, name)))).toEqual([]);
});
