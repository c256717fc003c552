import type { Page } from 'playwright-core';

/** Begins to note what a screen reader would be told, in order: every change within a live region. */
export function listenLikeAScreenReader(page: Page): Promise<void> {
  return page.evaluate(listenInPage);
}

/** What it was told since. */
export function told(page: Page): Promise<string> {
  return page.evaluate(() => (globalThis as unknown as { told: string[] }).told.join('\n'));
}

/** In the page: notes the text of every live region whenever it changes. */
function listenInPage(): void {
  const heard: string[] = [];
  Object.assign(globalThis, { told: heard });
  const note = (node: Node): void => {
    const element = node instanceof Element ? node : node.parentElement;
    const region = element?.closest('[role=status], [role=alert], [aria-live]');
    const inside = element?.querySelectorAll('[role=status], [role=alert], [aria-live=polite]') ?? [];
    const live = region?.getAttribute('aria-live') === 'off' ? [] : region ? [region] : [];
    for (const one of [...live, ...inside]) {
      // What is off within a region is not read out with it.
      const spoken = one.cloneNode(true) as HTMLElement;
      for (const silent of spoken.querySelectorAll('[aria-live=off]')) silent.remove();
      heard.push(silentText(spoken));
    }
  };
  const silentText = (element: HTMLElement): string => element.textContent;
  new MutationObserver((changes) => {
    for (const change of changes) {
      note(change.target);
      for (const added of change.addedNodes) note(added);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
