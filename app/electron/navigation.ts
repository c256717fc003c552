import { app, type WebContents } from 'electron';

/** Keeps every page where it was loaded, whoever makes one: it goes nowhere, opens nothing, holds no other page. */
export function setupNavigation(): void {
  app.on('web-contents-created', (_event, contents) => {
    refuseNavigation(contents);
  });
}

function refuseNavigation(contents: WebContents): void {
  // SECURITY(REQ-PAGE-STAYS): no link, form or script leads the window away, nor one of its frames. Loading the page at the start is not asked.
  contents.on('will-navigate', (event) => {
    event.preventDefault();
  });
  // SECURITY(REQ-PAGE-STAYS): the same for frames, of which the page has none.
  contents.on('will-frame-navigate', (event) => {
    event.preventDefault();
  });
  // SECURITY(REQ-PAGE-STAYS): our own files redirect nowhere; what redirects is not ours.
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  // SECURITY(REQ-PAGE-STAYS): a webview is a page with preferences of its own.
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  // SECURITY(REQ-PAGE-STAYS): no second window, in the app or in the system's browser.
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // SECURITY(REQ-PAGE-NETWORK): WebRTC asks no resolver and no proxy, so request blockers do not see it: no UDP but through the dead proxy.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
