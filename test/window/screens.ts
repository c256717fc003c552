import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { isProtected } from './open-window.ts';
import { tour, type TOURS } from './tour.ts';

type Finding = { readonly screen: string; readonly what: string };

/** What a tour came to: what is wrong, and in its order which screens there were and which were kept out of screen pictures. */
type Seen = { readonly findings: readonly Finding[]; readonly screens: readonly string[]; readonly kept: readonly string[] };

/** Sizes in CSS pixels at which nothing may be lost: the smallest window, and 1280×800 at 200 %. */
const TIGHT = [
  { width: 1024, height: 700 },
  { width: 640, height: 400 },
] as const;

/** Looks at every screen of one group of tours, light and dark, in a contrast theme's colours, and in little room. */
export async function lookThrough(group: keyof typeof TOURS): Promise<Seen> {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const kept: string[] = [];
  const look = async (screen: string, page: Page): Promise<void> => {
    seen.add(screen);
    const size = page.viewportSize();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const what of await accessibilityFindings(page)) findings.push({ screen: `${screen}, ${colorScheme}`, what });
    }
    await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
    for (const what of await lostColours(page)) findings.push({ screen: `${screen}, in forced colours`, what });
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    for (const tight of TIGHT) {
      await page.setViewportSize(tight);
      for (const what of await lostThings(page)) findings.push({ screen: `${screen}, ${tight.width.toString()} pixels`, what });
    }
    if (size !== null) await page.setViewportSize(size);
    if (isProtected(page)) kept.push(screen); // by now what the screen asked for has reached main
  };
  await tour(look, [group]);
  return { findings, screens: [...seen], kept };
}

/** What axe finds on the page as it stands, a line each. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  await page.evaluate(`if (globalThis.axe === undefined) { ${axe.source} }`);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: { run(context: Node, options: RunOptions): Promise<AxeResults> } };
    const { violations } = await inPage.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  });
}

/** What a contrast theme takes away with our colours: where people are, and codes that a camera reads black on white. */
async function lostColours(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const lost: string[] = [];
    for (const element of document.querySelectorAll('[aria-current]'))
      if (getComputedStyle(element).outlineStyle === 'none') lost.push(`nothing marks ${element.textContent}`);
    for (const code of document.querySelectorAll('svg[role=img]'))
      if (getComputedStyle(code).backgroundColor !== 'rgb(255, 255, 255)') lost.push('a code is not on white');
    return lost;
  });
}

/** Text or a control that cannot be brought into view: cut off sideways, or out of reach of any scrolling. */
async function lostThings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const lost: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth + 1) lost.push(`the page is ${root.scrollWidth.toString()} wide`);
    const modal = document.querySelector('[role=dialog]');
    for (const element of (modal ?? document).querySelectorAll('button, input, textarea, a, h1, h2, h3, p, li, dd, td')) {
      if (element.closest('[aria-hidden=true], [inert], details:not([open]) > :not(summary)') !== null) continue;
      const style = getComputedStyle(element);
      if (style.display === 'none' || style.visibility === 'hidden' || style.clipPath === 'inset(50%)') continue;
      if (element instanceof HTMLInputElement && (element.type === 'radio' || element.type === 'checkbox')) continue;
      element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const inside = box.left >= -1 && box.top < innerHeight && box.bottom > 0 && (box.right <= innerWidth + 1 || scrollsSideways(element));
      if (!inside)
        lost.push(`${element.tagName.toLowerCase()} ${(element.textContent || element.getAttribute('aria-label')) ?? ''}`.slice(0, 80));
    }
    return lost;

    function scrollsSideways(element: Element): boolean {
      for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
        if (getComputedStyle(parent).overflowX === 'auto') return true;
      }
      return false;
    }
  });
}
