import { execFile } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkContents } from './contents.ts';
import { writeElectronStub } from './electron-stub.ts';
import { checkFuses } from './fuses.ts';
import { checkIntegrity } from './integrity.ts';
import { checkRunning } from './run-packed.ts';

const root = join(import.meta.dirname, '../..');
const builder = createRequire(import.meta.url).resolve('electron-builder/cli.js');
const here = `${process.platform}-${process.arch}`;

type System = {
  readonly option: string;
  readonly folder: string;
  readonly resources: string;
  readonly executable: string;
  readonly hash: string | null;
};

/** Where electron-builder puts things, by target. */
const SYSTEMS: Readonly<Record<string, System>> = {
  'linux-x64': { option: '--linux', folder: 'linux-unpacked', resources: 'resources', executable: 'coldroom', hash: null },
  'win32-x64': { option: '--win', folder: 'win-unpacked', resources: 'resources', executable: 'coldroom.exe', hash: 'coldroom.exe' },
  'darwin-arm64': {
    option: '--mac',
    folder: 'mac-arm64',
    resources: 'coldroom.app/Contents/Resources',
    executable: 'coldroom.app',
    hash: 'coldroom.app/Contents/Info.plist',
  },
};

export const TARGETS: readonly string[] = Object.keys(SYSTEMS);

/** What came out for one target: what is wrong, whether electron-builder refused it, how large our part of it is. */
export type Report = {
  readonly target: string;
  readonly problems: readonly string[];
  readonly hooked: boolean;
  readonly refused: boolean;
  readonly sizeBytes: number;
};

/**
 * Packs for one target around a stub of Electron, and looks at the result.
 * @param scratch an empty folder.
 * @param hooked whether electron-builder's own hook may refuse the package; it ends the packing before the fuses are set.
 */
export async function packAndCheck(target: string, scratch: string, hooked: boolean): Promise<Report> {
  const system = SYSTEMS[target];
  const [platform, arch] = target.split('-');
  if (system === undefined || platform === undefined || arch === undefined) throw new Error(`no such target: ${target}`);
  writeElectronStub(join(scratch, 'electron'), platform);
  const packing = await pack([system.option, 'dir', `--${arch}`], scratch, hooked);
  const packed = join(scratch, 'out', system.folder);
  const resources = join(packed, system.resources);
  const refused = packing?.includes('this package is refused') === true;
  const problems = packing !== null && !refused ? [packing] : checkContents(resources, target, [root, tmpdir()]);
  if (packing === null) {
    problems.push(...(await checkFuses(join(packed, system.executable))));
    if (target === here) problems.push(...(await checkRunning(resources, scratch)));
  }
  if (system.hash !== null) problems.push(...checkIntegrity(resources, join(packed, system.hash)));
  return { target, problems, hooked, refused, sizeBytes: sizeBelow(resources) };
}

/** @returns what electron-builder said, where it failed. */
async function pack(args: readonly string[], scratch: string, hooked: boolean): Promise<string | null> {
  const settings: Record<string, string> = {
    electronDist: join(scratch, 'electron'),
    'directories.output': join(scratch, 'out'),
  };
  if (!hooked) {
    settings['afterPack'] = join(scratch, 'no-hook.mjs');
    writeFileSync(settings['afterPack'], 'export default () => undefined;\n');
  }
  const options = Object.entries(settings).map(([name, value]) => `-c.${name}=${value}`);
  try {
    await promisify(execFile)(process.execPath, [builder, ...args, '--publish', 'never', ...options], { cwd: root, maxBuffer: 1 << 26 });
    return null;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

function sizeBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
