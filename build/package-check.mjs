// Packs the app as electron-builder.yml says, around a stub of Electron, and looks at what came out: `npm run package:check`.
// This machine's target must be without fault. The others cannot be made here, because keytar is built for the machine that
// packs: exactly that must be found, and electron-builder must refuse such a package. `--placeholder-page` does without a page.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleElectron } from './bundle-electron.mjs';
import { packAndCheck, TARGETS } from './package/check.ts';

const here = `${process.platform}-${process.arch}`;
const page = join(import.meta.dirname, '../dist/app/renderer/index.html');
const scratch = mkdtempSync(join(tmpdir(), 'coldroom-package-'));
const startedAt = Date.now();
let placeholder = false;
try {
  await bundleElectron();
  placeholder = preparePage();
  // One foreign target with electron-builder's own hook, to see it refuse; the other without, to see all the rest.
  const reports = await Promise.all(
    TARGETS.map((target, index) => packAndCheck(target, join(scratch, target), target === here || index === 1)),
  );
  const lines = reports.flatMap(judge);
  for (const line of lines) console.log(line.text);
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  process.exitCode = lines.every((line) => line.ok) && TARGETS.includes(here) ? 0 : 1;
} finally {
  if (placeholder) rmSync(dirname(page), { recursive: true });
  rmSync(scratch, { recursive: true, force: true });
}

/** @returns whether a placeholder was made. */
function preparePage() {
  if (existsSync(page)) return false;
  if (!process.argv.includes('--placeholder-page')) throw new Error('the page is not built: dist/app/renderer/index.html is missing');
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, '<!doctype html><title>placeholder</title>\n');
  return true;
}

function judge({ target, problems, hooked, refused, sizeBytes }) {
  const size = `${(sizeBytes / 1e6).toFixed(2)} MB without Electron`;
  if (target === here) {
    if (problems.length === 0 && !refused) return [{ ok: true, text: `${target}: as it should be, ${size}` }];
    return problems.map((text) => ({ ok: false, text: `${target}: ${text}` }));
  }
  const foreign = `node_modules/keytar/build/Release/keytar.node is for ${here}, not for ${target}`;
  const others = problems.filter((one) => one !== foreign).map((text) => ({ ok: false, text: `${target}: ${text}` }));
  if (hooked !== refused) return [...others, { ok: false, text: `${target}: electron-builder did not refuse it` }];
  if (!problems.includes(foreign)) return [...others, { ok: false, text: `${target}: a foreign keytar.node was not found out` }];
  return [
    ...others,
    { ok: true, text: `${target}: ${refused ? 'refused by electron-builder, ' : ''}this machine’s keytar.node was found out; ${size}` },
  ];
}
