// electron-builder calls this with every packed app, before fuses, signing and installers.
import { Arch } from 'electron-builder';
import { join } from 'node:path';
import { checkContents } from './contents.ts';

/** @throws Error, which ends the packing, where the package is not what it should be. */
export default function afterPack({ appOutDir, electronPlatformName, arch, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  const problems = checkContents(resources, `${electronPlatformName}-${Arch[arch]}`, [join(import.meta.dirname, '../..')]);
  if (problems.length > 0) throw new Error(`this package is refused:\n${problems.map((one) => `  ${one}`).join('\n')}`);
}
