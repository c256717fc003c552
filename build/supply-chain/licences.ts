import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LockedPackage } from './lockfile.ts';

/** Licences (SPDX) under which a product that is not open source may ship what it uses unchanged. */
const ALLOWED = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'Unlicense', 'OFL-1.1', 'WTFPL']);

/** Where a package's own words do not do, what was found by reading, and what follows. */
const READ_BY_PEOPLE: Readonly<Record<string, { readonly licence: string; readonly note: string }>> = {
  'png-js': { licence: 'MIT', note: 'package.json names none; its LICENSE file is the MIT licence' },
  openpgp: { licence: 'LGPL-3.0-or-later', note: 'used unchanged as the package it is; its source is public under the same version' },
};

/**
 * The licence of a package as it is taken here: of a choice (`A OR B`) the first that is allowed, of `A AND B` both.
 * @returns null where none is allowed or known.
 */
export function licenceOf({ name, licence }: Pick<LockedPackage, 'name' | 'licence'>): string | null {
  const read = READ_BY_PEOPLE[name];
  if (read !== undefined) return read.licence;
  if (licence === null) return null;
  const bare = licence.replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' AND ')) return bare.split(' AND ').every((one) => ALLOWED.has(one)) ? bare : null;
  return bare.split(' OR ').find((one) => ALLOWED.has(one)) ?? null;
}

/** @returns what ships under a licence that nobody allowed. */
export function checkLicences(packages: readonly LockedPackage[]): string[] {
  return packages
    .filter((one) => licenceOf(one) === null)
    .map(
      ({ name, version, licence }) => `${name} ${version} has the licence ${licence ?? 'of nobody knows which name'}, which is not allowed`,
    );
}

/** The notices that the licences ask to go along: each package once, with the text of its own licence file where it has one. */
export function licenceText(root: string, packages: readonly LockedPackage[]): string {
  const parts = packages
    .toSorted((a, b) => (a.name === b.name ? a.version.localeCompare(b.version, 'en') : a.name < b.name ? -1 : 1))
    .map((one) => {
      const note = READ_BY_PEOPLE[one.name]?.note;
      const head = `${one.name} ${one.version}: ${licenceOf(one) ?? 'unknown'}${note === undefined ? '' : ` (${note})`}`;
      return `${head}\n\n${ownText(join(root, one.place))}`;
    });
  return `Coldroom contains the following packages of others, under their own licences.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function ownText(folder: string): string {
  const name = existsSync(folder) ? readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(one)) : undefined;
  return name === undefined ? 'It brings no licence file of its own.\n' : `${readFileSync(join(folder, name), 'utf8').trimEnd()}\n`;
}
