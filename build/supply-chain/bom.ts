import { spawnSync } from 'node:child_process';
import type { LockedPackage } from './lockfile.ts';

type Component = {
  readonly 'bom-ref': string;
  name: string;
  readonly version: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
};
export type Bom = {
  readonly bomFormat: string;
  serialNumber?: string;
  metadata: { timestamp?: string; component: Component };
  components: Component[];
  dependencies: { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

/**
 * The product's software bill of materials, CycloneDX 1.5, as npm makes it of the lockfile. What would differ from run to run (serial
 * number, time, name of the folder) is taken out, and what is there to build alone: by ourselves, because npm's own `--omit dev` leaves
 * out whatever the product and a build tool share, zod among it; it does the same unasked where NODE_ENV says production.
 * @throws Error where npm makes none.
 */
export function makeBom(root: string, packages: readonly LockedPackage[]): Bom {
  const { status, stdout, stderr } = spawnSync(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline', '--include', 'dev'],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' },
  );
  if (status !== 0) throw new Error(`npm made no bill of materials: ${stderr.trim()}`);
  const bom = JSON.parse(stdout) as Bom;
  delete bom.serialNumber;
  delete bom.metadata.timestamp;
  bom.metadata.component.name = 'coldroom';
  const product = new Set(packages.filter((one) => one.isProduct).map(nameAndVersion));
  bom.components = bom.components.filter((one) => product.has(nameAndVersion(one)));
  const kept = new Set([bom.metadata.component['bom-ref'], ...bom.components.map((one) => one['bom-ref'])]);
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  return bom;
}

/** The bill against the lockfile: each package of the product in every version, by the hash that it is installed by, and nothing else. */
export function checkBom(bom: Bom, packages: readonly LockedPackage[]): string[] {
  const billed = new Map(bom.components.map((one) => [nameAndVersion(one), one]));
  const wanted = new Map(packages.filter((one) => one.isProduct).map((one) => [nameAndVersion(one), one]));
  return [
    ...(bom.bomFormat === 'CycloneDX' ? [] : ['the bill of materials is no CycloneDX']),
    ...[...billed.keys()].filter((one) => !wanted.has(one)).map((one) => `the bill of materials holds ${one}, which the product does not`),
    ...[...wanted].flatMap(([name, one]) => {
      const component = billed.get(name);
      if (component === undefined) return [`the bill of materials lacks ${name}`];
      return hasHash(component, one) ? [] : [`the bill of materials has another hash for ${name}`];
    }),
  ];
}

const nameAndVersion = ({ name, version }: { readonly name: string; readonly version: string }): string => `${name}@${version}`;

function hasHash({ hashes = [] }: Component, { integrity }: LockedPackage): boolean {
  const hex = Buffer.from((integrity ?? '').replace(/^sha512-/, ''), 'base64').toString('hex');
  return hashes.some((one) => one.alg === 'SHA-512' && one.content === hex);
}
