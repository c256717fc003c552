import { app } from 'electron';
import { DEAD_PROXY, PROXY_BYPASS_NOTHING } from './network.ts';

/**
 * Shuts Chromium's network before Chromium starts. These are the switches that Electron itself reads. Those for Chrome's own
 * services (`no-pings`, `disable-background-networking`, `disable-component-update`, `disable-domain-reliability`) would do
 * nothing: neither the services nor what reads the switches are part of Electron.
 */
export function setupSwitches(): void {
  // SECURITY(REQ-PAGE-NETWORK): no name resolves, so that nothing asks a name server, which hears of it even where no connection follows.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  // SECURITY(REQ-PAGE-NETWORK): whatever is not tied to a session goes to a proxy that cannot exist.
  app.commandLine.appendSwitch('proxy-server', DEAD_PROXY);
  // SECURITY(REQ-PAGE-NETWORK): without this, loopback addresses pass the proxy by.
  app.commandLine.appendSwitch('proxy-bypass-list', PROXY_BYPASS_NOTHING);
}
