import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LockedPackage } from './lockfile.ts';

/** The list that people keep of what may ship, one name a line. */
export function readShippedList(): string[] {
  return readFileSync(join(import.meta.dirname, 'shipped.txt'), 'utf8')
    .trim()
    .split('\n');
}

/**
 * What ships against the list of what may, both ways.
 * SECURITY(REQ-SHIPPED): a package that comes in through another one's update is in no list, so it is found before it is packed.
 */
export function checkShipped(shipped: readonly string[], listed: readonly string[], packages: readonly LockedPackage[]): string[] {
  const found = shipped.map((place) => packages.find((one) => one.place === place) ?? place);
  const names = new Set(found.map((one) => (typeof one === 'string' ? one : one.name)));
  return [
    ...found.flatMap((one) => {
      if (typeof one === 'string') return [`${one} ships and is not in the lockfile`];
      if (!listed.includes(one.name)) return [`${one.name} ships and is not in build/supply-chain/shipped.txt`];
      return one.isProduct ? [] : [`${one.name} ships and is a dependency for building alone`];
    }),
    ...listed.filter((name) => !names.has(name)).map((name) => `${name} is in build/supply-chain/shipped.txt and does not ship`),
  ];
}
