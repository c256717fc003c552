import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';

/** The package's types speak of a default export within its default export. */
const readCode = jsqr as unknown as typeof jsqr.default;

/** Poppler reads what pdfkit wrote: a second implementation. */
export const POPPLER = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // its tests then show as skipped
  }
})();

/** Runs one of poppler's programs on a PDF; `FILE` among the arguments is replaced by the file's path. @returns what it printed. */
export function poppler(program: 'pdfinfo' | 'pdffonts' | 'pdftotext', pdf: Buffer, ...args: string[]): string {
  return inFolder((folder) => {
    const path = join(folder, 'form.pdf');
    writeFileSync(path, pdf);
    const out = execFileSync(
      program,
      args.map((one) => (one === 'FILE' ? path : one)),
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    return out;
  });
}

/** What a screen reader gets, one text for each tag in reading order: tag and text without its line ends. */
export function taggedTexts(pdf: Buffer): { tag: string; text: string }[] {
  const found: { tag: string; text: string }[] = [];
  const out = poppler('pdfinfo', pdf, '-struct-text', 'FILE');
  for (const [, tag, quoted] of out.matchAll(/^ *(Document|Table|Figure|H\d|P|TR|TH|TD)\b[^\n]*$|^ *"([^\n]*)"$/gm)) {
    const last = found.at(-1);
    if (tag !== undefined) found.push({ tag, text: '' });
    else if (last !== undefined) last.text += quoted ?? '';
  }
  return found;
}

/** The text of one page after the other. */
export function pageTexts(pdf: Buffer): string[] {
  return poppler('pdftotext', pdf, '-layout', 'FILE', '-').split('\f').slice(0, -1);
}

/** What the QR codes say, as a camera would read them from the paper; of all pages, or from one on. */
export function qrTexts(pdf: Buffer, fromPage = 1): string[] {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'form.pdf'), pdf);
    execFileSync('pdftoppm', ['-r', '72', '-gray', '-f', fromPage.toString(), '-png', join(folder, 'form.pdf'), join(folder, 'page')]);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.png'))
      .toSorted()
      .flatMap((name) => codesOf(PNG.sync.read(readFileSync(join(folder, name)))));
  });
}

/** jsqr finds one code: each is painted over and the next looked for. */
function codesOf({ data, width, height }: PNG): string[] {
  const codes: string[] = [];
  for (;;) {
    const code = readCode(new Uint8ClampedArray(data), width, height);
    if (code === null) return codes;
    codes.push(code.data);
    const { topLeftCorner: from, bottomRightCorner: to } = code.location;
    for (let y = Math.floor(from.y); y <= to.y; y += 1)
      data.fill(255, (y * width + Math.floor(from.x)) * 4, (y * width + Math.ceil(to.x)) * 4);
  }
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-printed-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
