// `npm run supply-chain`: what the product is made of, held against what people allowed. Writes the bill of materials and the notices of
// others into dist, and asks the registry for its signatures where it can be asked. Ends with 1 where anything is wrong.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bundling.mjs';
import { checkBom, makeBom } from './bom.ts';
import { shippedPlaces } from './bundled.ts';
import { checkLicences, licenceOf, licenceText } from './licences.ts';
import { checkLockfile, INSTALL_SCRIPTS, readLockfile } from './lockfile.ts';
import { checkShipped, readShippedList } from './shipped.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const packages = readLockfile(join(root, 'package-lock.json'));
const product = packages.filter((one) => one.isProduct);
const places = await shippedPlaces();
const shipped = packages.filter((one) => places.includes(one.place));
const bom = makeBom(root, packages);

const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });
writeFileSync(join(dist, 'coldroom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
writeFileSync(join(dist, 'licences.txt'), licenceText(root, shipped));

const problems = [
  ...checkLockfile(packages),
  ...checkLicences(product),
  ...checkShipped(places, readShippedList(), packages),
  ...checkBom(bom, packages),
];

say(
  `packages: ${shipped.length.toString()} ship, ${product.length.toString()} are the product's, ${packages.length.toString()} with those that build and test it`,
);
say(
  `size installed: the product's ${megabytes(product.map((one) => one.place))} MB, all ${megabytes(packages.map((one) => one.place))} MB`,
);
for (const [licence, names] of Map.groupBy(shipped, (one) => licenceOf(one) ?? 'not allowed'))
  say(`  ${licence}: ${[...new Set(names.map((one) => one.name))].join(', ')}`);
say(
  `programs that run when packages are installed: ${Object.keys(INSTALL_SCRIPTS)
    .filter((name) => INSTALL_SCRIPTS[name] === 'run')
    .join(', ')}`,
);
say('written: dist/coldroom.cdx.json, dist/licences.txt');
problems.push(...signatures());
for (const problem of problems) say(`wrong: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Each package's own files, not those of the packages inside of it, which count for themselves. */
function megabytes(installed: readonly string[]): string {
  const bytes = installed.reduce((sum, place) => sum + sizeOf(join(root, place)), 0);
  return (bytes / 1e6).toFixed(0);
}

/** Packages for other systems stand in the lockfile and are not installed: they take nothing. */
function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.isDirectory()) return entry.name === 'node_modules' ? sum : sum + sizeOf(join(folder, entry.name));
    return entry.isFile() ? sum + statSync(join(folder, entry.name)).size : sum;
  }, 0);
}

/** The registry's own signatures over what was installed. No answer is said, and is no finding; a signature that does not hold is. */
function signatures(): string[] {
  const { status, stdout, stderr } = spawnSync('npm', ['audit', 'signatures', '--fetch-retries', '0'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const told = `${stdout}\n${stderr}`.trim().split('\n');
  if (status === 0) {
    for (const line of told.filter((one) => one.includes('verified'))) say(`signatures: ${line.trim()}`);
    return [];
  }
  if (/invalid|missing/i.test(stdout)) return told.filter((one) => /invalid|missing|@/.test(one)).slice(0, 20);
  say(
    `signatures: not checked, since nobody answered (${told.find((one) => /E[A-Z]{4,}|network/.test(one))?.trim() ?? 'npm gave no reason'})`,
  );
  return [];
}
