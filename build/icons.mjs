// Renders build/icon.svg into what the systems want: icon.png (Linux), icon.ico (Windows), icon.icns (macOS). Run it after a
// change of the drawing; the results are committed. Both containers hold PNGs as they are, so nothing but a browser is needed.
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const folder = import.meta.dirname;
const ICO_SIZES = [16, 24, 32, 48, 64, 256];
/** Apple's names for the sizes, each a PNG. */
const ICNS_SIZES = { icp4: 16, icp5: 32, ic12: 64, ic07: 128, ic08: 256, ic09: 512 };

const pngs = await render([...new Set([...ICO_SIZES, ...Object.values(ICNS_SIZES), 1024])]);
const png = (size) => pngs.get(size);
writeFileSync(join(folder, 'icon.png'), png(1024));
writeFileSync(join(folder, 'icon.ico'), ico());
writeFileSync(join(folder, 'icon.icns'), icns());

async function render(sizes) {
  const svg = readFileSync(join(folder, 'icon.svg'), 'utf8');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const rendered = new Map();
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    rendered.set(size, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
  await browser.close();
  return rendered;
}

/** ICONDIR, then one ICONDIRENTRY for each image, then the images. */
function ico() {
  const head = Buffer.alloc(6 + 16 * ICO_SIZES.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(ICO_SIZES.length, 4);
  let at = head.length;
  for (const [index, size] of ICO_SIZES.entries()) {
    const entry = 6 + 16 * index;
    head.writeUInt8(size % 256, entry); // 256 is written as 0
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png(size).length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += png(size).length;
  }
  return Buffer.concat([head, ...ICO_SIZES.map(png)]);
}

/** 'icns' and the whole length, then type, length and PNG of each image; lengths count their own eight bytes. */
function icns() {
  const parts = Object.entries(ICNS_SIZES).map(([type, size]) => Buffer.concat([head(type, png(size).length), png(size)]));
  const body = Buffer.concat(parts);
  return Buffer.concat([head('icns', body.length), body]);

  function head(type, sizeBytes) {
    const bytes = Buffer.alloc(8, type, 'latin1');
    bytes.writeUInt32BE(sizeBytes + 8, 4);
    return bytes;
  }
}
