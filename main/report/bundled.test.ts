import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { sha256 } from '../values/index.ts';
import { renderReport } from './index.ts';
import { reportFixture } from './report.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldroom-printed-bundle-'));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('a bundle with its fonts beside it prints the same bytes, in another process and without any package', async () => {
  const bundling = pathToFileURL(join(import.meta.dirname, '../../build/bundling.mjs')).href;
  const out = join(folder, 'out');
  writeFileSync(
    join(folder, 'bundle.mjs'),
    `import { copyFonts, esmForNode, writeBundles } from ${JSON.stringify(bundling)};
     copyFonts(${JSON.stringify(out)});
     await writeBundles(${JSON.stringify(out)}, [{ ...esmForNode, outdir: ${JSON.stringify(out)}, splitting: true, entryPoints: { main: 'main/report/index.ts' } }]);`,
  );
  execFileSync(process.execPath, [join(folder, 'bundle.mjs')]);
  writeFileSync(join(folder, 'body.json'), JSON.stringify(reportFixture()));
  writeFileSync(
    join(folder, 'print.mjs'),
    `import { readFileSync, writeFileSync } from 'node:fs';
     import { renderReport } from './out/main.mjs';
     writeFileSync(process.argv[3], await renderReport(JSON.parse(readFileSync(process.argv[2], 'utf8')), 'letter'));`,
  );
  execFileSync(process.execPath, [join(folder, 'print.mjs'), join(folder, 'body.json'), join(folder, 'report.pdf')], {
    env: { TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8' },
  });
  expect(sha256(readFileSync(join(folder, 'report.pdf')))).toBe(sha256(await renderReport(reportFixture(), 'letter')));
  expect(readdirSync(join(out, 'fonts')).toSorted()).toEqual([
    'IBMPlexMono_400Regular.ttf',
    'Inter_400Regular.ttf',
    'Inter_600SemiBold.ttf',
  ]);
  // The library loads with the first form that is printed: the entry itself stays small.
  expect(readFileSync(join(out, 'main.mjs')).length).toBeLessThan(30_000);
});
