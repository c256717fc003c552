import { app, type Session } from 'electron';
import { PAGE_SCHEME } from './page-address.ts';

/** The top level domain that never exists (RFC 6761 §6.4). */
export const DEAD_PROXY = 'http://coldroom.invalid:9';
/** Chromium's word for "not even loopback passes the proxy by". */
export const PROXY_BYPASS_NOTHING = '<-loopback>';

/** Shuts the network for what belongs to no session. All HTTP of Coldroom is made in main/, by Node. Call once the app is ready. */
export async function shutAppNetwork(): Promise<void> {
  // SECURITY(REQ-PAGE-NETWORK): DNS over HTTPS would go round the resolver's rules; the built-in resolver asks for more than addresses.
  app.configureHostResolver({
    enableBuiltInResolver: false,
    secureDnsMode: 'off',
    secureDnsServers: [],
    enableAdditionalDnsQueryTypes: false,
  });
  // SECURITY(REQ-PAGE-NETWORK): the same dead end as on the command line, for requests made outside sessions.
  await app.setProxy({ mode: 'fixed_servers', proxyRules: DEAD_PROXY, proxyBypassRules: PROXY_BYPASS_NOTHING });
}

/**
 * Shuts the network for one session, for good: a page of it reaches nothing but `app://coldroom/`.
 * @param devTools whether the developer tools, which are pages themselves, may load.
 */
export async function shutSessionNetwork(session: Session, devTools: boolean): Promise<void> {
  const allowed = devTools ? [PAGE_SCHEME, 'devtools'] : [PAGE_SCHEME];
  // SECURITY(REQ-PAGE-NETWORK): every request is cancelled, whatever asks for it and by whatever scheme; the page's own files are the exception.
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !allowed.some((scheme) => details.url.startsWith(`${scheme}:`)) });
  });
  // SECURITY(REQ-PAGE-NETWORK): what webRequest does not see ends at a proxy that cannot exist.
  await session.setProxy({ mode: 'fixed_servers', proxyRules: DEAD_PROXY, proxyBypassRules: PROXY_BYPASS_NOTHING });
  // SECURITY(REQ-PAGE-TYPED): spell-check fetches dictionaries, and on some systems hands what is typed to a service.
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerLanguages([]);
  // SECURITY(REQ-PAGE-STORAGE): a page saves nothing by itself; files are written by main, where a person chose.
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}
