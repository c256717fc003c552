// `npm run shots`: every screen and state as a PNG, light and dark, at both sizes, into the ignored folder shots/.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tour } from './tour.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const out = join(import.meta.dirname, '..', '..', 'shots');

rmSync(out, { recursive: true, force: true });
for (const { width } of SIZES)
  for (const scheme of ['light', 'dark']) mkdirSync(join(out, `${width.toString()}-${scheme}`), { recursive: true });

let count = 0;
await tour(async (name, page) => {
  count += 1;
  const before = page.viewportSize();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({
        path: join(out, `${size.width.toString()}-${colorScheme}`, `${count.toString().padStart(2, '0')}-${name}.png`),
        animations: 'disabled',
      });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  if (before !== null) await page.setViewportSize(before);
});
process.stdout.write(`${count.toString()} screens, each in ${(SIZES.length * 2).toString()} pictures, in ${out}\n`);
process.exit(0);
