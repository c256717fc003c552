import { copyFileSync, appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** By this the fuses are found in the binary (@electron/fuses). */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The fuses as Electron delivers them, all nine of them the other way round from ours. */
const WIRE = '101100111';

/** Electron's sentinel, version 1, the number of fuses, the fuses. */
const FUSES = Buffer.concat([Buffer.from(SENTINEL), Buffer.of(1, WIRE.length), Buffer.from(WIRE)]);

/**
 * Writes what electron-builder takes for an unpacked Electron: enough to be packed, to have its fuses set and its archive's
 * hash put in, nothing that runs.
 */
export function writeElectronStub(folder: string, system: string): void {
  mkdirSync(folder, { recursive: true });
  if (system === 'darwin') writeMacApp(join(folder, 'Electron.app', 'Contents'));
  else if (system === 'win32') writeWindowsExecutable(join(folder, 'electron.exe'));
  else writeFileSync(join(folder, 'electron'), FUSES);
}

/** Any real executable does: electron-builder writes into its resources. This one is part of electron-builder. */
function writeWindowsExecutable(path: string): void {
  const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  copyFileSync(join(builder.resolve('electron-winstaller/package.json'), '../vendor/7z-x64.exe'), path);
  appendFileSync(path, FUSES);
}

function writeMacApp(contents: string): void {
  const framework = join(contents, 'Frameworks', 'Electron Framework.framework');
  for (const folder of [join(contents, 'MacOS'), join(contents, 'Resources'), join(framework, 'Resources')])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(contents, 'MacOS', 'Electron'), 'stub');
  writeFileSync(join(framework, 'Electron Framework'), FUSES);
  writePlist(join(contents, 'Info.plist'), 'Electron');
  for (const suffix of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    const helper = join(contents, 'Frameworks', `Electron Helper${suffix}.app`, 'Contents');
    mkdirSync(join(helper, 'MacOS'), { recursive: true });
    writeFileSync(join(helper, 'MacOS', `Electron Helper${suffix}`), 'stub');
    writePlist(join(helper, 'Info.plist'), `Electron Helper${suffix}`);
  }
}

function writePlist(path: string, executable: string): void {
  writeFileSync(
    path,
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${executable}</string></dict></plist>
`,
  );
}
