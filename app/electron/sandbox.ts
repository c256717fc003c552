import { app } from 'electron';

export function setupSandbox(): void {
  // SECURITY(REQ-PAGE-SANDBOX): every page is sandboxed, also one whose preferences forgot to say so.
  app.enableSandbox();
}
