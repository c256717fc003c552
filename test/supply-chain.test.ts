import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkBom, makeBom, type Bom } from '../build/supply-chain/bom.ts';
import { placeOfModule, shippedPlaces } from '../build/supply-chain/bundled.ts';
import { checkLicences, licenceOf, licenceText } from '../build/supply-chain/licences.ts';
import { checkLockfile, readLockfile, type LockedPackage } from '../build/supply-chain/lockfile.ts';
import { checkShipped, readShippedList } from '../build/supply-chain/shipped.ts';

const root = join(import.meta.dirname, '..');
const packages = readLockfile(join(root, 'package-lock.json'));

const GOOD: LockedPackage = {
  place: 'node_modules/one',
  name: 'one',
  version: '1.2.3',
  licence: 'MIT',
  integrity: `sha512-${'A'.repeat(86)}==`,
  resolved: null,
  isLink: false,
  isProduct: true,
  hasInstallScript: false,
};
const changed = (change: Partial<LockedPackage>): LockedPackage[] => [{ ...GOOD, ...change }];

describe('the lockfile', () => {
  it('holds nothing that nobody allowed', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(checkLockfile(packages)).toEqual([]);
    expect(checkLockfile([GOOD])).toEqual([]);
  });
  it.each<[string, Partial<LockedPackage>, string]>([
    ['a link', { isLink: true }, 'node_modules/one is a link to a folder'],
    ['no hash', { integrity: null }, 'node_modules/one has no SHA-512'],
    ['an older hash', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, 'node_modules/one has no SHA-512'],
    ['a repository', { resolved: 'git+ssh://git@example.org/one.git' }, 'node_modules/one comes from git+ssh://git@example.org/one.git'],
    ['plain HTTP', { resolved: 'http://example.org/one.tgz' }, 'node_modules/one comes from http://example.org/one.tgz'],
    ['a range', { version: '^1.2.3' }, 'node_modules/one has no exact version'],
    ['a script', { hasInstallScript: true }, 'node_modules/one would run a program when it is installed, and nobody allowed it by name'],
  ])('may not hold %s', (_what, change, problem) => {
    expect(checkLockfile(changed(change))).toEqual([problem]);
  });
});

describe('licences', () => {
  it('of all that the product is made of are allowed', () => {
    expect(checkLicences(packages.filter((one) => one.isProduct))).toEqual([]);
  });
  it.each([
    ['MIT', 'MIT'],
    ['(BSD-3-Clause OR GPL-2.0)', 'BSD-3-Clause'],
    ['MIT AND OFL-1.1', 'MIT AND OFL-1.1'],
    ['GPL-3.0-only', null],
    ['MIT AND GPL-3.0-only', null],
    ['SEE LICENSE IN LICENSE', null],
    [null, null],
  ])('%s is taken as %s', (licence, taken) => {
    expect(licenceOf({ name: 'one', licence })).toBe(taken);
  });
  it('that nobody allowed are named', () => {
    expect(checkLicences(changed({ licence: 'GPL-3.0-only' }))).toEqual(['one 1.2.3 has the licence GPL-3.0-only, which is not allowed']);
  });
  it('go along in their own words', () => {
    const text = licenceText(
      root,
      packages.filter((one) => ['undici', 'zod'].includes(one.place.replace('node_modules/', ''))),
    );
    expect(text).toMatch(/^undici \d+\.\d+\.\d+: MIT$/m);
    expect(text.match(/Permission is hereby granted/g)).toHaveLength(2);
  });
});

describe('what ships', () => {
  it('is what people listed, package by package', async () => {
    const places = await shippedPlaces();
    expect(places.length).toBeGreaterThan(20);
    expect(checkShipped(places, readShippedList(), packages)).toEqual([]);
  });
  it('may hold nothing that is not listed, not locked, or there to build alone; nor may the list hold more', () => {
    const listed = ['one', 'two'];
    const two = { ...GOOD, place: 'node_modules/two', name: 'two', isProduct: false };
    expect(checkShipped(['node_modules/one'], ['one'], [GOOD])).toEqual([]);
    expect(checkShipped(['node_modules/one', 'node_modules/two'], listed, [GOOD, two])).toEqual([
      'two ships and is a dependency for building alone',
    ]);
    expect(checkShipped(['node_modules/one'], ['two'], [GOOD])).toEqual([
      'one ships and is not in build/supply-chain/shipped.txt',
      'two is in build/supply-chain/shipped.txt and does not ship',
    ]);
    expect(checkShipped(['node_modules/one'], ['one'], [])).toEqual([
      'node_modules/one ships and is not in the lockfile',
      'one is in build/supply-chain/shipped.txt and does not ship',
    ]);
  });
  it.each([
    ['node_modules/zod/v4/index.js', 'node_modules/zod'],
    ['/somewhere/node_modules/@scure/base/index.js?commonjs', 'node_modules/@scure/base'],
    ['node_modules/pdfkit/node_modules/@noble/hashes/x.js', 'node_modules/pdfkit/node_modules/@noble/hashes'],
    ['main/values/json.ts', null],
  ])('%s is from %s', (path, place) => {
    expect(placeOfModule(path)).toBe(place);
  });
});

describe('the bill of materials', () => {
  const bom = makeBom(root, packages);

  it('names every package of the product by its hash, and no other, twice the same', () => {
    expect(checkBom(bom, packages)).toEqual([]);
    expect(bom.components.map((one) => one.name)).toEqual(expect.arrayContaining(['zod', 'better-sqlite3', 'openpgp']));
    expect(makeBom(root, packages)).toEqual(bom);
  });
  it('is found wrong where one is missing, too many, or of other bytes', () => {
    const [first, ...rest] = bom.components;
    const without: Bom = { ...bom, components: rest };
    const name = `${first?.name ?? ''}@${first?.version ?? ''}`;
    expect(checkBom(without, packages)).toEqual([`the bill of materials lacks ${name}`]);
    const more = { 'bom-ref': 'x@1.0.0', name: 'x', version: '1.0.0' };
    expect(checkBom({ ...bom, components: [...bom.components, more] }, packages)).toEqual([
      'the bill of materials holds x@1.0.0, which the product does not',
    ]);
    const other = { 'bom-ref': name, name: first?.name ?? '', version: first?.version ?? '', hashes: [] };
    expect(checkBom({ ...bom, components: [other, ...rest] }, packages)).toEqual([`the bill of materials has another hash for ${name}`]);
  });
});
