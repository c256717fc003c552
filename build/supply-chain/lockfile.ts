import { readFileSync } from 'node:fs';

/** One package of the lockfile, as far as anything here asks. `place` is where it is installed: `node_modules/a/node_modules/b`. */
export type LockedPackage = {
  readonly place: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
  readonly integrity: string | null;
  readonly resolved: string | null;
  readonly isLink: boolean;
  /** In the product, or only to build and to test it. */
  readonly isProduct: boolean;
  readonly hasInstallScript: boolean;
};

type Entry = {
  version?: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
};

/**
 * Packages that want to run a program when they are installed. The bootstrap installs with scripts off and then runs those marked
 * `run`, by name; the others are known, looked at, and never run.
 */
export const INSTALL_SCRIPTS: Readonly<Record<string, 'run' | 'never'>> = {
  node: 'run',
  keytar: 'run',
  esbuild: 'never',
  'electron-winstaller': 'never',
};

/** @returns every package of a lockfile of version 3, the project itself left out. */
export function readLockfile(path: string): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> };
  return Object.entries(packages)
    .filter(([place]) => place !== '')
    .map(([place, entry]) => ({
      place,
      name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version ?? '',
      licence: entry.license ?? null,
      integrity: entry.integrity ?? null,
      resolved: entry.resolved ?? null,
      isLink: entry.link === true,
      isProduct: entry.dev !== true && entry.devOptional !== true,
      hasInstallScript: entry.hasInstallScript === true,
    }));
}

/**
 * What a lockfile may not hold: a package whose bytes nothing is held against, one that comes from elsewhere than the registry that
 * npm is set up with, and one that would run a program as it is installed and stands in no list.
 * SECURITY(REQ-LOCKED): npm ci refuses bytes whose SHA-512 is another; that says nothing of a package that has none.
 */
export function checkLockfile(packages: readonly LockedPackage[]): string[] {
  return packages.flatMap((one) => [
    ...(one.isLink ? [`${one.place} is a link to a folder`] : []),
    ...(one.integrity !== null && /^sha512-[A-Za-z0-9+/]{86}==$/.test(one.integrity) ? [] : [`${one.place} has no SHA-512`]),
    ...(one.resolved === null || one.resolved.startsWith('https://') ? [] : [`${one.place} comes from ${one.resolved}`]),
    ...(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(one.version) ? [] : [`${one.place} has no exact version`]),
    ...(one.hasInstallScript && !Object.hasOwn(INSTALL_SCRIPTS, one.name)
      ? [`${one.place} would run a program when it is installed, and nobody allowed it by name`]
      : []),
  ]);
}
